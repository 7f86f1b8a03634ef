from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "helpdesk.desk"
    label = "desk"

    def ready(self) -> None:
        """An answer written while the session ended is kept until its writer has signed in again. Specialists see the
        pages of their own account within the desk."""
        from helpdesk.accounts import frames  # noqa: PLC0415  models are not loaded earlier
        from helpdesk.accounts.access import on_session_over  # noqa: PLC0415
        from helpdesk.desk import saved  # noqa: PLC0415
        from helpdesk.desk.shell import frame  # noqa: PLC0415
        from helpdesk.tickets import facts  # noqa: PLC0415
        from helpdesk.web import stash  # noqa: PLC0415

        frames.register("agent", frame)
        facts.count_along(saved.counts)
        on_session_over(stash.keep)
