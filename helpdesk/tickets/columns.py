"""The columns that clients order their lists by, as SQL on `tickets_ticket t`."""

from dataclasses import dataclass
from typing import Any

from helpdesk.accounts.names import sort_key
from helpdesk.core.actor import Actor
from helpdesk.tickets.dictionary import Dictionary, dictionary_of

_STAFF = "LEFT JOIN accounts_person p ON p.id = coalesce(t.responsible_id, t.owner_id)"
_AUTHOR = "JOIN accounts_person p ON p.id = t.author_id"


@dataclass(frozen=True, slots=True)
class Column:
    """`sql` may hold one placeholder for what `_ranks` gives; `join`: what it needs beside the request. Equal values
    stand with the newest request first, of a moment (`mirrored`) in the order of the moments."""

    sql: str
    join: str = ""
    mirrored: bool = False


# a rank is the place of a name in the alphabet, found by the row's key: (keys, ranks)
_RANK = "(%s::int[])[array_position(%s::text[], {}::text)]"
SORTS = {
    "number": Column("t.id", mirrored=True),
    "created": Column("t.created_at", mirrored=True),
    "last": Column("t.last_article_at", mirrored=True),
    # what is promised counts while the desk is awaited
    "due": Column("CASE WHEN t.phase = 'open' AND t.waits_for = 'desk' THEN t.due_at END", mirrored=True),
    "subject": Column("replace(lower(t.subject), 'ё', 'е')"),
    "priority": Column("t.priority_id"),
    "queue": Column(_RANK.format("t.queue_id")),
    "state": Column(_RANK.format("t.state_id")),
    "staff": Column("p.sort_key", join=_STAFF),
    "author": Column("p.sort_key", join=_AUTHOR),
}


@dataclass(frozen=True, slots=True)
class Order:
    """`by`: what stands after ORDER BY, with places for `values`; `join`: after the table."""

    by: str
    join: str
    values: list[Any]


def order(actor: Actor, sort: str, language: str) -> Order | None:
    """The order of a column, «-» before it for the other way: every request has one place in it. None for any other
    word. Empty ones come last, either way."""
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    column = SORTS.get(name)
    if column is None:
        return None
    way = "DESC" if descending else "ASC"
    ranks = {"queue": _of_queues, "state": _of_states}.get(name)
    return Order(
        f"{column.sql} {way} NULLS LAST, t.id {way if column.mirrored else 'DESC'}",
        column.join,
        ranks(dictionary_of(actor), language) if ranks else [],
    )


def _of_queues(names: Dictionary, language: str) -> list[Any]:
    return _ranks({str(key): words.ru if language == "ru" else words.en for key, words in names.queue_words.items()})


def _of_states(names: Dictionary, language: str) -> list[Any]:
    return _ranks({code: words.ru if language == "ru" else words.en for code, words in names.state_words.items()})


def _ranks(names: dict[str, str]) -> list[Any]:
    """What shares a name shares its rank."""
    places = {name: at for at, name in enumerate(sorted({sort_key(name) for name in names.values()}))}
    return [[places[sort_key(name)] for name in names.values()], list(names)]
