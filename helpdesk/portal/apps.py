from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "helpdesk.portal"
    label = "portal"

    def ready(self) -> None:
        """Clients see the pages of their own account, and those of errors, within the portal."""
        from helpdesk.accounts import frames  # noqa: PLC0415  models are not loaded earlier
        from helpdesk.portal.shell import frame, frame_of_error  # noqa: PLC0415
        from helpdesk.web import errors  # noqa: PLC0415

        frames.register("client", frame)
        errors.stand_in(frame_of_error)
