"""All that a client's search finds, as a table to take along: its columns."""

from django.conf import settings
from django.utils.translation import gettext as _

from helpdesk.core.sheets import Cell, Column, Link
from helpdesk.fronts.own_fields import in_table
from helpdesk.fronts.taking import Table
from helpdesk.portal.conditions import Offered
from helpdesk.portal.rows import state_text
from helpdesk.tickets import workflow
from helpdesk.tickets.models import Phase
from helpdesk.tickets.sheets import SheetRow

_ON_PAPER = (0, 1, 2, 6, 9, 3)  # what stands on paper: number, subject, state, recipient, author, last answer


def table_of(offered: Offered) -> Table:
    """The table of what a client finds."""
    return Table(columns(offered), lambda row: cells(row, offered), _ON_PAPER, offered.language)


def columns(offered: Offered) -> list[Column]:
    """The columns of a table: what the screen shows, what it can be narrowed by, the queues' own fields."""
    found = [
        Column(_("Number"), 12), Column(_("Subject"), 50), Column(_("State"), 22), Column(_("Last message"), 17),
        Column(_("Who wrote last"), 24), Column(_("Last words"), 60), Column(_("Recipient"), 22),
        Column(_("Priority"), 18), Column(_("Category"), 24), Column(_("Author"), 24), Column(_("Specialist"), 24),
        Column(_("Company"), 20), Column(_("Created"), 17), Column(_("Date closed"), 17),
    ]  # fmt: skip
    return [*found, *(Column(field.label(offered.language), 20) for field in offered.around.fields)]


def cells(row: SheetRow, offered: Offered) -> list[Cell]:
    """The values of a request, in the order of `columns`."""
    russian = offered.language == "ru"
    priority = row.priority_ru if russian else row.priority_en
    return [
        Link(row.number, f"{settings.PUBLIC_URL}/portal/tickets/{row.number}/"),
        row.subject,
        _state(row, russian=russian),
        row.last_article_at,
        row.last_by,
        row.snippet,
        row.queue_ru if russian else row.queue_en,
        f"{priority} – {row.priority}",
        row.category_ru if russian else row.category_en,
        row.author,
        row.staff,
        row.company,
        row.created_at,
        row.closed_at,
        *(in_table(row.fields.get(field.key), field, offered.language) for field in offered.around.fields),
    ]


def _state(row: SheetRow, *, russian: bool) -> str:
    answered = row.phase == Phase.OPEN and workflow.client_answered(
        row.state_waits_for, row.waits_for, client_at=row.last_client_at, agent_at=row.last_agent_at
    )
    return state_text(row.state_ru if russian else row.state_en, answered=answered)
