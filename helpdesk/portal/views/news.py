"""News (the bell) and the banners of the support service, as far as a client does something with them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk.core import clock, db
from helpdesk.core.actor import Actor
from helpdesk.core.text.safe import split_address
from helpdesk.fronts.form import number
from helpdesk.notices import actions as bell
from helpdesk.notices import banners, queries
from helpdesk.notices.models import Notice
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.shell import NEWS, page
from helpdesk.tickets.dictionary import dictionary_of
from helpdesk.tickets.models import Phase, WaitsFor
from helpdesk.web import render
from helpdesk.web.jinja import date_text
from helpdesk.web.jinja import ticket as ticket_text

SHOWN, IN_PANEL = 30, 8
ICONS = {
    Notice.Kind.CLOSED: "circle-check-big",
    Notice.Kind.CHANGED: "refresh-cw",
    Notice.Kind.OBSERVES: "eye",
    Notice.Kind.HANDED_OVER: "user-check",
    Notice.Kind.HANDED_AWAY: "user-check",
}  # others are something that was said


@dataclass(frozen=True, slots=True)
class Line:
    """The news of one request: what tells most of what is unread, when the last of them came, how many are unread."""

    id: int
    href: str
    what: str
    icon: str
    subject: str
    number: str
    at: datetime
    unread: int


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def news(request: ClientRequest) -> HttpResponse:
    """`/portal/news/`: the newest first, `?before=ID` those below a line; `?part=panel` what the bell opens.

    A POST reads all lines up to the newest that its page showed (`upto`)."""
    if request.method == "POST":
        upto = number(request.POST.get("upto", ""))
        if upto is not None:
            with db.entry():
                bell.mark_read(request.actor.person, upto=upto)
        return HttpResponseRedirect(NEWS)
    if request.GET.get("part") == "panel":
        return _panel(request)
    before = number(request.GET.get("before", ""))
    found = queries.newest(request.actor, limit=SHOWN + 1, before=before)
    lines = _lines(request.actor, found[:SHOWN])
    context: dict[str, Any] = {
        **_context(request, lines),
        "more": f"{NEWS}?before={lines[-1].id}" if len(found) > SHOWN else "",
        "is_first": before is None,
    }
    return page(request, "portal/news.html", context, tab="news")


def _panel(request: ClientRequest) -> HttpResponse:
    """What the bell opens; it is small, so that what is unread stands first and what does not fit is counted."""
    lines = _lines(request.actor, queries.unread_first(request.actor, limit=IN_PANEL))
    context = _context(request, lines)
    rest = context["unread"] - sum(line.unread > 0 for line in lines)
    return render.page(request, "portal/news_panel.html", {**context, "rest": max(rest, 0)})


def _context(request: ClientRequest, lines: list[Line]) -> dict[str, Any]:
    return {
        "lines": lines,
        "unread": queries.know_unread(request.actor),
        "upto": max((line.id for line in lines), default=0),
        "href": NEWS,
    }


def _lines(actor: Actor, found: Sequence[Notice]) -> list[Line]:
    beside = queries.unread_beside(actor, found)

    def telling(one: Notice) -> Notice:
        return min(beside.get(one.ticket_id, [one]), key=lambda each: _rank(actor, each))

    return [_line(actor, one, telling(one)) for one in found]


def _line(actor: Actor, newest: Notice, one: Notice) -> Line:
    """`one`: the line of the request that is told."""
    place = f"#a{one.article_id}" if one.article_id else ""
    return Line(
        id=newest.pk,
        href=f"/portal/tickets/{one.ticket.number}/{place}",
        what=_what(actor, one),
        icon=_icon(actor, one),
        subject=one.ticket.subject,
        number=ticket_text(one.ticket.number),
        at=newest.created_at,
        unread=newest.waiting,
    )


def _rank(actor: Actor, one: Notice) -> int:
    """How much a line tells, the least the most: what is asked of the client comes before all, a time promised last."""
    if _asks(actor, one):
        return 0
    return 2 if one.kind == Notice.Kind.CHANGED and set(one.changes) == {"due_at"} else 1


def _asks(actor: Actor, one: Notice) -> bool:
    """Whether a line tells that the client's answer is awaited, and it still is."""
    if one.ticket.phase != Phase.OPEN or one.ticket.waits_for != WaitsFor.CLIENT:
        return False
    state = dictionary_of(actor).states.get(one.changes.get("state", ""))
    return one.kind == Notice.Kind.DESK_ANSWER or (state is not None and state.waits_for == WaitsFor.CLIENT)


