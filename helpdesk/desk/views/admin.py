"""What administrators look after: so far the letters that leave the house."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk.desk import addresses, filters
from helpdesk.desk.views.base import administrators, page
from helpdesk.mail import queries as mail

LETTERS_SHOWN = 50
STATES = ("waiting", "sent", "failed")


@require_safe
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """The places of an administrator that exist."""
    counts = mail.counts()
    return page(request, "desk/admin.html", {"counts": counts, "outbox": addresses.OUTBOX}, place="admin")


@require_safe
@administrators
def outbox(request: HttpRequest) -> HttpResponse:
    """Our letters, newest first: `?state=waiting|sent|failed`, `?before=ID`."""
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    found = mail.outbox(state=state, before=filters.whole(request.GET.get("before", "")), limit=LETTERS_SHOWN + 1)
    counts = mail.counts()
    names = {"": _("All"), "waiting": _("Waiting"), "sent": _("Sent"), "failed": _("Failed")}
    figures = {
        "": counts.waiting + counts.sent + counts.failed, "waiting": counts.waiting, "sent": counts.sent,
        "failed": counts.failed,
    }  # fmt: skip
    shown = found[:LETTERS_SHOWN]
    more = len(found) > LETTERS_SHOWN
    context = {
        "letters": shown,
        "kinds": _kinds(),
        "states": _states(),
        "tabs": [
            (text, addresses.query(addresses.OUTBOX, state=code), code == state, figures[code])
            for code, text in names.items()
        ],
        "after": addresses.query(addresses.OUTBOX, state=state, before=shown[-1].pk) if more else "",
        "has_server": bool(settings.EMAIL_URL),
    }
    return page(request, "desk/outbox.html", context, place="admin")


@require_safe
@administrators
def letter(request: HttpRequest, letter_id: str) -> HttpResponse:
    """One letter as it was or will be sent."""
    found_id = filters.whole(letter_id)
    found = mail.letter(found_id) if found_id else None
    if found is None:
        raise Http404
    context = {
        "letter": found,
        "state": _states().get(found.state, found.state),
        "kind": _kinds().get(found.kind, found.kind),
        "references": " ".join(found.headers.get("references") or []),
        "back": addresses.OUTBOX,
        "ticket_href": addresses.of_ticket(found.ticket.number) if found.ticket else "",
    }
    return page(request, "desk/letter.html", context, place="admin")


def _states() -> dict[str, tuple[str, str]]:
    """Name and look of a letter's state."""
    return {
        "due": (_("waits to be sent"), "new"),
        "sending": (_("is being sent"), "open"),
        "sent": (_("was sent"), "done"),
        "failed": (_("could not be sent"), "escalated"),
    }


def _kinds() -> dict[str, str]:
    return {
        "answer": _("answer"),
        "auto_answer": _("automatic reply"),
        "notice": _("notice to the desk"),
        "account": _("sign-in"),
    }
