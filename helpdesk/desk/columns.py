"""The columns of the desk's lists: which there are, what each is sorted by, and which ones a reader wants."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helpdesk.tickets.lines import MORE


@dataclass(frozen=True, slots=True)
class Column:
    """`sort`: the order that stands behind its head, and the one that a second click gives; empty for none."""

    code: str
    sorts: tuple[str, ...] = ()
    css: str = ""


SUBJECT = "subject"  # is always there
COLUMNS = {
    one.code: one
    for one in (
        Column("priority", ("priority",), "c-pri"),
        Column("number", (), "c-num"),
        Column(SUBJECT, (), "c-subj"),
        Column("state", (), "c-state"),
        Column("company", (), "c-co"),
        Column("owner", (), "c-own"),
        Column("due", ("due",), "c-sla"),
        Column("changed", ("recent",), "c-age"),
        Column("queue", (), "c-queue"),
        Column("client", (), "c-client"),
        Column("responsible", (), "c-resp"),
        Column("type", (), "c-type"),
        Column("created", ("new", "old"), "c-made"),
        Column("last", ("last", "quiet"), "c-last"),
    )
}
STANDARD = ("priority", "number", SUBJECT, "state", "company", "owner", "due", "changed")


def read(text: str) -> tuple[str, ...]:
    """Columns as an address or a setting names them, with commas; what is none is left out. Nothing for the standard
    ones, and where nothing is named."""
    found = tuple(dict.fromkeys(code for code in text[:300].split(",") if code in COLUMNS))
    if not found:
        return ()
    whole = found if SUBJECT in found else (SUBJECT, *found)
    return () if whole == STANDARD else whole


def text(chosen: Iterable[str]) -> str:
    """The same as an address names them."""
    return ",".join(chosen)


def more(shown: Iterable[str]) -> tuple[str, ...]:
    """Those that cost a look at another table."""
    return tuple(code for code in shown if code in MORE)


def names() -> dict[str, str]:
    """The columns in words."""
    return {
        "priority": _("Priority"),
        "number": _("Number"),
        SUBJECT: _("Subject"),
        "state": _("State"),
        "company": _("Company"),
        "owner": _("Owner"),
        "due": _("Deadline"),
        "changed": _("Changed"),
        "queue": _("Queue"),
        "client": _("Client"),
        "responsible": _("Responsible"),
        "type": _("Type"),
        "created": pgettext("column", "Created"),
        "last": pgettext("column", "Last words"),
    }
