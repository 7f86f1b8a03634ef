"""The verbs beside the thread: each a small form with an address of its own, and back to the request."""

from collections.abc import Callable
from functools import wraps
from typing import cast
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk.core import db
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Refusal
from helpdesk.core.text.safe import storable
from helpdesk.desk import addresses
from helpdesk.desk.ticket_page import keep_key
from helpdesk.desk.ties import direction
from helpdesk.desk.views import children
from helpdesk.desk.views.base import View, actor_of, front, remind_at, way_back
from helpdesk.desk.views.ticket import PANEL, show
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.tickets import actions, pages, ties
from helpdesk.tickets.actions import StateMove
from helpdesk.tickets.actions.remove import REASONS
from helpdesk.tickets.actions.undo import UNDOABLE, own_event
from helpdesk.tickets.models import Ticket, TicketEvent
from helpdesk.tickets.words import problem_text, refusal_text
from helpdesk.web import formats, stash
from helpdesk.web.jinja import ticket as web_number

WITH_BUTTON = {
    "state",
    "queue",
    "due",
    "tags",
    "subject",
    "remove",
    "checklist",
}  # forms that wait for a button: what stands in them is not yet done
Verb = Callable[[HttpRequest, Ticket, Form], tuple[TicketEvent | None, str]]


def panel_verb(verb: Verb) -> View:
    """A POST that does one thing to a request and leads back; what is refused is shown at its field, text kept.

    What a session that had ended posted is shown by a GET, once its writer has signed in again.
    """

    @wraps(verb)
    def view(request: HttpRequest, number: str) -> HttpResponseBase:
        if request.method != "POST":
            return _come_back(request, number, verb.__name__)
        actor = actor_of(request)
        found = pages.for_page(actor, number)
        form = Form(key="", typed={name: values for name, values in request.POST.items() if isinstance(values, str)})
        if found.number != number:  # merged while this page was open: what it meant stood there
            return show(request, found.number, _empty(), status=409, clash=merged_meanwhile(number), panel=form)
        if not form.problems:
            try:
                event, said = verb(request, found, form)
            except Invalid as refusal:
                form.problems.extend(refusal.problems)
            except Conflict as refusal:
                if refusal.code == "open_children":
                    return children.ask(request, found, verb.__name__, form)
                kept = form if verb.__name__ in WITH_BUTTON else None  # a choice without a button would look like done
                return show(request, number, _empty(), status=409, clash=_clash(refusal, verb, form), panel=kept)
            except NotAllowed as refusal:
                return show(request, number, _empty(), status=403, clash=refusal_text(refusal), panel=form)
            else:
                if event is not None:
                    messages.success(request, said, extra_tags=_tags(request, found, verb.__name__, event))
                return HttpResponseRedirect(way_back(actor, found.number))
        return show(request, number, _empty(), status=422, panel=form)

    return _over_sign_in(front(view))


def merged_meanwhile(number: str) -> str:
    """What whoever acts on a page learns whose request has become part of the one that they see now."""
    return refusal_text(Conflict("merged_meanwhile", number=formats.number_ticket(number)))


def _tags(request: HttpRequest, found: Ticket, verb: str, event: TicketEvent) -> str:
    """What the page makes of a success: the way back from it. A state that was chosen for the next answer before the
    state changed would undo that, unseen: the kept draft loses it."""
    tags = [way_to_undo(found, event)]
    if verb in {"close", "state"}:
        tags.append(f"keep-less:next_state,until:{keep_key(found, actor_of(request))}")
    return " ".join(filter(None, tags))


def way_to_undo(found: Ticket, event: TicketEvent) -> str:
    """The tag of a success that can be taken back; empty for others."""
    return f"undo:{quote(found.number, safe='')}:{event.seq}" if event.verb in UNDOABLE else ""


