"""A queue's own fields as both sides' forms of a new request show them. Rules are the domain's (tickets.fields)."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

from babel.dates import format_date
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import escape

from helpdesk.core import clock
from helpdesk.core.errors import Refusal
from helpdesk.core.text import calendar
from helpdesk.fronts import values as stored
from helpdesk.fronts.form import FIELD, FileLine, Form, number
from helpdesk.tickets import fields as intake
from helpdesk.tickets.blanks import BLANKS, TYPES
from helpdesk.tickets.fields import bounds, rules
from helpdesk.tickets.models import IntakeField, Queue

YEARS_BACK = 10  # what a recalculation may reach back to
STRIKE = "strike_"  # begins the names of the boxes that keep what goes along out of the text
BLANKS_AT = "/portal/blanks/"
Options = list[tuple[str, str | list[tuple[str, str]]]]  # one by one, or a year's


@dataclass(frozen=True, slots=True)
class Instead:
    """Another queue that is offered while a field is empty."""

    queue_id: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of the form: its words, its value, and how it stands with what is typed now."""

    name: str
    kind: str
    label: str
    help: str
    value: str
    needed: bool  # now
    always: bool  # needed whenever it is shown
    off: bool  # not asked for with what is chosen now
    word: str  # beside the label where it need not be filled in
    shown_when: str  # JSON [name, values] for the script; empty without a condition
    required_when: str
    options: Options
    first: str = ""  # of a date: the first and last day that are allowed
    last: str = ""
    to: str = ""
    to_options: Sequence[tuple[str, str | list[tuple[str, str]]]] = ()
    files: Sequence[FileLine] = ()
    blanks: Sequence[tuple[str, str]] = ()  # address, word
    blank_title: str = ""
    instead: Instead | None = None

    @property
    def key(self) -> str:
        return self.name.removeprefix(FIELD)


def asked(queue: Queue | None, form: Form, language: str, queues: Sequence[Queue] = ()) -> list[Asked]:
    """The fields of the chosen queue. `queues`: those that may be offered instead. One statement."""
    if queue is None:
        return []
    fields = intake.of_queue(queue)
    values = {field.key: field.default for field in fields if field.default} | form.values
    stand = rules.standing(fields, values)
    by_key = {field.key: field for field in fields}
    return [_asked(field, stand[field.key], values, form, by_key, language, queues) for field in fields]


def _asked(
    field: IntakeField, stand: rules.Standing, values: Mapping[str, str], form: Form, by_key: Mapping[str, IntakeField],
    language: str, queues: Sequence[Queue],
) -> Asked:  # fmt: skip
    value, to, options, to_options = _value(field, values, language)
    blank = BLANKS.get(field.blank)
    first, last = bounds.first_and_last(field.kind, field.bounds, _today()) if field.kind == "date" else (None, None)
    return Asked(
        name=FIELD + field.key, kind=field.kind, label=_in(field, "label", language),
        help=" ".join(filter(None, [_in(field, "help", language), _reach(field, language)])),
        first=str(first or ""), last=str(last or ""),
        value=value, to=to, options=options, to_options=to_options, needed=stand.required, always=field.required,
        off=not stand.shown, word=_word(field, by_key, language),
        shown_when=_condition(field.shown_when), required_when=_condition(field.required_when),
        files=[line for line in form.staged if line.field == field.key] if field.kind == "file" else (),
        blanks=[(f"{BLANKS_AT}{blank.key}.{kind}", kind.upper()) for kind in TYPES] if blank else (),
        blank_title=str(blank.title) if blank else "",
        instead=_instead(field, language, queues),
    )  # fmt: skip


def _today() -> date:
    return clock.now().astimezone(get_current_timezone()).date()


