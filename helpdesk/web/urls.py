"""Addresses of the design system itself, included under `/__ui__/`."""

from django.urls import path

from helpdesk.web import gallery

app_name = "web"
urlpatterns = [
    path("", gallery.gallery, name="gallery"),
    path("upload/", gallery.upload, name="gallery-upload"),
    path("language/", gallery.choose_language, name="language"),
]
