"""Requests that the texts of another one name by their number: which of them its reader may be led to."""

from dataclasses import replace

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.text.mentions import numbers_in
from helpdesk.tickets.access import access_of
from helpdesk.tickets.pages import Opened
from helpdesk.tickets.queries import sight_sql

MOST = 200  # numbers that one page asks for


def with_referred(actor: Actor, found: Opened) -> Opened:
    """The same with the numbers that its texts name, as far as a request that this person sees is found by them, also
    an older one or one that was merged. One statement, none where they name no other request."""
    numbers = sorted({number for text in found.texts for number in numbers_in(text)} - {found.number})[:MOST]
    return replace(found, referred=frozenset(seen(actor, numbers))) if numbers else found


def seen(actor: Actor, numbers: list[str]) -> list[str]:
    """Those of the numbers by which a request is found that this person sees. One statement."""
    sight, values = sight_sql(access_of(actor))
    rows = db.fetch(
        f"""SELECT n.number FROM unnest(%s::text[]) n(number) WHERE EXISTS (
                SELECT 1 FROM tickets_ticket t WHERE {sight} AND t.id IN (
                       SELECT unnest(ARRAY[m.id, m.part_of_id]) FROM tickets_ticket m WHERE m.number = n.number
                       UNION ALL SELECT coalesce(m.part_of_id, m.id) FROM tickets_numberalias a
                         JOIN tickets_ticket m ON m.id = a.ticket_id WHERE a.number = n.number))""",  # noqa: S608
        [numbers, *values],
    )
    return [number for (number,) in rows]
