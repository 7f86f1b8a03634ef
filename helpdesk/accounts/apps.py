from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "helpdesk.accounts"
    label = "accounts"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415  models are not loaded earlier

        from helpdesk.accounts import options, sessions  # noqa: F401, PLC0415  options registers its settings

        user_logged_in.connect(sessions.begin, dispatch_uid="accounts.sessions")
