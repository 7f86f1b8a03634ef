"""Turns what happened into letters, in each reader's language and zone. Rows only: nothing is sent here.

A letter holds what its reader may see, and a link. The automatic answer holds nothing that the sender wrote (RFC 3834).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helpdesk.accounts.events import LetterKind
from helpdesk.accounts.models import Person
from helpdesk.core import clock, options
from helpdesk.core.text import sanitise
from helpdesk.core.text.quotation_words import REPLY_MARKERS
from helpdesk.core.text.safe import one_line
from helpdesk.core.text.sizes import size
from helpdesk.mail import account_words, addresses, threads
from helpdesk.mail.models import OutgoingLetter
from helpdesk.mail.options import FROM_ADDRESS, FROM_NAME
from helpdesk.tickets import numbers, signatures, workflow
from helpdesk.tickets.actions.base import fact
from helpdesk.tickets.filling import values_of
from helpdesk.tickets.models import Article, Attachment, Channel, Phase, Queue, StateType, Ticket, TicketEvent, WaitsFor
from helpdesk.tickets.workflow import CLOSED

ATTACHED = 10 * 1024 * 1024  # octets of files in one letter, where the page has the rest
ATTACHED_TO_CONTACT = 25 * 1024 * 1024  # a contact has no page
NOTICE_LENGTH = 50_000  # characters of a client's text that an agent gets by mail
Kind = OutgoingLetter.Kind


@dataclass(slots=True)
class Draft:
    """What a letter says, before it is laid out."""

    subject: str
    body: str
    body_html: str = ""
    intro: str = ""
    signed: str = ""  # who says it
    notes: list[str] = field(default_factory=list)
    about: str = ""
    link: str = ""
    link_label: str = ""
    how_to_answer: str = ""
    files: list[tuple[str, int]] = field(default_factory=list)  # named, not attached: name, octets
    files_label: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What all the letters of one act share: whom they come from, which letters they go on from, how they look."""

    address: str
    names: Mapping[str, str]
    general: str = ""  # the desk's own address, whichever queue's the letters come from
    references: Mapping[int, Sequence[str]] = field(default_factory=dict)  # by the reader's id
    # text and HTML by kind of letter and reader: twenty specialists read the same words
    laid_out: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)


def head_of(ticket: Ticket | None, people: Iterable[Person] = ()) -> Head:
    """The sender of a request's letters to `people`, or of those about nobody's request. At most two statements: one
    without `people`, whose letters then go on from none before."""
    address = ticket.queue.address if ticket else ""
    stored = options.texts_and_more(FROM_ADDRESS, FROM_NAME)
    general, readers = stored[FROM_ADDRESS.key], list(people)
    refs = threads.references(ticket, readers) if ticket and readers else {}
    return Head(address or general, stored[FROM_NAME.key], general, refs)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets a letter, and where."""

    person: Person
    address: str


def answer(
    head: Head,
    ticket: Ticket,
    article: Article,
    attachments: Sequence[Attachment],
    reader: Reader,
    *,
    signature: list[str] | None = None,
) -> OutgoingLetter:
    """A specialist's answer, or the automatic closing, for somebody of the client's side. `signature`: of the queue,
    unfilled; without one the answer ends with its writer's name."""
    person = reader.person
    attached, named = _share(attachments, ATTACHED_TO_CONTACT if person.kind == Person.Kind.CONTACT else ATTACHED)
    with _reading(person):
        speaker = article.author.name if article.author and article.sender == Article.Sender.AGENT else ""
        draft = Draft(
            subject=tagged(ticket),
            body=article.text,
            body_html=_html_of(article, attached),
            signed=_signed(article, ticket, signature, person, speaker),
            about=_about(ticket, person),
            how_to_answer=_("To answer, simply reply to this letter."),
            files=named,
            files_label=_files_label(person),
        )
        _add_link(draft, ticket, person)
        if settled := _settled(ticket):
            draft.notes.append(settled)
            draft.how_to_answer = ""
        letter = _laid_out(head, draft, ticket, article, reader, kind=Kind.ANSWER)
    letter.from_name = one_line(" — ".join(filter(None, (speaker, letter.from_name))), 200)
    letter.attachment_ids = [one.pk for one in attached]
    if article.sender == Article.Sender.SYSTEM:
        letter.headers["auto_submitted"] = "auto-generated"
    return letter


