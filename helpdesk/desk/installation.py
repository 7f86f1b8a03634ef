"""What the administrators' pages say of the installation: how many of everything, what needs looking after."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.core import db, jobs
from helpdesk.desk import addresses
from helpdesk.mail import queries as mail

WORKER_IS_LATE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of something; `href` where a page shows them."""

    name: str
    number: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that needs looking after: what it is, what follows, and where to look."""

    title: str
    text: str
    step: str = ""
    href: str = ""
    kind: str = "warn"


@dataclass(frozen=True, slots=True)
class Examined:
    """One examination of the doctor: its name, what is wrong in words, each finding and the remark as the command line
    has them."""

    name: str
    wrong: str
    findings: tuple[tuple[str, str], ...]
    remark: str


def counts() -> dict[str, int]:
    """How many active people, companies, queues, states, categories, roles there are. One statement."""
    alive = "inactive_at IS NULL"
    tables = {
        "agents": f"accounts_person WHERE kind = 'agent' AND {alive}",
        "clients": f"accounts_person WHERE kind = 'client' AND {alive}",
        "contacts": f"accounts_person WHERE kind = 'contact' AND {alive}",
        "companies": f"accounts_company WHERE {alive}",
        "roles": f"accounts_role WHERE {alive}",
        "queues": f"tickets_queue WHERE {alive}",
        "states": f"tickets_state WHERE {alive}",
        "categories": f"tickets_category WHERE {alive}",
        "fields": f"tickets_intakefield WHERE {alive}",
        "banners": "notices_banner WHERE ends_at > now()",
    }
    rows = db.fetch("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables.values()))  # noqa: S608
    return dict(zip(tables, rows[0], strict=True))


def alarms(letters: mail.Counts, parked: int) -> list[Alarm]:
    """What needs looking after now, the worst first. One statement."""
    found = []
    age = jobs.last_seen()
    if age is None or age > WORKER_IS_LATE:
        found.append(
            Alarm(
                _("No worker is running"),
                _("Letters, reminders and automatic closing wait until one is started: helpdesk worker."),
                _("State of the services"), addresses.CHECK, "bad",
            )
        )  # fmt: skip
    if letters.failed:
        title = ngettext("%(num)d letter could not be sent", "%(num)d letters could not be sent", letters.failed)
        found.append(
            Alarm(
                title % {"num": letters.failed}, _("Their recipients are still waiting: see why."),
                _("Show the letters"), addresses.query(addresses.OUTBOX, state="failed"),
            )
        )  # fmt: skip
    if parked:
        title = ngettext("%(num)d letter is set aside", "%(num)d letters are set aside", parked) % {"num": parked}
        found.append(Alarm(title, _("What arrived did not become a request."), _("Show the letters"), addresses.PARKED))
    if not settings.EMAIL_URL:
        found.append(
            Alarm(
                _("No mail server is set"),
                _("Letters stay in the outbox, where they can be read. Set HELPDESK_EMAIL_URL to send them."), kind="",
            )
        )  # fmt: skip
    return found


def examine() -> list[Examined]:
    """Everything the doctor looks at, as `helpdesk check` does: the mail server and a bucket are spoken to."""
    doctor = cast("Callable[[], Iterable[tuple[str, list[Any], str]]]", import_string(settings.DOCTOR))
    words = _examinations()
    return [
        Examined(
            words.get(name, (name, ""))[0], words.get(name, ("", ""))[1] if findings else "",
            tuple((finding.wrong, finding.cure) for finding in findings), "" if findings else remark,
        ) for name, findings, remark in doctor()
    ]  # fmt: skip


def _examinations() -> dict[str, tuple[str, str]]:
    """The names of the examinations, and what it means where one finds something."""
    return {
        "settings": (_("Settings"), _("A setting is wrong.")),
        "database": (_("Database"), _("The database is not as it should be.")),
        "migrations": (_("Schema of the database"), _("The schema is older than the program.")),
        "folders": (_("Folders and files"), _("Files cannot be stored safely.")),
        "clock": (_("Clock"), _("The clocks of server and database differ: times and deadlines are wrong.")),
        "mail server": (_("Mail server"), _("Letters cannot be handed to the mail server.")),
        "worker": (_("Worker"), _("Letters, reminders and automatic closing wait.")),
        "letters laid aside": (_("Letters set aside"), _("Incoming letters did not become requests.")),
        "backup": (_("Backup"), _("What happens since the last backup would be lost with the disk.")),
    }
