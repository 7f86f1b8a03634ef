"""Tying a request to another one, which is found by its number or by words: linking, merging."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.core import clock, db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, Problem
from helpdesk.core.text.safe import one_line
from helpdesk.desk import addresses, rows
from helpdesk.desk.shell import language
from helpdesk.desk.ties import direction, kinds
from helpdesk.desk.views.base import actor_of, front, page, way_back
from helpdesk.desk.views.verbs import way_to_undo
from helpdesk.fronts import form as forms
from helpdesk.search import queries as search
from helpdesk.search.results import SearchRequest
from helpdesk.tickets import actions, pages, policies, ties
from helpdesk.tickets.access import access_of
from helpdesk.tickets.lines import Line
from helpdesk.tickets.lines import by_ids as lines_by_ids
from helpdesk.tickets.models import Phase, Ticket
from helpdesk.tickets.words import problem_text, refusal_text
from helpdesk.web.jinja import ticket as web_number

WORDS = 200
FOUND = 15


@dataclass(frozen=True, slots=True)
class Choice:
    """A request that may be tied to this one."""

    number: str
    subject: str
    about: str
    state: str
    look: str


def _choices(actor: Actor, ticket: Ticket, words: str) -> list[Choice]:
    """What words or a number find; without any, requests of the same client and company."""
    if words:
        named = ties.by_number(actor, words)
        if named is not None:
            lines: Sequence[Line] = [*lines_by_ids(actor, [named.pk]).values()]
        else:
            lines = [hit.line for hit in search.find(actor, SearchRequest(words), size=FOUND).items]
    else:
        lines = ties.near(actor, ticket)
    return [_choice(line) for line in lines if line.id != ticket.pk and line.phase not in {Phase.MERGED, Phase.REMOVED}]


def _choice(line: Line) -> Choice:
    state = line.state_ru if language() == "ru" else line.state_en
    about = (web_number(line.number), line.company, line.owner, rows.reading(clock.now()).dense(line.changed_at))
    return Choice(line.number, line.subject, " · ".join(filter(None, about)), state, line.state)


def _about(ticket: Ticket) -> dict[str, Any]:
    return {"number": ticket.number, "subject": ticket.subject, "base": addresses.of_ticket(ticket.number)}


@require_http_methods(["GET", "HEAD", "POST"])
@front
def link(request: HttpRequest, number: str) -> HttpResponse:
    """`find` looks for requests; a POST of `to` (a number; words are looked for) and `kind` links."""
    actor = actor_of(request)
    ticket = pages.for_page(actor, number)
    policies.require(policies.may_link(access_of(actor), ticket), "link")
    if request.method != "POST":
        return _choose_to_link(request, ticket, one_line(request.GET.get("find", ""), WORDS))
    typed = one_line(request.POST.get("to", ""), WORDS)
    try:
        return _linked(request, actor, ticket, typed)
    except Invalid as refusal:
        return _choose_to_link(request, ticket, typed, error=problem_text(refusal.problems[0]), status=422)
    except Conflict as refusal:
        return _choose_to_link(request, ticket, typed, error=refusal_text(refusal), status=409)


def _linked(request: HttpRequest, actor: Actor, ticket: Ticket, typed: str) -> HttpResponse:
    kind = request.POST.get("kind", "")
    other = ties.by_number(actor, typed)
    if other is None:
        if typed and not typed.strip("№# ").replace(" ", "").isdigit():
            here = addresses.of_ticket(ticket.number, "link")
            return HttpResponseRedirect(addresses.query(here, find=typed, kind=kind))
        raise Invalid(Problem("to", "no_request" if typed else "empty"))
    way = direction(kind, ticket.pk, other.pk)
    if way is None:
        raise Invalid(Problem("kind", "not_offered"))
    with db.entry():
        done = actions.link(way[0], by=actor, to_id=way[1], kind=way[2])
    if done is not None:
        said = _("Linked with %(number)s.") % {"number": web_number(other.number)}
        event = done if done.ticket_id == ticket.pk else ticket.events.last()
        messages.success(request, said, extra_tags=way_to_undo(ticket, event) if event else "")
    else:
        messages.info(request, _("They are linked so already."))
    return HttpResponseRedirect(addresses.of_ticket(ticket.number))


def _choose_to_link(
    request: HttpRequest, ticket: Ticket, words: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    offered = kinds()
    context = _about(ticket) | {
        "words": words, "error": error, "kinds": tuple(offered.items()),
        "kind": given.get("kind", "") if given.get("kind", "") in offered else "normal",
        "found": _choices(actor_of(request), ticket, "" if error else words),
    }  # fmt: skip
    return page(request, "desk/link.html", context, place=f"queue:{ticket.queue_id}", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@front
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """`find` looks for requests; with `into` (a number) what merging does is told; a POST of it with `seen` merges."""
    actor = actor_of(request)
    ticket = pages.for_page(actor, number)
    policies.require(policies.may_merge(access_of(actor), ticket) and ticket.phase != Phase.MERGED, "merge")
    given = request.POST if request.method == "POST" else request.GET
    typed = one_line(given.get("into", ""), WORDS)
    into = ties.by_number(actor, typed)
    if into is None or into.pk == ticket.pk:
        code = "to_itself" if into else "no_request"
        error = problem_text(Problem("into", code)) if typed or request.method == "POST" else ""
        words = typed or one_line(request.GET.get("find", ""), WORDS)
        return _choose_whole(request, ticket, words, error=error, status=422 if error else 200)
    if request.method != "POST":
        return _confirm(request, ticket, into)
    try:
        with db.entry():
            done = actions.merge(
                ticket.pk, by=actor, into_id=into.pk, seen=forms.number(request.POST.get("seen", "")),
                across=bool(request.POST.get("across")),
            )  # fmt: skip
    except Invalid as refusal:
        return _confirm(request, ticket, into, error=problem_text(refusal.problems[0]), status=422)
    except Conflict as refusal:
        return _confirm(request, pages.for_page(actor, number), into, error=refusal_text(refusal), status=409)
    except NotAllowed as refusal:
        return _confirm(request, ticket, into, error=refusal_text(refusal), status=403)
    if done is not None:
        said = _("%(number)s is now part of this request.") % {"number": web_number(ticket.number)}
        messages.success(request, said, extra_tags=way_to_undo(ticket, done))
    return HttpResponseRedirect(way_back(actor, into.number))


def _choose_whole(request: HttpRequest, ticket: Ticket, words: str, *, error: str, status: int) -> HttpResponse:
    here = addresses.of_ticket(ticket.number, "merge")
    choices = _choices(actor_of(request), ticket, "" if error else words)
    context = _about(ticket) | {
        "words": words, "error": error, "into": None,
        "found": [(one, addresses.query(here, into=one.number)) for one in choices],
    }  # fmt: skip
    return page(request, "desk/merge.html", context, place=f"queue:{ticket.queue_id}", status=status)


def _confirm(request: HttpRequest, ticket: Ticket, into: Ticket, *, error: str = "", status: int = 200) -> HttpResponse:
    access = access_of(actor_of(request))
    is_across = not policies.are_of_one_side(ticket, into)
    context = _about(ticket) | {
        "both": (_side(ticket, _("Becomes part of the other")), _side(into, _("Goes on"))),
        "into": into.number,
        "turned": addresses.query(addresses.of_ticket(into.number, "merge"), into=ticket.number),
        "across": is_across,
        "may_across": not is_across or policies.may_merge_across(access, ticket, into),
        "joins": "" if is_across or ticket.author_id == into.author_id else ticket.author.name,
        "closed": into.phase == Phase.CLOSED and ticket.phase == Phase.OPEN,
        "version": ticket.last_event_seq,
        "error": error,
    }
    return page(request, "desk/merge.html", context, place=f"queue:{ticket.queue_id}", status=status)


def _side(ticket: Ticket, title: str) -> dict[str, Any]:
    return {
        "title": title, "number": ticket.number, "href": addresses.of_ticket(ticket.number), "subject": ticket.subject,
        "client": ticket.author.name, "company": ticket.company.short_name if ticket.company else "",
        "queue": ticket.queue.name(language()), "state": ticket.state.name(language()), "look": ticket.state_id,
        "created_at": ticket.created_at, "articles": ticket.articles_count,
    }  # fmt: skip
