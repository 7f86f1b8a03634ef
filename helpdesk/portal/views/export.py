"""`/portal/search/?format=csv|xlsx|pdf`: all that is found, as a file."""

from django.http import HttpResponseBase

from helpdesk.core.actor import Actor
from helpdesk.fronts import taking
from helpdesk.portal import export
from helpdesk.portal.conditions import Asked, Offered
from helpdesk.search import queries as search_queries


def export_of(actor: Actor, offered: Offered, asked: Asked, kind: str) -> HttpResponseBase:
    """The file of a kind. Raises taking.NotMade."""
    ids = search_queries.all_ids(actor, asked.wanted, most=taking.MOST[kind] + 1)
    return taking.file_of(actor, export.table_of(offered), ids, kind)
