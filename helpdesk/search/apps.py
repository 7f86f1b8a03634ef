from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "helpdesk.search"
    label = "search"

    def ready(self) -> None:
        from helpdesk.core import bus  # noqa: PLC0415 (models exist only now)
        from helpdesk.search import index  # noqa: PLC0415
        from helpdesk.tickets.events import ArticleAdded, TicketChanged  # noqa: PLC0415

        bus.subscribe(ArticleAdded, index.on_article)
        bus.subscribe(TicketChanged, index.on_change)
