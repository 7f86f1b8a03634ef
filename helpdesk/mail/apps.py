from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "helpdesk.mail"
    label = "mail"

    def ready(self) -> None:
        from helpdesk.accounts.events import LetterWanted  # noqa: PLC0415 (models exist only now)
        from helpdesk.core import bus  # noqa: PLC0415
        from helpdesk.mail import handlers  # noqa: PLC0415
        from helpdesk.tickets.events import ArticleAdded, TicketChanged  # noqa: PLC0415

        bus.subscribe(ArticleAdded, handlers.on_article)
        bus.subscribe(TicketChanged, handlers.on_change)
        bus.subscribe(LetterWanted, handlers.on_letter_wanted)
