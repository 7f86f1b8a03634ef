from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "helpdesk.automation"
    label = "automation"
