"""Files chosen in a form before it is sent: kept at once, so that an error elsewhere in the form loses none of them.

A file belongs to the person and the form's key; nobody else can name it. Unsent ones are collected after two days,
but those that a draft holds (`drafts`).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from helpdesk.core import clock, db, files
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, NotAllowed, Problem
from helpdesk.core.plain import Columns
from helpdesk.core.text.safe import one_line, uploaded_name
from helpdesk.tickets import policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions.base import FILES_LIMIT, NewFile
from helpdesk.tickets.models import Draft, StagedFile, Submission

if TYPE_CHECKING:
    Uploaded = UploadedFile[Any]
else:
    Uploaded = UploadedFile  # generic for the type checker alone

KEPT_FOR = timedelta(days=2)
ROOM = 10  # times HELPDESK_MAX_POST_MB: what all unsent forms of one client hold together
PICTURE = "kept-"  # begins the name by which a text shows one of its form's files
_STAGED = Columns(StagedFile, "f")


def keep(
    by: Actor, form_key: str, chosen: Sequence[Uploaded], *, beside: int | None = None, field: str = ""
) -> tuple[list[StagedFile], list[Problem]]:
    """Store the chosen files; those that cannot be taken come back as problems of `attachments`. `beside`: how many
    the form holds already; else as many as lie here under its key. `field`: the queue's own field they are for."""
    access = access_of(by)
    if by.person_id is None or access.kind not in {"client", "agent"} or not policies.may_open_any(access):
        raise NotAllowed("upload")
    kept: list[StagedFile] = []
    problems: list[Problem] = []
    if beside is None:
        beside = StagedFile.objects.filter(person_id=by.person, form_key=form_key[:64]).count()
    room = FILES_LIMIT - beside
    space = _space(by) if access.is_client else None
    for file in chosen:
        name = uploaded_name(file.name or "")
        if (file.size or 0) > settings.MAX_FILE_MB * 1024 * 1024:
            problems.append(Problem("attachments", "file_too_big", {"name": name, "limit": settings.MAX_FILE_MB}))
        elif len(kept) >= room:
            problems.append(Problem("attachments", "too_many", {"name": name, "limit": FILES_LIMIT}))
        elif space is not None and sum(row.size for row in kept) + (file.size or 0) > space:
            problems.append(Problem("attachments", "no_space", {"name": name, "limit": room_mb()}))
        else:
            kept.append(_stage(by, form_key, file, name, field))
    return kept, problems


def room_mb() -> int:
    """How many megabytes all unsent forms of one client hold together."""
    return ROOM * int(settings.MAX_POST_MB)


def _space(by: Actor) -> int:
    """How many bytes more the unsent forms of this person may hold; what was thrown away takes no room."""
    held = db.fetch(
        """SELECT coalesce(sum(f.size), 0)::bigint FROM tickets_stagedfile f WHERE f.person_id = %s AND NOT EXISTS (
             SELECT 1 FROM tickets_submission s WHERE s.person_id = f.person_id AND s.key = f.form_key)
           AND NOT EXISTS (
             SELECT 1 FROM tickets_draft d
              WHERE d.person_id = f.person_id AND d.form_key = f.form_key AND d.discarded_at IS NOT NULL)""",
        [by.person],
    )
    return room_mb() * 1024 * 1024 - int(held[0][0])


def _stage(by: Actor, form_key: str, file: Uploaded, name: str, field: str) -> StagedFile:
    stored = files.store(file.chunks())  # outside of any transaction: disks are slow
    with verb():
        files.ensure_rows([stored])
        return StagedFile.objects.create(
            person_id=by.person, form_key=form_key[:64], blob_id=stored.sha256, filename=name, size=stored.size,
            content_type=one_line(file.content_type or "", 200), field=field[:50],
            created_at=clock.now(),
        )  # fmt: skip


def staged(by: Actor, form_key: str) -> list[StagedFile]:
    """The files kept for this form, in the order in which they came."""
    rows = db.fetch(
        f"SELECT {_STAGED.sql} FROM tickets_stagedfile f"  # noqa: S608  the model's own columns
        " WHERE f.person_id = %s AND f.form_key = %s ORDER BY f.id",
        [by.person, form_key[:64]],
    )
    return _STAGED.all(rows)


