"""Whether the installation works: for machines (/healthz, /readyz) and for operators (`helpdesk check`)."""

from helpdesk.config.health.views import healthz, readyz

__all__ = ["healthz", "readyz"]
