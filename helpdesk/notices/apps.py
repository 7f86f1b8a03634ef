from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "helpdesk.notices"
    label = "notices"
