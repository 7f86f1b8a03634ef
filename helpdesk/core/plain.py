"""Model objects out of bare statements and into them: the model tells its columns, the SQL is ours.

Building a query object with ten joins costs several times what the database takes to answer it; an insert twice. Only
for the rows that every page reads and every letter writes; nobody listens to these models' signals.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import DateTimeField, Field, JSONField, Model
from django.db.models.base import ModelState
from psycopg.types.json import Jsonb

from helpdesk.core import db

M = TypeVar("M", bound=Model)


class Columns(Generic[M]):
    """All columns of a model under an alias: `columns.sql` for a SELECT, `columns.take(row, at)` for its answer.

    `comparable`: JSON comes as its text and is read when the object is made, so that rows can be hashed.
    """

    def __init__(self, model: type[M], alias: str, *, comparable: bool = False) -> None:
        self._model = model
        fields = model._meta.concrete_fields  # noqa: SLF001  Django's documented way to ask a model
        self._names = [field.attname for field in fields]
        self._moments = [at for at, field in enumerate(fields) if isinstance(field, DateTimeField)]
        self._texts = [at for at, field in enumerate(fields) if comparable and isinstance(field, JSONField)]
        as_text = {fields[at].column for at in self._texts}
        self.sql = ", ".join(f"{alias}.{field.column}{'::text' if field.column in as_text else ''}" for field in fields)
        self.width = len(fields)

    def take(self, row: Sequence[Any], at: int = 0) -> M | None:
        """The object whose columns begin at `at`; None where an outer join found nothing."""
        if row[at] is None:
            return None
        made = self._model.__new__(self._model)
        # as from_db leaves it, without its loop over the fields: a page makes a dozen of them
        made.__dict__.update(zip(self._names, row[at : at + self.width], strict=True), _state=_stored())
        for place in self._texts:
            text = row[at + place]
            made.__dict__[self._names[place]] = None if text is None else json.loads(text)
        return made

    def place(self, name: str) -> int:
        """Where a field stands among the columns."""
        return self._names.index(name)

    def all(self, rows: Iterable[Sequence[Any]]) -> list[M]:
        """The objects of rows that consist of these columns."""
        return [found for row in rows if (found := self.take(row)) is not None]

    def of_json(self, rows: Iterable[list[Any]]) -> list[M]:
        """The objects of rows that came as JSON lists of these columns."""
        for row in rows:
            for at in self._moments:
                row[at] = None if row[at] is None else datetime.fromisoformat(row[at])
        return self.all(rows)


def _stored() -> ModelState:
    state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    return state


class _Table(NamedTuple):
    name: str
    key: str
    fields: dict[str, "Field[Any, Any]"]  # by attribute, without a key that the database gives


@cache
def _table(model: type[Model]) -> _Table:
    meta = model._meta  # noqa: SLF001
    own = [field for field in meta.concrete_fields if field.attname != "id"]
    return _Table(meta.db_table, str(meta.pk.attname), {field.attname: field for field in own})


def _value(field: "Field[Any, Any]", value: Any) -> Any:
    if isinstance(field, JSONField):
        return None if value is None else Jsonb(value)
    return value


def insert(row: M, *more: M, quietly: bool = False) -> list[M]:
    """Write new rows of one model in one statement; each gets its key. Returns those written.

    `quietly`: a row that would break a unique constraint is left out. Raises django.db's errors.
    """
    rows = [row, *more]
    table = _table(type(row))
    columns = ", ".join(str(field.column) for field in table.fields.values())
    places = f"({', '.join(['%s'] * len(table.fields))})"
    clash = " ON CONFLICT DO NOTHING" if quietly else ""
    written = db.fetch(
        f"INSERT INTO {table.name} ({columns})"  # noqa: S608  the model's own names
        f" VALUES {', '.join([places] * len(rows))}{clash} RETURNING {table.key}",
        [_value(field, getattr(one, name)) for one in rows for name, field in table.fields.items()],
    )
    if len(written) < len(rows):
        return []  # which of them were left out the database does not say
    for one, (key,) in zip(rows, written, strict=True):
        one.pk = key
        one._state.adding, one._state.db = False, "default"  # noqa: SLF001  as save() does
    return rows


def update(row: Model, names: Iterable[str]) -> None:
    """Write these columns (attribute names) of a row that exists. Raises DoesNotExist where it is gone."""
    table = _table(type(row))
    wanted = [(table.fields[name], getattr(row, name)) for name in names]
    done = db.fetch(
        f"UPDATE {table.name} SET {', '.join(f'{field.column} = %s' for field, _ in wanted)}"  # noqa: S608
        f" WHERE {table.key} = %s RETURNING 1",
        [*(_value(field, value) for field, value in wanted), row.pk],
    )
    if not done:
        raise type(row).DoesNotExist  # type: ignore[attr-defined]
