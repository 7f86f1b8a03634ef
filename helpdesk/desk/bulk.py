"""Acts upon many requests as the desk offers them: their words, what each asks for, what was typed into it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.accounts import queries as people
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound, Problem
from helpdesk.core.richtext import from_plain
from helpdesk.core.text.safe import one_line
from helpdesk.desk import history, rows
from helpdesk.desk.shell import language
from helpdesk.desk.views.base import REMINDER
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.tickets import numbers, pages, queries
from helpdesk.tickets.actions.remove import REASONS
from helpdesk.tickets.dictionary import dictionary_of
from helpdesk.tickets.many import Progress
from helpdesk.tickets.models import Right

SAID = frozenset({"note", "answer"})  # words stay said
AT_ONCE = frozenset({"take", "watch"})  # nothing is to be chosen
TEXT_LIMIT = 20_000
Options = list[tuple[Any, str]]


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the bar: its button, its icon, the heading of its form."""

    code: str
    name: str
    icon: str
    heading: str = ""
    hint: str = ""


def verbs() -> tuple[Verb, ...]:
    """All verbs in the order of the bar; those after the first few stand in its menu."""
    return (
        Verb("owner", _("Assign"), "user-check", _("Assign to")),
        Verb("state", _("State"), "circle-dot", _("Set the state")),
        Verb("queue", _("Queue"), "arrow-right", _("Move to a queue")),
        Verb("note", _("Note"), "lock", _("Add an internal note"), _("The same note in each; clients do not see it.")),
        Verb("take", _("Take"), "user"),
        Verb("responsible", _("Responsible"), "user-check", _("Set the responsible person")),
        Verb("priority", _("Priority"), "arrow-up", _("Set the priority")),
        Verb("category", _("Category"), "list", _("Set the category")),
        Verb("type", _("Type"), "list", _("Set the type")),
        Verb("tags", _("Tags"), "bookmark", _("Add tags"), _("Several are separated by commas.")),
        Verb("watch", _("Watch"), "eye"),
        Verb("link", _("Link with"), "link", _("Link with a request"), _("Its number.")),
        Verb(
            "merge", _("Merge"), "merge", _("Merge into a request"),
            _("Its number. All chosen ones become part of it."),
        ),
        Verb(
            "answer", _("Answer clients"), "reply", _("Answer the clients"),
            _("The same answer goes out as a letter to the client of each. It cannot be taken back."),
        ),
        Verb(
            "remove", _("Remove requests"), "trash-2", _("Remove requests"),
            _("Spam and mistakes; they can be brought back."),
        ),
    )  # fmt: skip


def verb_of(code: str) -> Verb:
    """A verb by its code. Raises NotFound."""
    found = next((verb for verb in verbs() if verb.code == code), None)
    if found is None:
        raise NotFound
    return found


def options(verb: str, actor: Actor) -> Options:
    """What a verb lets one choose from; empty where something is written instead."""
    masters, spoken = dictionary_of(actor), language()
    match verb:
        case "owner" | "responsible":
            others = [(person.pk, person.name) for person in people.agents()]
            mine = [one for one in others if one[0] == actor.person_id]  # first: a press too many gives it to oneself
            return [*mine, *(one for one in others if one not in mine), ("", _("nobody"))]
        case "queue":
            return [(row.pk, row.name(spoken)) for row in queries.queues_with(actor, Right.MOVE_INTO)]
        case "state":
            hidden = {"merged", "removed"}
            return [(row.code, row.name(spoken)) for row in queries.states(actor) if row.code not in hidden]
        case "priority":
            return [(rank, rows.priority_label(rank)) for rank in range(5, 0, -1)]
        case "category":
            named = [(one.key, one.name(spoken)) for one in masters.category_names if one.active]
            return [("", _("none")), *named]
        case "type":
            return [("", _("none")), *((one.key, one.name(spoken)) for one in masters.type_names if one.active)]
        case "remove":
            return list(history.reasons().items())
    return []


def values(verb: str, form: Form, actor: Actor) -> dict[str, Any]:
    """What was typed, as the verb takes it; what is wrong is added to the form's problems."""
    typed = form.get("value")
    match verb:
        case "owner" | "responsible" | "category" | "type" | "queue" | "priority":
            allowed = {str(value) for value, _name in options(verb, actor)}
            if typed not in allowed:
                form.problems.append(Problem("value", "not_offered"))
            return {verb: forms.number(typed), "why": one_line(form.get("why"), 300)}
        case "state":
            return _state(form, actor)
        case "tags":
            named = [name for name in (one_line(part, 100) for part in typed.split(",")) if name]
            if not named:
                form.problems.append(Problem("value", "empty"))
            return {"tags": named}
        case "note" | "answer":
            return {"body": _body(form)}
        case "link" | "merge":
            return _other("to" if verb == "link" else "into", typed, form, actor)
        case "remove":
            if typed not in REASONS:
                form.problems.append(Problem("value", "not_offered"))
            return {"why": typed}
    return {}


def _state(form: Form, actor: Actor) -> dict[str, Any]:
    code = form.get("value")
    if code not in dict(options("state", actor)):
        form.problems.append(Problem("value", "not_offered"))
    until = form.moment("until") if code == REMINDER else None
    if code == REMINDER and until is None and not form.problems:
        form.problems.append(Problem("until", "empty"))
    return {"state": code, "until": until.isoformat() if until else ""}


def _body(form: Form) -> str:
    text = from_plain(form.get("body")).text
    if not text.strip():
        form.problems.append(Problem("body", "empty"))
    elif len(text) > TEXT_LIMIT:
        form.problems.append(Problem("body", "too_long", {"limit": TEXT_LIMIT}))
    return text


def _other(name: str, typed: str, form: Form, actor: Actor) -> dict[str, Any]:
    number = numbers.typed(one_line(typed, 60))
    try:
        return {name: pages.for_page(actor, number).pk}  # no number is none that exists
    except NotFound:
        form.problems.append(Problem("to", "no_request"))
        return {name: 0}


def said(progress: Progress) -> str:
    """What an act has done so far, in a sentence."""
    if progress.is_undone:
        return ngettext(
            "Taken back in %(num)d request.", "Taken back in %(num)d requests.", progress.undone
        ) % {"num": progress.undone}  # fmt: skip
    parts = [
        ngettext("Done in %(num)d request.", "Done in %(num)d requests.", progress.done) % {"num": progress.done}
    ]  # fmt: skip
    if progress.same:
        same = ngettext("%(num)d stood so already.", "%(num)d stood so already.", progress.same)
        parts.append(same % {"num": progress.same})
    if progress.left:
        refused = ngettext("%(num)d was refused.", "%(num)d were refused.", progress.left)
        parts.append(refused % {"num": progress.left})
    return " ".join(parts)


def is_undoable(verb: str) -> bool:
    """Whether a verb can be taken back at all."""
    return verb not in SAID
