"""Many requests at once: which ones are meant, and how far an act upon them has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.text.safe import storable
from helpdesk.tickets import lines, queries
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import BulkAct, BulkLine

NAMED = 200  # refused requests that are named


@dataclass(frozen=True, slots=True)
class Meant:
    """A request that an act is about to touch."""

    id: int
    number: str
    subject: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that an act left as it was, and why. `number` and `subject` are empty where it is out of sight."""

    number: str
    subject: str
    why: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an act has come. `refused`: those that could not be done, or not be taken back, NAMED at most."""

    id: int
    verb: str
    back: str
    is_undone: bool
    all: int
    waiting: int
    done: int
    same: int
    undone: int
    left: int  # refused, or kept against the taking back
    refused: Sequence[Refused]
    undoable: int  # lines that a taking back could reach

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return not (self.undoable if self.is_undone else self.waiting)


def of_numbers(actor: Actor, numbers: Sequence[str]) -> list[Meant]:
    """The requests of these numbers that a person sees, in the order of their ids. One statement."""
    typed = [storable(number)[:50] for number in numbers]
    rows = queries.visible_to(actor).filter(number__in=typed).order_by("pk").values_list("pk", "number", "subject")
    return [Meant(*row) for row in rows]


def of_ids(actor: Actor, ids: Sequence[int]) -> list[Meant]:
    """Those of these requests that a person sees, in the order of their ids. One statement."""
    rows = queries.visible_to(actor).filter(pk__in=ids).order_by("pk").values_list("pk", "number", "subject")
    return [Meant(*row) for row in rows]


def of_list(actor: Actor, wanted: lines.Wanted, *, at: datetime, limit: int) -> list[int]:
    """The ids of all requests of a list without words, `limit` at most. One statement."""
    sql, values = lines.conditions(actor, wanted, at=at)
    return lines.newest_ids(actor, " AND ".join(sql), values, limit=limit)


def progress(actor: Actor, act_id: int) -> Progress | None:
    """How far an act of this person has come; None for somebody else's, or none. Three statements."""
    act = BulkAct.objects.filter(pk=act_id, person_id=actor.person_id or 0).first()
    if act is None:
        return None
    counts = dict(
        db.fetch("SELECT state, count(*) FROM tickets_bulkline WHERE act_id = %s GROUP BY state", [act.pk])
    )  # fmt: skip
    state = BulkLine.State
    found = {one.value: counts.get(one.value, 0) for one in state}
    left = found[state.REFUSED] + found[state.KEPT]
    return Progress(
        act.pk, act.verb, act.back, act.undone_at is not None, sum(found.values()), found[state.WAITING],
        found[state.DONE], found[state.SAME], found[state.UNDONE], left,
        _refused(actor, act.pk) if left else (), found[state.DONE],
    )  # fmt: skip


def _refused(actor: Actor, act_id: int) -> list[Refused]:
    sight, values = queries.sight_sql(access_of(actor))
    rows = db.fetch(
        f"""SELECT coalesce(t.number, ''), coalesce(t.subject, ''), l.why FROM tickets_bulkline l
              LEFT JOIN tickets_ticket t ON t.id = l.ticket_id AND {sight}
             WHERE l.act_id = %s AND l.state IN ('refused', 'kept') ORDER BY l.position LIMIT {NAMED}""",  # noqa: S608
        [*values, act_id],
    )
    return [Refused(*row) for row in rows]
