"""Requests as lines of the desk's lists and of search results: plain rows, one statement, no model objects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.tickets import orders, presence
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.models import Phase, WaitsFor
from helpdesk.tickets.queries import sight_sql
from helpdesk.tickets.workflow import DONE

SIZE = 25
FRESH_MOST = 100  # touched requests that are counted
_FRESH_EVENTS = 2000  # that are looked through for them
# a view narrows by whose turn it is, whose request, what time; each is an address of the desk's list
VIEWS = (
    "open", "mine", "answered", "mine-overdue", "reminders", "pending", "done", "waiting", "responsible", "watched",
    "mentioned", "locked", "my-queues", "my-unassigned", "unassigned", "overdue", "closed", "all", "removed",
)  # fmt: skip

# the client has had the last word
ANSWERED = "(t.waits_for = 'desk' AND t.last_client_at >= coalesce(t.last_agent_at, '-infinity'))"
# a reminder that has come; the worker takes its time away a moment later
REACHED = "(t.state_id = 'reminder' AND (t.pending_until IS NULL OR t.pending_until <= %s))"
# what concerns a person by themselves, each with their id
PERSONAL = {
    "mine": ["t.phase = 'open'", "t.owner_id = %s"],
    "answered": ["t.phase = 'open'", "t.owner_id = %s", ANSWERED],
    "waiting": ["t.phase = 'open'", "t.owner_id = %s", "t.waits_for = 'client'"],
    "done": ["t.phase = 'open'", "t.owner_id = %s", f"t.state_id = '{DONE}'"],
    "responsible": ["t.phase = 'open'", "t.responsible_id = %s"],
    "watched": ["t.phase = 'open'", """t.id = ANY(ARRAY(
        SELECT x.ticket_id FROM tickets_participant x WHERE x.person_id = %s AND x.role = 'watcher'))"""],
    "mentioned": ["t.phase <> 'removed'", """t.id = ANY(ARRAY(
        SELECT x.ticket_id FROM tickets_mention x WHERE x.person_id = %s))"""],
    "locked": ["t.phase = 'open'", "t.locked_by_id = %s"],
}  # fmt: skip
# the same where the moment counts: their id, then now
TIMELY = {
    "mine-overdue": ["t.phase = 'open'", "t.owner_id = %s", "t.due_at < %s", f"{orders.PAUSED} = 0"],
    "reminders": ["t.phase = 'open'", "t.owner_id = %s", REACHED],
    "pending": ["t.phase = 'open'", "t.owner_id = %s", "t.pending_until > %s"],
}
_TAGS = """coalesce((SELECT json_agg(json_build_array(g.name, g.colour) ORDER BY g.key)::text
                   FROM tickets_tickettag x JOIN tickets_tag g ON g.id = x.tag_id WHERE x.ticket_id = t.id), '')"""
TAGGED = "t.id = ANY(ARRAY(SELECT x.ticket_id FROM tickets_tickettag x WHERE x.tag_id = %s))"


class Line(NamedTuple):
    """What a line shows. Names of masters in both languages; `state_client_*` where clients read another word."""

    id: int
    number: str
    subject: str
    snippet: str
    phase: str
    waits_for: str
    priority: int
    state: str
    state_ru: str
    state_en: str
    state_client_ru: str
    state_client_en: str
    company: str
    owner_id: int | None
    owner: str
    last_by: str
    created_at: datetime
    last_article_at: datetime
    changed_at: datetime
    due_at: datetime | None
    pending_until: datetime | None
    articles_count: int
    read_seq: int
    state_waits_for: str
    last_client_at: datetime | None
    last_agent_at: datetime | None
    undelivered: bool
    tags: str  # JSON: [[name, colour], …]; empty where there are none
    live: str = ""  # JSON: who else is at it just now, see `presence.LIVE`
    more: tuple[str, ...] = ()  # what the asked columns of `MORE` hold, in their order
    group_key: str | None = None  # where the list is grouped: equal within a group

    @property
    def paused(self) -> int:
        """Its place among running and standing clocks; see `orders`."""
        return paused(self.waits_for)


def paused(waits_for: str) -> int:
    """0 while the desk is awaited, 1 while anybody else is."""
    return int(waits_for != WaitsFor.DESK)


# columns that a list may show beside those of every line; a name in the reader's language
MORE = {
    "queue": "(SELECT x.name_{language} FROM tickets_queue x WHERE x.id = t.queue_id)",
    "client": "(SELECT x.name FROM accounts_person x WHERE x.id = t.author_id)",
    "responsible": "coalesce((SELECT x.name FROM accounts_person x WHERE x.id = t.responsible_id), '')",
    "type": "coalesce((SELECT x.name_{language} FROM tickets_tickettype x WHERE x.id = t.type_id), '')",
}
_LINE = """
SELECT t.id, t.number, t.subject, t.snippet, t.phase, t.waits_for, t.priority_id, t.state_id, s.name_ru, s.name_en,
       coalesce(nullif(s.client_name_ru, ''), s.name_ru), coalesce(nullif(s.client_name_en, ''), s.name_en),
       coalesce(c.short_name, ''), t.owner_id, coalesce(o.name, ''), coalesce(b.name, ''), t.created_at,
       t.last_article_at, t.changed_at, t.due_at, t.pending_until, t.articles_count, coalesce(m.seq, 0), s.waits_for,
       t.last_client_at, t.last_agent_at, t.undelivered,
       {tags}, {live}{beside}
  FROM ({inner}) t
  JOIN tickets_state s ON s.code = t.state_id
  LEFT JOIN accounts_company c ON c.id = t.company_id
  LEFT JOIN accounts_person o ON o.id = t.owner_id
  LEFT JOIN accounts_person b ON b.id = t.last_article_by_id
  LEFT JOIN tickets_readmark m ON m.ticket_id = t.id AND m.person_id = %s
 ORDER BY {order}
