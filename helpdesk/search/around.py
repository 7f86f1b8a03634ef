"""What stands around a client's search form: whom and what it can be narrowed by, and the searches that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.search.saved import Saved, of_row, seen_sql
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Queue
from helpdesk.tickets.queries import others_than_chosen, queues_seen_sql, queues_to_narrow_by, sight_sql

MOST_PEOPLE = 1_000

# people of the companies whose requests this person sees all of, those who have left too: their requests stay;
# fields that are switched off, last, as long as requests that this person sees hold values of them
_SQL = """
WITH past(queue_id) AS MATERIALIZED ({past})
SELECT (SELECT json_agg(json_build_array(p.id, p.name) ORDER BY p.sort_key, p.id) FROM (
          SELECT p.id, p.name, p.sort_key FROM accounts_person p
           WHERE p.id = %s OR p.id IN (SELECT m.person_id FROM accounts_membership m WHERE m.company_id = ANY(%s))
           ORDER BY p.sort_key, p.id LIMIT %s) p),
       (SELECT json_agg(json_build_array(f.key, f.kind, f.label_ru, f.label_en, f.choices)
                        ORDER BY f.inactive_at IS NOT NULL, q.position, q.id, f.position, f.id)
          FROM tickets_intakefield f JOIN tickets_queue q ON q.id = f.queue_id
         WHERE f.inactive_at IS NULL
           AND (q.client_chooses AND q.inactive_at IS NULL OR q.id IN (SELECT queue_id FROM past))
            OR f.inactive_at IS NOT NULL AND EXISTS (
                 SELECT 1 FROM tickets_fieldvalue v JOIN tickets_ticket t ON t.id = v.ticket_id
                  WHERE v.key = f.key AND {sight})),
       ({saved}),
       (SELECT json_agg(queue_id) FROM past)
"""


class Field(NamedTuple):
    """A field of the queues by which one may search; several queues may share it. `choices`: value, ru, en."""

    key: str
    kind: str
    ru: str
    en: str
    choices: tuple[tuple[str, str, str], ...]

    def label(self, language: str) -> str:
        return self.ru if language == "ru" else self.en


@dataclass(frozen=True, slots=True)
class Around:
    """`people`: id and name of those whose requests this person may see; `companies`: their own; `sees_all_of`: those
    whose requests they see all of; `queues`: those that clients may choose, and others where requests that this person
    sees stand."""

    people: Sequence[tuple[int, str]]
    fields: Sequence[Field]
    saved: Sequence[Saved]
    companies: Sequence[tuple[int, str]]
    sees_all_of: Sequence[tuple[int, str]]
    queues: Sequence[Queue]


def around(actor: Actor) -> Around:
    """The surroundings of this person's search. One statement."""
    access, others = access_of(actor), others_than_chosen(actor)
    past, values = queues_seen_sql(access, others) if others else ("SELECT 0 WHERE false", [])
    (sight, rights), (kept, kept_values) = sight_sql(access), seen_sql(actor)
    people, fields, saved, seen = db.fetch(
        _SQL.format(past=past, saved=kept, sight=sight),
        [*values, actor.person_id, sorted(access.company_wide), MOST_PEOPLE, *rights, *kept_values],
    )[0]
    return Around(
        people=[(pk, name) for pk, name in people or []],
        fields=_fields(fields or []),
        saved=[of_row(row, access) for row in saved or []],
        companies=access.named_companies,
        sees_all_of=[(pk, name) for pk, name in access.named_companies if pk in access.company_wide],
        queues=queues_to_narrow_by(actor, seen or ()),
    )


# for specialists: all that are in use, then those that are switched off and still hold values
OWN_FIELDS = """SELECT json_agg(json_build_array(f.key, f.kind, f.label_ru, f.label_en, f.choices)
        ORDER BY f.inactive_at IS NOT NULL, q.position, q.id, f.position, f.id)
  FROM tickets_intakefield f JOIN tickets_queue q ON q.id = f.queue_id
 WHERE f.inactive_at IS NULL OR EXISTS (SELECT 1 FROM tickets_fieldvalue v WHERE v.key = f.key)"""


def own_fields(actor: Actor) -> list[Field]:
    """The queues' own fields by which a specialist may search. One statement; none for anybody else."""
    return fields_of(db.fetch(OWN_FIELDS, [])[0][0]) if access_of(actor).is_agent else []


def fields_of(rows: Sequence[Sequence[Any]] | None) -> list[Field]:
    """The fields that OWN_FIELDS gave."""
    return _fields(rows or [])


def _fields(rows: Sequence[Sequence[Any]]) -> list[Field]:
    """Each key once, as the first queue that has it calls it; of choices all that any queue offers."""
    found: dict[str, Field] = {}
    for key, kind, ru, en, choices in rows:
        offered = tuple((str(one[0]), str(one[1]), str(one[2])) for one in choices or [])
        known = found.setdefault(key, Field(key, kind, ru, en, ()))
        values = {value for value, *_ in known.choices}
        found[key] = known._replace(choices=known.choices + tuple(one for one in offered if one[0] not in values))
    return list(found.values())