def _reach(field: IntakeField, language: str) -> str:
    """What the field's bounds allow, in a sentence: nobody should learn it by being refused."""
    limits = field.bounds
    if not limits:
        return ""
    if field.kind == "date" and limits == {"from": 0}:
        return _("Today or later.")
    if field.kind == "number":
        ends = [limits.get(end) for end in bounds.ENDS]
    else:
        shape = "dd.MM.yyyy" if field.kind == "date" else "LLLL y"
        days = bounds.first_and_last(field.kind, limits, _today())
        ends = [day and str(format_date(day, shape, locale=language)) for day in days]
    told = [
        _("Not before %(first)s.") % {"first": ends[0]} if ends[0] is not None else "",
        _("Not after %(last)s.") % {"last": ends[1]} if ends[1] is not None else "",
        ngettext("At most %(num)d month.", "At most %(num)d months.", limits["longest"]) % {"num": limits["longest"]}
        if "longest" in limits
        else "",
    ]
    return " ".join(filter(None, told))


def _in(field: IntakeField, column: str, language: str) -> str:
    return str(getattr(field, f"{column}_{language}"))


def _value(field: IntakeField, values: Mapping[str, str], language: str) -> tuple[str, str, Options, Options]:
    """Value, last month, and what may be chosen for each."""
    value, to = values.get(field.key, ""), values.get(field.key + rules.TO, "")
    none = ("", _("not chosen"))
    if field.kind == "choice":
        place = 1 if language == "ru" else 2
        return value, "", [none, *((choice[0], choice[place]) for choice in field.choices)], []
    if field.kind == "month":
        return value, "", [none, *_months(language, value)], []
    if field.kind == "period":
        value, to = _apart(value, to)
        return value, to, [none, *_months(language, value)], [("", _("one month only")), *_months(language, to)]
    return value, "", [], []


def _apart(value: str, to: str) -> tuple[str, str]:
    """First and last month of a period in one text, as the two choices hold them; anything else as it is."""
    try:
        first, last = calendar.period(value.strip())
    except ValueError:
        return value, to
    return f"{first:%Y-%m}", to or (f"{last:%Y-%m}" if last != first else "")


