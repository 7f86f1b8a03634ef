"""The orders and groups of the desk's lists, as SQL on `tickets_ticket t`, and the place of a line in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from helpdesk.core import db

Column = tuple[str, bool, bool]  # name, descending, may be empty
GROUP_KEY = "group_key"
# the columns of each order; the id makes every place unique
ORDERS: dict[str, tuple[Column, ...]] = {
    "due": (("paused", False, False), ("due_at", False, True), ("id", True, False)),
    "recent": (("changed_at", True, False), ("id", True, False)),
    "priority": (("priority", True, False), ("last_article_at", True, False), ("id", True, False)),
    "last": (("last_article_at", True, False), ("id", True, False)),
    "quiet": (("last_article_at", False, False), ("id", False, False)),
    "new": (("created_at", True, False), ("id", True, False)),
    "old": (("created_at", False, False), ("id", False, False)),
}
# 1 where the clock stands, as the index `ticket_due` has it: such a request presses less than any whose time runs
PAUSED = "(CASE WHEN t.waits_for = 'desk' THEN 0 ELSE 1 END)"
_COLUMN = {"priority": "t.priority_id", "paused": PAUSED}


@dataclass(frozen=True, slots=True)
class Group:
    """What requests are gathered by: a key that sorts as people expect, equal for the requests of one group alone, and
    what the key needs beside the request."""

    key: str
    join: str
    descending: bool = False


_PERSON = "g.sort_key || ' ' || g.id"
GROUPS = {
    "owner": Group(_PERSON, "LEFT JOIN accounts_person g ON g.id = t.owner_id"),
    "company": Group(_PERSON, "LEFT JOIN accounts_company g ON g.id = t.company_id"),
    "queue": Group("lower(g.name_ru) || ' ' || g.id", "JOIN tickets_queue g ON g.id = t.queue_id"),
    "state": Group("lpad(g.position::text, 6, '0') || g.code", "JOIN tickets_state g ON g.code = t.state_id"),
    "priority": Group("t.priority_id::text", "", descending=True),
}


def named(order: str, group: str = "") -> str:
    """An order within groups as one word, which `columns_of` reads."""
    return f"{group}/{order}" if group else order


def group_of(order: str) -> Group | None:
    """The group of such a word."""
    return GROUPS.get(order.partition("/")[0]) if "/" in order else None


def columns_of(order: str) -> tuple[Column, ...]:
    """The columns that give a line its place."""
    group = group_of(order)
    own = ORDERS[order.rpartition("/")[2]]
    return own if group is None else ((GROUP_KEY, group.descending, True), *own)


def by(order: str, *, backwards: bool = False) -> str:
    """What stands after ORDER BY; within groups, of rows that have the key as a column."""
    return ", ".join(_direction(*column, backwards=backwards) for column in columns_of(order))


def source(order: str) -> tuple[str, str]:
    """What the rows hold more than those of the requests, and where it is from: empty without groups."""
    group = group_of(order)
    return (f", {group.key} AS {GROUP_KEY}", group.join) if group else ("", "")


def key_of(ticket_id: int, order: str) -> str | None:
    """The key of a request in the groups of an order. One statement, none without groups."""
    group = group_of(order)
    if group is None:
        return None
    sql = f"SELECT {group.key} FROM tickets_ticket t {group.join} WHERE t.id = %s"  # noqa: S608  our own text
    rows = db.fetch(sql, [ticket_id])
    return rows[0][0] if rows else None


def beyond(order: str, place: Sequence[Any], *, backwards: bool) -> tuple[str, list[Any]]:
    """The rows after a place, or before it. Empty values come last."""
    found: list[str] = []
    values: list[Any] = []
    same: list[str] = []
    same_values: list[Any] = []
    columns = columns_of(order)
    for (name, descending, empty), value in zip(columns, place, strict=True):
        column = _sql(name)
        past, past_values = _past(column, value, up=descending == backwards, empty=empty, forwards=not backwards)
        found.append(" AND ".join([*same, past]))
        values += [*same_values, *past_values]
        same.append(f"{column} IS NULL" if value is None else f"{column} = %s")
        same_values += [] if value is None else [value]
    sql = f"({' OR '.join(f'({one})' for one in found)})"
    name, descending, empty = columns[0]
    if not empty:  # said twice, so that the index is entered at the place and not at its beginning
        sql = f"({sql} AND {_sql(name)} {'>=' if descending == backwards else '<='} %s)"
        values.append(place[0])
    return sql, values


def _sql(name: str) -> str:
    return _COLUMN.get(name, f"t.{name}")


def _direction(name: str, descending: bool, empty: bool, *, backwards: bool) -> str:  # noqa: FBT001  a row of ORDERS
    # empty ones come last whichever way the column goes
    if descending != backwards:
        return f"{_sql(name)} DESC{_nulls(first=backwards) if empty else ''}"
    return f"{_sql(name)} ASC{_nulls(first=backwards) if empty else ''}"


def _nulls(*, first: bool) -> str:
    return " NULLS FIRST" if first else " NULLS LAST"


def _past(column: str, value: Any, *, up: bool, empty: bool, forwards: bool) -> tuple[str, list[Any]]:
    if value is None:
        return ("false", []) if forwards else (f"{column} IS NOT NULL", [])
    sql = f"{column} {'>' if up else '<'} %s"
    return (f"({sql} OR {column} IS NULL)" if forwards and empty else sql), [value]
