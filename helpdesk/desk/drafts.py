"""Drafts of answers and notes: the one that stands in a request's box, those that are offered beside it."""

import json
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from markupsafe import Markup

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.desk import addresses
from helpdesk.fronts import drafting, unsent
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.tickets import pages
from helpdesk.tickets.draft_lines import DeskLine, desk_lines
from helpdesk.tickets.drafts import Written
from helpdesk.tickets.models import Draft
from helpdesk.tickets.pages import Opened
from helpdesk.tickets.words import stopped_text
from helpdesk.web.kept import macro

NONE = "0"  # `?draft=` of the page with an empty box


@dataclass(frozen=True, slots=True)
class Held:
    """An answer that waits to be sent. `seconds`: until it leaves, of one whose sending can be taken back just now."""

    line: DeskLine
    is_own: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What the page says of drafts above its box: the one that stands in it, and the others."""

    base: str
    own: DeskLine | None
    others: tuple[DeskLine, ...]
    held: tuple[Held, ...]  # what waits to be sent, the reader's own first
    reader_id: int


def lines_of(found: Opened) -> list[DeskLine]:
    """The drafts that the page of a request was read with."""
    return desk_lines(found.beside[1])


def beside(found: Opened, actor: Actor, form: Form, *, may_take: bool) -> Beside:
    """What is said and offered beside a form. `may_take`: whether the reader may go on with what colleagues share."""
    lines = [line for line in lines_of(found) if line.send_at is None]
    own = next((line for line in lines if line.id == form.draft_id), None)
    others = tuple(
        line for line in lines
        if line.key != form.key and (may_take or line.person_id == actor.person_id)
    )  # fmt: skip
    return Beside(addresses.of_ticket(found.number), own, others, held_of(found, actor), actor.person_id or 0)


def held_of(found: Opened, actor: Actor) -> tuple[Held, ...]:
    """The answers that wait, the reader's own first, then the next to leave."""
    now = clock.now()
    lines = [(line, line.send_at) for line in lines_of(found) if line.send_at is not None]
    lines.sort(key=lambda one: (one[0].person_id != actor.person_id, one[1]))
    return tuple(
        Held(line, line.person_id == actor.person_id, max(0, ceil((at - now).total_seconds())))
        for line, at in lines
    )  # fmt: skip


def is_counting(found: Opened) -> bool:
    """Whether the page tells seconds, so that the next one differs."""
    return any(line.send_at is not None and not line.is_timed for line in lines_of(found))


def told(said: Beside, csrf: Any) -> Markup:
    """The lines above the box."""
    return macro("desk/parts/drafts.html", "beside", said, csrf)


def form_of(request: HttpRequest, actor: Actor, found: Opened) -> Form | None:
    """The form with the newest of this person's drafts for a request, or with the one that the address names; what has
    been answered since it was written is told with it. None where there is none, or an empty box is asked for."""
    own = [line for line in lines_of(found) if line.person_id == actor.person_id and line.send_at is None]
    asked = request.GET.get("draft", "")
    line = next((line for line in own if not asked or str(line.id) == asked), None)
    form = drafting.reopened(actor, line.id) if line else None
    if form is not None and line is not None:
        _brought_up_to_date(actor, found, form)
        if line.stopped:
            form.news = (_("The answer was not sent. %(why)s") % {"why": stopped_text(json.loads(line.stopped))}, "")
    return form


def _brought_up_to_date(actor: Actor, found: Opened, form: Form) -> None:
    """The page shows all that has happened: what is sent goes on from here. A state that was chosen before the state
    was changed would undo that, unseen; questions that were answered are asked anew."""
    for name in ("asked", "checked", "kind"):
        said = form.typed.pop(name, "")
        if name == "kind" and said == "note":
            form.typed.setdefault("mode", said)
    seen = forms.number(form.typed.pop("seen", ""))
    since = pages.meanwhile(actor, found.number, seen=seen) if seen is not None else None
    if since and since.who:
        form.news = (drafting.answered(since.who), f"#a{since.seq}")
    if since and since.state_moved:
        form.typed.pop("next_state", "")
        form.typed.pop("until", "")


def kind_of(posted: QueryDict) -> Draft.Kind:
    """Whether an answer or a note stands in a posted box: by the button that sent it, else by its switch."""
    return Draft.Kind.NOTE if (posted.get("kind") or posted.get("mode")) == "note" else Draft.Kind.REPLY


def written(request: HttpRequest, form: Form, ticket_id: int) -> Written:
    """What stands in a posted box."""
    return drafting.written(request.POST, form, kind_of(request.POST), ticket_id)


def keep_unsent(request: HttpRequest, actor: Actor) -> unsent.Kept:
    """Keep a text whose request is out of sight, or may not be answered any more; where it lies."""
    if "body" not in request.POST:
        return unsent.Kept()
    draft_id = drafting.keep_unsent(request, actor, kind_of(request.POST))
    return unsent.Kept(addresses.of_draft(draft_id)) if draft_id else unsent.Kept()
