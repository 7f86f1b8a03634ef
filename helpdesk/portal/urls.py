from django.urls import path

from helpdesk.portal.views import files, lists, new, search, ticket

app_name = "portal"

urlpatterns = [
    path("", lists.home, name="home"),
    path("new/", new.new, name="new"),
    path("new/fields/", new.fields, name="new-fields"),
    path("mine/", lists.mine, name="mine"),
    path("company/", lists.company, name="company"),
    path("search/", search.search, name="search"),
    path("uploads/<str:form_key>/", files.upload, name="upload"),
    path("tickets/<str:number>/", ticket.ticket, name="ticket"),
    path("tickets/<str:number>/files/<int:attachment_id>/<str:name>", files.download, name="file"),
]
