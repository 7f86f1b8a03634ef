"""What the page of one request reads, by bare statements: it is opened more often than anything but a list."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from helpdesk.accounts.models import Company, Person
from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.core.plain import Columns
from helpdesk.core.text.safe import storable
from helpdesk.tickets import dictionary
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Article, Attachment, Ticket
from helpdesk.tickets.queries import sight_sql, visible_to

_TICKET = Columns(Ticket, "t", comparable=True)
# what hangs on a request: its attribute, the columns, how the table is joined
_AROUND: tuple[tuple[str, Columns[Any], str], ...] = (
    ("company", Columns(Company, "co"), "LEFT JOIN accounts_company co ON co.id = t.company_id"),
    ("author", Columns(Person, "au"), "JOIN accounts_person au ON au.id = t.author_id"),
    ("owner", Columns(Person, "ow"), "LEFT JOIN accounts_person ow ON ow.id = t.owner_id"),
    ("responsible", Columns(Person, "re"), "LEFT JOIN accounts_person re ON re.id = t.responsible_id"),
    ("locked_by", Columns(Person, "lo"), "LEFT JOIN accounts_person lo ON lo.id = t.locked_by_id"),
)
_ARTICLE, _PERSON = Columns(Article, "a", comparable=True), Columns(Person, "p")
_COLUMNS = ", ".join([
    "coalesce((SELECT seq FROM tickets_readmark WHERE ticket_id = t.id AND person_id = %s), 0)",
    _TICKET.sql, *(around.sql for _, around, _ in _AROUND),
    "coalesce((SELECT told_seq FROM tickets_readmark WHERE ticket_id = t.id AND person_id = %s), 0)",
])  # fmt: skip
_JOINS = " ".join(join for *_, join in _AROUND)
_WIDTH = 1 + _TICKET.width + sum(around.width for _, around, _ in _AROUND) + 1
_ID, _NUMBER, _AUTHOR, _QUEUE, _DUE_AT, _TOLD = (
    1 + _TICKET.place(name) for name in ("id", "number", "author_id", "queue_id", "due_at", "told_seq")
)
_SEQ = _ARTICLE.place("seq")
# an article with its author and its files as JSON
_LETTER = f"""{_ARTICLE.sql}, {_PERSON.sql}, (
    SELECT json_agg(json_build_array(f.id, f.filename, f.size, f.inline, f.content_id) ORDER BY f.position)::text
      FROM tickets_attachment f WHERE f.article_id = a.id)
      FROM tickets_article a LEFT JOIN accounts_person p ON p.id = a.author_id"""  # noqa: S608  our own text
# the history of a request as one value; {which} narrows it
EVENTS = """(
    SELECT json_agg(json_build_array(e.seq, e.actor_id, coalesce(p.name, ''), e.cause, e.verb, e.field, e.old, e.new,
                                     e.note, e.article_id,
                                     CASE WHEN e.undoes_id IS NOT NULL THEN (
                                       SELECT u.seq FROM tickets_ticketevent u WHERE u.id = e.undoes_id) END,
                                     e.happened_at) ORDER BY e.seq)
      FROM tickets_ticketevent e LEFT JOIN accounts_person p ON p.id = e.actor_id
     WHERE e.ticket_id = %s AND {which})"""


class Event(NamedTuple):
    """A line of the history, with the actor's name (empty: the desk itself). `undoes`: the line that it takes back."""

    seq: int
    actor_id: int | None
    actor: str
    cause: str
    verb: str
    field: str
    old: Any
    new: Any
    note: str
    article_id: int | None
    undoes: int | None
    happened_at: datetime


def events_of(found: Sequence[Sequence[Any]] | None) -> list[Event]:
    """The events that EVENTS gave."""
    return [Event._make((*row[:-1], datetime.fromisoformat(row[-1]))) for row in found or ()]


def for_page(actor: Actor, number: str) -> Ticket:
    """One request with what its page shows, and `read_seq`; an older number leads to the request it belongs to.

    Raises NotFound.
    """
    sight, values = sight_sql(access_of(actor))
    for condition in _conditions(number):
        rows = db.fetch(
            f"SELECT {_COLUMNS} FROM tickets_ticket t {_JOINS} WHERE {condition} AND {sight}",  # noqa: S608  our own
            [actor.person_id or 0, actor.person_id or 0, number, *values],
        )
        if rows:
            return _ticket(actor, rows[0])
    raise NotFound


def _conditions(number: str) -> tuple[str, ...]:
    """How a request is found by a number of it, in turn. Raises NotFound for what is none."""
    if "\0" in number or len(number) > 50:
        raise NotFound
    return "t.number = %s", "t.id = (SELECT ticket_id FROM tickets_numberalias WHERE number = %s)"


