"""Files chosen in a form before it is sent: kept at once, so that an error elsewhere in the form loses none of them.

A file belongs to the person and the form's key; nobody else can name it. Unsent ones are collected after two days.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from helpdesk.core import clock, db, files
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, NotAllowed, Problem
from helpdesk.core.plain import Columns
from helpdesk.core.text.safe import file_name, one_line
from helpdesk.tickets import policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions.base import FILES_LIMIT, NewFile
from helpdesk.tickets.models import StagedFile, Submission

if TYPE_CHECKING:
    Uploaded = UploadedFile[Any]
else:
    Uploaded = UploadedFile  # generic for the type checker alone

KEPT_FOR = timedelta(days=2)
_STAGED = Columns(StagedFile, "f")


def keep(by: Actor, form_key: str, chosen: Sequence[Uploaded]) -> tuple[list[StagedFile], list[Problem]]:
    """Store the chosen files; those that cannot be taken come back as problems of `attachments`."""
    access = access_of(by)
    if by.person_id is None or access.kind not in {"client", "agent"} or not policies.may_open_any(access):
        raise NotAllowed("upload")
    kept: list[StagedFile] = []
    problems: list[Problem] = []
    room = FILES_LIMIT - StagedFile.objects.filter(person_id=by.person, form_key=form_key[:64]).count()
    for file in chosen:
        name = file_name(file.name or "")
        if (file.size or 0) > settings.MAX_FILE_MB * 1024 * 1024:
            problems.append(Problem("attachments", "file_too_big", {"name": name, "limit": settings.MAX_FILE_MB}))
        elif len(kept) >= room:
            problems.append(Problem("attachments", "too_many", {"name": name, "limit": FILES_LIMIT}))
        else:
            kept.append(_stage(by, form_key, file, name))
    return kept, problems


def _stage(by: Actor, form_key: str, file: Uploaded, name: str) -> StagedFile:
    stored = files.store(file.chunks())  # outside of any transaction: disks are slow
    with verb():
        files.ensure_rows([stored])
        return StagedFile.objects.create(
            person_id=by.person, form_key=form_key[:64], blob_id=stored.sha256, filename=name, size=stored.size,
            content_type=one_line(file.content_type or "", 200), created_at=clock.now(),
        )  # fmt: skip


def staged(by: Actor, form_key: str) -> list[StagedFile]:
    """The files kept for this form, in the order in which they came."""
    rows = db.fetch(
        f"SELECT {_STAGED.sql} FROM tickets_stagedfile f"  # noqa: S608  the model's own columns
        " WHERE f.person_id = %s AND f.form_key = %s ORDER BY f.id",
        [by.person, form_key[:64]],
    )
    return _STAGED.all(rows)


def drop(by: Actor, form_key: str, ids: Iterable[int]) -> int:
    """Forget files of one's own form; the number of those that were there."""
    return StagedFile.objects.filter(person_id=by.person, form_key=form_key[:64], pk__in=list(ids)).delete()[0]


def to_attach(by: Actor, form_key: str, ids: Collection[str]) -> list[NewFile]:
    """The kept files that the sent form lists, as an action takes them. Raises Invalid if there are too many, or one
    is not there any more: nothing is sent without a file that its writer sees in the form.

    Others under the same key are left out: a file may still be on its way when the form that carries it is sent.
    """
    if not ids:
        return []
    rows = [row for row in staged(by, form_key) if str(row.pk) in ids]
    if len(rows) < len(ids):
        raise Invalid(Problem("attachments", "gone"))
    if len(rows) > FILES_LIMIT:
        raise Invalid(Problem("attachments", "too_many", {"limit": FILES_LIMIT}))
    return [NewFile(files.Stored(row.blob_id, row.size), row.filename, row.content_type) for row in rows]


def carry_over(by: Actor, form_key: str, to_key: str) -> None:
    """The kept files of a form go on with a fresh copy of it."""
    StagedFile.objects.filter(person_id=by.person, form_key=form_key[:64]).update(form_key=to_key[:64])


def was_accepted(by: Actor, form_key: str) -> bool:
    """Whether this person's form of this key led to something: what a browser kept of it is no draft any more."""
    return Submission.objects.filter(person_id=by.person, key=form_key[:64], article__isnull=False).exists()
