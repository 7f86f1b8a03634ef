"""Half-written texts, kept on the server until they are sent or thrown away. Each is of one person, and nobody else's.

A saving names the version that it goes on from. Where another device has saved meanwhile, it becomes a draft of its
own: both are kept, and neither is written over. What was sent leaves nothing behind (`actions.base.claimed`); what
another device holds of it beyond that stays a draft. Those that were thrown away are none of
them until they are brought back.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from helpdesk.core import clock, db
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, NotAllowed, NotFound, Problem
from helpdesk.core.plain import Columns, insert
from helpdesk.core.richtext import RichText, from_editor, from_plain
from helpdesk.core.text.figures import whole
from helpdesk.core.text.safe import one_line, snippet, storable
from helpdesk.tickets import overtaken
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions.base import FILES_LIMIT, hold_key, says, sent_by
from helpdesk.tickets.draft_lines import COLUMNS, Line, writer_of
from helpdesk.tickets.models import Draft, StagedFile
from helpdesk.tickets.queries import sight_sql
from helpdesk.tickets.uploads import room_mb, was_accepted

LIMIT = 1_200_000  # characters of all fields together: the longest text that a request takes, and its fields
# a draft begins at some version up to this, not at 1: a page whose draft was thrown away names a version of that one,
# which must not be taken for one of the draft that another device begins under the same key; however often it is saved,
# its figures stay as many as a form is read for (`figures.SHORT`)
FIRST = 900_000_000
MOST = 50  # drafts of one person
PER_MINUTE = 120  # savings of one person
FIELDS = 300
_HEAD = 20_000  # characters of a text that are looked at for its first words

_DRAFT = Columns(Draft, "d")


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in a form. `version`: which one of the draft it goes on from, 0 for none; `files`: kept ones' ids."""

    kind: Draft.Kind
    key: str
    values: Mapping[str, str]
    files: Sequence[int] = ()
    ticket_id: int | None = None
    version: int = 0
    hand: str = ""
    step: int = 0
    is_asked: bool = False  # its writer pressed the button that saves it

    @property
    def words(self) -> str:
        """The beginning of the text, plain, as excerpts have it."""
        return self._rich(self.values.get("body", "")[:_HEAD]).running

    @property
    def said(self) -> tuple[object, ...]:
        """What its sending says, as the verbs count it (`actions.base.claim`)."""
        body = self._rich(self.values.get("body", ""))
        if self.kind == Draft.Kind.NEW:
            return "open", whole(self.values.get("queue", "")), self.values.get("subject", ""), body
        return str(self.kind), self.ticket_id, body

    def _rich(self, body: str) -> RichText:
        return from_editor(body) if self.values.get("body_format") == "html" else from_plain(body)

    @property
    def is_empty(self) -> bool:
        """Whether nobody would miss it: choices alone are no text, unless their writer asked for them to be kept."""
        if self.is_asked and self.kind == Draft.Kind.NEW and self.values.get("queue", "").strip():
            return False
        typed = [text for name, text in self.values.items() if name == "subject" or name.startswith("field_")]
        return not (self.files or one_line(self.words, 100) or any(text.strip() for text in typed))


@dataclass(frozen=True, slots=True)
class Saved:
    """Where it lies now. `files`: the ids of files that had to be copied, old → new; `is_sent`: the form was accepted
    already; `apart`: another device had gone on from the same version, or sent it, so this is a second one. Sent and
    not apart: nothing is kept. `other`: the draft from which a second one has just parted; `gone`: the keys of older
    drafts whose words all stand in this one."""

    key: str
    version: int
    files: Mapping[int, int] = field(default_factory=dict)
    id: int | None = None
    is_sent: bool = False
    apart: bool = False
    other: int | None = None
    gone: Sequence[str] = ()


class Marks(NamedTuple):
    """By what a page knows whether a draft is its own work."""

    version: int
    hand: str
    step: int
    id: int = 0


