"""What a client's page of one request shows beside the request, read with it by one statement."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from helpdesk.core.actor import Actor
from helpdesk.tickets import dictionary, pages
from helpdesk.tickets.access import access_of
from helpdesk.tickets.draft_lines import ANSWERS, Line, lines_of, writer_of
from helpdesk.tickets.models import State
from helpdesk.tickets.pages import EVENTS, Event, Opened, events_of
from helpdesk.tickets.queries import sight_sql
from helpdesk.tickets.referred import with_referred

_TURNS = EVENTS.format(
    which="(e.verb IN ('opened', 'owner_set', 'author_set') OR e.field = 'state')"
    " AND e.verb NOT IN ('removed', 'brought_back')"  # a mistake of the desk that they never saw
).replace("e.ticket_id = %s", "e.ticket_id = t.id")


class Read(NamedTuple):
    """Who else has read a request: how far, and when they came so far."""

    kind: str
    name: str
    seq: int
    at: datetime


class OwnField(NamedTuple):
    """A field of a queue, as far as a stored value is shown by it."""

    key: str
    label_ru: str
    label_en: str
    choices: Sequence[Sequence[str]]
    kind: str


class Going(NamedTuple):
    """A request that goes on from this one, or that this one goes on from (`before`)."""

    number: str
    before: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What a client's page shows beside the request: the states, how many colleagues see it too, how many of the
    reader's own requests wait for them, the turns it took: opened, taken, handed over, states; the reader's own
    half-written answers; who observes it, who else has read it; the fields that its values belong to; visible requests
    before and after it."""

    states: Mapping[str, State]
    colleagues: int
    waiting: int
    turns: list[Event]
    drafts: list[Line]
    observers: tuple[str, ...] = ()
    readers: Sequence[Read] = ()
    fields: Mapping[str, OwnField] = field(default_factory=dict)
    going: Sequence[Going] = ()

    def state(self, code: str, language: str) -> str:
        """The name of a state for clients; its code for one that is gone."""
        found = self.states.get(code)
        return found.name("ru" if language == "ru" else "en", for_client=True) if found else code


# fields of the request's own queue before those of queues that it came from
_FIELDS = """CASE WHEN t.fields <> '{}' THEN (
    SELECT json_agg(json_build_array(f.key, f.label_ru, f.label_en, f.choices, f.kind)
                    ORDER BY f.queue_id <> t.queue_id, f.position, f.id)
      FROM tickets_intakefield f WHERE t.fields ? f.key) END"""
_GOING = """(SELECT json_agg(json_build_array(t.number, l.target_id = (SELECT id FROM found)) ORDER BY l.id)
               FROM tickets_link l JOIN tickets_ticket t
                 ON t.id = CASE WHEN l.source_id = (SELECT id FROM found) THEN l.target_id ELSE l.source_id END
              WHERE (l.source_id = (SELECT id FROM found) OR l.target_id = (SELECT id FROM found))
                AND l.kind = 'follow_up' AND {sight})"""
_COLLEAGUES = """(SELECT count(DISTINCT p.id)
    FROM accounts_membership m JOIN accounts_person p ON p.id = m.person_id
   WHERE m.company_id = t.company_id AND m.inactive_at IS NULL AND p.kind = 'client'
     AND p.inactive_at IS NULL AND p.id <> t.author_id AND (m.sees = 'company' OR EXISTS (
           SELECT 1 FROM tickets_participant x WHERE x.ticket_id = t.id AND x.person_id = p.id)))"""
_WAITING = """(SELECT count(*) FROM tickets_ticket w
   WHERE w.author_id = %s AND w.phase = 'open' AND w.waits_for = 'client'
     AND (w.company_id IS NULL OR w.company_id = ANY(%s)))"""
# whether a person `o` still belongs to the request's company: who has left it is named there no more
_BELONGS = """EXISTS (SELECT 1 FROM accounts_membership m JOIN accounts_company c ON c.id = m.company_id
                      WHERE m.person_id = o.id AND m.company_id = t.company_id AND m.inactive_at IS NULL
                        AND c.inactive_at IS NULL)"""
_OBSERVERS = f"""(SELECT json_agg(o.name ORDER BY o.sort_key, o.id) FROM tickets_participant x
                     JOIN accounts_person o ON o.id = x.person_id AND o.inactive_at IS NULL AND o.kind = 'client'
                    WHERE x.ticket_id = t.id AND x.role = 'observer' AND {_BELONGS})"""  # noqa: S608  our own text
_READERS = f"""(SELECT json_agg(json_build_array(o.kind, o.name, r.seq, r.at) ORDER BY r.at, o.id)
                 FROM tickets_readmark r JOIN accounts_person o ON o.id = r.person_id
                WHERE r.ticket_id = t.id AND r.person_id <> %s
                  AND (o.kind = 'agent' OR o.inactive_at IS NULL AND {_BELONGS}))"""  # noqa: S608  our own text
_PIECES = 8
_WAITING_AT = 1  # among them


def open_by_client(actor: Actor, number: str) -> Opened:
    """A request with its surroundings and articles, as its client sees them. One statement, one more where its texts
    name other requests. Raises NotFound."""
    access = access_of(actor)
    sight, values = sight_sql(access)
    pieces = (_TURNS, ANSWERS, _OBSERVERS, _READERS, _GOING.format(sight=sight), _FIELDS)
    found = pages.opened(
        actor,
        number,
        f"{_COLLEAGUES}, {_WAITING}, {', '.join(f'({piece})::text' for piece in pieces)}",
        [actor.person_id, sorted(access.writes), writer_of(actor), actor.person_id or 0, *values],
        width=_PIECES,
    )
    return with_referred(actor, found)


def waiting_of(found: Opened) -> int:
    """How many of the reader's own requests wait for them."""
    count: int = found.beside[_WAITING_AT]
    return count


def around_of(actor: Actor, found: Opened) -> Around:
    """The surroundings that `open_by_client` read."""
    colleagues, waiting, *texts = found.beside
    turns, drafts, observers, readers, going, fields = (json.loads(text or "[]") for text in texts)
    states = {code: row for code, row in dictionary.dictionary_of(actor).states.items() if row.inactive_at is None}
    by_key: dict[str, OwnField] = {}
    for row in fields or ():
        by_key.setdefault(row[0], OwnField(*row))
    return Around(
        states,
        colleagues,
        waiting,
        events_of(turns),
        lines_of(drafts),
        observers=tuple(observers or ()),
        readers=[Read(kind, name, seq, datetime.fromisoformat(at)) for kind, name, seq, at in readers or ()],
        fields=by_key,
        going=[Going(*row) for row in going or ()],
    )