def _clash(refusal: Conflict, verb: Verb, form: Form) -> str:
    """What was not done because of somebody else; `draft`: the text in the box that closing would have left behind."""
    words = [refusal_text(refusal)]
    if verb.__name__ == "close":
        if refusal.code != "not_closed":
            words.insert(0, _("The request was not closed."))
        if form.get("draft"):
            words.append(_("What you were writing is kept."))
    return " ".join(word if word.endswith(".") else f"{word}." for word in words) if words[1:] else words[0]


def _over_sign_in(view: View) -> View:
    """Come back after a sign-in to the verb's own address if what was posted could be kept, else to the request."""

    @wraps(view)
    def outer(request: HttpRequest, number: str) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            to = request.path if stash.keep(request) else addresses.of_ticket(number)
            return HttpResponseRedirect(addresses.query(settings.LOGIN_URL, next=to))
        return view(request, number)

    return cast("View", require_http_methods(["GET", "HEAD", "POST"])(outer))


def _come_back(request: HttpRequest, number: str, verb: str) -> HttpResponseBase:
    """To the request's page, with the form that could not be sent; of a verb without a button it is only told."""
    kept = stash.take(request)
    if kept is None:
        return HttpResponseNotAllowed(["POST"])
    found = pages.for_page(actor_of(request), number)
    if verb in WITH_BUTTON:
        typed = {name: storable(str(values[-1])) for name, values in kept[0].items() if values and name != "seen"}
        request.session[PANEL] = {"number": found.number, "typed": typed}  # for the page it leads to, once
    else:
        messages.warning(request, _("Not done: your session had ended. Please try again."))
    return HttpResponseRedirect(addresses.of_ticket(found.number))


def _empty() -> Form:
    return Form(key=forms.fresh_key())


def _id(form: Form, field: str, code: str) -> int:
    """The id typed into a field. Raises Invalid for what is none."""
    found = forms.number(form.get(field))
    if found is None:
        raise Invalid(Problem(field, code))
    return found


def _asks(form: Form) -> bool:
    """Whether the open children of what is closed are still to be asked about."""
    return not form.get("asked")


