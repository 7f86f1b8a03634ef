"""A posted form as the views of both sides work with it: what was typed, which files are kept, what is wrong."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from helpdesk.core import clock, files
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.errors import Problem
from helpdesk.core.richtext import RichText, from_editor, from_plain
from helpdesk.core.text import figures
from helpdesk.core.text.safe import file_name, storable
from helpdesk.tickets import drafts, uploads
from helpdesk.tickets.actions import NewFile
from helpdesk.tickets.models import StagedFile
from helpdesk.tickets.words import problem_text
from helpdesk.web import left_out, stash
from helpdesk.web.downloads import file_response

KEY_LENGTH = 64
FIELD = "field_"  # begins the names of a queue's own fields
_SENDING = timedelta(minutes=1)  # a form sent twice is worked on at the same time for no longer than this
number = figures.number  # with the rest of what reads a form
YEARS = range(1970, 2200)  # others are slips of the keyboard, and some of them no zone can be applied to


@dataclass(frozen=True, slots=True)
class FileLine:
    """A kept file as the page lists it."""

    token: str
    name: str
    size: int
    picture: str = "file-text"
    error: str = ""
    field: str = ""  # key of the queue's own field it was chosen for
    sha256: str = ""  # of its content


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
    draft_id: int = 0  # the draft that it stands in
    told: str = ""  # what is said of that draft
    other_draft: int = 0  # what was changed on another device, and stays beside it
    news: tuple[str, str] = ("", "")  # what has been answered since it was written, and where that stands

    def get(self, name: str, default: str = "") -> str:
        """What was typed into a field."""
        return self.typed.get(name, default)

    @property
    def draft_version(self) -> int:
        """From which version of its draft it goes on; 0 where there is none."""
        return number(self.get("draft_version")) or 0

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
        found = {problem.field: problem_text(problem) for problem in reversed(self.problems)}
        if "attachments" in found:  # each may be of another file, which the list does not hold any more
            told = [problem_text(problem) for problem in self.problems if problem.field == "attachments"]
            found["attachments"] = ". ".join(dict.fromkeys(told))
        return found

    @property
    def tokens(self) -> list[str]:
        """The kept files that belong to this form, in its order."""
        return [line.token for line in self.staged]

    @property
    def attached(self) -> list[NewFile]:
        """The kept files as the rules for what was typed look at them; `uploads.to_attach` gives them to be sent."""
        html = self.body.html
        return [
            NewFile(
                files.Stored(line.sha256, line.size),
                line.name,
                field=line.field,
                inline=uploads.is_within(html, line.token),
            )
            for line in self.staged
        ]

    @property
    def values(self) -> dict[str, str]:
        """What stands in the queue's own fields, by their keys."""
        return {name.removeprefix(FIELD): text for name, text in self.typed.items() if name.startswith(FIELD)}

    @property
    def body(self) -> RichText:
        """The text as the verbs take it."""
        return from_editor(self.get("body")) if self.get("body_format") == "html" else from_plain(self.get("body"))

    def besides(self, shown: Iterable[str]) -> list[tuple[str, str]]:
        """What was typed into fields of other queues than the chosen one, by name: a page without scripts carries it
        along. `shown`: the names of the chosen one's."""
        own = set(shown)
        return [(n, v) for n, v in self.typed.items() if n.startswith(FIELD) and v and n not in own]

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
            typed = _moment(text)
            if typed.year in YEARS:
                return typed if typed.tzinfo else timezone.make_aware(typed)
        except (ValueError, OverflowError):
            pass
        self.problems.append(Problem(name, "not_a_moment", {"first": YEARS[0], "last": YEARS[-1]}))
        return None


def _moment(text: str) -> datetime:
    """A moment as a field of the browser gives it, or as people write it: 24.11.2026, 09:00. Raises ValueError."""
    try:
        return datetime.strptime(text.replace(",", ""), "%d.%m.%Y %H:%M")  # noqa: DTZ007  the writer's zone follows
    except ValueError:
        return datetime.fromisoformat(text)


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
    listed = [token for token in typed.get("staged", ()) if token]
    files = uploads.in_order(uploads.staged(Actor(request.user.pk, Cause.WEB), key), listed)
    restored = "files" if had_files or len(files) < len(set(listed)) else "text"
    return Form(key=key, typed={**values, **single(typed.items())}, staged=lines(files), restored=restored)


