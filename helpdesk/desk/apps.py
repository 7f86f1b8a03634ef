from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "helpdesk.desk"
    label = "desk"
