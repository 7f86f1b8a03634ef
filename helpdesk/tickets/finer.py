"""What a search of the desk narrows by beside words and the conditions of its lists, as SQL on `tickets_ticket t`.

For specialists, who see every article of what they see. Who sees what is said by queries.sight_sql.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.accounts.called import is_called
from helpdesk.accounts.names import sort_key
from helpdesk.core import db
from helpdesk.core.text.safe import one_line
from helpdesk.tickets.narrowing import NOBODY, Condition

# moments of a request: by their names in an address
MOMENTS = {
    "closed": "t.closed_at",
    "answered": "t.last_agent_at",
    "client": "t.last_client_at",
    "first": "t.first_answer_at",
    "due": "t.due_at",
    "pending": "t.pending_until",
}
# what may have happened to a request: conditions on an event `v`, by their names in an address
HAPPENED = {
    "replied": "v.verb = 'replied'",
    "noted": "v.verb = 'noted'",
    "state": "v.field = 'state'",
    "moved": "v.verb = 'moved'",
    "owner": "v.field = 'owner'",
    "responsible": "v.field = 'responsible'",
    "priority": "v.field = 'priority'",
    "category": "v.field = 'category'",
    "promised": "v.field = 'due_at'",
    "subject": "v.field = 'subject'",
    "client": "v.field IN ('author', 'client')",
    "merged": "v.verb IN ('merged', 'took_in')",
    "linked": "v.verb = 'linked'",
    "removed": "v.verb = 'removed'",
}
CHANNELS = ("web", "mail", "phone")
PIECES = 5  # of a letter's headers; more tell nothing
_NAME_BEGINS = 3  # letters by which names are asked for before they are compared

# the headers of a letter, as the index `article_headers` has them
HEADERS = """lower(a.from_address || ' ' || a.to_addresses::text || ' ' || a.cc_addresses::text || ' ' || a.message_id
    || ' ' || a.subject)"""
IS_LETTER = "(a.from_address <> '' OR a.message_id <> '')"
MOST_READ = 3_000  # requests that are read at once by an index; where there are more, each is looked at in its turn
_TOOK_PART = """SELECT x.id AS ticket_id FROM tickets_ticket x
     WHERE x.author_id = ANY(%s) OR x.owner_id = ANY(%s) OR x.responsible_id = ANY(%s)
     UNION ALL SELECT x.ticket_id FROM tickets_participant x WHERE x.person_id = ANY(%s)
     UNION ALL SELECT x.ticket_id FROM tickets_article x WHERE x.author_id = ANY(%s)"""
_TAKES_PART = """(t.author_id = ANY(%s) OR t.owner_id = ANY(%s) OR t.responsible_id = ANY(%s)
    OR EXISTS (SELECT 1 FROM tickets_participant x WHERE x.ticket_id = t.id AND x.person_id = ANY(%s))
    OR EXISTS (SELECT 1 FROM tickets_article x WHERE x.ticket_id = t.id AND x.author_id = ANY(%s)))"""


@dataclass(frozen=True, slots=True)
class Finer:
    """Empty ones do not narrow. `locked`, `watcher`: a person, NOBODY for the former; `took_part`: a name, or some of
    it; `letter`: pieces of its headers, all of one letter; `born`: queues in which a request was opened; `event`: what
    has happened, perhaps `since`, `until`; `moments`: name of a moment, from, to. Times are aware, from counts in."""

    locked: int | None = None
    watcher: int | None = None
    took_part: str = ""
    channel: str = ""
    letter: str = ""
    born: Sequence[int] | None = None
    event: str = ""
    since: datetime | None = None
    until: datetime | None = None
    moments: Sequence[tuple[str, datetime | None, datetime | None]] = ()
    undelivered: bool = False


def condition(finer: Finer) -> Condition:
    """All of it. A statement each for letters, what happened and where a request was opened, two for who took part: of
    rare ones the requests are read at once."""
    parts = [("true", []), *_of_people(finer), *_of_letters(finer), *_of_history(finer), *_of_moments(finer)]
    return " AND ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def _of_people(finer: Finer) -> list[Condition]:
    found: list[Condition] = []
    if finer.locked is not None:
        is_nobody = finer.locked == NOBODY
        found.append(("t.locked_by_id IS NULL", []) if is_nobody else ("t.locked_by_id = %s", [finer.locked]))
    if finer.watcher is not None:
        watched = """t.id = ANY(ARRAY(SELECT x.ticket_id FROM tickets_participant x
            WHERE x.person_id = %s AND x.role = 'watcher'))"""
        found.append((watched, [finer.watcher]))
    if finer.took_part.strip():
        people = [people_called(finer.took_part)] * 5
        found.append(_these(_TOOK_PART, people, _TAKES_PART, people))
    return found


def _of_letters(finer: Finer) -> list[Condition]:
    found: list[Condition] = []
    if finer.channel in CHANNELS:
        found.append(("t.channel = %s", [finer.channel]))
    if finer.undelivered:
        found.append(("t.undelivered", []))
    pieces = one_line(finer.letter, 300).lower().split()[:PIECES]
    if pieces:
        held = " AND ".join([f"{HEADERS} LIKE %s"] * len(pieces))
        likes = [_like(piece) for piece in pieces]
        rows = f"SELECT a.ticket_id FROM tickets_article a WHERE {IS_LETTER} AND {held}"  # noqa: S608  our own text
        found.append(_each_or_these(rows, likes, "a.ticket_id"))
    return found


def _of_history(finer: Finer) -> list[Condition]:
    found: list[Condition] = []
    if finer.born is not None:
        rows = "SELECT v.ticket_id FROM tickets_ticketevent v WHERE v.verb = 'opened' AND (v.new ->> 'queue') = ANY(%s)"
        found.append(_each_or_these(rows, [[str(key) for key in finer.born]], "v.ticket_id"))
    if finer.event in HAPPENED:
        parts, values = [HAPPENED[finer.event]], list[Any]()
        for sign, moment in ((">=", finer.since), ("<", finer.until)):
            if moment is not None:
                parts.append(f"v.happened_at {sign} %s")
                values.append(moment)
        rows = f"SELECT v.ticket_id FROM tickets_ticketevent v WHERE {' AND '.join(parts)}"  # noqa: S608  our own text
        found.append(_happened(rows, values, by_verb="v.verb" in parts[0]))
    return found


def _happened(rows: str, values: list[Any], *, by_verb: bool) -> Condition:
    """That an event of these is of the request. An index holds the verbs by their time: a rare one is read from it at
    once. Of anything else each request's own history is looked at: the whole one is long."""
    each = f"coalesce((SELECT true FROM ({rows} AND v.ticket_id = t.id LIMIT 1) x), false)"  # noqa: S608
    if not by_verb:
        return each, values
    newest = f"{rows} ORDER BY v.happened_at DESC LIMIT {MOST_READ + 1}"
    found = [key for (key,) in db.fetch(newest, values)]
    return (each, values) if len(found) > MOST_READ else ("t.id = ANY(%s::bigint[])", [list(dict.fromkeys(found))])