def _icon(actor: Actor, one: Notice) -> str:
    if one.kind == Notice.Kind.CHANGED and "state" not in one.changes:
        return "merge" if "merge" in one.changes else "clock"
    state = dictionary_of(actor).states.get(one.changes.get("state", ""))
    if _asks(actor, one) or (state is not None and state.waits_for == WaitsFor.CLIENT):
        return "message-circle-question-mark"
    return ICONS.get(Notice.Kind(one.kind), "reply")


def _what(actor: Actor, one: Notice) -> str:
    """Who did what."""
    told = {
        Notice.Kind.CLOSED: _("The request has closed by itself"),
        Notice.Kind.OBSERVES: _("A colleague asks you to follow the request"),
        Notice.Kind.HANDED_OVER: _("The request has been handed over to you"),
        Notice.Kind.HANDED_AWAY: _("Your request has been handed over to a colleague"),
    }
    if sentence := told.get(Notice.Kind(one.kind)):
        return sentence
    if one.kind == Notice.Kind.CHANGED:
        said = "; ".join(_changed(actor, one.changes, is_owed=_is_owed(one))) or _("Something new in the request")
        return said[:1].upper() + said[1:]
    if one.article and one.article.author:
        if _asks(actor, one):
            return _("%(name)s is waiting for an answer") % {"name": one.article.author.name}
        return _("%(name)s: a new answer") % {"name": one.article.author.name}
    return _("Something new in the request")


def _is_owed(one: Notice) -> bool:
    """Whether a promise still stands: not that of a request that is done or closed."""
    return one.ticket.phase == Phase.OPEN and one.ticket.waits_for != WaitsFor.NOBODY


def _changed(actor: Actor, changes: Mapping[str, Any], *, is_owed: bool) -> Iterator[str]:
    """What the desk did without a word, as the client's pages call it."""
    state = dictionary_of(actor).states.get(changes.get("state", ""))
    if state is not None:
        name = state.name(get_language() or "ru", for_client=True)
        if state.waits_for == WaitsFor.CLIENT:
            yield _("Your answer is needed: the state is “%(state)s”") % {"state": name}
        else:
            yield _("The state is “%(state)s” now") % {"state": name}
    if "merge" in changes:
        yield _("The request is handled in request %(number)s now") % {"number": ticket_text(str(changes["merge"]))}
    if "due_at" in changes:
        due = changes["due_at"]
        at = datetime.fromisoformat(due) if due else None
        if at is None:
            yield _("the promised time was taken back")
        elif at <= clock.now():
            yield _("an answer was promised by %(when)s") % {"when": date_text(at)}
        elif is_owed:
            yield _("an answer is promised by %(when)s") % {"when": date_text(at)}
        else:  # nobody waits for it any more, and no time has passed that could be told as past
            yield _("a time for the answer was named: %(when)s") % {"when": date_text(at)}


@require_POST
@client_page
def dismiss(request: ClientRequest, banner_id: str) -> HttpResponse:
    """`/portal/banners/ID/dismiss/`: the reader has read a banner. Back to the page where it stood; to a script the
    words that take its place."""
    with db.entry():
        banners.dismiss(number(banner_id) or 0, by=request.actor)
    if request.headers.get("HX-Request") == "true":
        said = _("The notice is closed.")
        return HttpResponse(format_html('<p class="vh" role="status" tabindex="-1" autofocus>{}</p>', said))
    return HttpResponseRedirect(_came_from(request))


def _came_from(request: ClientRequest) -> str:
    """The page of the clients' side that a form was sent from."""
    origin = split_address(request.headers.get("Referer", ""))
    if origin.netloc == request.get_host() and origin.path.startswith(("/portal/", "/account/")):
        return f"{origin.path}?{origin.query}" if origin.query else origin.path
    return "/portal/mine/"
