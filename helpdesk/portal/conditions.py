"""What narrows a client's search, as it stands in the address; what cannot be understood is said at its field."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from helpdesk.core.text.safe import one_line
from helpdesk.search.results import SearchRequest
from helpdesk.tickets.models import Queue, State

HIDDEN_STATES = {"merged", "removed"}
SHOWN = 40  # characters of a value that is told back


@dataclass(frozen=True, slots=True)
class Choice:
    """A state as clients know it. `code` stands in addresses; `codes` are all that share the name («В работе»)."""

    code: str
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The conditions that are understood. `wrong`: a sentence by the field of each that is not; `typed`: its value."""

    q: str
    states: tuple[Choice, ...]
    queue: str
    since: date | None
    until: date | None
    wrong: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    def address(self, *, without: str = "", cursor: str = "") -> str:
        """The address of these conditions, one of them left out."""
        pairs = [("q", self.q), *(("state", state.code) for state in self.states), ("queue", self.queue),
                 ("from", str(self.since or "")), ("to", str(self.until or ""))]  # fmt: skip
        kept = [(name, value) for name, value in pairs if value and without not in {name, f"{name}:{value}"}]
        return "?" + urlencode([*kept, *([("cursor", cursor)] if cursor else [])])

    @property
    def wanted(self) -> SearchRequest:
        """The conditions as the search takes them."""
        return SearchRequest(
            q=self.q,
            states=tuple(code for state in self.states for code in state.codes),
            queues=(int(self.queue),) if self.queue else (),
            created_from=_midnight(self.since),
            created_to=_midnight(self.until + timedelta(days=1) if self.until and self.until < date.max else None),
        )


def choices(states: list[State], language: str) -> list[Choice]:
    """States by the names that clients know: how the desk tells apart what shares one is not theirs to see."""
    codes: dict[str, list[str]] = {}
    for state in states:
        if state.code not in HIDDEN_STATES:
            codes.setdefault(state.name(language, for_client=True), []).append(state.code)
    return [Choice(found[0], name, tuple(found)) for name, found in codes.items()]


def read(get: QueryDict, states: list[Choice], queues: list[Queue]) -> Asked:
    """The conditions of an address."""
    wrong: dict[str, str] = {}
    queue, chosen = get.get("queue", ""), _states(get, states, wrong)
    if queue and queue not in {str(one.pk) for one in queues}:
        wrong["queue"] = _("There is no recipient “%(typed)s”: choose one from the list") % {"typed": _told(queue)}
        queue = ""
    since, until = _day(get, "from", wrong), _day(get, "to", wrong)
    if since and until and since > until:
        wrong["to"] = _("This date is before the “From” date: correct one of them")
    return Asked(
        q=get.get("q", "").replace("\0", "")[:10_000],
        states=chosen,
        queue=queue,
        since=since,
        until=until,
        wrong=wrong,
        typed={name: _told(get.get(name, "")) for name in wrong},
    )


def _states(get: QueryDict, states: list[Choice], wrong: dict[str, str]) -> tuple[Choice, ...]:
    asked = [code for code in get.getlist("state") if code]
    known = {state.code for state in states}
    if strange := [code for code in asked if code not in known]:
        wrong["state"] = _("There is no state “%(typed)s”: choose one from the list") % {"typed": _told(strange[0])}
    return tuple(state for state in states if state.code in asked)


def _day(get: QueryDict, name: str, wrong: dict[str, str]) -> date | None:
    text = get.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        wrong[name] = _("“%(typed)s” is not a date: write it as 2026-11-24") % {"typed": _told(text)}
        return None


def _told(text: str) -> str:
    return one_line(text, SHOWN)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), get_current_timezone()) if day else None