def _signed(article: Article, ticket: Ticket, signature: list[str] | None, person: Person, speaker: str) -> str:
    """What stands under an answer of a specialist's."""
    if not speaker:
        return ""
    if not signature:
        return "" if _signs(article.text, speaker) else speaker
    language = language_of(person)
    values = values_of(ticket, article.author, language)
    return signatures.filled(signature, values, language, under=article.text)


def _signs(text: str, speaker: str) -> bool:
    """Whether the last lines of a text name the one who wrote it."""
    last = " ".join(text.split()[-20:]).casefold()
    return any(word.casefold() in last for word in speaker.split() if len(word) > 2)


def automatic_answer(head: Head, ticket: Ticket, article: Article, reader: Reader) -> OutgoingLetter:
    """The queue's automatic answer. Whoever is signed in reads which of their requests it is; a letter, whose sender
    may be anybody, is answered with neither subject nor text of its own (RFC 3834 §3)."""
    person = reader.person
    with _reading(person):
        received = _("Your request has been received")
        is_ours = ticket.channel == Channel.WEB and person.kind == Person.Kind.CLIENT
        draft = Draft(
            subject=f"[#{ticket.number}] {received}" + (f": {one_line(ticket.subject, 250)}" if is_ours else ""),
            body=article.text,
            body_html=sanitise.from_plain(article.text),
        )
        _add_link(draft, ticket, person)
        draft.how_to_answer = (
            _("To add something, reply to this letter or write on the request's page: no new request is needed.")
            if draft.link
            else _("To add something, simply reply to this letter: no new request is needed.")
        )
        letter = _laid_out(head, draft, ticket, article, reader, kind=Kind.AUTO_ANSWER)
    if person.kind == Person.Kind.CONTACT:
        letter.name = ""  # what a stranger calls themselves is text of theirs too: we carry it to nobody
    letter.headers["auto_submitted"] = "auto-replied"
    return letter


def notice(
    head: Head, ticket: Ticket, article: Article, attachments: Sequence[Attachment], reader: Reader
) -> OutgoingLetter:
    """A client's request or answer, told to somebody of the desk. Its text is cut where it is endless."""
    person = reader.person
    endless = len(article.text) > NOTICE_LENGTH or len(article.html) > 4 * NOTICE_LENGTH
    text = article.text[:NOTICE_LENGTH] + ("…" if len(article.text) > NOTICE_LENGTH else "")
    with _reading(person):
        writer = _writer(ticket, article)
        intro = _("%(writer)s sent a new request:") if article.seq == 1 else _("%(writer)s answered:")
        draft = Draft(
            subject=tagged(ticket),
            intro=intro % {"writer": writer},
            body=text,
            body_html=sanitise.from_plain(text) if endless else _html_of(article, []),
            about=_about(ticket, person),
            link=f"{settings.PUBLIC_URL}/desk/tickets/{ticket.number}/",
            link_label=_("Open and answer"),
            how_to_answer=_how_the_desk_answers(),
            files=[(one.filename, one.size) for one in attachments],
            files_label=_files_label(person),
        )
        letter = _laid_out(head, draft, ticket, article, reader, kind=Kind.NOTICE)
    letter.headers["auto_submitted"] = "auto-generated"
    return letter


def assigned(head: Head, ticket: Ticket, line: TicketEvent, reader: Reader) -> OutgoingLetter:
    """Tells a specialist that somebody else gave them a request."""
    by = one_line(line.actor.name, 200) if line.actor else ""
    with _reading(reader.person):
        if line.field == "owner":
            intro = _("%(by)s made you the owner of this request.") if by else _("You own this request now.")
        else:
            intro = (
                _("%(by)s made you responsible for this request.") if by else _("You are responsible for this request.")
            )
        return _news(head, ticket, reader, intro=intro % {"by": by})


