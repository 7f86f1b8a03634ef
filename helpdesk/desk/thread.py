"""The thread of a request: articles, and between them what happened, in the order of the history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from markupsafe import Markup

from helpdesk.core.actor import Actor
from helpdesk.core.text.mentions import called
from helpdesk.desk import addresses, letters
from helpdesk.desk.history import Change, Words, who
from helpdesk.fronts import originals
from helpdesk.fronts.bodies import body_of, folded_of, is_long, links
from helpdesk.mail.queries import Trouble
from helpdesk.tickets import pages
from helpdesk.tickets.facts import Facts, Reader
from helpdesk.tickets.models import Article, Ticket
from helpdesk.tickets.pages import Event
from helpdesk.web.jinja import moment_text
from helpdesk.web.jinja import ticket as web_number
from helpdesk.web.kept import Kept, macro

TOGETHER = timedelta(minutes=1)  # what one person does within it is one line


@dataclass(frozen=True, slots=True)
class Utterance:
    """An article as it stands in the page."""

    html: Markup
    at: datetime
    fresh: bool
    first_new: bool


@dataclass(slots=True)
class Happening:
    """What somebody did between two articles."""

    who: str
    actor_id: int | None
    at: datetime
    changes: list[Change] = field(default_factory=list)
    first_new: bool = False

    @property
    def html(self) -> Markup:
        """The line as it stands in the page."""
        return _happening(self.who, tuple(change.line for change in self.changes), self.at)

    def add(self, change: Change) -> None:
        """One change more; what goes on with an earlier one is joined with it."""
        for at, earlier in enumerate(self.changes):
            if joined := earlier.then(change):
                self.changes[at] = joined
                return
        if change not in self.changes:
            self.changes.append(change)


@Kept.rows
def _happening(who: str, lines: tuple[Markup, ...], at: datetime) -> Markup:
    text = Markup("<b>{}</b>: {}").format(who, Markup(", ").join(lines))
    return macro("web/parts/thread.html", "event", text, at, dense=True)


Item = Utterance | Happening
_TOLD_ELSEWHERE = {
    "linked",
    "unlinked",
    "items_added",
    "item_done",
    "item_undone",
    "item_dropped",
    "letter_failed",
    "letter_delivered",
}  # of letters their article says what is true now


def build(
    ticket: Ticket, articles: Sequence[Article], facts: Facts, actor: Actor, words: Words,
    troubles: Mapping[int, tuple[Trouble, ...]],
) -> list[Item]:  # fmt: skip
    """Articles and happenings, oldest first. `troubles`: by article, its letters that were not taken."""
    answer, read_at = _read(articles, facts.readers)
    read_seq = int(getattr(ticket, "read_seq", 0))
    fresh = [
        a for a in articles
        if a.seq > read_seq > 0 and a.author_id != actor.person_id and a.sender != "system" and not pages.brought_by(a)
    ]  # fmt: skip
    first_new = min(fresh, key=lambda one: one.seq, default=None)
    by_id = {
        a.pk: _utterance(
            a, ticket, first_new=a is first_new, fresh=a in fresh, troubles=troubles.get(a.pk, ()),
            read_at=read_at if a is answer else None, named=tuple(facts.mentions.get(a.pk, ())),
        )
        for a in articles
    }  # fmt: skip
    told: set[int] = set()
    items: list[Item] = []
    gone = _undone_at_once(facts.events)
    for event in facts.events:
        if event.seq in gone:
            continue
        if event.article_id in by_id:
            items.append(by_id[event.article_id])
            told.add(event.article_id)
            change = words.state_change(event)
        else:
            change = words.change(event)
        if change and event.verb not in _TOLD_ELSEWHERE:
            _tell(items, event, change)
    silent = [by_id[a.pk] for a in articles if a.pk not in told]
    items = [item for item in items if not isinstance(item, Happening) or _settled(item)]
    return sorted([*items, *silent], key=lambda item: item.at) if silent else items


def _undone_at_once(events: Sequence[Event]) -> set[int]:
    """What was done and undone within a moment, both lines: the whole history has them."""
    by_seq = {event.seq: event for event in events}
    pairs = ((event, by_seq.get(event.undoes)) for event in events if event.undoes is not None)
    return {
        seq
        for undo, done in pairs
        if done is not None and undo.happened_at - done.happened_at <= TOGETHER
        for seq in (undo.seq, done.seq)
    }


def _read(articles: Sequence[Article], readers: Sequence[Reader]) -> tuple[Article | None, datetime | None]:
    """The newest answer that the client sees, and when one of the client's side had read so far."""
    answer = next((one for one in reversed(articles) if one.sender == "agent" and one.visible_to_client), None)
    if answer is None:
        return None, None
    return answer, min((one.at for one in readers if one.kind == "client" and one.seq >= answer.seq), default=None)


