"""Addresses of the specialists' side, included under `/desk/`."""

from django.urls import path

from helpdesk.desk.views import admin, banners, bulk, client, files, lists, look, new, originals, ticket, ties, verbs

app_name = "desk"
urlpatterns = [
    path("", lists.tickets, name="list"),
    path("queues/", lists.queues, name="queues"),
    path("queues/own/", lists.own_queues, name="own-queues"),
    path("search/", lists.search, name="search"),
    path("conditions/", lists.conditions, name="conditions"),
    path("density/", lists.density, name="density"),
    path("bulk/", bulk.act, name="bulk"),
    path("bulk/<int:act_id>/", bulk.shown, name="bulk-done"),
    path("bulk/<int:act_id>/undo/", bulk.undo, name="bulk-undo"),
    path("new/", new.new, name="new"),
    path("new/fields/", new.fields, name="new-fields"),
    path("admin/", admin.index, name="admin"),
    path("admin/check/", admin.check, name="check"),
    path("admin/look/", look.look, name="look"),
    path("admin/look/end/", look.end, name="look-end"),
    path("admin/parked/", admin.parked, name="parked"),
    path("admin/banners/", banners.index, name="banners"),
    path("admin/banners/new/", banners.new, name="banner-new"),
    path("admin/banners/<str:banner_id>/", banners.one, name="banner"),
    path("admin/outbox/", admin.outbox, name="outbox"),
    path("admin/outbox/<str:letter_id>/", admin.letter, name="letter"),
    path("uploads/", files.upload, name="upload"),
    path("uploads/<str:staged_id>/drop/", files.drop, name="drop"),
    path("tickets/<str:number>/", ticket.ticket, name="ticket"),
    path("tickets/<str:number>/news/", ticket.news, name="news"),
    path("tickets/<str:number>/history/", ticket.full_history, name="history"),
    path("tickets/<str:number>/letters/<str:article_id>/", originals.original, name="original"),
    path("tickets/<str:number>/letters/<str:article_id>/frame/", originals.frame, name="original-frame"),
    path("tickets/<str:number>/files/<str:attachment_id>/<str:filename>", files.download, name="file"),
    path("tickets/<str:number>/client/", client.client, name="client"),
    path("tickets/<str:number>/link/", ties.link, name="link"),
    path("tickets/<str:number>/merge/", ties.merge, name="merge"),
    *(path(f"tickets/<str:number>/{name}/", view, name=name) for name, view in verbs.VERBS.items()),
]