def _of_moments(finer: Finer) -> list[Condition]:
    found: list[Condition] = []
    for name, start, end in finer.moments:
        found += [
            (f"{MOMENTS[name]} {sign} %s", [moment])
            for sign, moment in ((">=", start), ("<", end)) if name in MOMENTS and moment is not None
        ]  # fmt: skip
    return found


def _each_or_these(rows: str, values: list[Any], of_request: str) -> Condition:
    """That one of these rows is of the request."""
    return _these(rows, values, f"EXISTS ({rows} AND {of_request} = t.id)", values)


def _these(rows: str, values: list[Any], each: str, of_each: list[Any]) -> Condition:
    """The requests of some rows by their ids where they are few, else by a condition on each."""
    found = db.fetch(f"SELECT DISTINCT x.ticket_id FROM ({rows}) x LIMIT {MOST_READ + 1}", values)  # noqa: S608
    if len(found) > MOST_READ:
        return each, of_each
    return "t.id = ANY(%s::bigint[])", [[key for (key,) in found]]


def people_called(typed: str) -> list[int]:
    """The ids of people of every kind, of those who have left too, whose name is what was typed. One statement, none
    for a text without a letter."""
    words = [word for word in sort_key(one_line(typed, 200)).replace(".", " ").split() if any(map(str.isalpha, word))]
    longest = max(words, key=len, default="")
    if not longest:
        return []
    rows = db.fetch(
        "SELECT p.id, p.name FROM accounts_person p WHERE p.sort_key LIKE %s", [_like(longest[:_NAME_BEGINS])]
    )
    return [key for key, name in rows if is_called(name, typed)]


def _like(piece: str) -> str:
    return "%{}%".format(piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"))
