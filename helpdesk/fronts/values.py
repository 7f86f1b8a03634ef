"""What is stored of a queue's own fields, for people: a period as «май – июль 2026», a choice by its label, a box as
«да» or «нет», files by their names."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.web import formats
from helpdesk.web.filenames import file_names

Shown = Callable[[Any, str, Sequence[Sequence[str]], str], str]


def shown(value: Any, kind: str, choices: Sequence[Sequence[str]], language: str) -> str:
    """The value in words. What its field's definition, changed meanwhile, does not know stands as it is."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(name) for name in value)
    names = {choice[0]: choice[1 if language == "ru" else 2] for choice in choices}
    return str(names.get(str(value)) or formats.calendar(str(value), kind, language=language))


def on_page(value: Any, kind: str, choices: Sequence[Sequence[str]], language: str) -> str:
    """The same as a page shows it: the names of files keep their endings whole."""
    if isinstance(value, list):
        return file_names(str(name) for name in value)
    return shown(value, kind, choices, language)
