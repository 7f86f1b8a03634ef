"""Django's name for the room."""

from django.apps import AppConfig


class Web(AppConfig):
    name = "helpdesk.web"
    label = "web"