def settled(head: Head, ticket: Ticket, line: TicketEvent, reader: Reader) -> OutgoingLetter:
    """Tells somebody of the desk what a client said of a request without a word."""
    with _reading(reader.person):
        writer = _of_company(ticket, line.actor.name if line.actor else "")
        closed = _("%(writer)s closed the request without a text.")
        done = _("%(writer)s says, without a text, that the request is done.")
        return _news(head, ticket, reader, intro=(closed if line.new == CLOSED else done) % {"writer": writer})


def observes(head: Head, ticket: Ticket, line: TicketEvent, reader: Reader) -> OutgoingLetter:
    """Tells a client that a colleague chose them to observe a request."""
    with _reading(reader.person):
        intro = _("%(by)s asks you to keep an eye on this request: answers will come to you as well.")
        draft = Draft(
            subject=tagged(ticket), intro=intro % {"by": one_line(line.actor.name, 200) if line.actor else ""}, body="",
            about=_about(ticket, reader.person),
        )  # fmt: skip
        _add_link(draft, ticket, reader.person)
        letter = _laid_out(head, draft, ticket, None, reader, kind=Kind.NOTICE)
    letter.headers["auto_submitted"] = "auto-generated"
    return letter


def changed(head: Head, ticket: Ticket, changes: Mapping[str, TicketEvent], reader: Reader) -> OutgoingLetter:
    """Tells somebody of the client's side what the desk did without a word, by the field that it changed."""
    person = reader.person
    with _reading(person):
        draft = Draft(
            subject=tagged(ticket), intro=" ".join(_changed(ticket, changes, person)), body="",
            about=_about(ticket, person), how_to_answer=_("To answer, simply reply to this letter."),
        )  # fmt: skip
        _add_link(draft, ticket, person)
        if "state" in changes and (said := _settled(ticket)):
            draft.notes.append(said)
            draft.how_to_answer = ""
        letter = _laid_out(head, draft, ticket, None, reader, kind=Kind.NOTICE)
    letter.headers["auto_submitted"] = "auto-generated"
    return letter


def _changed(ticket: Ticket, changes: Mapping[str, TicketEvent], person: Person) -> Iterator[str]:
    if "merge" in changes and ticket.part_of is not None:
        yield _(
            "The request is handled in request No. %(number)s now: what you write to either of them arrives there."
        ) % {"number": numbers.shown(ticket.part_of.number)}
    if "state" in changes:
        name = ticket.state.name(language_of(person), for_client=True)
        if ticket.waits_for == WaitsFor.CLIENT:
            yield _("The support service waits for your answer: the state of the request is “%(state)s” now.") % {
                "state": name
            }
        else:
            yield _("The state of the request is “%(state)s” now.") % {"state": name}
    if "due_at" in changes:
        when = local_time(ticket.due_at) if ticket.due_at else ""
        yield (
            _("An answer is promised by %(when)s.") % {"when": when}
            if when
            else _("The time that was promised for an answer no longer holds.")
        )


def failure(head: Head, ticket: Ticket, letter: OutgoingLetter, error: str, reader: Reader) -> OutgoingLetter:
    """Tells somebody of the desk that a letter to the client did not arrive, and what the mail server said."""
    with _reading(reader.person):
        is_answer = letter.kind == Kind.ANSWER
        intro = (
            _("The answer did not reach the client.")
            if is_answer
            else _("The automatic reply did not reach the client.")
        )
        what = _("The letter to %(address)s was not delivered. The mail server said: %(words)s")
        to_do = _("Check the address or reach the client in another way. The answer itself is kept in the request.")
        body = "\n\n".join([what % {"address": letter.address, "words": error}, to_do])
        return _news(head, ticket, reader, intro=intro, body=body)


def _news(head: Head, ticket: Ticket, reader: Reader, *, intro: str, body: str = "") -> OutgoingLetter:
    """A letter to the desk that carries no article. Within `_reading`."""
    draft = Draft(
        subject=tagged(ticket), intro=intro, body=body, body_html=sanitise.from_plain(body) if body else "",
        about=_about(ticket, reader.person), how_to_answer=_how_the_desk_answers(),
    )  # fmt: skip
    _add_link(draft, ticket, reader.person)
    letter = _laid_out(head, draft, ticket, None, reader, kind=Kind.NOTICE)
    letter.headers["auto_submitted"] = "auto-generated"
    return letter