def _ticket(actor: Actor, row: Sequence[Any]) -> Ticket:
    """The request of a row that begins with _COLUMNS."""
    ticket = _TICKET.take(row, 1)
    assert ticket is not None
    at = 1 + _TICKET.width
    for name, around, _ in _AROUND:
        _hang(ticket, name, around.take(row, at))
        at += around.width
    dictionary.hang(actor, ticket)
    ticket.read_seq = row[0]  # type: ignore[attr-defined]
    return ticket


def _hang(owner: Ticket | Article, name: str, value: Any) -> None:
    """Make `value` what the foreign key `name` leads to, as select_related does."""
    owner._state.fields_cache[name] = value  # noqa: SLF001  the model's own drawer for it


class File(NamedTuple):
    """An attached file as a page names it."""

    id: int
    filename: str
    size: int
    inline: bool
    content_id: str


def _articles(ticket: Ticket, rows: Iterable[Sequence[Any]], at: int) -> list[Article]:
    """The articles of rows that have the columns of _LETTER from `at` on: the parts of a UNION promise no order."""
    found = []
    for row in rows:
        article = _ARTICLE.take(row, at)
        assert article is not None
        _hang(article, "author", _PERSON.take(row, at + _ARTICLE.width))
        _hang(article, "ticket", ticket)
        files = json.loads(row[at + _ARTICLE.width + _PERSON.width] or "[]")
        article.files = tuple(File(*file) for file in files)  # type: ignore[attr-defined]
        found.append(article)
    return sorted(found, key=attrgetter("seq"))


@dataclass(frozen=True, slots=True)
class Opened:
    """A visible request as one statement read it, with what a room asked beside it and the articles that the reader
    sees. Equal ones show the same: a whole page can be kept under it."""

    row: tuple[Any, ...]
    letters: tuple[tuple[Any, ...], ...]

    @property
    def id(self) -> int:
        found: int = self.row[_ID]
        return found

    @property
    def number(self) -> str:
        return str(self.row[_NUMBER])

    @property
    def author_id(self) -> int:
        found: int = self.row[_AUTHOR]
        return found

    @property
    def queue_id(self) -> int:
        found: int = self.row[_QUEUE]
        return found

    @property
    def due_at(self) -> datetime | None:
        found: datetime | None = self.row[_DUE_AT]
        return found

    @property
    def read_seq(self) -> int:
        """The newest article that the reader has seen."""
        found: int = self.row[0]
        return found

    @property
    def told_seq(self) -> int:
        """The newest event without words that clients are told."""
        found: int = self.row[_TOLD]
        return found

    @property
    def told_read(self) -> int:
        """The newest of these that the reader has seen."""
        found: int = self.row[_WIDTH - 1]
        return found

    @property
    def last_seq(self) -> int:
        """The newest article of all that the reader sees."""
        return max((row[_SEQ] for row in self.letters), default=0)

    @property
    def length(self) -> int:
        """How many characters the texts have."""
        return sum(len(value) for row in self.letters for value in row if isinstance(value, str))

    @property
    def beside(self) -> tuple[Any, ...]:
        """What was asked beside the request."""
        return self.row[_WIDTH:]

    def unpacked(self, actor: Actor) -> tuple[Ticket, list[Article]]:
        """The request as `for_page` gives it, and its articles as objects, oldest first, with authors and files
        (`files_of`)."""
        ticket = _ticket(actor, self.row)
        return ticket, _articles(ticket, self.letters, 0)


def opened(actor: Actor, number: str, beside: str, values: Sequence[Any], *, width: int) -> Opened:
    """A request by its number, also an older one, with the `width` values of the SQL expressions `beside`, which may
    name its columns as `t` and its id as `(SELECT id FROM found)`; JSON among them as text. One statement.

    Raises NotFound.
    """
    access = access_of(actor)
    sight, seen = sight_sql(access)
    kept = "" if access.is_agent else "AND a.visible_to_client"
    own = _ARTICLE.width + _PERSON.width + 1
    for condition in _conditions(number):
        rows = db.fetch(
            f"""WITH found AS MATERIALIZED (SELECT t.* FROM tickets_ticket t WHERE {condition} AND {sight})
                SELECT {_COLUMNS}, {beside} {", NULL" * own} FROM found t {_JOINS}
                 UNION ALL (
                SELECT {"NULL, " * (_WIDTH + width)} {_LETTER}
                 WHERE a.ticket_id = (SELECT id FROM found) {kept})""",  # noqa: S608  our own text
            [number, *seen, actor.person_id or 0, actor.person_id or 0, *values],
        )
        if rows:
            whole = _WIDTH + width
            row = next(row for row in rows if row[0] is not None)
            return Opened(row[:whole], tuple(row[whole:] for row in rows if row[0] is None))
    raise NotFound