def _settled(happening: Happening) -> bool:
    """Leave out what was done and taken back at once. Whether anything is left to tell."""
    happening.changes = [change for change in happening.changes if not change.is_nothing]
    return bool(happening.changes)


def _tell(items: list[Item], event: Event, change: Change) -> None:
    last = items[-1] if items else None
    near = isinstance(last, Happening) and last.actor_id == event.actor_id and event.happened_at - last.at <= TOGETHER
    if near and isinstance(last, Happening):
        last.add(change)
    else:
        items.append(Happening(who(event), event.actor_id, event.happened_at, [change]))


def _utterance(
    article: Article, ticket: Ticket, *, first_new: bool, fresh: bool, troubles: tuple[Trouble, ...],
    read_at: datetime | None, named: tuple[str, ...],
) -> Utterance:  # fmt: skip
    kind = "note" if article.is_note else {"client": "client", "agent": "agent"}.get(article.sender, "auto")
    voice, icon = _voice(article, ticket, kind)
    who = article.author.name if article.author else (article.from_address or _("Automatic reply"))
    brought_by = pages.brought_by(article)
    html = (_article.make if is_long(article) else _article)(
        ticket.number, f"m{article.pk}" if brought_by else f"a{article.seq}", kind, who, voice, icon,
        article.created_at, article.html, article.text, article.folded_text, pages.files_of(article), fresh, troubles,
        article.pk if originals.is_letter(article) else 0, read_at, named, brought_by,
        pages.referred_by(article),
    )  # fmt: skip
    return Utterance(html, article.created_at, fresh, first_new)


@Kept
def _article(
    number: str, anchor: str, kind: str, who: str, voice: str, icon: str, at: datetime, html: str, text: str,
    folded_text: str, files: tuple[pages.File, ...], fresh: bool,  # noqa: FBT001  a key of what is kept
    troubles: tuple[Trouble, ...], letter_id: int, read_at: datetime | None, named: tuple[str, ...],
    brought_by: str, referred: frozenset[str],
) -> Markup:  # fmt: skip
    def address(file: pages.File) -> str:
        return addresses.of_file(number, file.id, file.filename)

    body = body_of(html, text, files, address=address, requests=addresses.TICKETS, known=referred)
    body = Markup(called(body, named))  # noqa: S704  marks are added to what is markup already
    is_auto = kind == "auto"
    folded = body if is_auto else folded_of(folded_text, requests=addresses.TICKETS, known=referred)
    return macro(
        "web/parts/thread.html", "article", kind, who, voice, at, "" if is_auto else body, voice_icon=icon,
        folded=folded, folded_label=_("Show the text") if is_auto else _("Signature and quotation"),
        files=links(files, with_markup=bool(html), address=address), id=anchor, fresh=fresh,
        troubles=[letters.missing(one) for one in troubles],
        read=_("Read by the client, %(when)s") % {"when": moment_text(read_at)} if read_at else "",
        original=originals.address(addresses.of_ticket(number), letter_id) if letter_id else "",
        brought=_("from %(number)s") % {"number": web_number(brought_by)} if brought_by else "",
    )  # fmt: skip


def _voice(article: Article, ticket: Ticket, kind: str) -> tuple[str, str]:
    """What stands after the name, and its picture."""
    if kind == "note":
        return "", ""
    if kind == "auto":
        return _("to the client"), ""  # they read it on the page; whether by letter too is up to them
    if kind == "agent":
        return _("specialist → %(name)s") % {"name": ticket.author.name}, ""
    return {
        "mail": (_("client, by mail"), "mail"),
        "phone": (_("client, by phone"), "user"),
        "web": (_("client, on the portal"), "globe"),
    }.get(article.channel, (_("client"), "globe"))
