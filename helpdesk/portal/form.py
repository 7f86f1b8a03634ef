"""A posted form as the views work with it: what was typed, which files are kept, what is wrong."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from helpdesk.core.actor import Actor
from helpdesk.core.errors import Problem
from helpdesk.core.richtext import RichText, from_editor, from_plain
from helpdesk.core.text.safe import file_name, storable
from helpdesk.portal.gate import ClientRequest
from helpdesk.tickets import uploads
from helpdesk.tickets.models import StagedFile
from helpdesk.tickets.words import problem_text
from helpdesk.web import stash


@dataclass(frozen=True, slots=True)
class FileLine:
    """A kept file as the page lists it."""

    token: str
    name: str
    size: int
    picture: str = "file-text"
    error: str = ""


@dataclass(slots=True)
class Form:
    """What stands in the form, whoever put it there: the person now, or before their session ended."""

    key: str
    typed: dict[str, str] = field(default_factory=dict)
    staged: list[FileLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    note: str = ""  # files_again: the text came back, files did not

    def get(self, name: str, default: str = "") -> str:
        return self.typed.get(name, default)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing is in it yet."""
        return not (self.typed or self.staged or self.problems)

    @property
    def errors(self) -> dict[str, str]:
        """The sentence at each field."""
        return {problem.field: problem_text(problem) for problem in reversed(self.problems)}

    @property
    def tokens(self) -> set[str]:
        """The kept files that belong to this form."""
        return {line.token for line in self.staged}

    @property
    def body(self) -> RichText:
        """The text as the verbs take it."""
        return from_editor(self.get("body")) if self.get("body_format") == "html" else from_plain(self.get("body"))


def empty(request: ClientRequest, **values: str) -> Form:
    """A fresh form, or what was typed here when the session ended."""
    kept = stash.take(request)
    if kept is None:
        return Form(key=secrets.token_urlsafe(18), typed=dict(values))
    typed, had_files = kept
    form = Form(key=secrets.token_urlsafe(18), typed={**values, **_single(typed.items())})
    form.note = "files_again" if had_files or typed.get("staged") else "text_back"
    return form


def posted(request: ClientRequest) -> Form:
    """The posted form. Files that came with it are kept at once, those no longer listed are dropped."""
    key = storable(request.POST.get("form_key", ""))[:64] or secrets.token_urlsafe(18)
    form = Form(key=key, typed=_single(request.POST.lists()))
    listed = set(request.POST.getlist("staged")) - {request.POST.get("unstage", "")}
    rows = uploads.staged(request.actor, key)
    if gone := [row.pk for row in rows if str(row.pk) not in listed]:
        uploads.drop(request.actor, key, gone)
    kept = [row for row in rows if str(row.pk) in listed]
    if chosen := [file for file in request.FILES.getlist("attachments") if file.name]:
        new, problems = uploads.keep(request.actor, key, chosen)
        form.problems.extend(problems)
        kept += new
    form.staged = lines(kept)
    if refused := [file_name(name) for name in request.POST.getlist("refused") if name][:20]:
        form.problems.append(Problem("attachments", "refused", {"names": ", ".join(refused)}))
    if listed - {"", *(str(row.pk) for row in rows)}:
        form.problems.append(Problem("attachments", "gone"))
    return form


def renew(form: Form, actor: Actor) -> None:
    """A fresh key for a form whose own was used for something else; its kept files go along."""
    key = secrets.token_urlsafe(18)
    uploads.carry_over(actor, form.key, key)
    form.key = key


def wants_only_a_look(request: ClientRequest) -> bool:
    """A button that changes the form and sends nothing: «Показать поля», «Добавить файл», a file taken out."""
    return any(request.POST.get(name) for name in ("show_fields", "add_file", "unstage"))


def lines(rows: Iterable[StagedFile]) -> list[FileLine]:
    return [FileLine(str(row.pk), row.filename, row.size, picture(row.filename)) for row in rows]


def picture(filename: str) -> str:
    """The icon of a file by its name's end."""
    end = filename.rpartition(".")[2].lower()
    if end in {"png", "jpg", "jpeg", "gif", "webp", "bmp", "heic"}:
        return "image"
    return "file-spreadsheet" if end in {"xls", "xlsx", "csv", "ods"} else "file-text"


def _single(items: Iterable[tuple[str, list[Any]]]) -> dict[str, str]:
    return {name: storable(str(values[-1])) for name, values in items if values}
