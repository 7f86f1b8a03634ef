"""Who is at a request just now: each open page says so now and then."""

from typing import get_args

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from helpdesk.desk.views.base import UNSTORED, actor_of, front
from helpdesk.tickets import presence
from helpdesk.web import kept


@require_POST
@front
def here(request: HttpRequest, number: str) -> HttpResponse:
    """The reader has the page open and writes `writing` (answer, note, nothing): who else is there, as marks. With
    `left` the page has just been closed."""
    actor = actor_of(request)
    if request.POST.get("left"):
        presence.leave(actor, number)
        return HttpResponse(status=204)
    found = presence.here(actor, number, _writing(request.POST.get("writing", "")))
    answer = HttpResponse(str(kept.macro("desk/parts/here.html", "here", found)) if found else "")
    answer.headers["Cache-Control"] = UNSTORED
    return answer


def _writing(said: str) -> presence.Writing:
    known: tuple[presence.Writing, ...] = get_args(presence.Writing)
    return next((one for one in known if one == said), "")
