"""An answer that waits before it leaves: a draft with the moment of its sending, untouched and unseen until then.

It becomes article, state and letters in one transaction at that moment, by a job; whoever dies meanwhile leaves it
waiting, and nobody sends it twice, since with the article the draft is gone. What cannot be sent any more becomes an
ordinary draft again and says why.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from helpdesk.core import clock, db, jobs
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.db import verb
from helpdesk.core.errors import Conflict, Invalid, NotFound, Problem, Refusal
from helpdesk.core.richtext import RichText, from_editor, from_plain
from helpdesk.tickets import drafts, uploads
from helpdesk.tickets.actions import base
from helpdesk.tickets.actions.base import NewFile, StateMove
from helpdesk.tickets.actions.reply import check, reply
from helpdesk.tickets.drafts import Written
from helpdesk.tickets.models import Article, Draft


def hold(
    ticket_id: int, *, by: Actor, written: Written, body: RichText, send_at: datetime,
    attachments: Sequence[NewFile] = (), then: StateMove | None = None, seen: int | None = None, again: bool = False,
    asks: bool = False, is_timed: bool = False, unless_client: bool = False, at: datetime | None = None,
) -> Draft | Article:  # fmt: skip
    """Have an answer sent at `send_at`, as `reply` would now. `is_timed`: its writer chose the moment; `unless_client`:
    not if the client writes before. The same form again leads to the same draft, or to the article that it became.

    Raises what `reply` raises: nothing is held that could not be sent now.
    """
    with verb():
        base.hold_key(by, written.key)
        waiting = Draft.objects.filter(person_id=by.person, form_key=written.key, send_at__isnull=False).first()
        if waiting is not None:
            return waiting
        earlier = base.claim(
            by, written.key, "reply", ticket_id, body, choices=[then], attachments=attachments, again=again
        )  # fmt: skip
        if earlier is not None:
            return earlier
        act = base.locked(ticket_id, by=by, at=at)
        check(act, body, attachments, then=then, seen=seen, asks=asks)
        _check_times(act.at, send_at if is_timed else None, then)
        held = {
            "state": then.code if then else "", "until": then.until.isoformat() if then and then.until else "",
            "again": again, "timed": is_timed, "unless_client": unless_client, "seen": act.ticket.last_event_seq,
        }  # fmt: skip
        with drafts.sending(by, written):
            draft = drafts.put_on_hold(by, written, send_at=send_at, held=held)
        base.unclaimed(by, written.key)
        jobs.defer("tickets.send_held", at=send_at, draft_id=draft.pk)
        return draft


def _check_times(now: datetime, chosen: datetime | None, then: StateMove | None) -> None:
    if chosen is None:
        return
    if chosen <= now:
        raise Invalid(Problem("send_at", "has_passed"))
    if then is not None and then.until is not None and then.until <= chosen:
        raise Invalid(Problem("until", "before_sending"))


def release(by: Actor, draft_id: int) -> Draft:
    """Do not send it: it is a draft again, with everything that was in it. Raises NotFound where it has left already,
    or never was this person's."""
    with verb():
        rows = Draft.objects.select_for_update().filter(pk=draft_id, person_id=by.person, send_at__isnull=False)
        draft = rows.first()
        if draft is None:
            raise NotFound
        draft.send_at, draft.held, draft.changed_at = None, {}, clock.now()
        draft.save(update_fields=["send_at", "held", "changed_at"])
        return draft


def send_sooner(by: Actor, draft_id: int) -> None:
    """Send it now, as far as it still waits; its writer wants it whatever the client wrote. Raises NotFound."""
    with db.entry():
        row = Draft.objects.select_for_update().filter(pk=draft_id, person_id=by.person, send_at__isnull=False).first()
        if row is None:
            raise NotFound
        row.send_at, row.held = clock.now(), {**row.held, "unless_client": False}
        row.save(update_fields=["send_at", "held"])
    send_held(draft_id)


def send_held(draft_id: int, *, at: datetime | None = None) -> Article | None:
    """Send an answer whose moment has come; None where there is none to be sent (any more). Several at once send it
    once. Must not be called within a transaction."""
    now = at or clock.now()
    draft = Draft.objects.filter(pk=draft_id, send_at__lte=now).first()
    if draft is None:
        return None
    by = Actor(draft.person_id, Cause.WEB)
    try:
        with db.entry():
            return _send(draft, by, now)
    except Refusal as refusal:
        with db.entry():
            due = Draft.objects.filter(pk=draft_id, send_at__lte=now)
            due.update(send_at=None, held={}, stopped=why(refusal), changed_at=clock.now())
        return None


def left(draft_id: int) -> timedelta:
    """How long an answer waits still; nothing for one that does not."""
    send_at = Draft.objects.filter(pk=draft_id).values_list("send_at", flat=True).first()
    return max(timedelta(), send_at - clock.now()) if send_at else timedelta()


def send_due(*, at: datetime | None = None) -> int:
    """Send all whose moment has come: what a job has left behind that died. How many articles they became."""
    due = Draft.objects.filter(send_at__lte=at or clock.now()).order_by("send_at").values_list("pk", flat=True)
    return sum(send_held(pk, at=at) is not None for pk in list(due))


def _send(draft: Draft, by: Actor, now: datetime) -> Article | None:
    """Key, request, draft are locked in the order of every sending."""
    base.hold_key(by, draft.form_key)
    act = base.locked(draft.ticket_id or 0, by=by, at=now)
    due = Draft.objects.select_for_update().filter(pk=draft.pk, send_at__lte=now).first()
    if due is None:
        return None
    held, values = due.held, due.values
    if held.get("unless_client"):
        _refuse_after_client(act, held["seen"])
    text = values.get("body", "")
    body = from_editor(text) if values.get("body_format") == "html" else from_plain(text)
    until = datetime.fromisoformat(held["until"]) if held.get("until") else None
    article = reply(
        act.ticket.pk, by=by, body=body, once=due.form_key, again=bool(held.get("again")), at=now,
        attachments=uploads.to_attach(by, due.form_key, [str(pk) for pk in due.files], within=body.html),
        then=StateMove(held["state"], until) if held.get("state") else None,
    )  # fmt: skip
    base.sent_by(by, due.form_key, hand=due.hand, step=due.step)
    return article


def _refuse_after_client(act: base.Act, seen: int) -> None:
    """Raise Conflict `client_first` where the client has written since the event `seen`."""
    newer = act.ticket.events.filter(seq__gt=seen, article__sender="client", article__visible_to_client=True)
    if first := newer.select_related("article__author").first():
        article = first.article
        raise Conflict("client_first", name=article.author.name if article and article.author else "")


def why(refusal: Refusal) -> dict[str, Any]:
    """A refusal as a draft keeps it: codes and figures, no words."""
    problems = [[one.field, one.code, _plain(one.details)] for one in getattr(refusal, "problems", ())]
    return {"code": refusal.code, "details": _plain(refusal.details), "problems": problems}


def _plain(details: Mapping[str, object]) -> dict[str, object]:
    return {name: one if isinstance(one, int | str | dict) else str(one) for name, one in details.items()}
