"""What the page of one request reads, by bare statements: it is opened more often than anything but a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
_TURNS = EVENTS.format(which="(e.verb IN ('opened', 'owner_set') OR e.field = 'state')")


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


def articles(actor: Actor, ticket: Ticket) -> list[Article]:
    """The articles of a visible request that this person sees, oldest first, with authors and files (`files_of`).
    One statement."""
    kept = "" if access_of(actor).is_agent else "AND a.visible_to_client"
    rows = db.fetch(
        f"""SELECT {_ARTICLE.sql}, {_PERSON.sql}, (
                     SELECT json_agg(json_build_array(f.id, f.filename, f.size, f.inline, f.content_id)
                                     ORDER BY f.position) FROM tickets_attachment f WHERE f.article_id = a.id)
              FROM tickets_article a LEFT JOIN accounts_person p ON p.id = a.author_id
             WHERE a.ticket_id = %s {kept} ORDER BY a.seq""",  # noqa: S608  our own text
        [ticket.pk],
    )
    found = []
    for row in rows:
        article = _ARTICLE.take(row)
        if article is not None:
            _hang(article, "author", _PERSON.take(row, _ARTICLE.width))
            _hang(article, "ticket", ticket)
            article.files = tuple(File(*file) for file in row[-1] or ())  # type: ignore[attr-defined]
            found.append(article)
    return found


class News(NamedTuple):
    """The first article that a reader has not seen."""

    seq: int
    is_note: bool


def news(actor: Actor, number: str, *, after: int) -> News | None:
    """What somebody else has written in a visible request since the article `after`. One statement. Raises NotFound."""
    access = access_of(actor)
    sight, values = sight_sql(access)
    kept = "" if access.is_agent else "AND a.visible_to_client"
    rows = db.fetch(
        f"""SELECT a.seq, NOT a.visible_to_client FROM tickets_ticket t LEFT JOIN LATERAL (
                   SELECT a.seq, a.visible_to_client FROM tickets_article a
                    WHERE a.ticket_id = t.id AND a.seq > %s AND a.sender <> 'system' {kept}
                      AND a.author_id IS DISTINCT FROM %s ORDER BY a.seq LIMIT 1) a ON true
             WHERE t.number = %s AND {sight}""",  # noqa: S608  our own text
        [after, actor.person_id, storable(number)[:50], *values],
    )
    if not rows:
        raise NotFound
    return None if rows[0][0] is None else News(*rows[0])


def files_of(article: Article) -> tuple[File, ...]:
    """The files of an article that `articles` read."""
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


@dataclass(frozen=True, slots=True)
class Around:
    """What a client's page shows beside the request: the states, how many colleagues see it too, how many of the
    reader's own requests wait for them, the turns it took: opened, taken, states."""

    states: Mapping[str, State]
    colleagues: int
    waiting: int
    turns: list[Event]

    def state(self, code: str, language: str) -> str:
        """The name of a state for clients; its code for one that is gone."""
        found = self.states.get(code)
        return found.name("ru" if language == "ru" else "en", for_client=True) if found else code


def around_client(actor: Actor, ticket: Ticket) -> Around:
    """The surroundings of a visible request for its client. One statement."""
    rows = db.fetch(
        f"""SELECT (SELECT count(DISTINCT p.id)
                     FROM accounts_membership m JOIN accounts_person p ON p.id = m.person_id
                    WHERE m.company_id = %s AND m.inactive_at IS NULL AND p.kind = 'client'
                      AND p.inactive_at IS NULL AND p.id <> %s AND (m.sees = 'company' OR EXISTS (
                            SELECT 1 FROM tickets_participant x WHERE x.ticket_id = %s AND x.person_id = p.id))),
                  (SELECT count(*) FROM tickets_ticket t
                    WHERE t.author_id = %s AND t.phase = 'open' AND t.waits_for = 'client'
                      AND (t.company_id IS NULL OR t.company_id = ANY(%s))),
                  {_TURNS}""",  # noqa: S608  our own text
        [
            ticket.company_id or 0, ticket.author_id, ticket.pk, actor.person_id,
            sorted(access_of(actor).companies), ticket.pk,
        ],
    )  # fmt: skip
    colleagues, waiting, turns = rows[0]
    states = {code: row for code, row in dictionary.dictionary_of(actor).states.items() if row.inactive_at is None}
    return Around(states, colleagues, waiting, events_of(turns))
