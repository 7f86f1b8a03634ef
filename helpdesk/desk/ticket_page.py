"""The page of one request as a whole: kept under all that it shows, since the same request is opened many times."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from markupsafe import Markup

from helpdesk.accounts.models import Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.desk import addresses, later, neighbours, rows, shell
from helpdesk.desk.dock import Reply, dock
from helpdesk.desk.drafts import Beside, beside, told
from helpdesk.desk.sight import Sight, look_at
from helpdesk.desk.sight import panel as sight_panel
from helpdesk.fronts.bodies import viewer
from helpdesk.fronts.form import Form
from helpdesk.fronts.unsent import Unsent
from helpdesk.tickets.access import access_of
from helpdesk.tickets.facts import Frame
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.pages import Opened
from helpdesk.web import kept, stash
from helpdesk.web.kept import KEY, Kept
from helpdesk.web.shell import DeskShell

STEPS = (neighbours.NEXT, neighbours.PREVIOUS)
_MOST = 200_000  # characters of a request whose page is kept


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who looks, by all that decides what the page shows of a request and offers."""

    person_id: int | None
    rights: frozenset[tuple[int, frozenset[Any]]]
    administers: bool
    masters: str
    actor: Actor = field(compare=False, repr=False)
    frame: Frame = field(compare=False, repr=False)  # the page shows of it what stands in its shell and the masters


def keep_key(ticket: Ticket, actor: Actor) -> str:
    """Under what the browser keeps the text that is being written here."""
    return f"desk:{ticket.number}:{actor.person_id}"


def values(
    sight: Sight, actor: Actor, form: Form, panel: Form, *, here: str, beside: Beside, status: int = 200
) -> dict[str, Any]:
    """What the page's template needs beside its shell and what was just done. `is_lost`: no box holds the text that
    was refused; `here`: the list that the reader came from; `beside`: drafts that stand or are offered there."""
    ticket = sight.ticket
    base = addresses.of_ticket(ticket.number)
    problems = {**{_control(name): text for name, text in panel.errors.items()}, **form.errors}
    return {
        "sight": sight,
        "can": sight.can,
        # the way back for whoever closed it by mistake
        "may_reopen": sight.can.set_state and not sight.can.close and "open" in dict(sight.side.choices.state),
        "form": form,
        "panel": sight_panel,
        "subject_typed": panel.get("subject"),
        "subject_error": panel.errors.get("subject", ""),
        "side": replace(sight.side, typed=tuple(panel.typed.items()), errors=tuple(panel.errors.items())),
        "summary": list(problems.items()),
        "refused": status == 403,
        "is_lost": status == 403 and (bool(panel.typed) or not (sight.can.reply or sight.can.note)),
        "unsent": Unsent(),
        "clash": "",
        "again": "",
        "asked": (),
        "dock": dock,
        "beside": beside,
        "drafts_told": told,
        "viewer": viewer,
        "reply": _reply(sight, actor, form, status),
        "version": ticket.last_event_seq,
        "base": base,
        "list": here or addresses.LIST,
        "steps": {step: addresses.query(base, go=step, list=here) for step in STEPS} if here else {},
    }


def _reply(sight: Sight, actor: Actor, form: Form, status: int) -> Reply:
    ticket = sight.ticket
    return Reply(
        base=addresses.of_ticket(ticket.number),
        can=sight.can,
        to=sight.client_name,
        choices=sight.next_state,
        until=sight.now.pending_local,
        # after a conflict the writer has the new state before them
        seen=str(ticket.last_event_seq) if status == 409 or not form.get("seen") else form.get("seen"),
        keep=keep_key(ticket, actor),
        save=addresses.query(addresses.DRAFTS_SAVE, ticket=ticket.number),
        writer=stash.writer_mark(actor.person_id or 0),
        max_mb=settings.MAX_FILE_MB,
        sendings=later.sendings(),
        signature=sight.signature,
        locked="" if sight.now.is_own_lock else sight.now.locked_by,
    )


def _control(name: str) -> str:
    """The id of the panel's control that a problem belongs to."""
    return {"state": "p-state", "until": "p-until", "owner": "p-owner", "responsible": "p-responsible",
            "queue": "p-queue", "priority": "p-priority", "category": "p-category", "due_at": "p-due", "type": "p-type",
            "tags": "p-tags", "subject": "t-subject", "why": "p-why",
            "items": "p-items", "template": "p-template",
            }.get(name, name)  # fmt: skip


def may_be_kept(request: HttpRequest, actor: Actor, found: Opened) -> bool:
    """Whether the page is what it is by the request and its reader alone, and is no book."""
    return bool(access_of(actor).masters) and found.length <= _MOST and not kept.is_like_no_other(request)


def kept_page(
    request: HttpRequest, person: Person, actor: Actor, found: Opened, frame: Frame, now: datetime, *, density: str
) -> Markup:
    """The page with an untouched form, TOKEN and KEY in it."""
    access = access_of(actor)
    reader = _Reader(
        access.person_id, frozenset(access.queues.items()), access.administers, access.masters, actor, frame
    )
    figures = shell.figures(actor, at=now, frame=frame)
    around = shell.build(person, figures, place=f"queue:{found.queue_id}", density=density)
    minute = int(now.timestamp()) // 60  # it says how long an answer may still take
    return _page(found, reader, neighbours.list_of(request), minute, around, request.theme)  # type: ignore[attr-defined]


def _made(found: Opened, reader: _Reader, here: str, minute: int, around: DeskShell, theme: str) -> Markup:
    del minute  # the making looks at the clock
    sight = look_at(reader.actor, found, reader.frame, how=rows.reading(clock.now()))
    form = Form(key=KEY)
    offered = beside(found, reader.actor, form, may_take=sight.can.note)
    given = values(sight, reader.actor, form, Form(key=""), here=here, beside=offered)
    return kept.whole("desk/ticket.html", theme, shell=around, **given)


_page = Kept(_made, pieces=32)  # some hundred kB each, with the rows that they are kept under
