"""Finding requests. Rights are those of tickets.queries.visible_to; notes are found by the desk alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from helpdesk.core import clock, db
from helpdesk.core.actor import Actor
from helpdesk.search import held, highlight, narrow, statement, together
from helpdesk.search.asking import without_doing
from helpdesk.search.highlight import Forms
from helpdesk.search.index import NO_COMPANY
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
from helpdesk.search.statement import Found, Sought, Sql
from helpdesk.tickets import lines, numbers, policies
from helpdesk.tickets import queries as tickets
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import NumberAlias

COUNTED = 100  # requests that are counted while they are looked for; more take a statement of their own
PIECE = 2  # letters that a piece of a word has at least
_FIRST_TOGETHER = Place(Mode.TOGETHER, datetime(2199, 1, 1, tzinfo=UTC), 0)  # before the first of such requests


def find(
    actor: Actor, wanted: SearchRequest, cursor: str | None = None, *, size: int = 25, count_to: int = 0
) -> Results:
    """A page of the requests that this person sees and that meet all words and conditions, the newest match first:
    those where all words stand in one article, then those whose articles hold them together.

    `cursor`: the `next_cursor` of the page before. `count_to`: each page says how many there are, up to so many.
    At most three statements beside the person's access; one more each for words that different articles may hold, where
    a page is not full, for words of several places, for the name of who answered, for what the fields hold that are
    asked for, and to count more than are quickly counted. Words of any kind are taken, none raises.
    """
    after, (wanted, left_out) = from_cursor(cursor), _by_what_counts(wanted)
    if not wanted.words[0]:
        found = _listed(actor, wanted, after, size=size, count_to=count_to)
    else:
        sought, notice = _sought(actor, wanted)
        if sought is None:
            return Results(notice=notice)
        by_fit = wanted.by_fit and (after is None or after.mode is Mode.FIT)
        search = _best if by_fit else _searched
        found = search(actor, sought, notice, after, size=size, count_to=count_to)
    values = held.values_of([hit.line.id for hit in found.items], wanted.fields) if found.items else {}
    items = [replace(hit, held=values.get(hit.line.id, {})) for hit in found.items]
    notice = found.notice or (Notice.COMMON_BESIDE if left_out else None)
    told = () if wanted.words[1] or not found.items else _understood(wanted.words[0]).passed_over
    return replace(found, items=items, notice=notice, passed=after.passed if after else 0, passed_over=told)


def all_ids(actor: Actor, wanted: SearchRequest, *, most: int) -> list[int]:
    """The ids of all that `find` shows, page after page, in its order, up to `most`. Five statements at most."""
    wanted, _ = _by_what_counts(wanted)
    if not wanted.words[0]:
        sql, values = narrow.condition(actor, wanted)
        return lines.newest_ids(actor, sql, values, limit=most)
    sought, _ = _sought(actor, wanted)
    if sought is None:
        return []
    searchable, found = statement.all_by_words(sought, limit=most)
    if not searchable:  # the screen asks for a rarer word and shows nothing
        return []
    if wanted.by_fit and found:
        best = statement.by_words(sought, after=None, limit=statement.FITTING, fitting=0).rows
        found[: len(best)] = [row.ticket_id for row in best][:most]
    found += together.ids(sought, limit=most - len(found))
    if not found and (pieces := _pieces(sought)):
        return [row.ticket_id for row in statement.by_pieces(sought.visible, pieces, after=None, limit=most)]
    return found


def holds(actor: Actor, wanted: SearchRequest) -> bool:
    """Whether anything holds the words themselves. Two statements, three for words of several places."""
    wanted, _ = _by_what_counts(wanted)
    sought, _ = _sought(actor, wanted)
    if sought is None:
        return False
    return bool(statement.by_words(sought, after=None, limit=1).rows or together.ids(sought, limit=1))


def jump(actor: Actor, text: str) -> str | None:
    """The number of the request that a text names by its number alone, written in any way, or by an older number.

    None if it is no number, or of no request that this person sees. One statement, none if it is no number.
    """
    typed = numbers.typed(text[:200])
    if not typed:
        return None
    older = NumberAlias.objects.filter(number=typed).values("ticket_id")
    return tickets.visible_to(actor).filter(Q(number=typed) | Q(pk__in=older)).values_list("number", flat=True).first()


def only_leaves_out(wanted: SearchRequest) -> bool:
    """Whether there are words, and all of them are what must not occur: conditions have to say what to find."""
    return bool(wanted.places) and all(read(words).only_without for words, _ in wanted.places.values())


def _understood(q: str) -> Wanted:
    """«№ 100 001» is one number, not two words; what shall be done says nothing in a question."""
    number = numbers.typed(q[:200])
    if number:
        return Wanted((Term((number,)),))
    asked, doing = without_doing(q)
    understood = read(asked)
    return replace(understood, passed_over=tuple(dict.fromkeys((*understood.passed_over, *doing))))


def _by_what_counts(wanted: SearchRequest) -> tuple[SearchRequest, bool]:
    """Words of several places without those places where only words stand that almost every text has, as such words
    are passed over beside others; and whether any were. Where only what must not occur is left, it narrows the rest.
    Where nothing else is left, all stays: the search says why it finds nothing. One statement, none for one place."""
    if only_leaves_out(wanted):
        return replace(wanted, beside=frozenset(wanted.places) if wanted.narrows else frozenset()), False
    terms = {name: read(words).terms for name, (words, _) in wanted.places.items()}
    if len(terms) < 2 or not all(terms.values()):
        return wanted, False
    left = dict(zip(terms, statement.left_of(list(terms.values())), strict=True))
    if not any(must for must, _ in left.values()):
        return wanted, False
    common: dict[str, Any] = dict.fromkeys((name for name, (_, of_all) in left.items() if not of_all), "")
    beside = frozenset(name for name, (must, of_all) in left.items() if of_all and not must)
    return replace(wanted, **common, beside=beside), bool(common)


def _sought(actor: Actor, wanted: SearchRequest) -> tuple[Sought | None, Notice | None]:
    """What the index is asked for, None where there is nothing to ask; and what the reader should know."""
    words, among = wanted.words
    understood = read(words) if among else _understood(words)
    if not understood.terms:
        return None, Notice.LONG_WORDS if understood.long_words else Notice.NO_WORDS
    if understood.only_without:
        return None, Notice.ONLY_WITHOUT
    access = access_of(actor)
    sight, rights = tickets.sight_sql(access, of_all=True)
    parts = [narrow.condition(actor, wanted), *narrow.without(actor, understood.terms, among)]
    condition = " AND ".join(sql for sql, _ in parts)
    visible: Sql = (
        f"SELECT t.id FROM tickets_ticket t WHERE {condition} AND {sight}",  # noqa: S608  our own text
        (*(value for _, values in parts for value in values), *rights),
    )
    companies = sorted({*access.companies, NO_COMPANY}) if access.is_client else None
    notice = Notice.LONG_WORDS if understood.long_words else Notice.SHORTENED if understood.shortened else None
    beside = [term for other, _ in wanted.other_words for term in read(other).terms]
    notes, pieces = policies.may_see_notes(access), held.words(wanted.fields)
    is_dear = bool(wanted.other_words)
    return Sought(understood.terms, visible, notes, companies, among, beside, pieces, is_dear), notice


def _listed(actor: Actor, wanted: SearchRequest, after: Place | None, *, size: int, count_to: int) -> Results:
    """Conditions alone: who spoke last, first. One statement, and one to count more than a page."""
    sql, values = condition = narrow.condition(actor, wanted)
    if after is not None and after.mode is Mode.LIST:
        sql, values = f"{sql} AND (t.last_article_at, t.id) < (%s, %s)", [*values, after.at, after.id]
    page = lines.newest(actor, sql, values, limit=size + 1)
    last = page[size - 1] if len(page) > size else None
    known: tuple[int | None, int] = len(page), 0
    if last or after:
        known = _figure(_counted(actor, condition, count_to), count_to)
    texts = [text for row in page for text in (row.subject, row.snippet)]
    forms = highlight.forms(texts, (), held.words(wanted.fields))
    return Results(
        [Hit(row, highlight.marked(row.subject, forms), _marked(row.snippet, forms)) for row in page[:size]],
        _following(after, Place(Mode.LIST, last.last_article_at, last.id), size) if last else "",
        total_hint=known[0],
        more_than=known[1],
    )


def _counted(actor: Actor, condition: narrow.Condition, count_to: int) -> int:
    """How many visible requests meet a condition, up to one more than `count_to`."""
    if not count_to:
        return 0
    sight, rights = tickets.sight_sql(access_of(actor), of_all=True)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM tickets_ticket t WHERE {condition[0]} AND {sight} LIMIT %s) s"  # noqa: S608
    return int(db.fetch(sql, [*condition[1], *rights, count_to + 1])[0][0])


def _following(after: Place | None, last: Place, shown: int) -> str:
    """The cursor of the page behind one of so many."""
    return to_cursor(last._replace(passed=shown + (after.passed if after else 0)))


def _figure(counted: int, count_to: int) -> tuple[int | None, int]:
    """What is known of more than a page: how many there are, or that there are more than so many."""
    return (None, count_to) if counted > count_to else (counted or None, 0)


def _searched(
    actor: Actor, sought: Sought, notice: Notice | None, after: Place | None, *, size: int, count_to: int
) -> Results:
    stage, is_first = after.mode if after else Mode.WORDS, after in {None, _FIRST_TOGETHER}
    found: list[Found] = []
    counted = 0
    if stage not in {Mode.TOGETHER, Mode.PARTS}:
        near = min(count_to, COUNTED) if is_first and not sought.is_dear else 0
        answer = statement.by_words(sought, after=after, limit=size + 1, count=near and near + 1)
        if not answer.searchable:
            return Results(notice=Notice.COMMON_WORDS)
        found, counted = answer.rows, answer.total if count_to else 0
    of_one_row, pieces = len(found), list[str]()
    if stage is not Mode.PARTS:
        from_there = after if stage is Mode.TOGETHER else None
        found += together.by_words(sought, after=from_there, limit=size + 1 - of_one_row)
    if not found and (is_first or stage is Mode.PARTS) and (pieces := _pieces(sought)):
        most = max(size, count_to if is_first else 0)
        found = statement.by_pieces(
            sought.visible, pieces, after=after if stage is Mode.PARTS else None, limit=most + 1
        )
        counted = len(found) if count_to else 0
    last = found[size - 1] if len(found) > size else None
    mode = Mode.PARTS if pieces else Mode.WORDS if size <= of_one_row else Mode.TOGETHER
    known: tuple[int | None, int] = len(found), 0
    if not is_first:
        known = _recounted(sought, pieces, count_to)
    elif last:
        known = _figure(counted, count_to) if pieces else _total(sought, counted, count_to)
    following = _following(after, Place(mode, last.at, last.id), size) if last else ""
    return Results(_hits(actor, found[:size], sought, pieces), following, notice, *known)


def _total(sought: Sought, counted: int, count_to: int) -> tuple[int | None, int]:
    """What is known of more than a page, of `counted` or more requests that match in one row: at least that, in round
    figures."""
    if not sought.is_dear and (counted <= COUNTED or count_to <= COUNTED):
        return _of_all_rows(sought, counted, count_to)
    return _many(sought, counted, count_to)


def _many(sought: Sought, counted: int, count_to: int) -> tuple[int | None, int]:
    total, is_all = statement.many(sought, most=count_to)
    return _of_all_rows(sought, total, count_to) if is_all else _at_least(max(total, counted))


def _of_all_rows(sought: Sought, counted: int, count_to: int) -> tuple[int | None, int]:
    """The figure of `counted` requests that match in one row, with those whose rows match together. One statement, none
    where there are enough, or none of those."""
    if not 0 < count_to >= counted or not together.are_several(sought):
        return _figure(counted, count_to)
    total = together.counted(sought, most=count_to)
    return _at_least(counted) if total is None else _figure(max(total, counted), count_to)


def _at_least(counted: int) -> tuple[int | None, int]:
    least = max(counted, 1) - 1
    return None, least - least % COUNTED


def _recounted(sought: Sought, pieces: Sequence[str], count_to: int) -> tuple[int | None, int]:
    """What is known of all on a page that is not the first. One statement."""
    if not count_to:
        return None, 0
    if pieces:
        found = statement.by_pieces(sought.visible, pieces, after=None, limit=count_to + 1)
        return _figure(len(found), count_to)
    return _many(sought, 1, count_to)


def _best(
    actor: Actor, sought: Sought, notice: Notice | None, after: Place | None, *, size: int, count_to: int
) -> Results:
    """The best of the newest; after them, by time, those that are older still."""
    at = min(after.id, statement.FITTING) if after else 0
    answer = statement.by_words(sought, after=None, limit=size + 1, fitting=at)
    if not answer.rows and at == 0 and answer.searchable:
        return _searched(actor, sought, notice, _FIRST_TOGETHER, size=size, count_to=count_to)
    if not answer.searchable:
        return Results(notice=Notice.COMMON_WORDS)
    found, last = answer.rows, None
    if at + size < answer.total:
        last = Place(Mode.FIT, clock.now(), at + size)
    elif answer.total == statement.FITTING and answer.oldest:
        last = Place(Mode.WORDS, *answer.oldest)
    else:
        found = [*found, *together.by_words(sought, after=None, limit=size + 1 - len(found))]
        if len(found) > size:
            end = found[size - 1]
            is_together = size > len(answer.rows)
            last = Place(Mode.TOGETHER, end.at, end.id) if is_together else _FIRST_TOGETHER
    shown = found[:size]
    known: tuple[int | None, int] = (None if last or at else len(found), 0)
    if count_to and (last or at):
        is_all = answer.total < statement.FITTING
        known = (_of_all_rows if is_all else _total)(sought, answer.total, count_to)
    following = _following(after, last, len(shown)) if last else ""
    return Results(_hits(actor, shown, sought, []), following, notice, *known)


def _pieces(sought: Sought) -> list[str]:
    """What number and subject may hold where no word matches: every word typed, if none is excluded or tiny, and they
    may stand there."""
    words = [word for term in sought.terms for word in term.words]
    if sought.among not in {"", "a"} or any(term.without for term in sought.terms):
        return []
    return [] if any(len(word) < PIECE for word in words) else words


def _hits(actor: Actor, found: Sequence[Found], sought: Sought, pieces: Sequence[str]) -> list[Hit]:
    if not found:
        return []
    ids = [row.ticket_id for row in found]
    rows = lines.by_ids(actor, ids)
    shown = [(rows[row.ticket_id], row) for row in found if row.ticket_id in rows]
    if pieces:
        known = [*pieces, *(piece for piece in sought.pieces if len(piece) >= held.SHORTEST)]
        return [Hit(t, highlight.with_piece(t.subject, known), _plain(t.snippet)) for t, _ in shown]
    texts = [text for t, row in shown for text in (t.subject, t.snippet, *row.texts)]
    forms = highlight.forms(texts, [*sought.terms, *sought.beside], sought.pieces)
    return [Hit(t, highlight.marked(t.subject, forms), _excerpt(row, t.snippet, forms)) for t, row in shown]


def _excerpt(row: Found, last_words: str, forms: Forms) -> list[Part]:
    """Of what was found, of each row that shows another of the words; else the beginning of the text."""
    rows = (row, *row.beside)
    length = highlight.LENGTH if len(rows) == 1 else 2 * highlight.LENGTH // (1 + len(rows))
    passages = [found for one in rows if (found := _passage(one, forms, length))]
    return highlight.joined(passages) or highlight.passage(row.text or last_words, forms)


def _passage(row: Found, forms: Forms, length: int) -> list[Part]:
    """Of the article's text, the request's fields, files' names, what is quoted: the first that holds a word."""
    passages = (highlight.passage(text, forms, length) for text in (row.text, row.facts, row.files, row.quoted) if text)
    return next((one for one in passages if any(part.found for part in one)), [])


def _marked(text: str, forms: Forms) -> list[Part]:
    """A short text whole; the passage of what is found where there is anything."""
    return highlight.passage(text, forms) if text and forms else _plain(text)


def _plain(text: str) -> list[Part]:
    return [Part(text, found=False)] if text else []
