"""Forms and their drafts: what stands in a form is put into a draft, and a draft back into a form."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, QueryDict

from helpdesk.core import clock, db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound, Refusal
from helpdesk.core.richtext import from_editor, from_plain
from helpdesk.fronts import form as forms
from helpdesk.fronts import intake
from helpdesk.fronts.form import Form
from helpdesk.tickets import drafts, overtaken, pages, uploads
from helpdesk.tickets.draft_lines import Line
from helpdesk.tickets.drafts import Saved, Written
from helpdesk.tickets.models import Draft, Queue
from helpdesk.tickets.words import (
    DRAFT_ANSWERED,
    DRAFT_APART,
    DRAFT_GONE,
    DRAFT_SAVED,
    DRAFT_SENT,
    problem_text,
    refusal_text,
)
from helpdesk.web.jinja import moment_text

# what a form carries beside what its writer said
_OURS = frozenset({
    "csrfmiddlewaretoken", "writer", "form_key", "again", "staged", "unstage", "add_file", "show_fields", "save_draft",
    "later", "draft_version", "draft_hand", "draft_step", "refused", "refused_why", "attachments", "similar",
})  # fmt: skip
VERSION = "draft_version"


def opened(request: HttpRequest, actor: Actor, kind: Draft.Kind, ticket_id: int | None = None) -> Form | None:
    """The form with the draft that the address names, if it belongs here."""
    draft_id = forms.number(request.GET.get("draft", ""))
    try:
        draft, number = drafts.one(actor, draft_id) if draft_id else (None, "")
        if draft is None or draft.kind != kind or draft.discarded_at is not None:
            return None
        # of a request that was merged into this one since it was begun, it goes on here
        belongs = draft.ticket_id == ticket_id or (bool(number) and pages.for_page(actor, number).pk == ticket_id)
    except NotFound:
        return None
    if not belongs:
        return None
    return _form(actor, draft, draft.values)


def answer_as_new(request: HttpRequest, actor: Actor) -> Form | None:
    """A new request with the text and files of the answer whose draft the address names as `answer`: its request takes
    none any more. What is sent or saved of it takes the draft's place."""
    draft_id = forms.number(request.GET.get("answer", ""))
    try:
        draft, number = drafts.one(actor, draft_id) if draft_id else (None, "")
        about = pages.for_page(actor, number) if number else None
    except NotFound:
        return None
    if draft is None or draft.kind != Draft.Kind.REPLY or draft.discarded_at is not None:
        return None
    subject = f"{about.subject[:150]}, № {about.number}" if about else ""
    kept = {name: text for name, text in draft.values.items() if name in {"body", "body_format"}}
    return _form(actor, draft, {"subject": subject, "priority": "3", **kept})


def others(actor: Actor, lines: Sequence[Line], form: Form, ticket_id: int) -> list[Line]:
    """The drafts of answers to a request to offer beside a form: not the one that stands in it, nor older copies of
    what a session that had ended left there. One statement more for that."""
    found = [line for line in lines if line.key != form.key]
    if not (found and form.restored):
        return found
    files = [number for token in form.tokens if (number := forms.number(token)) is not None]
    held = overtaken.held(actor, Written(Draft.Kind.REPLY, form.key, form.typed, files, ticket_id))
    return [line for line in found if line.key not in held]


def reopened(actor: Actor, draft_id: int) -> Form | None:
    """The form with a draft of this person's; None where it is gone meanwhile."""
    try:
        draft, _number = drafts.one(actor, draft_id)
    except NotFound:
        return None
    return _form(actor, draft, draft.values)


def _form(actor: Actor, draft: Draft, values: Mapping[str, str]) -> Form:
    there = uploads.in_order(uploads.staged(actor, draft.form_key), [str(one) for one in draft.files])
    typed = {**values, VERSION: str(draft.version)}
    saved = str(DRAFT_SAVED) % {"when": moment_text(draft.changed_at)}
    return Form(key=draft.form_key, typed=typed, staged=forms.lines(there), draft_id=draft.pk, told=saved)


def written(posted: QueryDict, form: Form, kind: Draft.Kind, ticket_id: int | None = None) -> Written:
    """What stands in a posted form."""
    values = {name: text for name, text in form.typed.items() if name not in _OURS and len(name) <= 100}
    return Written(
        kind, form.key, values, [int(token) for token in form.tokens], ticket_id,
        version=forms.number(posted.get(VERSION, "")) or 0, hand=forms.key_of(posted.get("draft_hand", ""))[:32],
        step=forms.number(posted.get("draft_step", "")) or 0, is_asked="save_draft" in posted,
    )  # fmt: skip