def _how_the_desk_answers() -> str:
    return _(
        "A reply to this letter becomes an internal note: the client does not see it. To answer the client, "
        "open the request."
    )


def account_letter(head: Head, reader: Reader, *, kind: LetterKind, context: Mapping[str, object]) -> OutgoingLetter:
    """A letter about the reader's own access (R8): a link for a password, an invitation, news of a changed password.
    The reader may be nobody here yet: a person that is not stored."""
    with _reading(reader.person):
        subject, text, label = account_words.words(kind, {**context, "when": _when(context)})
        link = str(context.get("url", ""))
        draft = Draft(
            subject=subject, body=text, body_html=sanitise.from_plain(text), link=link, link_label=label if link else ""
        )
        letter = _laid_out(head, draft, None, None, reader, kind=Kind.ACCOUNT)
    letter.headers["auto_submitted"] = "auto-generated"
    return letter


def _when(context: Mapping[str, object]) -> str:
    try:
        moment = datetime.fromisoformat(str(context.get("at", "")))
    except ValueError:
        moment = clock.now()
    return local_time(moment)


def tagged(ticket: Ticket) -> str:
    """The subject with the number in the one form that `ingest` looks for: «[#100001] Тема»."""
    return f"[#{ticket.number}] {one_line(ticket.subject, 250)}"