@panel_verb
def state(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`state`, `until` for a reminder, `why`."""
    until = remind_at(form, "state")
    if form.problems:
        raise Invalid
    with db.entry():
        move = StateMove(form.get("state")[:50], until)
        done = actions.set_state(
            found.pk, by=actor_of(request), to=move, why=form.get("why"), seen=form.seen, asks=_asks(form)
        )  # fmt: skip
    children.close_chosen(request, found, done)
    return done, _("The state has been changed.")


@panel_verb
def take(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """Become the owner; from whom a request was taken is said."""
    with db.entry():
        done = actions.take(found.pk, by=actor_of(request), seen=form.seen)
    if found.owner is None or done is None:
        return done, _("The request is now yours.")
    return done, _("The request is now yours. It was with %(name)s before.") % {"name": found.owner.name}


@panel_verb
def owner(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`owner`: an id; empty leaves the request without one."""
    actor = actor_of(request)
    to_id = _id(form, "owner", "cannot_own") if form.get("owner") else None
    with db.entry():
        if to_id is None:
            return actions.release(found.pk, by=actor, seen=form.seen), _("The request now has no owner.")
        return actions.give(found.pk, by=actor, to_id=to_id, seen=form.seen), _("The request has a new owner.")


@panel_verb
def responsible(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`responsible`: an id; empty for nobody."""
    to_id = _id(form, "responsible", "cannot_own") if form.get("responsible") else None
    with db.entry():
        done = actions.set_responsible(found.pk, by=actor_of(request), to_id=to_id, seen=form.seen)
    return done, _("The responsible person has been changed.")


@panel_verb
def queue(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`queue`: an id; `why`: for the history."""
    to_id = _id(form, "queue", "unknown_queue")
    with db.entry():
        done = actions.move(
            found.pk, by=actor_of(request), to_queue_id=to_id, why=form.get("why"), seen=form.seen
        )  # fmt: skip
    return done, _("The request has been moved.")


@panel_verb
def priority(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`priority`: 1 to 5."""
    rank = _id(form, "priority", "not_offered")
    with db.entry():
        done = actions.set_priority(found.pk, by=actor_of(request), to=rank, seen=form.seen)
    return done, _("The priority has been changed.")


@panel_verb
def category(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`category`: an id; empty for none."""
    to_id = _id(form, "category", "unknown_category") if form.get("category") else None
    with db.entry():
        done = actions.set_category(found.pk, by=actor_of(request), to=to_id, seen=form.seen)
    return done, _("The category has been changed.")


@panel_verb
def kind(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`type`: an id; empty for none."""
    to_id = _id(form, "type", "unknown_type") if form.get("type") else None
    with db.entry():
        done = actions.set_type(found.pk, by=actor_of(request), to=to_id, seen=form.seen)
    return done, _("The type has been changed.")


@panel_verb
def subject(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`subject`: one line."""
    with db.entry():
        done = actions.set_subject(found.pk, by=actor_of(request), to=form.get("subject"), seen=form.seen)
    return done, _("The subject has been changed.")


@panel_verb
def tags(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`tag`: the ids of those that stay, as often as there are; `tags`: names to add, between commas."""
    kept = [forms.number(text) or 0 for text in request.POST.getlist("tag")]
    with db.entry():
        done = actions.set_tags(
            found.pk, by=actor_of(request), to=kept, named=[form.get("tags")], seen=form.seen
        )  # fmt: skip
    return done, _("The tags have been changed.")


@panel_verb
def lock(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """Warn the others."""
    with db.entry():
        done = actions.lock(found.pk, by=actor_of(request), seen=form.seen)
    return done, _("The request is locked: others see that you work on it.")


@panel_verb
def unlock(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """Warn them no longer."""
    with db.entry():
        done = actions.unlock(found.pk, by=actor_of(request), seen=form.seen)
    return done, _("The request is no longer locked.")


@panel_verb
def watch(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """Hear of it as its owner does."""
    del form
    with db.entry():
        done = actions.watch(found.pk, by=actor_of(request))
    return done, _("You watch the request: you hear of it as its owner does.")


@panel_verb
def unwatch(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """Hear of it no longer."""
    del form
    with db.entry():
        done = actions.unwatch(found.pk, by=actor_of(request))
    return done, _("You no longer watch the request.")


@panel_verb
def remove(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`why`: one of the reasons."""
    if form.get("why") not in REASONS:
        raise Invalid(Problem("why", "no_reason"))
    with db.entry():
        done = actions.remove(found.pk, by=actor_of(request), why=form.get("why"), seen=form.seen)
    return done, _("The request has been removed. It stands under “Removed” and can be brought back.")


@panel_verb
def back(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """Bring back what was removed."""
    with db.entry():
        done = actions.bring_back(found.pk, by=actor_of(request), seen=form.seen)
    return done, _("The request has been brought back.")


@require_POST
@front
def take_back(request: HttpRequest, number: str) -> HttpResponseBase:
    """`event`: what one has just done oneself, by its place in the history, is undone; also where the request has left
    one's sight by it."""
    actor = actor_of(request)
    found = own_event(number, forms.number(request.POST.get("event", "")) or 0, by=actor)
    if found is None:
        raise NotFound
    try:
        with db.entry():
            done = actions.undo(found.ticket_id, by=actor, event_id=found.pk)
    except Refusal as refusal:
        back_to = way_back(actor, number)
        words = refusal_text(refusal) if not isinstance(refusal, Invalid) else _said_of(refusal)
        if back_to != addresses.HOME:
            return show(request, number, _empty(), status=409, clash=words)
        messages.warning(request, words)
        return HttpResponseRedirect(back_to)
    if done is not None:
        messages.success(request, _("Undone."))
    return HttpResponseRedirect(way_back(actor, number))


def _said_of(refusal: Invalid) -> str:
    return " ".join(problem_text(problem) for problem in refusal.problems)


@panel_verb
def due(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`due_at`: the promised moment in the writer's zone; empty takes the promise back."""
    due_at = None if form.get("withdraw") else form.moment("due_at")
    if form.problems:
        raise Invalid
    with db.entry():
        done = actions.promise(found.pk, by=actor_of(request), due_at=due_at, seen=form.seen)
    return done, _("The promised time has been set.") if due_at else _("The promise has been withdrawn.")


@panel_verb
def close(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """Close without an answer; `why` goes to the history."""
    with db.entry():
        done = actions.close(
            found.pk, by=actor_of(request), why=form.get("why"), seen=form.seen, asks=_asks(form)
        )  # fmt: skip
    children.close_chosen(request, found, done)
    return done, _("The request has been closed.")


@panel_verb
def unlink(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`to`: the id of the other request; `kind`: what their link is called."""
    to_id = _id(form, "to", "no_request")
    way = direction(form.get("kind"), found.pk, to_id)
    if way is None:
        raise Invalid(Problem("kind", "not_offered"))
    with db.entry():
        done = actions.unlink(way[0], by=actor_of(request), to_id=way[1], kind=way[2])
    return done and _own(done, found), _("The link has been removed.")


def _own(event: TicketEvent, found: Ticket) -> TicketEvent | None:
    """The line of this request of the two that an act upon a link writes."""
    return event if event.ticket_id == found.pk else found.events.last()


@panel_verb
def unmerge(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`part`: the id of the request that was merged into this one."""
    part_id = _id(form, "part", "no_request")
    if not ties.is_part(part_id, of=found):
        raise NotFound
    with db.entry():
        done = actions.unmerge(part_id, by=actor_of(request))
    return done, _("Request %(number)s stands by itself again.") % {
        "number": web_number(done.ticket.number) if done else ""
    }


@panel_verb
def checklist(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`items`: a line each; with `do=template` the items of the ready list `template`."""
    actor = actor_of(request)
    if form.get("do") == "template":
        template_id = _id(form, "template", "unknown_template")
        with db.entry():
            done = actions.apply_template(found.pk, by=actor, template_id=template_id)
        return done, _("The checklist has been added.")
    lines = form.get("items").splitlines()
    if not any(line.strip() for line in lines):
        raise Invalid(Problem("items", "empty"))
    with db.entry():
        return actions.add_items(found.pk, by=actor, texts=lines), _("Added to the checklist.")


@panel_verb
def tick(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`item`: an id; `done`: whether it is."""
    item_id, is_done = _id(form, "item", "not_offered"), bool(form.get("done"))
    with db.entry():
        event = actions.tick(found.pk, by=actor_of(request), item_id=item_id, done=is_done)
    return event, _("Ticked as done.") if is_done else _("Still to be done.")


@panel_verb
def strike(request: HttpRequest, found: Ticket, form: Form) -> tuple[TicketEvent | None, str]:
    """`item`: an id."""
    item_id = _id(form, "item", "not_offered")
    with db.entry():
        done = actions.drop_item(found.pk, by=actor_of(request), item_id=item_id)
    return done, _("Struck off the checklist.")


VERBS = cast(
    "dict[str, View]",
    {
        "state": state, "take": take, "owner": owner, "responsible": responsible, "queue": queue,
        "priority": priority, "category": category, "due": due,
        "type": kind, "subject": subject, "tags": tags, "lock": lock, "unlock": unlock, "watch": watch,
        "unwatch": unwatch, "remove": remove, "back": back, "undo": take_back,
        "close": close, "unlink": unlink, "unmerge": unmerge,
        "checklist": checklist, "tick": tick, "strike": strike,
    },
)  # fmt: skip
