from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "helpdesk.tickets"
    label = "tickets"

    def ready(self) -> None:
        from helpdesk.tickets.access import come_with_sessions  # noqa: PLC0415 (models exist only now)

        come_with_sessions()