def language_of(person: Person) -> str:
    return person.language if person.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class _reading:  # noqa: N801 (used as a word: with _reading(person))
    """Within the block words and times are the reader's."""

    def __init__(self, person: Person) -> None:
        try:
            zone = ZoneInfo(person.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo(settings.TIME_ZONE)
        self._language, self._zone = translation.override(language_of(person)), timezone.override(zone)

    def __enter__(self) -> None:
        self._language.__enter__()
        self._zone.__enter__()

    def __exit__(self, *problem: object) -> None:
        self._zone.__exit__(*problem)  # type: ignore[arg-type]
        self._language.__exit__(*problem)  # type: ignore[arg-type]


def _add_link(draft: Draft, ticket: Ticket, person: Person) -> None:
    """A client's page, an agent's page; a contact has none."""
    if person.kind == Person.Kind.CONTACT:
        return
    side = "desk" if person.is_agent else "portal"
    draft.link = f"{settings.PUBLIC_URL}/{side}/tickets/{ticket.number}/"
    draft.link_label = _("Open the request")


def _files_label(person: Person) -> str:
    """What stands above the files that did not go along; a contact has no page to find them on."""
    if person.kind == Person.Kind.CONTACT:
        return _("Files that are too large for a letter:")
    return _("Files, on the request's page:")


def _about(ticket: Ticket, person: Person) -> str:
    state = ticket.state.name(language_of(person), for_client=not person.is_agent)
    return _("Request No. %(number)s “%(subject)s”, state: %(state)s") % {
        "number": numbers.shown(ticket.number), "subject": one_line(ticket.subject, 250), "state": state,
    }  # fmt: skip


def _takes_replies(ticket: Ticket, person: Person) -> bool:
    """Whether a reply to a letter reaches its request: not a client's where the queue takes none to what is closed; a
    specialist's becomes a note."""
    is_shut = workflow.phase_of(StateType(ticket.state.type)) is Phase.CLOSED
    return person.is_agent or not is_shut or ticket.queue.follow_up != Queue.FollowUp.REFUSE


def _settled(ticket: Ticket) -> str:
    """Of a request that is done or closed: that nothing is asked (R18), and what to do if the question remains; empty
    while work goes on."""
    if workflow.phase_of(StateType(ticket.state.type)) is Phase.CLOSED:
        return {
            Queue.FollowUp.REOPEN: _(
                "The request is closed, no answer is needed. If the question remains, reply to this letter, and work "
                "goes on."
            ),
            Queue.FollowUp.NEW: _(
                "The request is closed, no answer is needed. If the question remains, reply to this letter: a new "
                "request will be opened and linked with this one."
            ),
            Queue.FollowUp.REFUSE: _(
                "The request is closed, no answer is needed. If the question remains, send a new request and mention "
                "this number."
            ),
        }[Queue.FollowUp(ticket.queue.follow_up)]
    if not workflow.is_finished(fact(ticket.state)):
        return ""
    if ticket.pending_until is not None:
        return _closing(ticket.pending_until)
    return _(
        "The request is done, a specialist will close it. No answer is needed. If the question remains, reply to this "
        "letter, and work goes on."
    )


def _closing(until: datetime) -> str:
    return _(
        "The request is done and waits to be closed automatically: it closes by itself on %(when)s. No answer is "
        "needed. If the question remains, reply before that, and work goes on."
    ) % {"when": local_time(until)}


def local_time(moment: datetime) -> str:
    """A moment in the reader's zone, in full: a letter is read at another time than it was written."""
    local = moment.astimezone(timezone.get_current_timezone())
    shown = f"{local:%d.%m.%Y %H:%M}" if translation.get_language() == "ru" else f"{local:%Y-%m-%d %H:%M}"
    offset = local.utcoffset() or timedelta()
    return f"{shown} (UTC{'+' if offset >= timedelta() else '-'}{abs(offset.total_seconds()) / 3600:g})"


def _writer(ticket: Ticket, article: Article) -> str:
    return _of_company(ticket, article.author.name if article.author else article.from_address)


def _of_company(ticket: Ticket, name: str) -> str:
    return one_line(f"{name}, {ticket.company.short_name}" if ticket.company else name, 300)


def _share(attachments: Sequence[Attachment], room: int) -> tuple[list[Attachment], list[tuple[str, int]]]:
    """The files that go along, in order, as long as there is room; the others by name and size."""
    attached: list[Attachment] = []
    named: list[tuple[str, int]] = []
    for one in attachments:
        if one.size <= room:
            room -= one.size
            attached.append(one)
        else:
            named.append((one.filename, one.size))
    return attached, named


def _html_of(article: Article, attached: Sequence[Attachment]) -> str:
    """The body in HTML; its pictures are those that go along."""
    if not article.html:
        return sanitise.from_plain(article.text)
    shown = {one.content_id for one in attached if one.inline and one.content_id}
    return sanitise.with_images(article.html, lambda cid: f"cid:{cid}" if cid in shown else None)


def _laid_out(
    head: Head, draft: Draft, ticket: Ticket | None, article: Article | None, reader: Reader, *, kind: Kind
) -> OutgoingLetter:
    person, from_address = reader.person, head.address
    language = language_of(person)
    refs = list(head.references.get(person.pk, ()))
    key = (str(kind), language, str(timezone.get_current_timezone()), person.kind)
    if key not in head.laid_out:
        marker = REPLY_MARKERS.get(language, "") if ticket and _takes_replies(ticket, person) else ""
        context = {"draft": draft, "marker": marker, "language": language}
        head.laid_out[key] = (_text(draft, marker), render_to_string("mail/letter.html", context))
    text, html = head.laid_out[key]
    now = clock.now()
    return OutgoingLetter(
        ticket=ticket, article=article, person=person, address=reader.address,
        name=one_line(person.name, 200), kind=kind,
        language=language,
        message_id=addresses.new_message_id(from_address, ticket.number if ticket else ""),
        from_name=head.names.get(language, ""), from_address=from_address,
        reply_to=addresses.reply_to(from_address, ticket.number, person.pk) if ticket else "",
        subject=one_line(draft.subject, 350), text=text, html=html,
        headers={"in_reply_to": refs[-1], "references": refs} if refs else {}, created_at=now, due_at=now,
    )  # fmt: skip


def _text(draft: Draft, marker: str) -> str:
    """The plain side of a letter."""
    blocks = [marker, draft.intro, draft.body.strip("\n"), draft.signed, *draft.notes]
    if draft.files:
        language = translation.get_language() or ""
        lines = [f"– {name} ({size(octets, language=language)})" for name, octets in draft.files]
        blocks.append("\n".join([draft.files_label, *lines]))
    foot = [line for line in (draft.about, draft.link, draft.how_to_answer) if line]
    blocks.append("\n".join(foot))
    return "\n\n".join(block for block in blocks if block) + "\n"
