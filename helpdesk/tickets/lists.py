"""The clients' lists as plain rows: one statement, no model objects, since lists are what everybody opens all day."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.tickets import columns
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.dictionary import Dictionary, StateWords, Words, dictionary_knowing, dictionary_of
from helpdesk.tickets.models import Phase, StateType, WaitsFor
from helpdesk.tickets.queries import WAITING, Counts, sight_sql
from helpdesk.tickets.workflow import DONE

Which = Literal["mine", "company"]

_GROUP = """CASE WHEN t.phase <> 'open' THEN 3 WHEN t.waits_for = 'client' THEN 0
                 WHEN t.state_id = ANY({closing}) THEN 1 ELSE 2 END"""


class Rank(NamedTuple):
    """A priority with its name in both languages."""

    rank: int
    ru: str
    en: str


class ListRow(NamedTuple):
    """What a line of the list shows. `company` is empty where the list is of one company; `last_by`: who said the last
    word, empty where the reader (`is_last_own`) or nobody that is known did."""

    queue: Words
    state: StateWords
    company: str
    group: int
    number: str
    subject: str
    phase: str
    waits_for: str
    staff: str
    author: str
    last_article_at: datetime
    last_by: str
    is_last_own: bool
    created_at: datetime
    due_at: datetime | None
    pending_until: datetime | None
    snippet: str
    priority: Rank
    may_answer: bool  # the reader writes for its company
    unread: bool
    last_client_at: datetime | None
    last_agent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list and what narrows it. `phase`: open, closed or both; `sort`: a column of `columns.SORTS`, «-» before it for
    the other way; `company`: one of the reader's; `author`: a colleague; `states`: codes, any of them for none."""

    which: Which
    phase: str = ""
    sort: str = ""
    company: int | None = None
    author: int | None = None
    queue: int | None = None
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a page as they were read; lines are made of them where they are not kept ready. Equal rows of the
    same reader, with the same `version` of the masters, make the same lines."""

    raw: tuple[tuple[Any, ...], ...]
    reader: int | None
    companies: tuple[tuple[int, str], ...]  # by which the lines are told apart; empty where they are of one
    version: str
    writes: frozenset[int]  # the companies that the reader writes for
    names: Dictionary = field(compare=False, repr=False)

    @property
    def lines(self) -> list[ListRow]:
        """What the lines show."""
        companies = dict(self.companies)
        return [_row(self.names, companies, self.reader, self.writes, *row) for row in self.raw]

    def promised(self, at: datetime) -> tuple[bool, ...]:
        """Of each row, whether the desk owes an answer by a time that is still to come: not while it waits for the
        client."""
        return tuple(
            row[_PHASE] == Phase.OPEN and row[_WAITS_FOR] == WaitsFor.DESK and row[_DUE_AT] is not None
            and row[_DUE_AT] > at
            for row in self.raw
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list with the figures of the whole list; `number` and `pages` from 1. `waiting`: how many of the
    reader's own requests wait for them, who can answer, whatever the list; `colleagues`: whose requests it may be
    narrowed to, as JSON
    (id, name, whether a member still), in order; empty for nobody."""

    counts: Counts
    rows: Rows
    number: int
    pages: int
    waiting: int
    colleagues: str


def page(actor: Actor, wanted: Wanted, *, number: int = 1, size: int = 25, language: str = "ru") -> Page:
    """A page of a list: by a column, else what awaits the client first, then what is finished, then the rest, each with
    the newest word first. A `number` beyond the end is the last page, for one statement more. `language`: that of the
    names that are sorted by."""
    found = _read(actor, wanted, offset=(number - 1) * size, limit=size, language=language)
    pages = _pages(found.counts, wanted.phase, size)
    if number > pages:
        found = _read(actor, wanted, offset=(pages - 1) * size, limit=size, language=language)
    return Page(found.counts, found.rows, min(number, pages), pages, found.waiting, found.colleagues)


def knows(found: Page, colleague: int) -> bool:
    """Whether a person is among the colleagues of a page."""
    return any(key == colleague for key, *_ in json.loads(found.colleagues or "[]"))