def save(by: Actor, written: Written) -> Saved:
    """Keep what stands in a form. Changes nothing for a saving that a later one of the same page has overtaken.

    Raises NotAllowed (a stranger, or who saves too often), Invalid (too long, too many).
    """
    _require(by, written)
    now = clock.now()
    with verb():
        hold_key(by, written.key)
        if was_accepted(by, written.key):
            return _after_sending(by, written, now)
        there = _there(by, written, now)
        mine = there.mine
        if mine is not None and there.is_held:
            return _beside_held(by, written, there, now)
        if mine is not None and written.hand and mine.hand == written.hand:
            if written.step <= mine.step:
                return Saved(written.key, mine.version, id=there.id)
        elif there.is_same:
            return Saved(written.key, there.version, id=there.id)
        elif mine is not None and mine.version != written.version and not _holds_it(by, written):
            return _apart(by, written, there, now)
        if written.is_empty:
            db.fetch(_FORGET, [by.person, written.key])
            return Saved(written.key, 0)
        saved = _put(by, written, there, now)
        has_others = there.drafts > int(mine is not None)
        return replace(saved, gone=overtaken.by_saved(by, written)) if has_others else saved


def _beside_held(by: Actor, written: Written, there: "_There", now: datetime) -> Saved:
    """The draft waits to be sent, and nothing changes it then: what its own page had saved came too late, other words
    become a second one."""
    mine = there.mine
    is_late = mine is not None and bool(mine.hand) and mine.hand == written.hand and written.step <= mine.step
    if is_late or there.is_same or written.is_empty:
        return Saved(written.key, 0, id=there.id, is_sent=True)
    return replace(_apart(by, written, there, now), is_sent=True)


def put_on_hold(by: Actor, written: Written, *, send_at: datetime, held: Mapping[str, object]) -> Draft:
    """Keep what is to be sent later, exactly as it was sent, and with what else is asked of it. Within `sending`."""
    now = clock.now()
    saved = _put(by, written, replace(_there(by, written, now, is_saving=False), drafts=0), now)
    rows = Draft.objects.filter(person_id=by.person, form_key=saved.key)
    rows.update(send_at=send_at, held=dict(held), stopped={}, shared_at=None, taken_by=None)
    return rows.get()


def _after_sending(by: Actor, written: Written, now: datetime) -> Saved:
    """The form was sent. What the sending page had saved, or who says the very same, came too late; other words, of
    another device, become a draft of their own, or go on with what `sending` left of them."""
    db.fetch(_FORGET, [by.person, written.key])
    digest, hand, step = db.fetch(
        "SELECT digest, hand, step FROM tickets_submission WHERE person_id = %s AND key = %s", [by.person, written.key]
    )[0]
    is_late = bool(hand) and hand == written.hand and written.step <= step
    if is_late or written.is_empty or says(digest, *written.said):
        return Saved(written.key, 0, is_sent=True)
    left = db.fetch(
        "SELECT form_key FROM tickets_draft WHERE person_id = %s AND hand = %s AND hand <> ''"
        " AND discarded_at IS NULL ORDER BY id DESC LIMIT 1",
        [by.person, written.hand],
    )
    second = replace(written, key=left[0][0] if left else secrets.token_urlsafe(18))
    there = _there(by, second, now)
    if there.mine is not None and written.step <= there.mine.step:
        return Saved(second.key, there.version, id=there.id, is_sent=True, apart=True)
    return replace(_put(by, second, there, now), is_sent=True, apart=True)


@contextmanager
def sending(by: Actor, written: Written) -> Iterator[None]:
    """Around the verb that sends a form: its draft goes with it, unless another device has gone on with that. Then the
    draft is no part of what is sent, and stays under a key of its own."""
    if by.person_id is None or not written.key:
        yield
        return
    with verb():
        hold_key(by, written.key)
        there = _there(by, written, clock.now(), is_saving=False)
        mine = there.mine
        own = mine is None or mine.version == written.version or (written.hand and mine.hand == written.hand)
        if there.id is not None and not own and not there.is_same:
            _leave_apart(by, there.id)
        if there.drafts > int(mine is not None):
            overtaken.by_sent(by, written)
    yield
    if written.hand:
        sent_by(by, written.key, hand=written.hand, step=written.step)


