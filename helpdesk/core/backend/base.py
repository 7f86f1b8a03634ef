"""The database engine: Django's own, with the pool's look at its connections from `pooled`."""

from typing import Any

from django.db.backends.postgresql import base

from helpdesk.core.backend import pooled


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's engine; its pool checks by `pooled.check`."""

    @property
    def pool(self) -> Any:
        found = super().pool
        if found is not None:
            found._check = pooled.check  # noqa: SLF001  Django names the check itself and lets no setting name another
        return found