def keep(request: HttpRequest, actor: Actor, form: Form, kind: Draft.Kind, ticket_id: int | None = None) -> None:
    """Keep what a posted form holds that comes back to its writer, and let it go on from there. Where a limit forbids
    it, the form holds everything all the same."""
    try:
        with db.entry():
            saved = drafts.save(actor, written(request.POST, form, kind, ticket_id))
    except Refusal as refusal:
        form.told = reason(refusal)
        return
    if saved.apart:  # it goes on under a key of its own
        form.key = saved.key
        order = [str(saved.files.get(int(token), token)) for token in form.tokens]
        form.staged = forms.lines(uploads.in_order(uploads.staged(actor, saved.key), order))
    form.typed[VERSION], form.draft_id, form.told = str(saved.version), saved.id or 0, told(saved)
    form.other_draft = saved.other or 0


def lies_at(request: HttpRequest, form: Form) -> int:
    """The draft where all of a posted form lies that only changed its looks: its page is asked for then, so that «back»
    and a reload send nothing again. 0 where a page says more than the draft holds, or a script shows the answer."""
    said_once = form.problems or form.other_draft
    return 0 if said_once or request.headers.get("HX-Request") == "true" else form.draft_id


def keep_unsent(request: HttpRequest, actor: Actor, kind: Draft.Kind, ticket_id: int | None = None) -> int:
    """Keep what was posted where it cannot be sent; the draft that it is now, or 0."""
    key = forms.key_of(request.POST.get("form_key", "")) or forms.fresh_key()
    form = Form(key=key, typed=forms.single(request.POST.lists()))
    form.staged = forms.lines(uploads.staged(actor, key))
    keep(request, actor, form, kind, ticket_id)
    return form.draft_id


def told(saved: Saved) -> str:
    """What is said of a saving."""
    if saved.is_sent and not saved.apart:
        return str(DRAFT_GONE)
    if not saved.version:
        return ""
    if saved.apart:
        return str(DRAFT_SENT if saved.is_sent else DRAFT_APART)
    return str(DRAFT_SAVED) % {"when": moment_text(clock.now())}


def by_script(
    request: HttpRequest, actor: Actor, kind: Draft.Kind, ticket_id: int | None = None
) -> tuple[dict[str, Any], int]:
    """Keep what a script sends of a form while it is written: what it is told, and the status.

    {"key", "version", "id", "files": {old id: new}, "sent", "told", "other", "gone": [keys of drafts]}, or 422 and
    429 {"message"}.
    """
    form = Form(key=forms.key_of(request.POST.get("form_key", "")), typed=forms.single(request.POST.lists()))
    listed = [token for token in request.POST.getlist("staged") if forms.number(token) is not None]
    form.staged = [forms.FileLine(token, "", 0) for token in dict.fromkeys(listed)]
    try:
        with db.entry():
            saved = drafts.save(actor, written(request.POST, form, kind, ticket_id))
    except Refusal as refusal:
        return {"message": reason(refusal)}, 429 if refusal.code == "drafts_often" else 422
    return {
        "key": saved.key, "version": saved.version, "id": saved.id, "files": saved.files,
        "sent": saved.is_sent and not saved.apart,
        "told": told(saved), "other": saved.other, "gone": list(saved.gone),
    }, 200  # fmt: skip


def reason(refusal: Refusal) -> str:
    """Why something was not kept."""
    problems = getattr(refusal, "problems", ())
    return problem_text(problems[0]) if problems else refusal_text(refusal)


def answered(who: str) -> str:
    """What is said of an answer that came while somebody wrote theirs."""
    return str(DRAFT_ANSWERED) % {"name": who}


def whole_text(values: Mapping[str, str], queues: Sequence[Queue], language: str) -> str:
    """All that was typed into a form, plain, the fields before the text, each with its label. `queues`: those that a
    new request may be for, or might once."""
    chosen = sorted(queues, key=lambda queue: str(queue.pk) != values.get("queue"))
    own = {name.removeprefix(forms.FIELD): text for name, text in values.items() if name.startswith(forms.FIELD)}
    told = intake.told(chosen, own, language) if own else []
    fields = "\n".join(f"{label}: {text}" if label else text for label, text in told)
    body = values.get("body", "")
    text = (from_editor(body) if values.get("body_format") == "html" else from_plain(body)).text
    return "\n\n".join(part for part in (values.get("subject", ""), fields, text) if part.strip())
