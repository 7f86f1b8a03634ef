"""The page of one request as a whole: kept under all that it shows, since the same request is opened many times."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from markupsafe import Markup

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import in_page_order
from helpdesk.fronts import drafting
from helpdesk.fronts.bodies import viewer
from helpdesk.fronts.form import Form
from helpdesk.fronts.unsent import Kept as KeptText
from helpdesk.fronts.unsent import Unsent
from helpdesk.portal.gate import ClientRequest
from helpdesk.portal.reply_box import Reply, reply_box
from helpdesk.portal.rows import client_look
from helpdesk.portal.shell import around, topic_of
from helpdesk.portal.sight import Sight, look_at
from helpdesk.tickets import uploads
from helpdesk.tickets.access import access_of
from helpdesk.tickets.around import waiting_of
from helpdesk.tickets.options import DRAFT_DAYS
from helpdesk.tickets.pages import Opened
from helpdesk.web import kept, stash
from helpdesk.web.jinja import ticket as web_number
from helpdesk.web.kept import KEY, Kept
from helpdesk.web.shell import PortalShell

_TEMPLATE = "portal/ticket.html"
_MOST = 200_000  # characters of a request whose page is kept


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who looks, by all that decides what the page shows of a request and offers."""

    person_id: int | None
    companies: frozenset[int]
    company_wide: frozenset[int]
    writes: frozenset[int]
    chief_of: frozenset[int]
    masters: str
    actor: Actor = field(compare=False, repr=False)


def values(sight: Sight, actor: Actor, form: Form) -> dict[str, Any]:
    """What the page's template needs beside its shell and what was just done."""
    ticket = sight.ticket
    return {
        "told": (),
        "answered": (),
        "ticket_number": web_number(ticket.number),
        "subject": ticket.subject,
        "look": client_look(ticket.state_id),
        "reply_box": reply_box,
        "viewer": viewer,
        "reply": _reply(sight, actor),
        "drafts": drafting.others(actor, sight.drafts, form, ticket.pk),
        "sight": sight,
        "form": form,
        "summary": in_page_order(form.errors, "body", "attachments", "next_state"),
        "clash": "",
        "unsent": Unsent(),
        "kept": KeptText(),
    }


def _reply(sight: Sight, actor: Actor) -> Reply:
    ticket, person = sight.ticket, actor.person_id or 0
    return Reply(
        choices=tuple(sight.choices),
        is_finished=sight.is_finished,
        may_settle=sight.may_settle,
        may_rework=sight.may_rework,
        answers=sight.answers,
        seen=str(ticket.last_event_seq),
        keep=f"reply:{ticket.number}:{person}",
        writer=stash.writer_mark(person),
        max_mb=settings.MAX_FILE_MB,
        post_mb=settings.MAX_POST_MB,
        room_mb=uploads.room_mb(),
        number=ticket.number,
        draft_days=DRAFT_DAYS.lately(),
        may_open=sight.may_open,
    )


def tab_of(actor: Actor, found: Opened) -> str:
    """The list that a request belongs to."""
    return "mine" if found.author_id == actor.person_id else "company"


def may_be_kept(request: ClientRequest, found: Opened) -> bool:
    """Whether the page is what it is by the request and its reader alone, and is no book."""
    return bool(access_of(request.actor).masters) and found.length <= _MOST and not kept.is_like_no_other(request)


def kept_page(request: ClientRequest, found: Opened) -> Markup:
    """The page with an untouched form, TOKEN and KEY in it."""
    actor, access = request.actor, access_of(request.actor)
    tab = tab_of(actor, found)
    shell = around(request.user, actor, tab, waiting=waiting_of(found), topic=topic_of(tab, _TEMPLATE))
    reader = _Reader(
        access.person_id, access.companies, access.company_wide, access.writes, access.chief_of, access.masters, actor
    )
    is_promised = found.due_at is not None and found.due_at > clock.now()
    return _page(found, reader, is_promised, DRAFT_DAYS.lately(), shell, request.theme)  # type: ignore[attr-defined]


def _made(
    found: Opened, reader: _Reader, is_promised: bool, draft_days: int,  # noqa: FBT001  keys of what is kept
    shell: PortalShell, theme: str,
) -> Markup:  # fmt: skip
    del is_promised, draft_days  # the making looks at the clock and the option
    sight = look_at(reader.actor, found)
    return kept.whole(_TEMPLATE, theme, shell=shell, **values(sight, reader.actor, Form(key=KEY)))


_page = Kept(_made, pieces=32)  # some hundred kB each, with the rows that they are kept under