def _pages(counts: Counts, phase: str, size: int) -> int:
    total = {"open": counts.open, "closed": counts.closed}.get(phase, counts.all)
    return max(1, -(-total // size))


def _closing(actor: Actor) -> str:
    """The states of finished requests (done, or closing by themselves), as an array in SQL; an index holds the state,
    not the moment of closing."""
    rows = dictionary_of(actor).states.values()
    codes = sorted(
        row.code for row in rows if row.code == DONE or row.type == StateType.PENDING_AUTO or row.closes_after
    )
    quoted = ", ".join("'{}'".format(code.replace("'", "''").replace("%", "%%")) for code in codes)
    return f"ARRAY[{quoted}]::text[]"


Sql = tuple[str, list[Any]]


def _scope(access: Access, wanted: Wanted) -> list[int]:
    """The companies whose requests the list shows."""
    return sorted(access.companies if wanted.company is None else access.companies & {wanted.company})


def _which_sql(access: Access, wanted: Wanted) -> Sql:
    """The list's own condition, in the form that an index serves: of one company, this company itself."""
    scope = _scope(access, wanted)
    of_scope: Sql = ("t.company_id = %s", scope) if len(scope) == 1 else ("t.company_id = ANY(%s)", [scope])
    if wanted.which == "mine":
        if wanted.company is None:
            return f"t.author_id = %s AND (t.company_id IS NULL OR {of_scope[0]})", [access.person_id, *of_scope[1]]
        return f"t.author_id = %s AND {of_scope[0]}", [access.person_id, *of_scope[1]]
    if scope and access.company_wide.issuperset(scope):
        return of_scope
    sight, values = sight_sql(access)
    return (sight, values) if wanted.company is None else (f"{sight} AND {of_scope[0]}", [*values, *of_scope[1]])


def _where(access: Access, wanted: Wanted) -> Sql:
    sql, values = _which_sql(access, wanted)
    for condition, value in (
        ("t.author_id = %s", wanted.author),
        ("t.queue_id = %s", wanted.queue),
        ("t.state_id = ANY(%s)", list(wanted.states) or None),
    ):
        if value is not None:
            sql, values = f"{sql} AND {condition}", [*values, value]
    return sql, values


_FIGURES = """
    count(*) FILTER (WHERE t.phase = 'open') AS open,
    count(*) FILTER (WHERE t.phase = 'closed') AS closed,
    count(*) FILTER (WHERE t.phase = 'open' AND t.waits_for = 'client') AS waiting,
    count(*) FILTER (WHERE t.phase = 'open' AND t.waits_for <> 'client' AND t.state_id = ANY({closing})) AS finished
"""
_COLLEAGUES = """(SELECT json_agg(json_build_array(p.id, p.name, m.is_member) ORDER BY p.sort_key, p.id)::text
                    FROM (SELECT person_id, bool_or(inactive_at IS NULL) AS is_member FROM accounts_membership
                           WHERE company_id = ANY(%s) GROUP BY person_id) m
                    JOIN accounts_person p ON p.id = m.person_id)"""
# Names of queues and states are at hand: each table less is a tenth of what this statement costs. Who said the last
# word is looked up where no other column of the line has their name.
_COLUMNS = """t.queue_id, t.state_id, t.company_id, t.author_id, coalesce(t.responsible_id, t.owner_id),
       t.last_article_by_id,
       CASE WHEN t.last_article_by_id NOT IN (%s, t.author_id, coalesce(t.responsible_id, t.owner_id, 0))
            THEN (SELECT name FROM accounts_person WHERE id = t.last_article_by_id) END,
       {group}, t.number, t.subject, t.phase, t.waits_for,
       coalesce((SELECT name FROM accounts_person WHERE id = coalesce(t.responsible_id, t.owner_id)), ''),
       {author}, t.last_article_at, t.created_at, t.due_at, t.pending_until, t.snippet, t.priority_id,
       coalesce((SELECT m.seq < t.last_visible_seq OR m.told_seq < t.told_seq FROM tickets_readmark m
                  WHERE m.ticket_id = t.id AND m.person_id = %s), t.last_visible_seq > 0),
       t.last_client_at, t.last_agent_at"""
_BEFORE = 6  # columns before those of `_COLUMNS`


# where they stand among those columns
_PHASE, _WAITS_FOR, _DUE_AT = 10, 11, 16


class _Read(NamedTuple):
    counts: Counts
    rows: Rows
    waiting: int
    colleagues: str


def _read(actor: Actor, wanted: Wanted, *, offset: int, limit: int, language: str) -> _Read:
    access, me = access_of(actor), actor.person_id
    where, values = _where(access, wanted)
    group, figures = (sql.format(closing=_closing(actor)) for sql in (_GROUP, _FIGURES))
    order = columns.order(actor, wanted.sort, language) or columns.Order(
        f"{group}, t.last_article_at DESC, t.id DESC", "", []
    )
    phases = f"= '{wanted.phase}'" if wanted.phase in {"open", "closed"} else "IN ('open', 'closed')"
    author = "(SELECT name FROM accounts_person WHERE id = t.author_id)" if wanted.which == "company" else "''"
    beside, beside_values = _beside(access, wanted)
    found = db.fetch(
        f"""WITH figures AS (
                  SELECT {figures} FROM tickets_ticket t WHERE t.phase IN ('open', 'closed') AND {where})
            SELECT figures.*, {beside}, {_COLUMNS.format(group=group, author=author)}
              FROM figures
              LEFT JOIN (unnest(ARRAY(SELECT t.id FROM tickets_ticket t {order.join} WHERE t.phase {phases} AND {where}
                                       ORDER BY {order.by} LIMIT {limit:d} OFFSET {offset:d}))
                           WITH ORDINALITY AS chosen (id, place)
                         JOIN tickets_ticket t ON t.id = chosen.id) ON true
             ORDER BY chosen.place""",  # noqa: S608
        [*values, *beside_values, me, me, *values, *order.values],
    )
    raw = tuple(row[_BEFORE:] for row in found if row[_BEFORE] is not None)
    names = dictionary_knowing(actor, queues={row[0] for row in raw}, states={row[1] for row in raw})
    several = access.named_companies if len(_scope(access, wanted)) > 1 else ()
    *counts, waiting, colleagues = found[0][:_BEFORE]
    counted = Counts(*counts)
    rows = Rows(raw, me, several, access.masters or str(id(names)), access.writes, names)
    return _Read(counted, rows, counted.waiting if waiting is None else waiting, colleagues or "")


def _beside(access: Access, wanted: Wanted) -> Sql:
    """What a page asks beside its list: the figure at the tab, where the list itself does not count it; colleagues."""
    waiting: Sql = ("NULL", [])
    if wanted != Wanted("mine", wanted.phase, wanted.sort) or access.writes != access.companies:
        waiting = f"({WAITING})", [access.person_id, sorted(access.writes)]
    wide = sorted(access.company_wide.intersection(_scope(access, wanted)))
    colleagues: Sql = (_COLLEAGUES, [wide]) if wanted.which == "company" and wide else ("NULL", [])
    return f"{waiting[0]}, {colleagues[0]}", [*waiting[1], *colleagues[1]]


def _row(
    names: Dictionary, companies: dict[int, str], me: int | None, writes: frozenset[int],
    queue: int, state: str, company: int | None, author_id: int, staff_id: int | None, last_id: int | None,
    another: str | None, group: int, number: str, subject: str, phase: str, waits_for: str, staff: str, author: str,
    last_article_at: datetime, created_at: datetime, due_at: datetime | None, pending_until: datetime | None,
    last_words: str, rank: int, *rest: Any,
) -> ListRow:  # fmt: skip
    own, priority = last_id == me, names.priorities.get(rank)
    last_by = "" if own else another or (staff if last_id == staff_id else author if last_id == author_id else "")
    return ListRow(
        names.queue_words[queue], names.state_words[state], companies.get(company or 0, ""),
        group, number, subject, phase, waits_for, staff, author, last_article_at, last_by, own,
        created_at, due_at, pending_until, last_words,
        Rank(rank, priority.name_ru if priority else "", priority.name_en if priority else ""),
        company is None or company in writes, *rest,
    )  # fmt: skip
