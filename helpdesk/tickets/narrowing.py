"""Conditions on people and dates that narrow a list beside those of tickets.lines, as SQL on `tickets_ticket t`.

For lists that are asked for now and then. Knows no words and no pages; who sees what is said by tickets.queries.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.accounts.names import sort_key
from helpdesk.core.actor import Actor
from helpdesk.core.text.safe import one_line
from helpdesk.tickets.lines import TAGGED, Wanted, view

NOBODY = 0  # an owner or responsible person that is none
WORDS = 5  # of a client's name, address, login; more tell nobody apart

Condition = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Narrow:
    """People and dates. `client`: words of the author's name, login or mail address, all of which must fit;
    `owner`, `responsible`: ids or NOBODY; the moments are aware, `*_from` counts in, `*_to` does not."""

    client: str = ""
    owner: int | None = None
    responsible: int | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    changed_from: datetime | None = None
    changed_to: datetime | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether it narrows nothing."""
        return self == Narrow()


def condition(actor: Actor, wanted: Wanted, narrow: Narrow, *, at: datetime) -> Condition:
    """The conditions of a list and those that narrow it, the words of `wanted` apart. `at`: now, for the overdue."""
    parts = [_view(actor, wanted, at=at), *_of_list(wanted), *_of_people(narrow), *_of_dates(narrow)]
    return " AND ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def _view(actor: Actor, wanted: Wanted, *, at: datetime) -> Condition:
    conditions, values = view(actor, wanted, at=at)
    return " AND ".join(conditions), values


def _of_list(wanted: Wanted) -> list[Condition]:
    found: list[Condition] = []
    if wanted.state:
        found.append(("t.state_id = %s", [wanted.state]))
    if wanted.priority:
        found.append(("t.priority_id = %s", [wanted.priority]))
    if wanted.company:
        found.append(("t.company_id = %s", [wanted.company]))
    if wanted.kind:
        found.append(("t.type_id = %s", [wanted.kind]))
    if wanted.waits:
        found.append(("t.waits_for = %s", [wanted.waits]))
    if wanted.tag:
        found.append((TAGGED, [wanted.tag]))
    if wanted.queues is not None:
        found.append(("t.queue_id = ANY(%s)", [list(wanted.queues)]))
    return found


def _of_people(narrow: Narrow) -> list[Condition]:
    found: list[Condition] = []
    for column, value in (("owner_id", narrow.owner), ("responsible_id", narrow.responsible)):
        if value == NOBODY:
            found.append((f"t.{column} IS NULL", []))
        elif value is not None:
            found.append((f"t.{column} = %s", [value]))
    if narrow.client:
        found.append(_of_client(narrow.client))
    return found


def _of_client(typed: str) -> Condition:
    """The author by words of name, login and addresses; a word with «@» is an address from its beginning on."""
    words = sort_key(one_line(typed, 200)).split()[:WORDS]
    each = "(p.sort_key LIKE %s OR lower(p.login) LIKE %s OR {address})"
    address = "EXISTS (SELECT 1 FROM accounts_address a WHERE a.person_id = p.id AND a.canonical LIKE %s)"
    values: list[Any] = []
    for word in words:
        plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        start = "" if "@" in word else "%"
        values += [f"%{plain}%", f"{start}{plain}%", f"{start}{plain}%"]
    people = " AND ".join([each.format(address=address)] * len(words)) or "false"
    return f"t.author_id IN (SELECT p.id FROM accounts_person p WHERE {people})", values  # noqa: S608  our own text


def _of_dates(narrow: Narrow) -> list[Condition]:
    moments = (
        ("t.created_at >= %s", narrow.created_from), ("t.created_at < %s", narrow.created_to),
        ("t.changed_at >= %s", narrow.changed_from), ("t.changed_at < %s", narrow.changed_to),
    )  # fmt: skip
    return [(sql, [moment]) for sql, moment in moments if moment is not None]


def names_client_sql(typed: str) -> tuple[str, list[str]]:
    """Whether a text is a client's or contact's whole login or mail address, as an expression of SQL; false for several
    words."""
    word = one_line(typed, 320).lower()
    if not word or " " in word or word != typed.strip().lower():
        return "false", []
    sql = """(EXISTS (SELECT 1 FROM accounts_person p WHERE lower(p.login) = %s AND p.kind <> 'agent')
           OR EXISTS (SELECT 1 FROM accounts_address a JOIN accounts_person p ON p.id = a.person_id
                       WHERE a.canonical = %s AND p.kind <> 'agent'))"""
    return sql, [word, word]