"""


def _line(access: Access, inner: str, order: str, beside: Sequence[str] = ()) -> str:
    """The lines of the requests that `inner` chooses; tags are the desk's. `beside`: columns more, as SQL."""
    beside = "".join(f", {one}" for one in beside)
    tags, live = (_TAGS, presence.LIVE) if access.is_agent else ("''", "''")
    return _LINE.format(inner=inner, order=order, tags=tags, live=live, beside=beside)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The conditions of a list. `queues`: none of them for None; `words`: as they stand in subject, number or the
    last words."""

    view: str = "open"
    queues: Sequence[int] | None = None
    state: str = ""
    priority: int | None = None
    company: int | None = None
    words: str = ""
    kind: int | None = None  # the id of a type
    tag: int | None = None
    waits: str = ""  # whose turn it is: desk, client, nobody


def by_ids(actor: Actor, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of those of these requests that a person sees. One statement."""
    access = access_of(actor)
    sight, values = sight_sql(access)
    inner = f"SELECT * FROM tickets_ticket t WHERE t.id = ANY(%s) AND {sight}"  # noqa: S608  our own text
    rows = db.fetch(_line(access, inner, "t.id"), [list(ids), *values, actor.person_id])
    return {row[0]: Line(*row) for row in rows}


def newest(actor: Actor, condition: str, values: Sequence[Any], *, limit: int) -> list[Line]:
    """The visible requests that meet a condition on `tickets_ticket t`, who spoke last first. One statement."""
    access = access_of(actor)
    sight, rights = sight_sql(access)
    order = "t.last_article_at DESC, t.id DESC"
    inner = f"SELECT * FROM tickets_ticket t WHERE {condition} AND {sight} ORDER BY {order} LIMIT {limit:d}"  # noqa: S608
    rows = db.fetch(_line(access, inner, order), [*values, *rights, actor.person_id])
    return [Line(*row) for row in rows]


