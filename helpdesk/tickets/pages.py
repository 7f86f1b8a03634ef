"""What the page of one request reads, by bare statements: it is opened more often than anything but a list."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import F, Q

from helpdesk.accounts.models import Company, Person
from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.core.plain import Columns
from helpdesk.core.text.mentions import numbers_in
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
_TEXTS = tuple(_ARTICLE.place(name) for name in ("text", "html", "folded_text"))
_SEQ, _OF = _ARTICLE.place("seq"), _ARTICLE.place("ticket_id")
# an article with its author and its files as JSON
_LETTER = f"""{_ARTICLE.sql}, {_PERSON.sql}, (
    SELECT json_agg(json_build_array(f.id, f.filename, f.size, f.inline, f.content_id) ORDER BY f.position)::text
      FROM tickets_attachment f WHERE f.article_id = a.id)"""  # noqa: S608  our own text
_LETTERS = "tickets_article a LEFT JOIN accounts_person p ON p.id = a.author_id"
_WIDTH_OF_LETTER = _ARTICLE.width + _PERSON.width + 2  # its files, the number of the merged request that it is of
# whether clients of a request `f` read what a request `m` brought along that was merged into it: of their own side only
SAME_SIDE = """(m.company_id = f.company_id OR m.company_id IS NULL AND f.company_id IS NULL
                AND m.author_id = f.author_id)"""
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
    """One request with what its page shows, and `read_seq`; an older number, or that of a merged one, leads to the
    request it belongs to.

    Raises NotFound.
    """
    return _for_page(actor, number, _conditions(number))


def itself(actor: Actor, number: str) -> Ticket:
    """The request of this very number, merged or not, as `for_page` gives it. Raises NotFound."""
    _conditions(number)
    return _for_page(actor, number, ("t.number = %s",))


def by_id(actor: Actor, ticket_id: int) -> Ticket | None:
    """The request of an id, as far as this person sees it."""
    return visible_to(actor).filter(pk=ticket_id).first()


def first_words(ticket: Ticket) -> str:
    """What a visible request began with, as far as its client sees it."""
    first = Article.objects.filter(ticket=ticket, visible_to_client=True).order_by("seq").first()
    return first.text if first else ""


def _for_page(actor: Actor, number: str, conditions: Sequence[str]) -> Ticket:
    sight, values = sight_sql(access_of(actor))
    for condition in conditions:
        rows = db.fetch(
            f"SELECT {_COLUMNS} FROM tickets_ticket t {_JOINS} WHERE {condition} AND {sight}",  # noqa: S608  our own
            [actor.person_id or 0, actor.person_id or 0, number, *values],
        )
        if rows:
            return _ticket(actor, rows[0])
    raise NotFound


_BY_OLDER = """t.id = (SELECT coalesce(m.part_of_id, m.id) FROM tickets_numberalias n
                         JOIN tickets_ticket m ON m.id = n.ticket_id WHERE n.number = %s)"""


def _conditions(number: str) -> tuple[str, ...]:
    """How a request is found by a number of it, in turn: its own, that of a merged one or an older one; a merged one
    itself only where its reader does not see what it became part of. Raises NotFound for what is none."""
    if "\0" in number or len(number) > 50:
        raise NotFound
    return (
        "t.number = %s AND t.part_of_id IS NULL",
        "t.id = (SELECT part_of_id FROM tickets_ticket WHERE number = %s)",
        _BY_OLDER,
        "t.number = %s",
    )


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
    """The articles of rows that have the columns of _LETTER from `at` on: the parts of a UNION promise no order. Those
    that merged requests brought along stand among the others by their time."""
    found: list[Article] = []
    for row in rows:
        article = _ARTICLE.take(row, at)
        assert article is not None
        _hang(article, "author", _PERSON.take(row, at + _ARTICLE.width))
        _hang(article, "ticket", ticket)
        files = json.loads(row[at + _ARTICLE.width + _PERSON.width] or "[]")
        article.files = tuple(File(*file) for file in files)  # type: ignore[attr-defined]
        article.brought_by = row[at + _WIDTH_OF_LETTER - 1] or ""  # type: ignore[attr-defined]
        found.append(article)
    is_one = all(article.ticket_id == ticket.pk for article in found)
    return sorted(found, key=attrgetter("seq") if is_one else attrgetter("created_at", "pk"))


def brought_by(article: Article) -> str:
    """The number of the merged request that an article of a page belongs to; empty for the page's own."""
    found: str = article.brought_by  # type: ignore[attr-defined]
    return found


def referred_by(article: Article) -> frozenset[str]:
    """The numbers of other requests in an article of a page that lead to what its reader sees."""
    known: frozenset[str] = article.referred  # type: ignore[attr-defined]
    return known and known & frozenset().union(*map(numbers_in, (article.text, article.html, article.folded_text)))


@dataclass(frozen=True, slots=True)
class Opened:
    """A visible request as one statement read it, with what a room asked beside it and the articles that the reader
    sees. Equal ones show the same: a whole page can be kept under it."""

    row: tuple[Any, ...]
    letters: tuple[tuple[Any, ...], ...]
    referred: frozenset[str] = frozenset()  # numbers of other requests in its texts that lead to what the reader sees

    @property
    def texts(self) -> Iterator[str]:
        """What the articles say, as far as they have such a text."""
        return (row[at] for row in self.letters for at in _TEXTS if row[at])

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
        """The newest article of the request's own that the reader sees."""
        return max((row[_SEQ] for row in self.letters if row[_OF] == self.id), default=0)

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
        articles = _articles(ticket, self.letters, 0)
        for article in articles:
            article.referred = self.referred  # type: ignore[attr-defined]
        return ticket, articles


