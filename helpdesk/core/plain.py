"""Model objects out of bare statements: the columns are asked of the model, the SQL is ours, no query is built.

Building a query object with ten joins costs several times what the database takes to answer it.
"""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


class Columns(Generic[M]):
    """All columns of a model under an alias: `columns.sql` for a SELECT, `columns.take(row, at)` for its answer."""

    def __init__(self, model: type[M], alias: str) -> None:
        self._model = model
        fields = model._meta.concrete_fields  # noqa: SLF001  Django's documented way to ask a model
        self._names = [field.attname for field in fields]
        self.sql = ", ".join(f"{alias}.{field.column}" for field in fields)
        self.width = len(fields)

    def take(self, row: Sequence[Any], at: int = 0) -> M | None:
        """The object whose columns begin at `at`; None where an outer join found nothing."""
        if row[at] is None:
            return None
        return self._model.from_db("default", self._names, row[at : at + self.width])
