"""All that a specialist's search finds, as a table to take along: its columns."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from helpdesk.core.sheets import Cell, Column, Link
from helpdesk.desk import addresses, finer_words
from helpdesk.desk.shell import language
from helpdesk.fronts.own_fields import in_table
from helpdesk.fronts.taking import Table
from helpdesk.search.around import Field
from helpdesk.tickets.sheets import SheetRow

_ON_PAPER = (0, 1, 2, 3, 6, 9, 14)  # number, subject, state, queue, owner, client, last message


def table_of(fields: Sequence[Field]) -> Table:
    """The table of what is found; each of the queues' own fields is a column."""
    spoken = language()
    heads = [
        Column(_("Number"), 12), Column(_("Subject"), 50), Column(_("State"), 22), Column(_("Queue"), 22),
        Column(_("Priority"), 18), Column(_("Type"), 18), Column(_("Owner"), 24), Column(_("Responsible"), 24),
        Column(_("Company"), 20), Column(_("Client"), 24), Column(_("Category"), 24), Column(_("Tags"), 20),
        Column(_("Channel"), 12), Column(_("Created"), 17), Column(_("Last message"), 17),
        Column(_("Who wrote last"), 24), Column(_("Changed"), 17), Column(_("Promised"), 17),
        Column(_("Put off until"), 17), Column(_("Date closed"), 17),
    ]  # fmt: skip
    columns = [*heads, *(Column(field.label(spoken), 20) for field in fields)]
    return Table(columns, lambda row: cells(row, fields, spoken), _ON_PAPER, spoken)


def cells(row: SheetRow, fields: Sequence[Field], spoken: str) -> list[Cell]:
    """The values of a request, in the order of the columns."""
    russian = spoken == "ru"
    return [
        Link(row.number, f"{settings.PUBLIC_URL}{addresses.of_ticket(row.number)}"),
        row.subject,
        row.desk_state_ru if russian else row.desk_state_en,
        row.queue_ru if russian else row.queue_en,
        f"{row.priority_ru if russian else row.priority_en} – {row.priority}",
        row.type_ru if russian else row.type_en,
        row.owner,
        row.responsible,
        row.company,
        row.author,
        row.category_ru if russian else row.category_en,
        row.tags,
        finer_words.channels().get(row.channel, ""),
        row.created_at,
        row.last_article_at,
        row.last_by,
        row.changed_at,
        row.due_at,
        row.pending_until,
        row.closed_at,
        *(in_table(row.fields.get(field.key), field, spoken) for field in fields),
    ]
