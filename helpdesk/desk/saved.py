"""Lists under a name: those of a specialist and those that are shared with them, with their figures."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from helpdesk.core.actor import Actor
from helpdesk.desk import addresses, filters, found, shell
from helpdesk.desk.filters import Filters
from helpdesk.tickets import lines
from helpdesk.tickets.access import View, access_of
from helpdesk.tickets.queries import sight_sql

COUNTED_TO = 1000  # a longer list says no figure


def filters_of(query: str) -> Filters:
    """The conditions of a saved list."""
    path, _, asked = addresses.of_view(query).partition("?")
    return filters.read(dict(parse_qsl(asked)), path=path)


def counts(actor: Actor, at: datetime) -> tuple[str, list[Any]]:
    """The figures of the saved lists as one expression, in their order; null where words or people narrow a list."""
    views = access_of(actor).saved_views
    if not views:
        return "", []
    names, sight = shell.names(actor), sight_sql(access_of(actor))
    parts, values = [], []
    for view in views:
        wanted = filters_of(view.query)
        if found.serves(wanted) or view.query.startswith(addresses.IN_SEARCH):
            parts.append("NULL::int")
            continue
        sql, more = lines.conditions(actor, filters.conditions(wanted, names), at=at)
        those = f"SELECT 1 FROM tickets_ticket t WHERE {' AND '.join([*sql, sight[0]])} LIMIT %s"  # noqa: S608
        parts.append(f"(SELECT nullif(count(*), %s) FROM ({those}) n)")  # noqa: S608  our own text
        values += [COUNTED_TO + 1, *more, *sight[1], COUNTED_TO + 1]
    return f"json_build_array({', '.join(parts)})", values


def at_address(actor: Actor, address: str) -> View | None:
    """The saved list that stands at an address."""
    return next((view for view in access_of(actor).saved_views if view.query == addresses.to_keep(address)), None)
