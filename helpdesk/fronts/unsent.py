"""What was typed and could not be sent: given back in words to copy. Knows nothing of the request it was meant for."""

from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from helpdesk.core.actor import Actor
from helpdesk.core.text.safe import storable, uploaded_name
from helpdesk.fronts import drafting
from helpdesk.fronts import form as forms
from helpdesk.tickets import queries
from helpdesk.web import errors


@dataclass(frozen=True, slots=True)
class Unsent:
    """The writer's own words, plain; and the names of the files, which have to be chosen again."""

    text: str = ""
    files: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.files)


def of(request: HttpRequest, actor: Actor) -> Unsent:
    """What a posted form holds; nothing for any other request."""
    if request.method != "POST":
        return Unsent()
    typed = {name: storable(str(values[-1])) for name, values in request.POST.lists() if values}
    has_fields = any(name.startswith(forms.FIELD) for name in typed)
    queues = queries.queues_once_offered(actor) if has_fields else []
    text = drafting.whole_text(typed, queues, get_language() or "ru")
    reason = typed.get("why", "")  # beside a change of state
    kept = forms.kept_files(actor, typed.get("form_key", ""))["files"] if typed.get("form_key") else []
    names = [file["name"] for file in kept]
    sent = [file for name in request.FILES for file in request.FILES.getlist(name)]
    names += [uploaded_name(file.name) for file in sent if file.name]
    return Unsent("\n\n".join(part for part in (reason, text) if part.strip()), tuple(dict.fromkeys(names)))


class Kept(NamedTuple):
    """Where an unsent text lies: its draft, and the form of a new request with it; empty where it is nowhere, or none
    can be sent."""

    at: str = ""
    as_new: str = ""


def hidden(request: HttpRequest, actor: Actor, *, kept: Kept = Kept()) -> HttpResponse | None:  # noqa: B008  a constant
    """404 with the writer's own words; None where nothing was typed. Absent and invisible look the same."""
    unsent = of(request, actor)
    return _page(request, unsent, status=404, kept=kept) if unsent else None


def refused(request: HttpRequest, actor: Actor, reason: str, *, kept: Kept = Kept()) -> HttpResponse | None:  # noqa: B008
    """403 with the reason and the writer's own words; None where nothing was typed."""
    unsent = of(request, actor)
    return _page(request, unsent, status=403, reason=reason, kept=kept) if unsent else None


def _page(request: HttpRequest, unsent: Unsent, *, status: int, kept: Kept, reason: str = "") -> HttpResponse:
    context = {"status": status, "reason": reason, "unsent": unsent, "kept": kept, **errors.frame_of(request)}
    return HttpResponse(render_to_string("web/unsent.html", context, request=request), status=status)


def by_script(request: HttpRequest) -> bool:
    """Whether the form stays open in its page: a script sent it, and says beside the button what is answered."""
    return request.headers.get("HX-Request") == "true"
