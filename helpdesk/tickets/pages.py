"""What the page of one request reads, by bare statements: it is opened more often than anything but a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from helpdesk.accounts.models import Company, Person
from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.core.plain import Columns
from helpdesk.core.text.safe import storable
from helpdesk.tickets import dictionary
from helpdesk.tickets.access import access_of
from helpdesk.tickets.draft_lines import ANSWERS, Line, lines_of, writer_of
from helpdesk.tickets.models import Article, Attachment, State, Ticket
from helpdesk.tickets.queries import sight_sql, visible_to

_TICKET = Columns(Ticket, "t")
# what hangs on a request: its attribute, the columns, how the table is joined
_AROUND: tuple[tuple[str, Columns[Any], str], ...] = (
    ("company", Columns(Company, "co"), "LEFT JOIN accounts_company co ON co.id = t.company_id"),
    ("author", Columns(Person, "au"), "JOIN accounts_person au ON au.id = t.author_id"),
    ("owner", Columns(Person, "ow"), "LEFT JOIN accounts_person ow ON ow.id = t.owner_id"),
    ("responsible", Columns(Person, "re"), "LEFT JOIN accounts_person re ON re.id = t.responsible_id"),
)
_ARTICLE, _PERSON = Columns(Article, "a"), Columns(Person, "p")
# the history of a request as one value; {which} narrows it
EVENTS = """(
    SELECT json_agg(json_build_array(e.seq, e.actor_id, coalesce(p.name, ''), e.cause, e.verb, e.field, e.old, e.new,
                                     e.note, e.article_id, e.happened_at) ORDER BY e.seq)
      FROM tickets_ticketevent e LEFT JOIN accounts_person p ON p.id = e.actor_id
     WHERE e.ticket_id = %s AND {which})"""
_TURNS = EVENTS.format(which="(e.verb IN ('opened', 'owner_set', 'author_set') OR e.field = 'state')")


class Event(NamedTuple):
    """A line of the history, with the actor's name (empty: the desk itself)."""

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
    happened_at: datetime


def events_of(found: Sequence[Sequence[Any]] | None) -> list[Event]:
    """The events that EVENTS gave."""
    return [Event._make((*row[:-1], datetime.fromisoformat(row[-1]))) for row in found or ()]


def for_page(actor: Actor, number: str) -> Ticket:
    """One request with what its page shows, and `read_seq`; an older number leads to the request it belongs to.

    Raises NotFound.
    """
    if "\0" in number or len(number) > 50:
        raise NotFound
    found = _ticket(actor, "t.number = %s", number) or _ticket(
        actor, "t.id = (SELECT ticket_id FROM tickets_numberalias WHERE number = %s)", number
    )
    if found is None:
        raise NotFound
    return found


def _ticket(actor: Actor, condition: str, value: str) -> Ticket | None:
    sight, values = sight_sql(access_of(actor))
    columns = ", ".join([_TICKET.sql, *(around.sql for _, around, _ in _AROUND)])
    joins = " ".join(join for *_, join in _AROUND)
    rows = db.fetch(
        f"""SELECT coalesce((SELECT seq FROM tickets_readmark WHERE ticket_id = t.id AND person_id = %s), 0), {columns}
              FROM tickets_ticket t {joins} WHERE {condition} AND {sight}""",  # noqa: S608  our own text
        [actor.person_id or 0, value, *values],
    )
    ticket = _TICKET.take(rows[0], 1) if rows else None
    if ticket is None:
        return None
    at = 1 + _TICKET.width
    for name, around, _ in _AROUND:
        _hang(ticket, name, around.take(rows[0], at))
        at += around.width
    dictionary.hang(actor, ticket)
    ticket.read_seq = rows[0][0]  # type: ignore[attr-defined]
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


def with_articles(
    actor: Actor, ticket: Ticket, beside: str, values: Sequence[Any], *, width: int = 1
) -> tuple[Sequence[Any], list[Article]]:
    """The `width` values of the SQL expressions `beside`, and the articles of a visible request that this person sees,
    oldest first, with authors and files (`files_of`). One statement: a round trip costs as much as the reading."""
    kept = "" if access_of(actor).is_agent else "AND a.visible_to_client"
    own = _ARTICLE.width + _PERSON.width + 1
    rows = db.fetch(
        f"""SELECT {beside} {", NULL" * own}
             UNION ALL (
            SELECT {"NULL, " * width} {_ARTICLE.sql}, {_PERSON.sql}, (
                     SELECT json_agg(json_build_array(f.id, f.filename, f.size, f.inline, f.content_id)
                                     ORDER BY f.position) FROM tickets_attachment f WHERE f.article_id = a.id)
              FROM tickets_article a LEFT JOIN accounts_person p ON p.id = a.author_id
             WHERE a.ticket_id = %s {kept} ORDER BY a.seq)""",  # noqa: S608  our own text
        [*values, ticket.pk],
    )
    around: Sequence[Any] = ()
    found = []
    for row in rows:
        article = _ARTICLE.take(row, width)
        if article is None:
            around = row[:width]
            continue
        _hang(article, "author", _PERSON.take(row, width + _ARTICLE.width))
        _hang(article, "ticket", ticket)
        article.files = tuple(File(*file) for file in row[-1] or ())  # type: ignore[attr-defined]
        found.append(article)
    return around, sorted(found, key=_seq)  # the parts of a UNION promise no order


def _seq(article: Article) -> int:
    return article.seq


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
    """The files of an article that `with_articles` read."""
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