def posted(request: HttpRequest, actor: Actor) -> Form:
    """The posted form. Files that came with it are kept at once, those no longer listed are dropped.

    Not those that came a moment ago: the same form sent twice has put them there, and is about to attach them. Nor
    those that a draft lists (`uploads.drop`).
    """
    key = key_of(request.POST.get("form_key", "")) or fresh_key()
    form = Form(key=key, typed=single(request.POST.lists()), is_answer=True)
    removed = request.POST.get("unstage", "")
    listed = [token for token in request.POST.getlist("staged") if token != removed]
    rows, long_ago = uploads.staged(actor, key), clock.now() - _SENDING
    unlisted = [row for row in rows if str(row.pk) not in listed]
    if gone := [row.pk for row in unlisted if str(row.pk) == removed or row.created_at < long_ago]:
        uploads.drop(actor, key, gone)
    kept = uploads.in_order(rows, listed)
    for key_of_field, chosen in _chosen(request):
        new, problems = uploads.keep(actor, key, chosen, beside=len(kept), field=key_of_field)
        form.problems.extend(problems)
        kept += new
    form.staged = lines(kept)
    form.problems.extend(_refused(request))
    if left_out.told(request):
        form.problems.append(Problem("attachments", "too_much", {"limit": settings.MAX_POST_MB}))
    if set(listed) - {"", *(str(row.pk) for row in rows)}:
        form.problems.append(Problem("attachments", "gone"))
    return form


def _chosen(request: HttpRequest) -> list[tuple[str, list[Any]]]:
    """The files that came with the form: those in general, and those of the queue's own fields by their keys."""
    names = ["attachments", *(name for name in request.FILES if name.startswith(FIELD))]
    found = [(name, [file for file in request.FILES.getlist(name) if file.name]) for name in names]
    return [
        (storable(name.removeprefix(FIELD)) if name != "attachments" else "", chosen)
        for name, chosen in found
        if chosen
    ]


def _refused(request: HttpRequest) -> list[Problem]:
    """The files that the page's list held without being able to send them, each with the reason that it gave."""
    names = [file_name(name) for name in request.POST.getlist("refused") if name][:20]
    reasons = request.POST.getlist("refused_why")
    big = [name for place, name in enumerate(names) if reasons[place : place + 1] == ["file_too_big"]]
    others = [name for name in names if name not in big]
    found = []
    if big:
        found.append(Problem("attachments", "file_too_big", {"name": ", ".join(big), "limit": settings.MAX_FILE_MB}))
    if others:
        code = "refused" if len(others) > 1 else "refused_one"
        found.append(Problem("attachments", code, {"names": ", ".join(others)}))
    return found


def kept_files(actor: Actor, form_key: str) -> dict[str, Any]:
    """What lies here for a form of this person's, and whether it was accepted already, so that no draft of it is put
    back: {"files": [{"id", "name", "size", "field"}], "sent": [hand, step] of the page that sent it or
    false, "draft": [version, hand, step, id] or null}."""
    key = key_of(form_key)
    rows = uploads.staged(actor, key)
    found = [{"id": row.pk, "name": row.filename, "size": row.size, "field": row.field} for row in rows]
    return {"files": found, "sent": uploads.sender(actor, key) or False, "draft": drafts.marks(actor, key)}


def kept_picture(actor: Actor, form_key: str, token: str) -> HttpResponseBase:
    """A picture of a text that is not sent yet. Raises Http404 for what is none of one's own form."""
    row = uploads.one(actor, key_of(form_key), token)
    if row is None:
        raise Http404
    try:
        return file_response(files.path_of(row.blob_id), filename=row.filename, inline=True)
    except FileNotFoundError:
        raise Http404 from None


def sent(request: HttpRequest, address: str) -> HttpResponse:
    """On to `address` after a success. A script is told by a header: a redirect would be followed by it alone, and the
    page with the news be used up. `Form-Sent` tells it from the way to the sign-in: the text is not to come again."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address, "Form-Sent": "1"})
    return HttpResponseRedirect(address)


def renew(form: Form, actor: Actor) -> None:
    """A fresh key for a form whose own was used for something else; its kept files go along."""
    key = fresh_key()
    uploads.carry_over(actor, form.key, key)
    drafts.carry_over(actor, form.key, key)
    form.key = key


def ask_again(form: Form, actor: Actor) -> None:
    """The very same was sent before: the next press of the button is meant."""
    renew(form, actor)
    form.typed["again"] = "1"


def key_of(text: str) -> str:
    """The key of a form as it may be stored."""
    return storable(text)[:KEY_LENGTH]


def only_changes_the_form(request: HttpRequest) -> bool:
    """A button that sends nothing: other fields, another queue, a file added, a file taken out, a draft kept."""
    return any(request.POST.get(name) for name in ("show_fields", "add_file", "unstage", "instead", "save_draft"))


def lines(rows: Iterable[StagedFile]) -> list[FileLine]:
    """Kept files as the page lists them."""
    return [
        FileLine(str(row.pk), row.filename, row.size, picture(row.filename), field=row.field, sha256=row.blob_id)
        for row in rows
    ]


def picture(filename: str) -> str:
    """The icon of a file by its name's end."""
    end = filename.rpartition(".")[2].lower()
    if end in {"png", "jpg", "jpeg", "gif", "webp", "bmp", "heic"}:
        return "image"
    return "file-spreadsheet" if end in {"xls", "xlsx", "csv", "ods"} else "file-text"


def single(items: Iterable[tuple[str, list[Any]]]) -> dict[str, str]:
    """Each field with the last of its values, as it may be stored."""
    return {name: storable(str(values[-1])) for name, values in items if values}
