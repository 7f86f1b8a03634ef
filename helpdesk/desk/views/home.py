"""The desk's first page, for a specialist and for whoever looks after the work of all."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from markupsafe import Markup

from helpdesk.core import clock
from helpdesk.desk import addresses, heads, home, shell
from helpdesk.desk.views.base import UNSTORED, actor_of, density_of, page, person_of
from helpdesk.tickets.access import access_of
from helpdesk.web import kept
from helpdesk.web.kept import Kept
from helpdesk.web.shell import DeskShell

PLACE = "home"
MINE, TEAM = addresses.query(addresses.HOME, home="mine"), addresses.query(addresses.HOME, home="team")


def is_asked(request: HttpRequest) -> bool:
    """Whether the address names no list."""
    return not request.GET or set(request.GET) == {"home"}


def show(request: HttpRequest) -> HttpResponse:
    """What needs the reader now; `home=team`: the work of all, which is what heads and dispatchers begin with."""
    wanted = request.GET.get("home", "")
    return _team(request) if access_of(actor_of(request)).heads and wanted != "mine" else _mine(request)


def _mine(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    known = shell.figures(actor, at=now)
    sections = home.sections(actor, known, now=now)
    context: dict[str, Any] = {
        "sections": sections,
        "heads": heads.plain(),
        "done": home.all_is_done(sections),
        "weekday": home.today(now),
        "tabs": _tabs("mine") if access_of(actor).heads else (),
    }
    if kept.is_like_no_other(request):
        return page(request, "desk/home.html", context, place=PLACE, known=known)
    around = shell.build(person_of(request), known, place=PLACE, density=density_of(request))
    whole = _page(tuple(context.items()), around, request.theme)  # type: ignore[attr-defined]
    response = kept.answer(request, whole)
    response.headers["Cache-Control"] = UNSTORED
    return response


def _made(shown: tuple[tuple[str, Any], ...], around: DeskShell, theme: str) -> Markup:
    return kept.whole("desk/home.html", theme, shell=around, **dict(shown))


_page = Kept(_made, pieces=32)  # some thirty kB each


def _team(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    known = shell.figures(actor, at=now)
    context = {
        "unassigned": known.unassigned,
        "free": home.unassigned(actor, known, now=now),
        "people": home.people(actor, now=now),
        "weekday": home.today(now),
        "tabs": _tabs("team"),
    }
    return page(request, "desk/team.html", context, place=PLACE, known=known)


def _tabs(current: str) -> tuple[tuple[str, str, bool, None], ...]:
    return (
        (_("Work of all"), TEAM, current == "team", None),
        (_("My work"), MINE, current == "mine", None),
    )