def _months(language: str, value: str) -> Options:
    """The next month and those of more than ten years before it, newest first, by years; and the one that was typed."""
    today = _today()
    years = _by_years(language, today.year + today.month // 12, today.month % 12 + 1)
    there = {month for _year, months in years for month, _name in months}
    return [*years] if not value or value in there else [(value, value), *years]


@lru_cache(maxsize=8)
def _by_years(language: str, year: int, month: int) -> list[tuple[str, list[tuple[str, str]]]]:
    """The months up to this one, newest first: babel takes its time for so many."""
    found = []
    for past in range(year, year - YEARS_BACK - 2, -1):
        days = [date(past, number, 1) for number in range(month if past == year else 12, 0, -1)]
        found.append((str(past), [(f"{day:%Y-%m}", str(format_date(day, "LLLL y", locale=language))) for day in days]))
    return found


def _condition(condition: Mapping[str, object]) -> str:
    if not condition:
        return ""
    return json.dumps([f"{FIELD}{condition.get('field')}", condition.get("in")], ensure_ascii=False)


def _word(field: IntakeField, by_key: Mapping[str, IntakeField], language: str) -> str:
    """When it has to be filled in, for those who see all fields at once."""
    is_needed = field.required or bool(field.required_when)
    condition = field.shown_when if field.required or not is_needed else field.required_when
    other = by_key.get(str(condition.get("field", ""))) if condition else None
    if other is None:
        return "" if field.required else _("optional")
    if other.kind == "check":
        label = _in(other, "label", language)
        ticked = "1" in condition["in"]
        when = (_("if “%(label)s” is ticked") if ticked else _("if “%(label)s” is not ticked")) % {"label": label}
    else:
        place = 1 if language == "ru" else 2
        names = [choice[place] for choice in other.choices if choice[0] in condition["in"]]
        when = _("if chosen: %(names)s") % {"names": ", ".join(name.lower() for name in names)}
    return (_("required %(when)s") if is_needed else _("optional; %(when)s")) % {"when": when}


def _instead(field: IntakeField, language: str, queues: Sequence[Queue]) -> Instead | None:
    found = next((queue for queue in queues if queue.key == field.instead), None) if field.instead else None
    return Instead(found.pk, found.name(language), _in(field, "instead", language)) if found else None


def named(told: Mapping[str, str], fields: Iterable[Asked]) -> dict[str, str]:
    """The sentences as the list above a form says them: «fill in this field» says nothing away from its field."""
    labels = {field.name: field.label for field in fields}
    return {
        name: f"{labels[name]}: {text[0].lower()}{text[1:]}" if name in labels and text else text
        for name, text in told.items()
    }


def besides(fields: Iterable[Asked], form: Form) -> list[tuple[str, str]]:
    """What was typed into fields of other queues, by name, to be carried along."""
    names = [name for field in fields for name in (field.name, field.name + rules.TO)]
    return form.besides(names)


def general_files(fields: Iterable[Asked], form: Form) -> list[FileLine]:
    """The kept files that no field of the chosen queue lists: no file is out of sight."""
    own = {field.key for field in fields if field.kind == "file"}
    return [line for line in form.staged if line.field not in own]


def go_instead(form: Form, queues: Sequence[Queue]) -> None:
    """Choose the queue that the form's button «instead» names. What stands in fields that it does not ask for stays in
    the form, unseen and listed (`along`): back at the first queue it is in its fields again, and nowhere else."""
    target = next((queue for queue in queues if queue.pk == number(form.get("instead"))), None)
    if target is not None:
        form.typed["queue"] = str(target.pk)


@contextmanager
def nothing_left(form: Form, queue: Queue | None, queues: Sequence[Queue], language: str) -> Iterator[None]:
    """Within the block what goes along (`along`) stands in the text, each in a line with its label, except what its
    writer has struck: it is about to be sent, and nothing that somebody wrote is left behind. Where it is refused, the
    text is as it was written."""
    written = form.get("body")
    if queue is not None:
        lines = along(form, queue, queues, language)
        _add_to_body(form, [(line.label, line.text) for line in lines if not line.struck])
    try:
        yield
    except Refusal:
        form.typed["body"] = written
        raise


@dataclass(frozen=True, slots=True)
class Along:
    """What was typed into a field that is not asked for now, in words. `mark`: the name of the box that strikes it."""

    mark: str
    label: str
    text: str
    struck: bool


def along(form: Form, queue: Queue, queues: Sequence[Queue], language: str) -> list[Along]:
    """What was typed into fields that the chosen queue does not ask for, or hides now, and does not stand in the text.
    One statement, and one where there is anything."""
    fields = intake.of_queue(queue)
    stand = rules.standing(fields, form.values)
    asked = {field.key for field in fields if stand[field.key].shown}
    rest = {key for key, text in form.values.items() if text.strip() and key.removesuffix(rules.TO) not in asked}
    known: dict[str, IntakeField] = {}
    for field in [*(field for field in fields if field.key in rest), *intake.of_keys(queues, rest)]:
        if form.values.get(field.key, "").strip() != field.default:
            known.setdefault(field.key, field)
    there = _squashed(form.body.text)
    lines = [
        Along(STRIKE + field.key, _in(field, "label", language), text, struck=form.get(STRIKE + field.key) == "1")
        for field in known.values()
        if (text := _typed(field, form, language))
    ]
    return [line for line in lines if _squashed(f"{line.label}: {line.text}") not in there]


def words(queues: Sequence[Queue], language: str) -> str:
    """What the script needs to name whatever goes along (along.js), as JSON. One statement."""
    found: dict[str, dict[str, object]] = {}
    place = 1 if language == "ru" else 2
    for field in intake.of_queues(queues):
        found.setdefault(field.key, {
            "label": _in(field, "label", language), "kind": field.kind, "standard": field.default,
            "choices": {choice[0]: choice[place] for choice in field.choices},
        })  # fmt: skip
    return json.dumps(found, ensure_ascii=False)


class Words:
    """The words of queues' own fields, read in one statement for all texts that are to be told with them. `keys`: what
    was typed into; `queues`: those that the fields may be of."""

    def __init__(self, queues: Sequence[Queue], keys: Collection[str], language: str) -> None:
        self.language = language
        self.places = {queue.pk: place for place, queue in enumerate(queues)}
        self.fields = intake.of_keys(queues, {key.removesuffix(rules.TO) for key in keys} | set(keys)) if keys else []

    def of(self, queue_id: int, values: Mapping[str, str]) -> list[tuple[str, str]]:
        """What was typed (key → text), for people: label and value, the chosen queue's words first. What no field is
        called by stands without a label."""
        typed = {key for key, text in values.items() if text.strip()}
        names = {key.removesuffix(rules.TO) for key in typed} | typed
        found: dict[str, IntakeField] = {}
        for field in sorted(
            (field for field in self.fields if field.key in names), key=lambda f: self._order(f, queue_id)
        ):
            found.setdefault(field.key, field)
        form = Form("", typed={FIELD + key: text for key, text in values.items()})
        lines = [(_in(field, "label", self.language), _typed(field, form, self.language)) for field in found.values()]
        known = {name for key in found for name in (key, key + rules.TO)}
        return [line for line in lines if line[1]] + [("", values[key]) for key in values if key in typed - known]

    def _order(self, field: IntakeField, queue_id: int) -> tuple[bool, int, bool, int, int]:
        place = self.places[field.queue_id]
        return field.queue_id != queue_id, place, field.inactive_at is not None, field.position, field.pk


def told(queues: Sequence[Queue], values: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    """All that was typed into queues' own fields (`values`: key → text), for people: `Words.of`. `queues`: the chosen
    one, then the rest. One statement."""
    typed = {key for key, text in values.items() if text.strip()}
    return Words(queues, typed, language).of(queues[0].pk if queues else 0, values)


def _typed(field: IntakeField, form: Form, language: str) -> str:
    """What stands in a field, for people; as it was typed where it is no value of the field."""
    raw = form.values.get(field.key, "").strip()
    if field.kind in {"file", "check"}:
        return _("yes") if raw and field.kind == "check" else ""
    try:
        value = rules.canonical(field, raw, to=form.values.get(field.key + rules.TO, ""))
    except rules.Unacceptable:
        return raw
    return "" if value is None else stored.shown(value, field.kind, field.choices, language)


def _add_to_body(form: Form, told: Iterable[tuple[str, str]]) -> None:
    """Labels and texts, below what is written; none that stands there already."""
    there = _squashed(form.body.text)
    lines = [(label, text) for label, text in told if _squashed(f"{label}: {text}") not in there]
    if not lines:
        return
    body = form.get("body")
    if form.get("body_format") == "html":
        form.typed["body"] = body + "".join(_markup(label, text) for label, text in lines)
    else:
        plain = [f"{label}:\n{text}" if "\t" in text else f"{label}: {text}" for label, text in lines]
        form.typed["body"] = "\n".join([*([body.rstrip(), ""] if body.strip() else []), *plain])


def _squashed(text: str) -> str:
    return "".join(text.split())


def _markup(label: str, text: str) -> str:
    """A text of a field as the editor would hold it. Cells that were pasted from a table stand apart by tabs: they are
    one again."""
    if "\t" not in text:
        return f"<div>{str(escape(f'{label}: {text}')).replace(chr(10), '<br>')}</div>"
    parts = [f"<div>{escape(label)}:</div>"]
    for is_table, lines in groupby(text.split("\n"), key=lambda line: "\t" in line):
        if is_table:
            rows = ("".join(f"<td>{escape(cell.strip())}</td>" for cell in line.split("\t")) for line in lines)
            parts.append(f"<table><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>")
        else:
            parts.append(f"<div>{'<br>'.join(str(escape(line)) for line in lines)}</div>")
    return "".join(parts)