def names(person_id: int, form_key: str, ids: Collection[int]) -> list[str]:
    """What the kept files of a form are called."""
    rows = StagedFile.objects.filter(person_id=person_id, form_key=form_key, pk__in=ids).order_by("pk")
    return list(rows.values_list("filename", flat=True))


def in_order(rows: Iterable[StagedFile], ids: Iterable[str]) -> list[StagedFile]:
    """Those that a form lists, in its order: several travel at once and come in any."""
    by_id = {str(row.pk): row for row in rows}
    return [by_id[token] for token in dict.fromkeys(ids) if token in by_id]


def drop(by: Actor, form_key: str, ids: Iterable[int]) -> int:
    """Take files out of one's own form; the number of those that were there. What its draft lists stays until that is
    saved without it, and is collected then (`forget_unsent`): another device may have the same draft open."""
    own = StagedFile.objects.filter(person_id=by.person, form_key=form_key[:64], pk__in=list(ids))
    listed = Draft.objects.filter(person_id=by.person, form_key=form_key[:64]).values_list("files", flat=True).first()
    there = own.count()
    own.exclude(pk__in=listed or []).delete()
    return there


def is_within(html: str, token: str) -> bool:
    """Whether a kept file stands as a picture in a text that came with its form."""
    return f'src="cid:{PICTURE}{token}"' in html


def to_attach(by: Actor, form_key: str, ids: Collection[str], *, within: str = "") -> list[NewFile]:
    """The kept files that the sent form lists, in its order, as an action takes them. Raises Invalid if there are too
    many, or one is not there any more: nothing is sent without a file that its writer sees in the form. Pictures of
    the text `within` (cleaned markup) go with it.

    Others under the same key are left out: a file may still be on its way when the form that carries it is sent.
    """
    if not ids:
        return []
    rows = in_order(staged(by, form_key), ids)
    if len(rows) < len(set(ids)):
        raise Invalid(Problem("attachments", "gone"))
    if len(rows) > FILES_LIMIT:
        raise Invalid(Problem("attachments", "too_many", {"limit": FILES_LIMIT}))
    return [
        NewFile(
            files.Stored(row.blob_id, row.size), row.filename, row.content_type, field=row.field,
            inline=(inline := is_within(within, str(row.pk))), content_id=f"{PICTURE}{row.pk}" if inline else "",
        )
        for row in rows
    ]  # fmt: skip


def one(by: Actor, form_key: str, token: str) -> StagedFile | None:
    """A kept file of one's own form."""
    return next((row for row in staged(by, form_key) if str(row.pk) == token), None)


def carry_over(by: Actor, form_key: str, to_key: str) -> None:
    """The kept files of a form go on with a fresh copy of it."""
    StagedFile.objects.filter(person_id=by.person, form_key=form_key[:64]).update(form_key=to_key[:64])


def was_accepted(by: Actor, form_key: str) -> bool:
    """Whether this person's form of this key led to something: what a browser kept of it is no draft any more."""
    return Submission.objects.filter(person_id=by.person, key=form_key[:64], article__isnull=False).exists()


def sender(by: Actor, form_key: str) -> tuple[str, int] | None:
    """Which page sent this person's accepted form, and with which of its savings; None where it was not accepted."""
    sent = Submission.objects.filter(person_id=by.person, key=form_key[:64], article__isnull=False)
    return sent.values_list("hand", "step").first()


def forget_unsent(before: datetime) -> int:
    """Clear away the files that came before this and whose forms were not sent; what a draft lists stays with it."""
    return len(
        db.fetch(
            """DELETE FROM tickets_stagedfile f WHERE f.created_at < %s AND NOT EXISTS (
                 SELECT 1 FROM tickets_draft d
                  WHERE d.person_id = f.person_id AND d.form_key = f.form_key AND f.id = ANY(d.files))
               RETURNING f.id""",
            [before],
        )
    )
