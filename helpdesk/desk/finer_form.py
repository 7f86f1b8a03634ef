"""The form of the desk's search: every condition, in groups, filled with what is set. Made once for each content."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from markupsafe import Markup

from helpdesk.desk import filters, finer, finer_words, rows
from helpdesk.desk.beside import Beside
from helpdesk.desk.filters import Filters
from helpdesk.desk.shell import Figures, language
from helpdesk.fronts import own_fields
from helpdesk.search.around import Field
from helpdesk.tickets.narrowing import NOBODY
from helpdesk.web.kept import Kept, macro

Options = tuple[tuple[str | int, str], ...]


@dataclass(frozen=True, slots=True)
class Control:
    """A control of the form. `kind`: text, select, span, month, flag; of a span `value` and `last` are its days."""

    kind: str
    name: str
    label: str
    value: str = ""
    options: Options = ()
    last: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Controls that belong together, and how many of them are set."""

    title: str
    controls: tuple[Control, ...]

    @property
    def count(self) -> int:
        return sum(bool(one.value or one.last) for one in self.controls)


def form(wanted: Filters, known: Figures, around: Beside, *, may_remove: bool) -> Markup:
    """The groups of conditions."""
    return _form(
        tuple(
            Group(title, tuple(controls))
            for title, controls in (
                (_("The request"), _of_request(wanted, known, around, may_remove=may_remove)),
                (_("People"), _of_people(wanted, around)),
                (_("Words of one place"), _of_words(wanted)),
                (_("Dates and history"), _of_dates(wanted)),
                (_("Fields of the queues"), _of_fields(wanted, around.fields)),
            )
        )
    )


@Kept
def _form(groups: tuple[Group, ...]) -> Markup:
    return macro("desk/parts/finer.html", "groups", [group for group in groups if group.controls])


def _select(name: str, label: str, options: Iterable[tuple[str | int, str]], value: object, none: str) -> Control:
    shown = "" if value is None else str(value)
    return Control("select", name, label, shown, (("", none), *options))


def _of_request(wanted: Filters, known: Figures, around: Beside, *, may_remove: bool) -> Iterable[Control]:
    anyone, every = _("any"), _("all")
    queues = [(line.id, "\N{EM SPACE}" * line.depth + line.name) for line in known.queues]
    hidden = {"all"} if may_remove else {"all", "removed"}
    views = [(view, name) for view, name in filters.names().items() if view not in hidden]
    yield _select("view", _("Kind of list"), views, "" if wanted.view == "all" else wanted.view, filters.names()["all"])
    yield _select("state", _("State"), known.states.items(), wanted.state, anyone)
    yield _select("waits", _("Whose turn"), filters.turns().items(), wanted.waits, anyone)
    yield _select("queue", _("Queue"), queues, wanted.queue or "", every)
    yield _select("born", _("Queue in which it was opened"), queues, wanted.finer.get("born"), anyone)
    yield _select("priority", _("Priority"), [(rank, rows.priority_label(rank)) for rank in range(5, 0, -1)],
                  wanted.priority or "", anyone)  # fmt: skip
    yield _select("type", _("Type"), around.types, wanted.kind or "", anyone)
    yield _select("category", _("Category"), around.categories, wanted.finer.get("category"), anyone)
    yield _select("tag", _("Tag"), around.tags, wanted.tag or "", anyone)
    yield _select("channel", _("Channel"), finer_words.channels().items(), wanted.finer.get("channel"), anyone)
    for name, label in finer_words.flags().items():
        yield Control("flag", name, label, wanted.finer.get(name))


def _of_people(wanted: Filters, around: Beside) -> Iterable[Control]:
    staff: list[tuple[str | int, str]] = [(NOBODY, _("nobody")), *around.staff]
    labels = finer_words.texts()
    hint = _("Surname, first name, initials, or a part of them.")
    yield Control("text", "client", _("Client"), wanted.client, hint=_("Name, login or mail address of the author."))
    yield _select("company", _("Company"), around.companies, wanted.company or "", _("any"))
    yield _select("owner", _("Owner"), staff, wanted.owner, _("any"))
    yield _select("responsible", _("Responsible"), staff, wanted.responsible, _("any"))
    yield _select("locked", _("Locked by"), staff, wanted.finer.number("locked"), _("any"))
    yield _select("watcher", _("Watched by"), around.staff, wanted.finer.get("watcher"), _("any"))
    yield Control("text", "staff", labels["staff"], wanted.finer.get("staff"), hint=hint)
    yield Control("text", "part", labels["part"], wanted.finer.get("part"),
                  hint=_("Client or specialist: wrote, observes, watches, owns."))  # fmt: skip


def _of_words(wanted: Filters) -> Iterable[Control]:
    hints = {"letter": _("Addresses, names, subject, Message-ID."), "number": _("With * at its end, its beginning.")}
    for name in (*finer.PLACES, "number", "letter"):
        label = finer_words.texts()[name]
        yield Control("text", name, label, wanted.finer.get(name), hint=hints.get(name, ""))


def _of_dates(wanted: Filters) -> Iterable[Control]:
    yield _span("created", _("Created"), wanted.created_from, wanted.created_to)
    yield _span("changed", _("Changed"), wanted.changed_from, wanted.changed_to)
    for name, label in finer_words.moments().items():
        yield _span(name, label, wanted.finer.get(f"{name}_from"), wanted.finer.get(f"{name}_to"))
    yield _select("event", _("What happened"), finer_words.happened().items(), wanted.finer.get("event"), _("any"))
    yield _span("event", _("When it happened"), wanted.finer.get("event_from"), wanted.finer.get("event_to"))


def _span(name: str, label: str, first: object, last: object) -> Control:
    return Control("span", name, label, str(first or ""), last=str(last or ""))


def _of_fields(wanted: Filters, fields: Sequence[Field]) -> Iterable[Control]:
    spoken = language()
    for one in fields:
        names, label = own_fields.names_of(one), one.label(spoken)
        values = [wanted.finer.get(name) for name in names]
        if one.kind == "date":
            yield Control("span", f"field_{one.key}", label, values[0], last=values[1])
        elif one.kind in {"choice", "check"}:
            yield _select(names[0], label, own_fields.options_of(one, spoken), values[0], _("any"))
        else:
            yield Control("month" if one.kind in {"month", "period"} else "text", names[0], label, values[0])
