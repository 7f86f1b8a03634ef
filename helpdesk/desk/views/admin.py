"""What administrators look after: what needs it now, the letters that leave and that were laid aside, the services."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.core import clock
from helpdesk.desk import addresses, filters, installation, letters
from helpdesk.desk.installation import Count
from helpdesk.desk.views.base import administrators, page
from helpdesk.mail import outbox as sending
from helpdesk.mail import queries as mail

LETTERS_SHOWN = 50
STATES = ("waiting", "sent", "failed")


@require_safe
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """What needs looking after, how many there are of everything, and the places of an administrator that exist."""
    sent, parked, known = mail.counts(), mail.count_parked(), installation.counts()
    context = {"alarms": installation.alarms(sent, parked), "groups": _groups(sent, parked, known)}
    return page(request, "desk/admin.html", context, place="admin")


def _groups(sent: mail.Counts, parked: int, known: dict[str, int]) -> list[tuple[str, list[Count], str]]:
    """Title, lines and the command that changes them."""
    waiting, failed = (addresses.query(addresses.OUTBOX, state=state) for state in ("waiting", "failed"))
    return [
        (_("Requests"), [
            Count(_("Queues and recipients"), known["queues"], addresses.QUEUES), Count(_("States"), known["states"]),
            Count(_("Fields of the form"), known["fields"]), Count(_("Categories"), known["categories"]),
        ], "helpdesk queue · state · field · category"),
        (_("Mail"), [
            Count(_("All outgoing letters"), sent.waiting + sent.sent + sent.failed, addresses.OUTBOX),
            Count(_("Waiting to be sent"), sent.waiting, waiting), Count(_("Not sent"), sent.failed, failed),
            Count(_("Set aside"), parked, addresses.PARKED),
        ], "helpdesk mail"),
        (_("People"), [
            Count(_("Specialists"), known["agents"]), Count(_("Clients"), known["clients"]),
            Count(_("Contacts without a sign-in"), known["contacts"]), Count(_("Companies"), known["companies"]),
            Count(_("Roles"), known["roles"]),
        ], "helpdesk user · company · role · grant"),
        (_("Notices"), [Count(_("Notices above the clients' pages"), known["banners"], addresses.BANNERS)], ""),
    ]  # fmt: skip


@require_safe
@administrators
def check(request: HttpRequest) -> HttpResponse:
    """`/desk/admin/check/`: what the doctor finds, asked now. It may take some seconds where a server is silent."""
    examined = installation.examine()
    context = {"examined": examined, "wrong": sum(len(one.findings) for one in examined), "back": addresses.ADMIN}
    return page(request, "desk/check.html", context, place="admin")


@require_safe
@administrators
def parked(request: HttpRequest) -> HttpResponse:
    """`/desk/admin/parked/`: letters that came and were laid aside, and how to let them pass."""
    found = mail.parked(limit=LETTERS_SHOWN + 1)
    context = {
        "letters": [(letter, letters.why_aside(letter)) for letter in found[:LETTERS_SHOWN]],
        "more": len(found) > LETTERS_SHOWN,
        "back": addresses.ADMIN,
    }
    return page(request, "desk/parked.html", context, place="admin")


@require_safe
@administrators
def outbox(request: HttpRequest) -> HttpResponse:
    """Our letters, those that failed first, then the newest: `?state=waiting|sent|failed`, `?before=ID`."""
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    last = filters.whole(request.GET.get("before", ""))
    found = mail.outbox(state=state, after=mail.letter(last) if last else None, limit=LETTERS_SHOWN + 1)
    counts, now, has_server = mail.counts(), clock.now(), bool(settings.EMAIL_URL)
    names = {"": _("All"), "waiting": _("Waiting"), "sent": _("Sent"), "failed": _("Failed")}
    figures = {
        "": counts.waiting + counts.sent + counts.failed, "waiting": counts.waiting, "sent": counts.sent,
        "failed": counts.failed,
    }  # fmt: skip
    shown = found[:LETTERS_SHOWN]
    more = len(found) > LETTERS_SHOWN
    context = {
        "letters": [
            (letter, letters.subject(letter), letters.fate(letter, now=now, has_server=has_server)) for letter in shown
        ],
        "kinds": letters.kinds(),
        "tabs": [
            (text, addresses.query(addresses.OUTBOX, state=code), code == state, figures[code])
            for code, text in names.items()
        ],
        "narrowed": bool(state),
        "after": addresses.query(addresses.OUTBOX, state=state, before=shown[-1].pk) if more else "",
        "has_server": has_server,
        "back": addresses.ADMIN,
    }
    return page(request, "desk/outbox.html", context, place="admin")


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def letter(request: HttpRequest, letter_id: str) -> HttpResponse:
    """One letter as it was or will be sent; a POST sends one that failed once more."""
    found_id = filters.whole(letter_id)
    found = mail.letter(found_id) if found_id else None
    if found is None:
        raise Http404
    if request.method == "POST":
        if sending.again(found.pk):
            messages.success(request, _("The letter will be sent again to the same address."))
        return HttpResponseRedirect(f"{addresses.OUTBOX}{found.pk}/")
    context = {
        "letter": found,
        "subject": letters.subject(found),
        "fate": letters.fate(found, now=clock.now(), has_server=bool(settings.EMAIL_URL)),
        "kind": letters.kinds().get(found.kind, found.kind),
        "references": " ".join(found.headers.get("references") or []),
        "may_go_again": found.state == "failed" and bool(settings.EMAIL_URL),
        "back": addresses.OUTBOX,
        "ticket_href": addresses.of_ticket(found.ticket.number) if found.ticket else "",
    }
    return page(request, "desk/letter.html", context, place="admin")
