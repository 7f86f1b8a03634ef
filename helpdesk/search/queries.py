"""Finding requests. Rights are those of tickets.queries.visible_to; notes are found by the desk alone."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.search import highlight, statement
from helpdesk.search.language import Term, Wanted, read
from helpdesk.search.results import (
    Hit,
    Mode,
    Notice,
    Part,
    Place,
    Results,
    SearchRequest,
    from_cursor,
    to_cursor,
)
from helpdesk.search.statement import Found, Sql
from helpdesk.tickets import lines, numbers, policies
from helpdesk.tickets import queries as tickets
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import NumberAlias, Phase

PIECE = 2  # letters that a piece of a word has at least


def find(
    actor: Actor, wanted: SearchRequest, cursor: str | None = None, *, size: int = 25, count_to: int = 0
) -> Results:
    """A page of the requests that this person sees and that meet all words and conditions, the newest match first.

    `cursor`: the `next_cursor` of the page before. `count_to`: the first page says how many there are, up to so many.
    At most three statements beside the person's access (four for conditions alone that are counted); words of any kind
    are taken, none raises.
    """
    condition = _condition(wanted)
    after = from_cursor(cursor)
    if not wanted.q.strip():
        return _listed(actor, condition, after, size=size, count_to=count_to)
    understood = _understood(wanted.q)
    if not understood.terms:
        return Results(notice=Notice.LONG_WORDS if understood.long_words else Notice.NO_WORDS)
    if understood.only_without:
        return Results(notice=Notice.ONLY_WITHOUT)
    sight, rights = tickets.sight_sql(access_of(actor))
    visible: Sql = (
        f"SELECT t.id FROM tickets_ticket t WHERE {condition[0]} AND {sight}",  # noqa: S608  our own text
        (*condition[1], *rights),
    )
    return _searched(actor, visible, understood, after, size=size, count_to=0 if after else count_to)


def jump(actor: Actor, text: str) -> str | None:
    """The number of the request that a text names by its number alone, written in any way, or by an older number.

    None if it is no number, or of no request that this person sees. One statement, none if it is no number.
    """
    typed = numbers.typed(text[:200])
    if not typed:
        return None
    older = NumberAlias.objects.filter(number=typed).values("ticket_id")
    return tickets.visible_to(actor).filter(Q(number=typed) | Q(pk__in=older)).values_list("number", flat=True).first()


def _understood(q: str) -> Wanted:
    """«№ 100 001» is one number, not two words."""
    number = numbers.typed(q[:200])
    return Wanted((Term((number,)),)) if number else read(q)


def _condition(wanted: SearchRequest) -> Sql:
    """The conditions beside the words, on `tickets_ticket t`."""
    sql, values = ["true"], list[Any]()
    if wanted.states:
        sql.append("t.state_id = ANY(%s)")
        values.append([code[:30].replace("\0", "") for code in wanted.states[:50]])
    if wanted.queues:
        sql.append("t.queue_id = ANY(%s)")
        values.append([key for key in wanted.queues[:500] if 0 < key < 2**63])
    if wanted.created_from:
        sql.append("t.created_at >= %s")
        values.append(wanted.created_from)
    if wanted.created_to:
        sql.append("t.created_at < %s")
        values.append(wanted.created_to)
    if wanted.phase in Phase.values:
        sql.append("t.phase = %s")
        values.append(wanted.phase)
    return " AND ".join(sql), tuple(values)


def _listed(actor: Actor, condition: Sql, after: Place | None, *, size: int, count_to: int) -> Results:
    """Conditions alone: who spoke last, first. One statement, and one to count more than a page."""
    sql, values = condition
    if after is not None and after.mode is Mode.LIST:
        sql, values = f"{sql} AND (t.last_article_at, t.id) < (%s, %s)", (*values, after.at, after.id)
    page = lines.newest(actor, sql, values, limit=size + 1)
    last = page[size - 1] if len(page) > size else None
    total, more_than = (None, 0) if after else (len(page), 0)
    if last:
        total, more_than = _figure(0 if after else _counted(actor, condition, count_to), count_to)
    return Results(
        [Hit(row, [Part(row.subject, found=False)], _plain(row.snippet)) for row in page[:size]],
        to_cursor(Place(Mode.LIST, last.last_article_at, last.id)) if last else "",
        total_hint=total,
        more_than=more_than,
    )


def _counted(actor: Actor, condition: Sql, count_to: int) -> int:
    """How many visible requests meet a condition, up to one more than `count_to`."""
    if not count_to:
        return 0
    sight, rights = tickets.sight_sql(access_of(actor))
    sql = f"SELECT count(*) FROM (SELECT 1 FROM tickets_ticket t WHERE {condition[0]} AND {sight} LIMIT %s) s"  # noqa: S608
    return int(db.fetch(sql, [*condition[1], *rights, count_to + 1])[0][0])


def _figure(counted: int, count_to: int) -> tuple[int | None, int]:
    """What is known of more than a page: how many there are, or that there are more than so many."""
    return (None, count_to) if counted > count_to else (counted or None, 0)


def _searched(
    actor: Actor, visible: Sql, understood: Wanted, after: Place | None, *, size: int, count_to: int
) -> Results:
    notes = policies.may_see_notes(access_of(actor))
    notice = Notice.LONG_WORDS if understood.long_words else Notice.SHORTENED if understood.shortened else None
    found: list[Found] = []
    counted = 0
    if after is None or after.mode is not Mode.PARTS:
        answer = statement.by_words(
            visible, understood.terms, notes=notes, after=after, limit=size + 1, count=count_to and count_to + 1
        )
        if not answer.searchable:
            return Results(notice=Notice.COMMON_WORDS)
        found, counted = answer.rows, answer.total if count_to else 0
    mode, pieces = Mode.WORDS, _pieces(understood.terms)
    if not found and pieces and (after is None or after.mode is Mode.PARTS):
        mode = Mode.PARTS
        found = statement.by_pieces(visible, pieces, after=after, limit=size + 1)
    shown = found[:size]
    last = shown[-1] if len(found) > size else None
    total, more_than = _figure(counted, count_to) if last else (None if after else len(found), 0)
    return Results(
        _hits(actor, shown, understood.terms, pieces if mode is Mode.PARTS else []),
        to_cursor(Place(mode, last.at, last.id)) if last else "",
        notice,
        total,
        more_than,
    )


def _pieces(terms: Sequence[Term]) -> list[str]:
    """What number and subject may hold where no word matches: every word typed, if none is excluded or tiny."""
    words = [word for term in terms for word in term.words]
    if any(term.without for term in terms) or any(len(word) < PIECE for word in words):
        return []
    return words


def _hits(actor: Actor, found: Sequence[Found], terms: Sequence[Term], pieces: Sequence[str]) -> list[Hit]:
    if not found:
        return []
    ids = [row.ticket_id for row in found]
    rows = lines.by_ids(actor, ids)
    shown = [(rows[row.ticket_id], row) for row in found if row.ticket_id in rows]
    if pieces:
        return [Hit(t, highlight.with_piece(t.subject, pieces), _plain(t.snippet)) for t, _ in shown]
    texts = [text for ticket, row in shown for text in (ticket.subject, row.text or ticket.snippet)]
    forms = highlight.forms(texts, terms)
    return [
        Hit(ticket, highlight.marked(ticket.subject, forms), highlight.passage(row.text or ticket.snippet, forms))
        for ticket, row in shown
    ]


def _plain(text: str) -> list[Part]:
    return [Part(text, found=False)] if text else []