def _leave_apart(by: Actor, draft_id: int) -> None:
    """Give a draft a key of its own, and files of its own with it: those of the form are sent."""
    draft = Draft.objects.get(pk=draft_id)
    draft.form_key = secrets.token_urlsafe(18)
    as_written = Written(Draft.Kind(draft.kind), draft.form_key, draft.values, draft.files)
    draft.files = _own_files(by, as_written, clock.now())[1]
    draft.save(update_fields=["form_key", "files"])


def _require(by: Actor, written: Written) -> None:
    if by.person_id is None or access_of(by).kind not in {"client", "agent"} or not written.key:
        raise NotAllowed("drafts")
    values = written.values
    if len(values) > FIELDS or sum(len(name) + len(text) for name, text in values.items()) > LIMIT:
        raise Invalid(Problem("body", "too_long", {"limit": LIMIT}))
    if len(written.files) > FILES_LIMIT:
        raise Invalid(Problem("attachments", "too_many", {"limit": FILES_LIMIT}))


@dataclass(frozen=True, slots=True)
class _There:
    """What is kept of this person: the draft of the key, whether it holds the very same, what the limits ask for."""

    id: int | None = None
    mine: Marks | None = None
    is_same: bool = False
    is_held: bool = False  # it waits to be sent
    saves: int = 0  # of the draft, in this minute
    drafts: int = 0  # of this person

    @property
    def version(self) -> int:
        return self.mine.version if self.mine else 0


def _there(by: Actor, written: Written, now: datetime, *, is_saving: bool = True) -> _There:
    """One statement. Raises NotAllowed for who saves too often."""
    rows = db.fetch(
        """SELECT id, version, hand, step, send_at IS NOT NULL,
                  CASE WHEN form_key = %s THEN values = %s AND files = %s::bigint[] END,
                  CASE WHEN minute = %s THEN saves ELSE 0 END, form_key = %s
             FROM tickets_draft WHERE person_id = %s AND discarded_at IS NULL""",
        [
            written.key, Jsonb(dict(written.values)), list(written.files), _minute(now), written.key, by.person,
        ],
    )  # fmt: skip
    if is_saving and sum(row[6] for row in rows) >= PER_MINUTE:
        raise NotAllowed("drafts_often")
    found = next((row for row in rows if row[7]), None)
    if found is None:
        return _There(drafts=len(rows))
    return _There(
        found[0], Marks(*found[1:4]), is_held=found[4], is_same=found[5], saves=found[6], drafts=len(rows)
    )  # fmt: skip


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def _holds_it(by: Actor, written: Written) -> bool:
    """Whether an answer says all that lies under its key, and more: nothing of that is lost in it."""
    return written.key in overtaken.held(by, replace(written, key=""))


def _apart(by: Actor, written: Written, there: _There, now: datetime) -> Saved:
    """The draft has gone on elsewhere: other words become a second one."""
    if written.is_empty:
        return Saved(written.key, there.version, id=there.id)
    second = replace(written, key=secrets.token_urlsafe(18), version=0)
    return replace(_put(by, second, _There(drafts=there.drafts), now), apart=True, other=there.id)


def _put(by: Actor, written: Written, there: _There, now: datetime) -> Saved:
    """Write the row under its key, and let it own its files. Raises Invalid where there are too many."""
    if there.id is None and there.drafts >= MOST:
        raise Invalid(Problem("draft", "too_many_drafts", {"limit": MOST}))
    copied, ids = _own_files(by, written, now)
    draft = Draft(
        person_id=by.person, kind=written.kind, ticket_id=written.ticket_id, form_key=written.key,
        version=(max(written.version, there.version) or secrets.randbelow(FIRST)) + 1,
        hand=written.hand, step=written.step,
        values=dict(written.values), files=ids, subject=one_line(written.values.get("subject", ""), 200),
        snippet=snippet(written.words, 200), minute=_minute(now), saves=there.saves + 1, created_at=now,
        changed_at=now,
    )  # fmt: skip
    if there.id is not None:
        rows = db.fetch(
            """UPDATE tickets_draft SET version = %s, hand = %s, step = %s, values = %s, files = %s::bigint[],
                      subject = %s, snippet = %s, kind = %s,
                      ticket_id = CASE WHEN %s = 'new' THEN NULL ELSE coalesce(%s, ticket_id) END,
                      minute = %s, saves = %s, changed_at = %s
                WHERE id = %s AND form_key = %s RETURNING id""",
            [
                draft.version, draft.hand, draft.step, Jsonb(draft.values), ids, draft.subject, draft.snippet,
                draft.kind, draft.kind, draft.ticket_id, draft.minute, draft.saves, now, there.id, written.key,
            ],
        )  # fmt: skip
        if rows:  # else it was thrown away this moment, on another device: what is typed here is kept
            return Saved(written.key, draft.version, copied, there.id)
    insert(draft)
    return Saved(written.key, draft.version, copied, draft.pk)