class News(NamedTuple):
    """What a reader has not seen: the first article (`is_note` is None where there is none) and who wrote it (a name,
    or an address where there is none), changes of fields."""

    is_note: bool | None
    who: str
    changes: list[Event]


# changes of fields that no article tells; nothing is looked for where nothing has happened
_SINCE = EVENTS.format(
    which="t.last_event_seq > %s AND e.seq > %s AND e.field <> '' AND e.verb <> 'linked' AND e.article_id IS NULL"
    " AND e.actor_id IS DISTINCT FROM %s"
).replace("e.ticket_id = %s", "e.ticket_id = t.id")


def news(actor: Actor, number: str, *, after: int, since: int) -> News | None:
    """What somebody else has written in a visible request since the article `after`, or changed since the event
    `since`. One statement. Raises NotFound."""
    access = access_of(actor)
    sight, values = sight_sql(access)
    kept = "" if access.is_agent else "AND a.visible_to_client"
    rows = db.fetch(
        f"""SELECT NOT a.visible_to_client, coalesce(a.who, ''), {_SINCE} FROM tickets_ticket t LEFT JOIN LATERAL (
                   SELECT a.visible_to_client, coalesce(p.name, a.from_address) AS who
                     FROM tickets_article a LEFT JOIN accounts_person p ON p.id = a.author_id
                    WHERE a.ticket_id = t.id AND a.seq > %s AND a.sender <> 'system' {kept}
                      AND a.author_id IS DISTINCT FROM %s ORDER BY a.seq LIMIT 1) a ON true
             WHERE t.number = %s AND {sight}""",  # noqa: S608  our own text
        [since, since, actor.person_id, after, actor.person_id, storable(number)[:50], *values],
    )
    if not rows:
        raise NotFound
    found = News(rows[0][0], rows[0][1], events_of(rows[0][2]))
    return None if found.is_note is None and not found.changes else found


class Meanwhile(NamedTuple):
    """A visible request, and the newest answer of somebody else since a moment: who wrote it, and which article."""

    ticket_id: int
    who: str | None
    article_id: int | None


def meanwhile(actor: Actor, number: str, *, seen: int) -> Meanwhile | None:
    """What came into a visible request while its writer had its event `seen` before them; None where there is no such
    request for them. One statement."""
    access = access_of(actor)
    sight, values = sight_sql(access)
    kept = "" if access.is_agent else "AND a.visible_to_client"
    rows = db.fetch(
        f"""SELECT t.id, a.who, a.id FROM tickets_ticket t LEFT JOIN LATERAL (
                   SELECT coalesce(p.name, a.from_address) AS who, a.id
                     FROM tickets_ticketevent e JOIN tickets_article a ON a.id = e.article_id
                     LEFT JOIN accounts_person p ON p.id = a.author_id
                    WHERE e.ticket_id = t.id AND t.last_event_seq > %s AND e.seq > %s AND a.sender <> 'system' {kept}
                      AND a.author_id IS DISTINCT FROM %s ORDER BY e.seq DESC LIMIT 1) a ON true
             WHERE t.number = %s AND {sight}""",  # noqa: S608  our own text
        [seen, seen, actor.person_id, storable(number)[:50], *values],
    )
    return Meanwhile(*rows[0]) if rows else None


def files_of(article: Article) -> tuple[File, ...]:
    """The files of an article of a page."""
    found: tuple[File, ...] = article.files  # type: ignore[attr-defined]
    return found


def attachment(actor: Actor, number: str, attachment_id: int) -> Attachment:
    """A file of an article that this person sees. Raises NotFound."""
    rows = Attachment.objects.select_related("article").filter(
        pk=attachment_id, article__ticket__in=visible_to(actor).filter(number=storable(number))
    )
    if not access_of(actor).is_agent:
        rows = rows.filter(article__visible_to_client=True)
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def article(actor: Actor, number: str, article_id: int) -> Article:
    """An article that this person sees, with its request. Raises NotFound."""
    found = Article.objects.select_related("ticket", "author").filter(
        pk=article_id, ticket__in=visible_to(actor).filter(number=storable(number))
    )
    if not access_of(actor).is_agent:
        found = found.filter(visible_to_client=True)
    one = found.first()
    if one is None:
        raise NotFound
    return one


def attachments(actor: Actor, number: str) -> list[Attachment]:
    """The files of all the articles of a visible request that this person sees, in reading order."""
    rows = Attachment.objects.select_related("article").filter(
        article__ticket__in=visible_to(actor).filter(number=storable(number))
    )
    if not access_of(actor).is_agent:
        rows = rows.filter(article__visible_to_client=True)
    return list(rows.order_by("article__seq", "position"))