def newest_ids(actor: Actor, condition: str, values: Sequence[Any], *, limit: int) -> list[int]:
    """The ids of the requests that `newest` gives, in its order. One statement."""
    sight, rights = sight_sql(access_of(actor))
    rows = db.fetch(
        f"SELECT t.id FROM tickets_ticket t WHERE {condition} AND {sight}"  # noqa: S608  our own text
        f" ORDER BY t.last_article_at DESC, t.id DESC LIMIT {limit:d}",
        [*values, *rights],
    )
    return [row[0] for row in rows]


def count_of(actor: Actor, condition: str, values: Sequence[Any], *, most: int) -> int:
    """How many visible requests meet a condition on `tickets_ticket t`, counted up to one more than `most`. One
    statement."""
    sight, rights = sight_sql(access_of(actor))
    sql = f"SELECT count(*) FROM (SELECT FROM tickets_ticket t WHERE {condition} AND {sight} LIMIT {most + 1:d}) n"  # noqa: S608
    return int(db.fetch(sql, [*values, *rights])[0][0])


@dataclass(frozen=True, slots=True)
class Shape:
    """How a list is shown: its order (a word of `orders.named`), columns of `MORE`, the language of their names."""

    order: str
    more: tuple[str, ...] = ()
    language: str = "ru"


def page(
    actor: Actor,
    wanted: Wanted,
    shape: Shape,
    *,
    at: datetime,
    place: Sequence[Any] | None = None,
    backwards: bool = False,
) -> list[Line]:
    """SIZE + 1 lines of a list at most, after (`backwards`: before, the nearest first) a place: the values of the
    order's columns in the last line seen. `at`: now, for what is overdue. One statement."""
    access = access_of(actor)
    sight, rights = sight_sql(access)
    parts, values = conditions(actor, wanted, at=at)
    beyond, past = orders.beyond(shape.order, place, backwards=backwards) if place is not None else ("", [])
    by = orders.by(shape.order, backwards=backwards)
    # Of all queues, the limit as a figure: with an unknown one the planner thinks its general plan dear, and plans
    # anew each time, which takes longer than the reading. Of some queues it shall: theirs may be few rows or most.
    limit, limits = (f"{SIZE + 1}", []) if access.reads_all and wanted.queues is None else ("%s", [SIZE + 1])
    key, join = orders.source(shape.order)
    if key:  # the place is asked by the key, which stands in the rows then
        rows_of = f"(SELECT t.*{key} FROM tickets_ticket t {join} WHERE {' AND '.join([*parts, sight])}) t"  # noqa: S608
        where = beyond or "true"
        given = [*values, *rights, *past]
    else:
        rows_of, where = "tickets_ticket t", " AND ".join([*parts, *([beyond] if beyond else []), sight])
        given = [*values, *past, *rights]
    inner = f"SELECT * FROM {rows_of} WHERE {where} ORDER BY {by} LIMIT {limit}"  # noqa: S608  our own text
    more = [MORE[name].format(language=shape.language) for name in shape.more]
    statement = _line(access, inner, by, [*more, *(["t.group_key"] if key else [])])
    rows = db.fetch(statement, [*given, *limits, actor.person_id])
    return [_made(row, len(more), grouped=bool(key)) for row in rows]


_PLAIN = Line._fields.index("more")


def _made(row: tuple[Any, ...], more: int, *, grouped: bool) -> Line:
    return Line._make((*row[:_PLAIN], row[_PLAIN : _PLAIN + more], row[-1] if grouped else None))