class Read(NamedTuple):
    """Who else has read a request: how far, and when they came so far."""

    kind: str
    name: str
    seq: int
    at: datetime


class OwnField(NamedTuple):
    """A field of a queue, as far as a stored value is shown by it."""

    key: str
    label_ru: str
    label_en: str
    choices: Sequence[Sequence[str]]
    kind: str


class Going(NamedTuple):
    """A request that goes on from this one, or that this one goes on from (`before`)."""

    number: str
    before: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What a client's page shows beside the request: the states, how many colleagues see it too, how many of the
    reader's own requests wait for them, the turns it took: opened, taken, handed over, states; the reader's own
    half-written answers; who observes it, who else has read it; the fields that its values belong to; visible requests
    before and after it."""

    states: Mapping[str, State]
    colleagues: int
    waiting: int
    turns: list[Event]
    drafts: list[Line]
    observers: tuple[str, ...] = ()
    readers: Sequence[Read] = ()
    fields: Mapping[str, OwnField] = field(default_factory=dict)
    going: Sequence[Going] = ()

    def state(self, code: str, language: str) -> str:
        """The name of a state for clients; its code for one that is gone."""
        found = self.states.get(code)
        return found.name("ru" if language == "ru" else "en", for_client=True) if found else code


# fields of the request's own queue before those of queues that it came from
_FIELDS = """(SELECT json_agg(json_build_array(f.key, f.label_ru, f.label_en, f.choices, f.kind)
                              ORDER BY f.queue_id <> %s, f.position, f.id)
                FROM tickets_intakefield f WHERE f.key = ANY(%s))"""
_GOING = """(SELECT json_agg(json_build_array(t.number, l.target_id = %s) ORDER BY l.id)
               FROM tickets_link l JOIN tickets_ticket t
                 ON t.id = CASE WHEN l.source_id = %s THEN l.target_id ELSE l.source_id END
              WHERE (l.source_id = %s OR l.target_id = %s) AND l.kind = 'follow_up' AND {sight})"""


# whether a person `o` still belongs to the request's company: who has left it is named there no more
_BELONGS = """EXISTS (SELECT 1 FROM accounts_membership m JOIN accounts_company c ON c.id = m.company_id
                      WHERE m.person_id = o.id AND m.company_id = %s AND m.inactive_at IS NULL
                        AND c.inactive_at IS NULL)"""
_OBSERVERS = f"""(SELECT json_agg(o.name ORDER BY o.sort_key, o.id) FROM tickets_participant x
                     JOIN accounts_person o ON o.id = x.person_id AND o.inactive_at IS NULL AND o.kind = 'client'
                    WHERE x.ticket_id = %s AND x.role = 'observer' AND {_BELONGS})"""  # noqa: S608  our own text
_READERS = f"""(SELECT json_agg(json_build_array(o.kind, o.name, r.seq, r.at) ORDER BY r.at, o.id)
                 FROM tickets_readmark r JOIN accounts_person o ON o.id = r.person_id
                WHERE r.ticket_id = %s AND r.person_id <> %s
                  AND (o.kind = 'agent' OR o.inactive_at IS NULL AND {_BELONGS}))"""  # noqa: S608  our own text


def around_client(actor: Actor, ticket: Ticket) -> tuple[Around, list[Article]]:
    """The surroundings of a visible request for its client, and its articles. One statement."""
    access = access_of(actor)
    sight, values = sight_sql(access)
    keys = sorted(ticket.fields)
    found, articles = with_articles(
        actor,
        ticket,
        f"""(SELECT count(DISTINCT p.id)
                     FROM accounts_membership m JOIN accounts_person p ON p.id = m.person_id
                    WHERE m.company_id = %s AND m.inactive_at IS NULL AND p.kind = 'client'
                      AND p.inactive_at IS NULL AND p.id <> %s AND (m.sees = 'company' OR EXISTS (
                            SELECT 1 FROM tickets_participant x WHERE x.ticket_id = %s AND x.person_id = p.id))),
                  (SELECT count(*) FROM tickets_ticket t
                    WHERE t.author_id = %s AND t.phase = 'open' AND t.waits_for = 'client'
                      AND (t.company_id IS NULL OR t.company_id = ANY(%s))),
                  {_TURNS}, {ANSWERS}, {_OBSERVERS}, {_READERS}, {_GOING.format(sight=sight)},
                  {_FIELDS if keys else "NULL::json"}""",  # noqa: S608  our own text
        [
            ticket.company_id or 0, ticket.author_id, ticket.pk, actor.person_id,
            sorted(access.companies), ticket.pk, writer_of(actor), ticket.pk, ticket.pk, ticket.company_id or 0,
            ticket.pk, actor.person_id or 0, ticket.company_id or 0, *[ticket.pk] * 4, *values,
            *([ticket.queue_id, keys] if keys else []),
        ],
        width=8,
    )  # fmt: skip
    return _around(actor, found), articles


def _around(actor: Actor, found: Sequence[Any]) -> Around:
    colleagues, waiting, turns, drafts, observers, readers, going, fields = found
    states = {code: row for code, row in dictionary.dictionary_of(actor).states.items() if row.inactive_at is None}
    by_key: dict[str, OwnField] = {}
    for row in fields or ():
        by_key.setdefault(row[0], OwnField(*row))
    return Around(
        states,
        colleagues,
        waiting,
        events_of(turns),
        lines_of(drafts),
        observers=tuple(observers or ()),
        readers=[Read(kind, name, seq, datetime.fromisoformat(at)) for kind, name, seq, at in readers or ()],
        fields=by_key,
        going=[Going(*row) for row in going or ()],
    )