def _own_files(by: Actor, written: Written, now: datetime) -> tuple[dict[int, int], list[int]]:
    """Files that lie under another key of this person's are copied; those that are gone, left out."""
    if not written.files:
        return {}, []
    ids = list(dict.fromkeys(written.files))
    rows = StagedFile.objects.filter(person_id=by.person, pk__in=ids)
    found = {row.pk: row for row in rows}
    copied: dict[int, int] = {}
    for row in found.values():
        if row.form_key == written.key:
            continue
        old, row.pk, row.form_key, row.created_at = row.pk, None, written.key, now
        row._state.adding = True  # noqa: SLF001  a copy of the row
        row.save(force_insert=True)
        copied[old] = row.pk
    return copied, [copied.get(one, one) for one in ids if one in found]


_FORGET = "DELETE FROM tickets_draft WHERE person_id = %s AND form_key = %s RETURNING id"


def offered(by: Actor, kind: Draft.Kind) -> list[Line]:
    """This person's drafts of a kind, the latest first, those of a new request without a request. One statement."""
    rows = db.fetch(
        f"SELECT {COLUMNS} FROM tickets_draft d"  # noqa: S608  our own text
        " WHERE d.person_id = %s AND d.kind = %s AND d.discarded_at IS NULL ORDER BY d.changed_at DESC, d.id",
        [writer_of(by), kind],
    )
    return [Line(*row) for row in rows]


def of_person(by: Actor) -> list[Line]:
    """All drafts of this person, then those that were thrown away and can be brought back, the latest first each;
    requests are named only where they are visible. One statement."""
    sight, values = sight_sql(access_of(by))
    rows = db.fetch(
        f"""SELECT {COLUMNS}, coalesce(t.number, ''), coalesce(t.subject, ''), d.discarded_at,
                   d.send_at, d.stopped
              FROM tickets_draft d
              LEFT JOIN tickets_ticket t ON t.id = d.ticket_id AND {sight}
             WHERE d.person_id = %s
             ORDER BY d.discarded_at DESC NULLS FIRST, d.changed_at DESC, d.id""",  # noqa: S608  our own text
        [*values, writer_of(by)],
    )
    return [Line(*row) for row in rows]


def one(by: Actor, draft_id: int) -> tuple[Draft, str]:
    """A draft of this person, one thrown away too, and the number of its request if it is visible to them. Raises
    NotFound."""
    sight, values = sight_sql(access_of(by))
    rows = db.fetch(
        f"""SELECT coalesce(t.number, ''), {_DRAFT.sql} FROM tickets_draft d
              LEFT JOIN tickets_ticket t ON t.id = d.ticket_id AND {sight}
             WHERE d.id = %s AND d.person_id = %s""",  # noqa: S608  our own text
        [*values, draft_id, writer_of(by)],
    )
    draft = _DRAFT.take(rows[0], 1) if rows else None
    if draft is None:
        raise NotFound
    return draft, rows[0][0]


def is_there(by: Actor, draft_id: int) -> bool:
    """Whether there is such a draft at all: what was sent or thrown away is none. Raises NotFound for another's."""
    owner = Draft.objects.filter(pk=draft_id).values_list("person_id", flat=True).first()
    if owner not in {None, by.person_id}:
        raise NotFound
    return owner is not None


