from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "helpdesk.portal"
    label = "portal"

    def ready(self) -> None:
        """Clients see the pages of their own account within the portal."""
        from helpdesk.accounts import frames  # noqa: PLC0415  models are not loaded earlier
        from helpdesk.portal.shell import frame  # noqa: PLC0415

        frames.register("client", frame)
