from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "helpdesk.notices"
    label = "notices"

    def ready(self) -> None:
        from helpdesk.core import bus  # noqa: PLC0415 (models exist only now)
        from helpdesk.notices import handlers, queries, shown  # noqa: PLC0415
        from helpdesk.tickets.events import ArticleAdded, TicketChanged  # noqa: PLC0415

        bus.subscribe(ArticleAdded, handlers.on_article)
        bus.subscribe(TicketChanged, handlers.on_change)
        queries.come_with_sessions()
        shown.come_with_sessions()
