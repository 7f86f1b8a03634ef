"""«Поиск» (R20): words, state, recipient, dates. Every result has an address, every condition is a chip."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.rows import client_look, state_text
from helpdesk.portal.shell import page
from helpdesk.search import queries as search_queries
from helpdesk.search.results import Hit, Notice, SearchRequest
from helpdesk.tickets import queries, workflow
from helpdesk.tickets.lines import Line
from helpdesk.tickets.models import Phase, Queue, State
from helpdesk.web import formats

COUNTED = 100  # found requests are counted up to here
HIDDEN_STATES = {"merged", "removed"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The conditions as they stand in the address."""

    q: str
    states: tuple[str, ...]
    queue: str
    since: date | None
    until: date | None

    def address(self, *, without: str = "", cursor: str = "") -> str:
        """The address of these conditions, one of them left out."""
        pairs = [("q", self.q), *(("state", code) for code in self.states), ("queue", self.queue),
                 ("from", str(self.since or "")), ("to", str(self.until or ""))]  # fmt: skip
        kept = [(name, value) for name, value in pairs if value and without not in {name, f"{name}:{value}"}]
        return "?" + urlencode([*kept, *([("cursor", cursor)] if cursor else [])])


@require_safe
@client_page
def search(request: ClientRequest) -> HttpResponse:
    """The form and, where anything is asked, the results. A number alone leads to the request."""
    asked = _asked(request)
    alone = asked.q and asked.address(without="q") == "?"
    if alone and (number := search_queries.jump(request.actor, asked.q)):
        return HttpResponseRedirect(f"/portal/tickets/{number}/")
    queues, states = queries.queues_for_client(request.actor), queries.states(request.actor)
    found = search_queries.find(request.actor, _wanted(asked), request.GET.get("cursor"), count_to=COUNTED)
    context = {
        "asked": asked,
        "is_asked": asked.address() != "?",
        "rows": [_row(hit) for hit in found.items],
        "next": asked.address(cursor=found.next_cursor) if found.next_cursor else "",
        "first": asked.address() if request.GET.get("cursor") else "",
        "notice": _notice(found.notice),
        "total": found.total_hint,
        "more_than": found.more_than,
        "chips": _chips(asked, queues, states),
        **_choices(asked, queues, states),
    }
    return page(request, "portal/search.html", context, tab="search")


def _asked(request: ClientRequest) -> Asked:
    get = request.GET
    codes = ",".join(get.getlist("state")).split(",")
    return Asked(
        q=get.get("q", "").replace("\0", "")[:10_000],
        states=tuple(code for code in codes if code not in {"", *HIDDEN_STATES})[:20],
        queue=get.get("queue", "")[:10],
        since=_day(get.get("from", "")),
        until=_day(get.get("to", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _wanted(asked: Asked) -> SearchRequest:
    queue = asked.queue
    return SearchRequest(
        q=asked.q,
        states=asked.states,
        queues=(int(queue),) if queue.isascii() and queue.isdigit() else (),
        created_from=_midnight(asked.since),
        created_to=_midnight(asked.until + timedelta(days=1) if asked.until and asked.until < date.max else None),
    )


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), get_current_timezone()) if day else None


def _notice(notice: Notice | None) -> str:
    sentences = {
        Notice.NO_WORDS: _("There is no word to look for: write at least one"),
        Notice.COMMON_WORDS: _("These words are in almost every text: add a rarer one"),
        Notice.ONLY_WITHOUT: _("Say also what should be found, not only what should not"),
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


def _chips(asked: Asked, queues: list[Queue], states: list[State]) -> list[tuple[str, str, str]]:
    """(name, value, address without it) of each condition that is set."""
    language = get_language() or "ru"
    names = {state.code: state.name(language, for_client=True) for state in states}
    queue_names = {str(queue.pk): queue.name(language) for queue in queues}
    chips = [(_("words"), asked.q[:60], asked.address(without="q"))] if asked.q else []
    chosen: dict[str, list[str]] = {}
    for code in asked.states:
        chosen.setdefault(names.get(code, code[:30]), []).append(code)
    for name, codes in chosen.items():
        left = replace(asked, states=tuple(code for code in asked.states if code not in codes))
        chips.append((_("state"), name, left.address()))
    if asked.queue:
        chips.append((_("recipient"), queue_names.get(asked.queue, asked.queue), asked.address(without="queue")))
    for name, day, key in ((_("created from"), asked.since, "from"), (_("created until"), asked.until, "to")):
        if day:
            written = formats.day(day, language=language, today=_far_from(day))
            chips.append((name, written, asked.address(without=key)))
    return chips


def _far_from(day: date) -> date:
    """A day of another year, beside which `day` is written out in full; every year has a first of January."""
    return date(3 if day.year < 3 else 1, 1, 1)


def _state_options(asked: Asked, states: list[State], language: str) -> list[tuple[str, str, bool]]:
    """States by the client's names: those that share a name («В работе») are one choice."""
    codes: dict[str, list[str]] = {}
    for state in states:
        if state.code not in HIDDEN_STATES:
            codes.setdefault(state.name(language, for_client=True), []).append(state.code)
    return [(",".join(found), name, set(found) <= set(asked.states)) for name, found in codes.items()]


def _choices(asked: Asked, queues: list[Queue], states: list[State]) -> dict[str, Any]:
    language = get_language() or "ru"
    any_one = pgettext("recipient", "any")
    return {
        "queue_options": [("", any_one), *((str(queue.pk), queue.name(language)) for queue in queues)],
        "state_options": _state_options(asked, states, language),
        "since": str(asked.since or ""),
        "until": str(asked.until or ""),
    }
