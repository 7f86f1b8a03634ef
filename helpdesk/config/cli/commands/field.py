"""`helpdesk field`: what a queue asks for in the form of a new request, beside subject and text."""

import argparse
from typing import TYPE_CHECKING, Any

from helpdesk.config.cli import masters

if TYPE_CHECKING:
    from helpdesk.tickets.models import IntakeField

_TEXTS = ("label_ru", "label_en", "help_ru", "help_en", "pattern", "pattern_hint_ru", "pattern_hint_en", "default",
          "instead_ru", "instead_en")  # fmt: skip
_KINDS = ("text", "long", "number", "date", "month", "period", "choice", "check", "file")
_CONDITIONS = {"shown_when": "asked for only then", "required_when": "must be filled in then"}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("field", help="a queue's own fields: list, set (make or change), off, on")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    shown = actions.add_parser("list", help="the fields of a queue, or of all")
    shown.add_argument("queue", metavar="QUEUE", nargs="?", help="the queue's key")
    shown.set_defaults(run=run_list)
    change = actions.add_parser("set", help="make a field, or change what is given")
    _named(change)
    change.add_argument("--kind", choices=_KINDS, help="what is typed; needed for a new one")
    masters.texts(change, *_TEXTS)
    change.add_argument(
        "--choice", dest="choices", action="append", metavar="VALUE=RUSSIAN=ENGLISH",
        help="one to choose from; repeatable, all are given anew",
    )  # fmt: skip
    masters.pair(change, "required", ("--required", "must be filled in"), ("--optional", "may stay empty"))
    for name, text in _CONDITIONS.items():
        change.add_argument(
            f"--{name.replace('_', '-')}", metavar="FIELD=VALUE,VALUE…",
            help=f"{text}: another field of the queue, a choice or a check (1, 0), holds one of these; '' for none",
        )  # fmt: skip
    change.add_argument(
        "--bound", dest="bounds", action="append", metavar="NAME=NUMBER",
        help="from, to: the first and last number, day or month (counted from the request's), longest: months of a"
        " period; repeatable, all are given anew; '' for none",
    )  # fmt: skip
    change.add_argument("--blank", metavar="NAME", help="of a file: the form to fill in that is offered; '' for none")
    change.add_argument("--instead", metavar="QUEUE", help="the queue that is offered while it is empty; '' for none")
    change.add_argument("--order", type=int, dest="position", metavar="N", help="place in the form")
    change.set_defaults(run=run_set)
    for word, text in (("off", "ask for it no longer; what was typed stays"), ("on", "ask for it again")):
        switch = actions.add_parser(word, help=text)
        _named(switch)
        switch.set_defaults(run=run_switch)


def _named(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("queue", metavar="QUEUE", help="the queue's key")
    parser.add_argument("key", metavar="KEY", help="the field's; in forms field_KEY")


def run_list(arguments: argparse.Namespace) -> int:
    """One line a field."""
    with masters.database(arguments.command):
        from helpdesk.tickets.models import IntakeField  # noqa: PLC0415

        fields = IntakeField.objects.select_related("queue").order_by("queue__position", "queue_id", "position", "id")
        for field in fields.filter(queue__key=arguments.queue) if arguments.queue else fields:
            marks = ["required" if field.required else "", "off" if field.inactive_at else ""]
            marks = [mark for mark in [*marks, *_shown(field)] if mark]
            masters.row(field.queue.key, field.key, field.kind, field.label_ru, field.label_en, ", ".join(marks))
    return 0


def run_set(arguments: argparse.Namespace) -> int:
    """Make a field, or change what is given."""
    columns: dict[str, Any] = masters.given(arguments, (*_TEXTS, "kind", "required", "position", "blank", "instead"))
    if arguments.choices is not None:
        columns["choices"] = [choice.split("=") for choice in arguments.choices]
    if arguments.bounds is not None:
        columns["bounds"] = dict(_bound(text) for text in arguments.bounds if text.strip())
    columns |= {name: _condition(text) for name, text in masters.given(arguments, tuple(_CONDITIONS)).items()}
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import put_field  # noqa: PLC0415

        written = put_field(arguments.queue, arguments.key, **columns)
        return masters.told(written, _what(arguments))


def run_switch(arguments: argparse.Namespace) -> int:
    """Ask for it no longer, or again."""
    on = arguments.action == "on"
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import switch_field  # noqa: PLC0415

        return masters.switched(switch_field(arguments.queue, arguments.key, on=on), _what(arguments), on=on)


def _condition(text: str) -> dict[str, Any]:
    """«topic=charges,recalculation» as the column keeps it; what is none of these is refused by its rules."""
    if not text.strip():
        return {}
    key, _, values = text.partition("=")
    return {"field": key.strip(), "in": [value.strip() for value in values.split(",") if value.strip()]}


def _bound(text: str) -> tuple[str, int | str]:
    """«longest=36» as the column keeps it; what is none of these is refused by its rules."""
    name, _, value = (part.strip() for part in text.partition("="))
    try:
        return name, int(value)
    except ValueError:
        return name, value


def _shown(field: "IntakeField") -> list[str]:
    conditions = [
        f"{name.replace('_', ' ')} {condition['field']}={','.join(condition['in'])}"
        for name in _CONDITIONS
        if (condition := getattr(field, name))
    ]
    limits = " ".join(f"{name}={value}" for name, value in sorted(field.bounds.items()))
    return [" ".join(choice[0] for choice in field.choices), *conditions, field.pattern, limits, field.blank]


def _what(arguments: argparse.Namespace) -> str:
    return f"the field {arguments.key} of the queue {arguments.queue}"
