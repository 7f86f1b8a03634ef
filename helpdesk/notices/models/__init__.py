"""Who was told what, as rows."""

from helpdesk.notices.models.notice import Notice

__all__ = ["Notice"]
