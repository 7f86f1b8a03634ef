"""A posted form as the views of both sides work with it: what was typed, which files are kept, what is wrong."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from helpdesk.core.actor import Actor, Cause
from helpdesk.core.errors import Problem
from helpdesk.core.richtext import RichText, from_editor, from_plain
from helpdesk.core.text.safe import file_name, storable
from helpdesk.tickets import uploads
from helpdesk.tickets.models import StagedFile
from helpdesk.tickets.words import problem_text
from helpdesk.web import stash

KEY_LENGTH = 64
YEARS = range(1970, 2200)  # others are slips of the keyboard, and some of them no zone can be applied to


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
    """What stands in a form, whoever put it there: the person now, or before their session ended."""

    key: str
    typed: dict[str, str] = field(default_factory=dict)
    staged: list[FileLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    restored: str = ""  # text: what was typed before the session ended; files: and files have to be chosen again;
    # panel: it stands in another form of the page
    is_answer: bool = False  # it was posted: what stands in it is newer than what a browser keeps

    def get(self, name: str, default: str = "") -> str:
        """What was typed into a field."""
        return self.typed.get(name, default)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing is in it yet."""
        return not (self.typed or self.staged or self.problems)

    @property
    def again(self) -> bool:
        """Whether the writer was told that the very same was sent before, and sends it still."""
        return self.get("again") == "1"

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

    @property
    def seen(self) -> int | None:
        """The version that the writer saw."""
        return number(self.get("seen"))

    def moment(self, name: str) -> datetime | None:
        """The moment typed into a field, in the writer's zone; a problem is added for what is none."""
        text = self.get(name).strip()
        if not text:
            return None
        try:
            typed = datetime.fromisoformat(text)
            if typed.year in YEARS:
                return typed if typed.tzinfo else timezone.make_aware(typed)
        except (ValueError, OverflowError):
            pass
        self.problems.append(Problem(name, "not_a_date"))
        return None


def number(text: str) -> int | None:
    """A whole number as a form carries it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def fresh_key() -> str:
    """A key that makes sending a form twice one sending."""
    return secrets.token_urlsafe(18)


def empty(request: HttpRequest, **values: str) -> Form:
    """A fresh form, or what was typed here when the session ended."""
    kept = stash.take(request)
    if kept is None:
        return Form(key=fresh_key(), typed=dict(values))
    typed, had_files = kept
    # under the key that it had: its files lie there, and nothing was sent by it
    key = key_of((typed.get("form_key") or [""])[-1]) or fresh_key()
    listed = {token for token in typed.get("staged", ()) if token}
    files = [row for row in uploads.staged(Actor(request.user.pk, Cause.WEB), key) if str(row.pk) in listed]
    restored = "files" if had_files or len(files) < len(listed) else "text"
    return Form(key=key, typed={**values, **_single(typed.items())}, staged=lines(files), restored=restored)


def posted(request: HttpRequest, actor: Actor) -> Form:
    """The posted form. Files that came with it are kept at once, those no longer listed are dropped."""
    key = key_of(request.POST.get("form_key", "")) or fresh_key()
    form = Form(key=key, typed=_single(request.POST.lists()), is_answer=True)
    listed = set(request.POST.getlist("staged")) - {request.POST.get("unstage", "")}
    rows = uploads.staged(actor, key)
    if gone := [row.pk for row in rows if str(row.pk) not in listed]:
        uploads.drop(actor, key, gone)
    kept = [row for row in rows if str(row.pk) in listed]
    if chosen := [file for file in request.FILES.getlist("attachments") if file.name]:
        new, problems = uploads.keep(actor, key, chosen)
        form.problems.extend(problems)
        kept += new
    form.staged = lines(kept)
    if refused := [file_name(name) for name in request.POST.getlist("refused") if name][:20]:
        code = "refused" if len(refused) > 1 else "refused_one"
        form.problems.append(Problem("attachments", code, {"names": ", ".join(refused)}))
    if listed - {"", *(str(row.pk) for row in rows)}:
        form.problems.append(Problem("attachments", "gone"))
    return form


def kept_files(actor: Actor, form_key: str) -> dict[str, Any]:
    """What lies here for a form of this person's, and whether it was accepted already, so that no draft of it is put
    back: {"files": [{"id", "name", "size"}], "sent": bool}."""
    key = key_of(form_key)
    rows = uploads.staged(actor, key)
    files = [{"id": row.pk, "name": row.filename, "size": row.size} for row in rows]
    return {"files": files, "sent": uploads.was_accepted(actor, key)}


def sent(request: HttpRequest, address: str) -> HttpResponse:
    """On to `address` after a success. A script is told by a header: a redirect would be followed by it alone, and the
    page with the news be used up."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def renew(form: Form, actor: Actor) -> None:
    """A fresh key for a form whose own was used for something else; its kept files go along."""
    key = fresh_key()
    uploads.carry_over(actor, form.key, key)
    form.key = key


def ask_again(form: Form, actor: Actor) -> None:
    """The very same was sent before: the next press of the button is meant."""
    renew(form, actor)
    form.typed["again"] = "1"


def key_of(text: str) -> str:
    """The key of a form as it may be stored."""
    return storable(text)[:KEY_LENGTH]


def only_changes_the_form(request: HttpRequest) -> bool:
    """A button that sends nothing: other fields, a file added, a file taken out."""
    return any(request.POST.get(name) for name in ("show_fields", "add_file", "unstage"))


def lines(rows: Iterable[StagedFile]) -> list[FileLine]:
    """Kept files as the page lists them."""
    return [FileLine(str(row.pk), row.filename, row.size, picture(row.filename)) for row in rows]


def picture(filename: str) -> str:
    """The icon of a file by its name's end."""
    end = filename.rpartition(".")[2].lower()
    if end in {"png", "jpg", "jpeg", "gif", "webp", "bmp", "heic"}:
        return "image"
    return "file-spreadsheet" if end in {"xls", "xlsx", "csv", "ods"} else "file-text"


def _single(items: Iterable[tuple[str, list[Any]]]) -> dict[str, str]:
    return {name: storable(str(values[-1])) for name, values in items if values}
