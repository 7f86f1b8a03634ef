"""«Поиск» (R20): words, state, recipient, dates. Every result has an address, every condition is a chip."""

from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk.portal import conditions
from helpdesk.portal.conditions import Asked, Choice
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.rows import client_look, state_text
from helpdesk.portal.shell import page
from helpdesk.search import queries as search_queries
from helpdesk.search.language import LONGEST_WORD
from helpdesk.search.results import Hit, Notice, Results
from helpdesk.tickets import queries, workflow
from helpdesk.tickets.lines import Line
from helpdesk.tickets.models import Phase, Queue
from helpdesk.web import formats

COUNTED = 100  # found requests are counted up to here


@require_safe
@client_page
def search(request: ClientRequest) -> HttpResponse:
    """The form and, where anything is asked, the results. A number alone leads to the request."""
    queues = queries.queues_for_client(request.actor)
    states = conditions.choices(queries.states(request.actor), get_language() or "ru")
    asked = conditions.read(request.GET, states, queues)
    alone = asked.q and not asked.wrong and asked.address(without="q") == "?"
    if alone and (number := search_queries.jump(request.actor, asked.q)):
        return HttpResponseRedirect(f"/portal/tickets/{number}/")
    found = Results()  # what was meant is not known: nothing rather than something else
    if not asked.wrong:
        found = search_queries.find(request.actor, asked.wanted, request.GET.get("cursor"), count_to=COUNTED)
    context = {
        "asked": asked,
        "title": _title(asked, found),
        "rows": [_row(hit) for hit in found.items],
        "next": asked.address(cursor=found.next_cursor) if found.next_cursor else "",
        "first": asked.address() if request.GET.get("cursor") else "",
        "notice": _notice(found.notice),
        "chips": _chips(asked, queues),
        **_choices(asked, queues, states),
    }
    return page(request, "portal/search.html", context, tab="search")


def _title(asked: Asked, found: Results) -> str:
    """The heading of the results, which says the same as what stands under it."""
    if asked.wrong:
        return _("Search not run")
    if not found.items:
        return _("No requests yet") if asked.address() == "?" else _("Nothing found")
    if asked.address() == "?":
        return _("All requests, newest first")
    if found.more_than:
        return _("More than %(num)s requests found") % {"num": found.more_than}
    if found.total_hint is None:
        return _("Found, newest first")
    return ngettext("%(num)d request found", "%(num)d requests found", found.total_hint) % {"num": found.total_hint}


def _notice(notice: Notice | None) -> str:
    sentences = {
        Notice.NO_WORDS: _("There is nothing to search for: type at least one word"),
        Notice.COMMON_WORDS: _("These words occur in almost every text: add a rarer one"),
        Notice.ONLY_WITHOUT: _("Say what to find as well, not only what to leave out"),
        Notice.LONG_WORDS: _("Words longer than %(num)d letters cannot be searched for: shorten them")
        % {"num": LONGEST_WORD},
        Notice.SHORTENED: _("The query is very long: only its beginning was used"),
    }
    return sentences[notice] if notice else ""


def _row(hit: Hit) -> dict[str, Any]:
    line = hit.line
    return {
        "href": f"/portal/tickets/{line.number}/",
        "number": line.number,
        "subject": hit.subject_parts,
        "snippet": hit.snippet_parts,
        "look": client_look(line.state),
        "state": state_text(
            line.state_client_ru if get_language() == "ru" else line.state_client_en, answered=_answered(line)
        ),
        "when": line.last_article_at,
        "who": line.last_by,
    }


def _answered(line: Line) -> bool:
    return line.phase == Phase.OPEN and workflow.client_answered(
        line.state_waits_for, line.waits_for, client_at=line.last_client_at, agent_at=line.last_agent_at
    )


def _chips(asked: Asked, queues: list[Queue]) -> list[tuple[str, str, str]]:
    """(name, value, address without it) of each condition that is set."""
    language = get_language() or "ru"
    queue_names = {str(queue.pk): queue.name(language) for queue in queues}
    chips = [(_("words"), asked.q[:60], asked.address(without="q"))] if asked.q else []
    chips += [(_("state"), state.name, asked.address(without=f"state:{state.code}")) for state in asked.states]
    if asked.queue:
        chips.append((_("recipient"), queue_names[asked.queue], asked.address(without="queue")))
    for name, day, key in ((_("created from"), asked.since, "from"), (_("created until"), asked.until, "to")):
        if day:
            written = formats.day(day, language=language, today=_far_from(day))
            chips.append((name, written, asked.address(without=key)))
    return chips


def _far_from(day: date) -> date:
    """A day of another year, beside which `day` is written out in full; every year has a first of January."""
    return date(3 if day.year < 3 else 1, 1, 1)


def _choices(asked: Asked, queues: list[Queue], states: list[Choice]) -> dict[str, Any]:
    language = get_language() or "ru"
    any_one = pgettext("recipient", "any")
    return {
        "queue_options": [("", any_one), *((str(queue.pk), queue.name(language)) for queue in queues)],
        "state_options": [(state.code, state.name, state in asked.states) for state in states],
        "since": asked.typed.get("from", str(asked.since or "")),
        "until": str(asked.until or "") or asked.typed.get("to", ""),
    }