def touched_since(actor: Actor, wanted: Wanted, event_id: int, *, at: datetime) -> int:
    """How many requests of a list somebody else has touched after an event; FRESH_MOST at most, and of the newest
    events alone. One statement."""
    sight, rights = sight_sql(access_of(actor))
    sql, values = conditions(actor, wanted, at=at)
    since = max(event_id, access_of(actor).newest_event - _FRESH_EVENTS)
    rows = db.fetch(
        f"""SELECT count(*) FROM (
              SELECT DISTINCT t.id FROM tickets_ticketevent e JOIN tickets_ticket t ON t.id = e.ticket_id
               WHERE e.id > %s AND e.actor_id IS DISTINCT FROM %s AND {" AND ".join([*sql, sight])}
               LIMIT {FRESH_MOST}) n""",  # noqa: S608  our own text
        [since, actor.person_id, *values, *rights],
    )
    return int(rows[0][0])


def sections(actor: Actor, wanted: Sequence[Wanted], *, at: datetime, limit: int) -> list[list[Line]]:
    """The first `limit` lines of several lists, each by deadline. One statement."""
    access = access_of(actor)
    sight, rights = sight_sql(access)
    by = orders.by("due")
    parts, values = [], []
    for place, one in enumerate(wanted):
        sql, more = conditions(actor, one, at=at)
        parts.append(
            f"(SELECT t.*, {place} AS section FROM tickets_ticket t WHERE {' AND '.join([*sql, sight])}"  # noqa: S608
            f" ORDER BY {by} LIMIT {limit:d})"
        )
        values += [*more, *rights]
    rows = db.fetch(
        _line(access, " UNION ALL ".join(parts), f"t.section, {by}", ["t.section"]), [*values, actor.person_id]
    )  # fmt: skip
    found: list[list[Line]] = [[] for _ in wanted]
    for *row, section in rows:
        found[section].append(Line(*row))
    return found


def conditions(actor: Actor, wanted: Wanted, *, at: datetime) -> tuple[list[str], list[Any]]:
    """The conditions of a list on `tickets_ticket t`, with their values; who sees what apart."""
    sql, values = view(actor, wanted, at=at)
    for column, value in (
        ("state_id", wanted.state), ("priority_id", wanted.priority), ("company_id", wanted.company),
        ("type_id", wanted.kind), ("waits_for", wanted.waits),
    ):  # fmt: skip
        if value:
            sql.append(f"t.{column} = %s")
            values.append(value)
    if wanted.tag:
        sql.append(TAGGED)
        values.append(wanted.tag)
    if wanted.queues is not None:
        sql.append("t.queue_id = ANY(%s)")
        values.append(list(wanted.queues))
    if wanted.words:
        escaped = wanted.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        sql.append("(t.subject ILIKE %s OR t.number = %s OR t.snippet ILIKE %s)")
        values += [f"%{escaped}%", wanted.words[:50], f"%{escaped}%"]
    return sql, values


def view(actor: Actor, wanted: Wanted, *, at: datetime) -> tuple[list[str], list[Any]]:
    """The condition of a view, in the form that an index serves. A chosen state says the phase itself. `at`: now."""
    is_open, me = "t.phase = 'open'", actor.person_id
    if found := PERSONAL.get(wanted.view):
        return [*found], [me]
    if found := TIMELY.get(wanted.view):
        return [*found], [me, at]
    match wanted.view:
        case "my-queues":
            return [is_open, "t.queue_id = ANY(%s)"], [list(access_of(actor).own_queues)]
        case "my-unassigned":
            return [is_open, "t.owner_id IS NULL", "t.queue_id = ANY(%s)"], [list(access_of(actor).own_queues)]
        case "unassigned":
            return [is_open, "t.owner_id IS NULL"], []
        case "overdue":
            return [is_open, "t.due_at < %s", f"{orders.PAUSED} = 0"], [at]
        case "removed":
            return [f"t.phase = '{Phase.REMOVED}'"], []
        case _ if wanted.state:
            return ["true"], []
        case "closed":
            return [f"t.phase = '{Phase.CLOSED}'"], []
        case "all":
            return [f"t.phase <> '{Phase.REMOVED}'"], []
        case _:
            return [is_open], []
