"""Looking at the clients' side as one of them: for administrators, whom to look as, and who has looked."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk.accounts import looking
from helpdesk.core import clock, db
from helpdesk.core.errors import NotAllowed
from helpdesk.core.text.safe import one_line
from helpdesk.desk import addresses, clients, filters
from helpdesk.desk.views.base import administrators, page
from helpdesk.web import errors

LATEST = 20


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def look(request: HttpRequest) -> HttpResponse:
    """`?q=` finds clients, `?number=` is the request to open; a POST with `client` begins to look.

    Without words it shows who has looked.
    """
    if request.method == "POST":
        return _begin(request)
    words = one_line(request.GET.get("q", ""), clients.WORDS_LIMIT)
    found, more = clients.find(words, kinds=("client",)) if words else ([], False)
    looks = [] if words else looking.latest(LATEST)
    now = clock.now()
    context = {
        "words": words,
        "number": one_line(request.GET.get("number", ""), 50),
        "found": found,
        "more": more,
        "looks": [(one, one.ended_at or (one.until if one.until <= now else None)) for one in looks],
        "action": addresses.LOOK,
        "back": addresses.ADMIN,
    }
    return page(request, "desk/look.html", context, place="admin")


def _begin(request: HttpRequest) -> HttpResponse:
    client, number = filters.whole(request.POST.get("client", "")), request.POST.get("number", "")
    try:
        with db.entry():
            looking.begin(request, client or 0, end=addresses.LOOK_END)
    except NotAllowed as refusal:
        return errors.refused(request, _why_not(refusal))
    known = number.isascii() and number.isdigit() and len(number) < 40
    return HttpResponseRedirect(f"/portal/tickets/{number}/" if known else "/portal/mine/")


def _why_not(refusal: NotAllowed) -> str:
    if refusal.code == "look.off":
        return _("%(name)s is switched off and sees nothing: choose another client") % refusal.details
    return _("%(name)s is no client: only the clients' side can be looked at with another's eyes") % refusal.details


@require_POST
@administrators
def end(request: HttpRequest) -> HttpResponse:
    """The look is over; back to where one chooses."""
    with db.entry():
        looking.stop(request)
    return HttpResponseRedirect(addresses.LOOK)
