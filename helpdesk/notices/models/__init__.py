"""Who was told what, and what everybody is told, as rows."""

from helpdesk.notices.models.banner import Banner, BannerChange, BannerDismissal, BannerVersion
from helpdesk.notices.models.notice import Notice

__all__ = ["Banner", "BannerChange", "BannerDismissal", "BannerVersion", "Notice"]
