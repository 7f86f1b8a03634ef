"""The thread of a request: articles, and between them what happened, in the order of the history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from markupsafe import Markup

from helpdesk.core.actor import Actor
from helpdesk.core.text.sanitise import from_plain, with_images
from helpdesk.desk import addresses
from helpdesk.desk.form import picture
from helpdesk.desk.history import Words, who
from helpdesk.tickets.models import Article, Attachment, Ticket, TicketEvent

TOGETHER = timedelta(minutes=1)  # what one person does within it is one line


@dataclass(frozen=True, slots=True)
class File:
    """An attached file as the page links it."""

    name: str
    href: str
    size: int
    picture: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """An article ready for the page."""

    id: str
    kind: str  # client, agent, auto, note
    who: str
    voice: str
    icon: str
    at: datetime
    body: Markup
    folded: Markup
    folded_label: str
    files: Sequence[File]
    fresh: bool
    first_new: bool


@dataclass(slots=True)
class Happening:
    """What somebody did between two articles."""

    who: str
    actor_id: int | None
    at: datetime
    lines: list[Markup] = field(default_factory=list)
    kind: str = "event"

    @property
    def text(self) -> Markup:
        return Markup("<b>{}</b>: {}").format(self.who, Markup(", ").join(self.lines))


Item = Utterance | Happening


def build(
    ticket: Ticket, articles: Sequence[Article], events: Sequence[TicketEvent], actor: Actor, words: Words
) -> list[Item]:
    """Articles and happenings, oldest first."""
    read_seq = int(getattr(ticket, "read_seq", 0))
    fresh = [
        a.seq for a in articles if a.seq > read_seq > 0 and a.author_id != actor.person_id and a.sender != "system"
    ]
    first_new = min(fresh, default=0)
    by_id = {a.pk: _utterance(a, ticket, first_new=a.seq == first_new, fresh=a.seq in fresh) for a in articles}
    told: set[int] = set()
    items: list[Item] = []
    for event in events:
        if event.article_id in by_id:
            items.append(by_id[event.article_id])
            told.add(event.article_id)
            change = words.state_change(event)
        else:
            change = words.change(event)
        if change and event.verb != "linked":
            _tell(items, event, change.line)
    silent = [by_id[a.pk] for a in articles if a.pk not in told]
    return sorted([*items, *silent], key=lambda item: item.at) if silent else items


def _tell(items: list[Item], event: TicketEvent, line: Markup) -> None:
    last = items[-1] if items else None
    near = isinstance(last, Happening) and last.actor_id == event.actor_id and event.happened_at - last.at <= TOGETHER
    if near and isinstance(last, Happening):
        last.lines.append(line)
    else:
        items.append(Happening(who(event), event.actor_id, event.happened_at, [line]))


def _utterance(article: Article, ticket: Ticket, *, first_new: bool, fresh: bool) -> Utterance:
    files = list(article.attachments.all())
    kind = "note" if article.is_note else {"client": "client", "agent": "agent"}.get(article.sender, "auto")
    voice, icon = _voice(article, ticket, kind)
    body = body_of(article, ticket.number, files)
    folded = Markup(from_plain(article.folded_text))  # noqa: S704  escaped there
    return Utterance(
        id=f"a{article.seq}",
        kind=kind,
        who=article.author.name if article.author else (article.from_address or _("Automatic reply")),
        voice=voice,
        icon=icon,
        at=article.created_at,
        body=Markup("") if kind == "auto" else body,
        folded=body if kind == "auto" else folded,
        folded_label=_("Show the text") if kind == "auto" else _("Signature and quotation"),
        files=[file_of(f, ticket.number) for f in files if not (f.inline and article.html)],
        fresh=fresh,
        first_new=first_new,
    )


def _voice(article: Article, ticket: Ticket, kind: str) -> tuple[str, str]:
    """What stands after the name, and its picture."""
    if kind == "note":
        return "", ""
    if kind == "auto":
        return _("sent to the client"), ""
    if kind == "agent":
        return _("specialist → %(name)s") % {"name": ticket.author.name}, ""
    return {
        "mail": (_("client, by mail"), "mail"),
        "phone": (_("client, by phone"), "user"),
        "web": (_("client, on the portal"), "globe"),
    }.get(article.channel, (_("client"), "globe"))


def body_of(article: Article, number: str, files: Iterable[Attachment]) -> Markup:
    """The cleaned markup with its pictures, or the plain text as paragraphs."""
    if not article.html:
        return Markup(from_plain(article.text))  # noqa: S704  escaped there
    inline = {file.content_id: file for file in files if file.content_id}

    def address(content_id: str) -> str | None:
        file = inline.get(content_id)
        return f"{addresses.of_file(number, file.pk, file.filename)}?inline=1" if file else None

    return Markup(with_images(article.html, address))  # noqa: S704  cleaned when it was stored


def file_of(file: Attachment, number: str) -> File:
    """A link to an attached file."""
    return File(file.filename, addresses.of_file(number, file.pk, file.filename), file.size, picture(file.filename))
