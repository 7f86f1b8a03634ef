"""A company's people, as its chief looks after them: who is there, inviting, rights, switching off, handing over."""

from collections.abc import Callable
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk.accounts import changes, chiefs, company_people, invitations, words
from helpdesk.accounts.chiefs import Standing
from helpdesk.accounts.company_people import Colleague
from helpdesk.accounts.models import AccountEvent, Membership
from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Refusal, in_page_order
from helpdesk.core.text.figures import whole as _whole
from helpdesk.core.text.safe import storable
from helpdesk.portal import people_words
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.shell import page
from helpdesk.tickets import queries
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import hand_over
from helpdesk.tickets.words import refusal_text

HOME = "/portal/people/"
AT_ONCE = 100  # requests that one press hands over
NAMED = 10  # requests that are named before they are handed over
_EMPTY = dict.fromkeys(("name", "address", "job", "phone", "sees", "writes", "is_chief"), "")
LONGEST = 400  # characters of a typed value that comes back to its field


@require_safe
@client_page
def people(request: ClientRequest) -> HttpResponse:
    """`/portal/people/`: the company's people and invitations; `?company=` for a chief of several."""
    company_id, named = _company(request, request.GET.get("company", ""))
    found = company_people.page(company_id, _whole(request.GET.get("page", "")) or 1)
    context = {
        "company_id": company_id,
        "company": named[company_id],
        "companies": [(name, f"{HOME}?company={key}", key == company_id, None) for key, name in named.items()],
        "rows": [people_words.line(one) for one in found.rows],
        "invited": [(one, invitations.is_good(one)) for one in company_people.invitations_of(company_id)],
        "total": found.total, "number": found.number, "pages": found.pages,
        "page_href": f"{HOME}?company={company_id}&page={{page}}",
        "invite_href": f"{HOME}invite/?company={company_id}",
        "history": _history(request.actor, changes.of_company(company_id)),
    }  # fmt: skip
    return page(request, "portal/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def invite(request: ClientRequest) -> HttpResponse:
    """`/portal/people/invite/`: name, address, job, phone, sees, writes, is_chief; `company` of a chief of several."""
    asked = (request.POST if request.method == "POST" else request.GET).get("company", "")
    company_id, named = _company(request, asked)
    if request.method != "POST":
        return _form(request, company_id, named, {"writes": "1", "sees": "own"}, {})
    typed = {name: storable(str(value))[:LONGEST] for name, value in request.POST.items()}
    try:
        with db.entry():
            made = chiefs.invite(company_id, _standing(typed), by=request.actor, typed=typed)
    except Invalid as refused:
        problems = {problem.field: words.problem_text(problem) for problem in reversed(refused.problems)}
        return _form(request, company_id, named, typed, problems)
    messages.success(request, _("The invitation is on its way to %(address)s.") % {"address": made.address})
    return HttpResponseRedirect(f"{HOME}?company={company_id}")


def _form(
    request: ClientRequest, company_id: int, named: dict[int, str], typed: dict[str, str], problems: dict[str, str]
) -> HttpResponse:
    context = {
        "company_id": company_id, "company": named[company_id], "typed": _EMPTY | typed, "errors": problems,
        "summary": in_page_order(problems, "name", "address", "job", "phone", "sees", "is_chief"),
        "sees": people_words.sees(), "back": f"{HOME}?company={company_id}",
    }  # fmt: skip
    return page(request, "portal/invite.html", context, status=422 if problems else 200)


@require_POST
@client_page
def invitation(request: ClientRequest, invitation_id: int) -> HttpResponse:
    """`/portal/people/invitations/…/`: `do` = again or withdraw."""
    _chief(request)
    try:
        with db.entry():
            if request.POST.get("do") == "withdraw":
                asked = chiefs.withdraw(invitation_id, by=request.actor)
                told = _("The invitation to %(address)s has been withdrawn.")
            else:
                asked = chiefs.invite_again(invitation_id, by=request.actor)
                told = _("A new letter is on its way to %(address)s; the earlier link no longer works.")
    except Invalid as refused:
        messages.error(request, words.problem_text(refused.problems[0]))
        return HttpResponseRedirect(HOME)
    messages.success(request, told % {"address": asked.address})
    return HttpResponseRedirect(f"{HOME}?company={asked.company_id}")


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def colleague(request: ClientRequest, member_id: int) -> HttpResponse:
    """`/portal/people/…/`: one of them; `do` = rights (sees, writes, is_chief), off, on or hand_over (successor).

    A GET with `ask` = off or hand_over says what the press will do, and has the button that does it.
    """
    _chief(request)
    member, one = _found(request, member_id)
    if request.method != "POST":
        return _asked(request, member, one) if "ask" in request.GET else _person(request, member, one, {})
    verb = _VERBS.get(request.POST.get("do", ""))
    if verb is None:
        raise NotFound
    try:
        verb(request, member)
    except Invalid as refused:
        problems = {problem.field: words.problem_text(problem) for problem in reversed(refused.problems)}
        return _person(request, *_found(request, member_id), problems)
    return HttpResponseRedirect(f"{HOME}{member.pk}/")


def _found(request: ClientRequest, member_id: int) -> tuple[Membership, Colleague]:
    found = company_people.of_member(member_id)
    if found is None or found[0].company_id not in access_of(request.actor).chief_of:
        raise NotFound
    return found


def _asked(request: ClientRequest, member: Membership, one: Colleague) -> HttpResponse:
    """What is about to happen to whom and to how many requests. Who has nothing to lose by it sees the person."""
    verb, to = request.GET["ask"], ""
    ids = queries.open_of(request.actor, author_id=one.person_id, company_id=member.company_id)
    if verb == "hand_over" and ids:
        to_id = _whole(request.GET.get("successor", ""))
        to = dict(company_people.successors(member.company_id, one.person_id)).get(to_id, "")
        if not to:
            problem = Problem("successor", "cannot_take" if to_id else "required")
            return _person(request, member, one, {"successor": words.problem_text(problem)})
    elif verb != "off" or member.inactive_at or one.person_id == request.user.pk:
        return HttpResponseRedirect(f"{HOME}{member.pk}/")
    context = {
        "verb": verb, "one": one, "company": member.company.short_name, "to": to, "open": len(ids),
        "named": queries.named(request.actor, ids[:NAMED]), "at_once": AT_ONCE,
        "successor": _whole(request.GET.get("successor", "")), "back": f"{HOME}{member.pk}/",
        "sees_all": member.company_id in access_of(request.actor).company_wide,
    }  # fmt: skip
    return page(request, "portal/colleague_ask.html", context)


def _person(request: ClientRequest, member: Membership, one: Colleague, problems: dict[str, str]) -> HttpResponse:
    access = access_of(request.actor)
    requests = queries.open_of(request.actor, author_id=one.person_id, company_id=member.company_id)
    is_own = one.person_id == request.user.pk
    context = {
        "member": member, "one": one, "line": people_words.line(one), "is_own": is_own, "errors": problems,
        "summary": in_page_order(problems, "sees", "is_chief", "successor", "person"),
        "sees": people_words.sees(), "open": len(requests),
        "sees_all": member.company_id in access.company_wide,
        "successors": company_people.successors(member.company_id, one.person_id),
        "successor": storable((request.POST or request.GET).get("successor", ""))[:20],
        "back": f"{HOME}?company={member.company_id}",
        "history": _history(request.actor, changes.of_company(member.company_id, person_id=one.person_id)),
    }  # fmt: skip
    return page(request, "portal/colleague.html", context, status=422 if problems else 200)


def _rights(request: ClientRequest, member: Membership) -> None:
    typed = {name: str(value) for name, value in request.POST.items()}
    with db.entry():
        changed = chiefs.change_rights(member.pk, _standing(typed), by=request.actor)
    if changed is not None:
        messages.success(request, _("The rights have been changed and apply at once."))


def _off(request: ClientRequest, member: Membership) -> None:
    with db.entry():
        done = chiefs.switch_off(member.pk, by=request.actor)
    if done:
        messages.success(
            request, _("%(name)s is switched off and signed out everywhere.") % {"name": member.person.name}
        )


def _on(request: ClientRequest, member: Membership) -> None:
    with db.entry():
        done = chiefs.switch_on(member.pk, by=request.actor)
    if done:
        messages.success(
            request, _("%(name)s may sign in again, with the old password.") % {"name": member.person.name}
        )


def _hand_over(request: ClientRequest, member: Membership) -> None:
    """One transaction a request, in the order of their ids; a next press goes on where this one stopped."""
    to_id, by = _whole(request.POST.get("successor", "")), request.actor
    if not to_id:
        raise Invalid(Problem("successor", "required"))
    from_id, company_id, batch, done = member.person_id, member.company_id, uuid4(), 0
    ids = queries.open_of(by, author_id=from_id, company_id=company_id)
    stopped: Refusal | None = None
    for ticket_id in ids[:AT_ONCE]:
        try:
            with db.entry():
                event = hand_over(ticket_id, by=by, company_id=company_id, from_id=from_id, to_id=to_id, batch=batch)
                if event is not None and not done:
                    chiefs.record_handover(company_id, by=by, from_id=from_id, to_id=to_id, batch=batch)
                done += event is not None
        except (NotFound, Conflict):
            continue  # gone since it was looked up
        except (NotAllowed, Invalid) as refusal:
            stopped = refusal
            break
    if not done and stopped is not None:
        raise stopped
    if done:
        with db.entry():
            chiefs.tell_of_handover(company_id, by=by, from_id=from_id, to_id=to_id, count=done)
    _say_handed_over(request, done, len(ids[AT_ONCE:]), stopped)


def _say_handed_over(request: ClientRequest, done: int, left: int, stopped: Refusal | None) -> None:
    if done:
        told = ngettext("%(num)d request has been handed over.", "%(num)d requests have been handed over.", done)
        messages.success(request, told % {"num": done})
    if stopped is not None:
        problems = stopped.problems if isinstance(stopped, Invalid) else []
        text = words.problem_text(problems[0]) if problems else refusal_text(stopped)
        messages.error(request, text)
    elif left > 0:
        told = ngettext(
            "%(num)d request is left: press once more.", "%(num)d requests are left: press once more.", left
        )
        messages.warning(request, told % {"num": left})
    elif not done:
        told = _("Nothing was left to hand over: somebody has just done it, or the requests are closed.")
        messages.info(request, told)


_VERBS: dict[str, Callable[[ClientRequest, Membership], None]] = {
    "rights": _rights, "off": _off, "on": _on, "hand_over": _hand_over,
}  # fmt: skip


def _history(actor: Actor, events: list[AccountEvent]) -> list[people_words.Line]:
    batches = [event.details.get("batch", "") for event in events if event.details.get("batch")]
    return people_words.history(events, queries.of_batches(actor, batches) if batches else {})


def _chief(request: ClientRequest) -> frozenset[int]:
    """The companies whose people the reader looks after. Raises NotAllowed where there are none."""
    found = access_of(request.actor).chief_of
    if not found:
        raise NotAllowed("manage_people")
    return found


def _company(request: ClientRequest, asked: str) -> tuple[int, dict[int, str]]:
    """The asked company of a chief, or the first; and all by name."""
    mine = _chief(request)
    named = {key: name for key, name in access_of(request.actor).named_companies if key in mine}
    if asked and _whole(asked) not in named:
        raise NotFound
    return (_whole(asked) if asked else next(iter(named))), named


def _standing(typed: dict[str, str]) -> Standing:
    return Standing(
        sees=typed.get("sees", ""), writes=typed.get("writes") == "1", is_chief=typed.get("is_chief") == "1"
    )