_BY_SAME_SIDE = f"AND EXISTS (SELECT 1 FROM found f WHERE {SAME_SIDE})"  # noqa: S608  our own text


def opened(actor: Actor, number: str, beside: str, values: Sequence[Any], *, width: int) -> Opened:
    """A request by its number, also an older one, with the `width` values of the SQL expressions `beside`, which may
    name its columns as `t` and its id as `(SELECT id FROM found)`; JSON among them as text. One statement.

    Raises NotFound.
    """
    access = access_of(actor)
    sight, seen = sight_sql(access)
    kept = "" if access.is_agent else "AND a.visible_to_client"
    side = "" if access.is_agent else _BY_SAME_SIDE
    empty = "NULL, " * (_WIDTH + width)
    for condition in _conditions(number):
        rows = db.fetch(
            f"""WITH found AS MATERIALIZED (SELECT t.* FROM tickets_ticket t WHERE {condition} AND {sight})
                SELECT {_COLUMNS}, {beside} {", NULL" * _WIDTH_OF_LETTER} FROM found t {_JOINS}
                 UNION ALL (
                SELECT {empty} {_LETTER}, NULL FROM {_LETTERS} WHERE a.ticket_id = (SELECT id FROM found) {kept})
                 UNION ALL (
                SELECT {empty} {_LETTER}, m.number FROM tickets_ticket m JOIN {_LETTERS} ON a.ticket_id = m.id
                 WHERE m.part_of_id = (SELECT id FROM found) {kept} {side})""",  # noqa: S608  our own text
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
    which="t.last_event_seq > %s AND e.seq > %s AND e.field <> '' AND e.verb NOT IN ('linked', 'unlinked')"
    " AND e.article_id IS NULL AND e.actor_id IS DISTINCT FROM %s"
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
    seq: int | None
    state_moved: bool  # whether its state was changed since


def meanwhile(actor: Actor, number: str, *, seen: int) -> Meanwhile | None:
    """What came into a visible request while its writer had its event `seen` before them; None where there is no such
    request for them. One statement."""
    access = access_of(actor)
    sight, values = sight_sql(access)
    kept = "" if access.is_agent else "AND a.visible_to_client"
    rows = db.fetch(
        f"""SELECT t.id, a.who, a.id, a.seq, t.last_event_seq > %s AND EXISTS (
                     SELECT 1 FROM tickets_ticketevent e WHERE e.ticket_id = t.id AND e.field = 'state' AND e.seq > %s)
              FROM tickets_ticket t LEFT JOIN LATERAL (
                   SELECT coalesce(p.name, a.from_address) AS who, a.id, a.seq
                     FROM tickets_ticketevent e JOIN tickets_article a ON a.id = e.article_id
                     LEFT JOIN accounts_person p ON p.id = a.author_id
                    WHERE e.ticket_id = t.id AND t.last_event_seq > %s AND e.seq > %s AND a.sender <> 'system' {kept}
                      AND a.author_id IS DISTINCT FROM %s ORDER BY e.seq DESC LIMIT 1) a ON true
             WHERE t.number = %s AND {sight}""",  # noqa: S608  our own text
        [seen, seen, seen, seen, actor.person_id, storable(number)[:50], *values],
    )
    return Meanwhile(*rows[0]) if rows else None


def files_of(article: Article) -> tuple[File, ...]:
    """The files of an article of a page."""
    found: tuple[File, ...] = article.files  # type: ignore[attr-defined]
    return found


def _read_on(actor: Actor, number: str, at: str = "") -> Q:
    """Which articles (reached by the relation `at`) a person reads on the page of a request."""
    whole = visible_to(actor).filter(number=storable(number))
    own = Q(**{f"{at}ticket__in": whole})
    brought = Q(**{f"{at}ticket__part_of__in": whole})
    if access_of(actor).is_agent:
        return own | brought
    part, into = f"{at}ticket__", f"{at}ticket__part_of__"
    same = Q(**{f"{part}company": F(f"{into}company")}) | Q(
        **{f"{part}company": None, f"{into}company": None, f"{part}author": F(f"{into}author")}
    )
    return (own | brought & same) & Q(**{f"{at}visible_to_client": True})


def attachment(actor: Actor, number: str, attachment_id: int) -> Attachment:
    """A file of an article that this person reads on the page of a request. Raises NotFound."""
    rows = Attachment.objects.select_related("article")
    found = rows.filter(_read_on(actor, number, "article__"), pk=attachment_id).first()
    if found is None:
        raise NotFound
    return found


def article(actor: Actor, number: str, article_id: int) -> Article:
    """An article that this person reads on the page of a request, with the request that it is of. Raises NotFound."""
    found = Article.objects.select_related("ticket", "author").filter(_read_on(actor, number), pk=article_id).first()
    if found is None:
        raise NotFound
    return found


def attachments(actor: Actor, number: str) -> list[Attachment]:
    """The files of all the articles that this person reads on the page of a request, in reading order."""
    rows = Attachment.objects.select_related("article").filter(_read_on(actor, number, "article__"))
    return sorted(rows.order_by("article__seq", "position"), key=lambda file: file.article.created_at)