def marks(by: Actor, form_key: str) -> Marks | None:
    """Which version of a form's draft lies here, and whose work it is."""
    rows = db.fetch(
        "SELECT version, hand, step, id FROM tickets_draft WHERE person_id = %s AND form_key = %s",
        [by.person_id, form_key[:64]],
    )
    return Marks(*rows[0]) if rows else None


def discard(by: Actor, draft_id: int) -> tuple[Draft, str]:
    """Throw a draft of one's own away, with its files, and tell what its form's key was. Both lie on under a key that
    no form knows, until they are brought back or swept; whoever still writes under the old one begins a new draft.
    Changes nothing that was thrown away already. Raises NotFound."""
    with verb():
        draft = _mine(by, draft_id)
        if draft.discarded_at is not None:
            return draft, ""
        draft.discarded_at, draft.send_at = clock.now(), None  # what waits to be sent does not go any more
        old, draft.form_key = draft.form_key, secrets.token_urlsafe(18)
        draft.save(update_fields=["discarded_at", "send_at", "form_key"])
        StagedFile.objects.filter(person_id=by.person, form_key=old).update(form_key=draft.form_key)
        db.fetch(_SWEEP_OVER, [by.person, MOST, room_mb() * 1024 * 1024])
    return draft, old


def bring_back(by: Actor, draft_id: int) -> Draft:
    """Take what was thrown away among one's drafts again, whole; changes nothing for one that lies there. Raises
    NotFound, Invalid (too many)."""
    with verb():
        draft = _mine(by, draft_id)
        if draft.discarded_at is None:
            return draft
        if Draft.objects.filter(person_id=by.person, discarded_at=None).count() >= MOST:
            raise Invalid(Problem("draft", "too_many_drafts", {"limit": MOST}))
        draft.discarded_at, draft.changed_at = None, clock.now()
        draft.save(update_fields=["discarded_at", "changed_at"])
    return draft


def _mine(by: Actor, draft_id: int) -> Draft:
    """A draft, locked with the key of its form: nobody saves or sends that until the commit."""
    for _again in range(3):  # its key may change before it is held
        mine = Draft.objects.filter(pk=draft_id, person_id=by.person_id or 0)
        key = mine.values_list("form_key", flat=True).first()
        if key is None:
            raise NotFound
        hold_key(by, key)
        if draft := mine.filter(form_key=key).select_for_update(of=("self",)).first():
            return draft
    raise NotFound


# of what one person threw away, the oldest beyond so many or so much; never the latest
_SWEEP_OVER = """
    WITH thrown AS (
      SELECT d.id, row_number() OVER latest AS place, sum(
               (SELECT coalesce(sum(f.size), 0) FROM tickets_stagedfile f
                 WHERE f.person_id = d.person_id AND f.form_key = d.form_key)) OVER latest AS bytes
        FROM tickets_draft d WHERE d.person_id = %s AND d.discarded_at IS NOT NULL
      WINDOW latest AS (ORDER BY d.discarded_at DESC, d.id DESC))
    DELETE FROM tickets_draft USING thrown
     WHERE tickets_draft.id = thrown.id AND place > 1 AND (place > %s OR bytes > %s)
    RETURNING tickets_draft.id"""


def carry_over(by: Actor, form_key: str, to_key: str) -> None:
    """The draft of a form goes on with a fresh copy of it."""
    db.fetch(
        "UPDATE tickets_draft SET form_key = %s WHERE person_id = %s AND form_key = %s RETURNING id",
        [to_key[:64], by.person, form_key[:64]],
    )


def forget_old(before: datetime, *, discarded: datetime) -> int:
    """Clear away the drafts that nobody has changed since `before`, and those thrown away before `discarded`; how
    many. Their files go with the next collection (`uploads.forget_unsent`)."""
    return len(
        db.fetch(
            """DELETE FROM tickets_draft WHERE send_at IS NULL
                  AND (discarded_at IS NULL AND changed_at < %s OR discarded_at < %s) RETURNING id""",
            [before, discarded],
        )
    )


def stored_values(values: Mapping[str, Any]) -> dict[str, str]:
    """The typed values of a form as they may be stored."""
    return {storable(str(name))[:100]: storable(str(text)) for name, text in values.items()}
