"""What narrows a search beside its words, as SQL on `tickets_ticket t`. Who sees what is said by tickets.queries."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from helpdesk.accounts.queries import agents_called
from helpdesk.core.actor import Actor
from helpdesk.core.text.safe import one_line
from helpdesk.search import together
from helpdesk.search.held import alternatives, pattern
from helpdesk.search.index import NO_COMPANY
from helpdesk.search.language import Term, any_of, positive, read
from helpdesk.search.results import EVER, NOTES, FieldWanted, SearchRequest, Span, Way
from helpdesk.search.statement import Sought, weight_of
from helpdesk.tickets import policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.dictionary import dictionary_of
from helpdesk.tickets.fields.mirror import searchable
from helpdesk.tickets.models import SEEN_FIELDS, Phase

Condition = tuple[str, list[Any]]
WORDS = 5  # of a name; more tell nobody apart
ACCOUNTS = 50  # that are asked for at once
_SIGNS = {Way.FROM: ">=", Way.TO: "<="}

# That something happened from a moment on which clients see: a note, a tag, a lock is the desk's own, and so are a
# state that they know by the same name, and an owner beside whom a responsible person is shown (whoever is named or
# leaves later changes it anew). In the words of the index `event_seen`: the database chooses whether it reads those
# events once, or each request's own.
_SEEN_EVENT = f"""EXISTS (SELECT 1 FROM tickets_ticketevent v WHERE v.ticket_id = t.id AND v.happened_at >= %s
    AND (v.verb = 'opened' OR v.field IN ({", ".join(f"'{name}'" for name in SEEN_FIELDS)}))
    AND v.verb NOT IN ('removed', 'brought_back')
    AND (v.field <> 'state' OR coalesce((v.old #>> '{{}}') || '>' || (v.new #>> '{{}}'), '') <> ALL(%s))
    AND (v.field <> 'owner'
         OR v.ticket_id NOT IN (SELECT r.id FROM tickets_ticket r WHERE r.responsible_id IS NOT NULL)))"""  # noqa: S608
# that somebody has answered as clients see it, observes it
ANSWERED = """EXISTS (SELECT 1 FROM tickets_article a WHERE a.ticket_id = t.id AND a.sender = 'agent'
            AND a.visible_to_client AND a.author_id = {})"""
# whom clients see as answering it
HANDLED = "coalesce(t.responsible_id, t.owner_id) = {}"
OBSERVED = """EXISTS (SELECT 1 FROM tickets_participant o WHERE o.ticket_id = t.id AND o.role = 'observer'
            AND o.person_id = {})"""
_MOMENTS = {"closed": "t.closed_at", "answered": "t.last_agent_at"}  # the desk's last answer


def condition(actor: Actor, wanted: SearchRequest) -> Condition:
    """The conditions of a search apart from its words (`wanted.words`). Forged values find nothing, none raises."""
    parts = [
        ("true", []),
        *_of_request(wanted),
        *_of_people(wanted),
        *_of_times(actor, wanted),
        *_of_fields(wanted.fields),
    ]
    further, values = wanted.further
    parts += [*_of_reader(actor, wanted), *([(further, [*values])] if further else []), *_other_words(actor, wanted)]
    return " AND ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def _of_request(wanted: SearchRequest) -> list[Condition]:
    found: list[Condition] = []
    if wanted.states:
        found.append(("t.state_id = ANY(%s)", [[code[:30].replace("\0", "") for code in wanted.states[:50]]]))
    if wanted.queues:
        found.append(("t.queue_id = ANY(%s)", [[key for key in wanted.queues[:500] if 0 < key < 2**63]]))
    if wanted.phase in Phase.values:
        found.append(("t.phase = %s", [wanted.phase]))
    if wanted.priorities:
        found.append(("t.priority_id = ANY(%s)", [[rank for rank in wanted.priorities if 0 < rank < 100]]))
    if wanted.category is not None:
        below = """t.category_id IN (SELECT c.id FROM tickets_category c
            JOIN tickets_category top ON top.id = %s AND c.path LIKE top.path || '%%')"""
        found.append((below, [wanted.category]))
    if wanted.number:
        part = like(one_line(wanted.number, 50))
        if wanted.number.endswith("*"):
            part = like(one_line(wanted.number, 50).rstrip("*"))[1:]
        number = """(t.number LIKE %s OR EXISTS (SELECT 1 FROM tickets_numberalias n
            WHERE n.ticket_id = t.id AND n.number LIKE %s))"""
        found.append((number, [part, part]))
    return found


def _of_people(wanted: SearchRequest) -> list[Condition]:
    found: list[Condition] = []
    if wanted.author is not None:
        found.append(("t.author_id = %s", [wanted.author]))
    if wanted.company is not None:
        found.append(("t.company_id = %s", [wanted.company]))
    if wanted.staff.strip():
        found.append((ANSWERED.format("ANY(%s)"), [agents_called(one_line(wanted.staff, 200))]))
    if wanted.handler.strip():
        found.append((HANDLED.format("ANY(%s)"), [agents_called(one_line(wanted.handler, 200))]))
    if wanted.observer is not None:
        found.append((OBSERVED.format("%s"), [wanted.observer]))
    return found


def _of_times(actor: Actor, wanted: SearchRequest) -> list[Condition]:
    spans = {
        "t.created_at": Span(wanted.created_from, wanted.created_to),
        **{sql: getattr(wanted, name) for name, sql in _MOMENTS.items()},
    }
    found: list[Condition] = []
    for sql, span in spans.items():
        if span.start is not None:
            found.append((f"{sql} >= %s", [span.start]))
        if span.end is not None:
            found.append((f"{sql} < %s", [span.end]))
    return [*found, *_of_change(actor, wanted.changed)]


def _of_change(actor: Actor, span: Span) -> list[Condition]:
    """When something last happened that clients see; what the request says itself is asked before its history."""
    found: list[Condition] = []
    alike = _alike(actor) if span != EVER else []
    if span.start is not None:
        own = f"(t.last_article_at >= %s OR t.closed_at >= %s OR {_SEEN_EVENT})"
        found.append((own, [*[span.start] * 3, alike]))
    if span.end is not None:
        none = f"t.last_article_at < %s AND (t.closed_at < %s OR t.closed_at IS NULL) AND NOT {_SEEN_EVENT}"
        found.append((none, [*[span.end] * 3, alike]))
    return found


def _alike(actor: Actor) -> list[str]:
    """Moves between states that clients know by one name, as «from>to»."""
    names = {
        code: tuple(state.name(language, for_client=True) for language in ("ru", "en"))
        for code, state in dictionary_of(actor).states.items()
    }
    return [f"{one}>{other}" for one in names for other in names if one != other and names[one] == names[other]]


def _of_fields(fields: tuple[FieldWanted, ...]) -> list[Condition]:
    return [_of_field(wanted) for wanted in fields[:50]]


def _of_field(wanted: FieldWanted) -> Condition:
    """A value's row: words are parts of its text; a month or period is met by any day of it."""
    value = wanted.value
    held: list[Any]
    if isinstance(value, str):
        met, held = ("v.text = %s", [searchable(value)]) if wanted.way is Way.IS else _of_words(value)
    elif isinstance(value, date):
        met, held = ("v.starts_on <= %s" if wanted.way is Way.TO else "v.ends_on >= %s"), [value]
    else:
        met, held = f"v.number {_SIGNS.get(wanted.way, '=')} %s", [value]
    row = f"EXISTS (SELECT 1 FROM tickets_fieldvalue v WHERE v.ticket_id = t.id AND v.key = %s AND {met})"  # noqa: S608
    return row, [wanted.key, *held]


def _of_words(typed: str) -> tuple[str, list[Any]]:
    """That a value holds every word; of several accounts, one of them."""
    ways = [[_of_word(word) for word in text.split()[: 2 * WORDS]] for text in alternatives(typed)[:ACCOUNTS]]
    met = " OR ".join(" AND ".join(sql for sql, _ in words) or "false" for words in ways)
    return f"({met})", [value for words in ways for _, value in words]


def _of_word(word: str) -> tuple[str, str]:
    """A plain word by LIKE, which is quicker than the same as a pattern."""
    sought = pattern(word)
    return ("v.text ~ %s", sought) if sought and not sought.isalnum() else ("v.text LIKE %s", like(sought or word))


def _of_reader(actor: Actor, wanted: SearchRequest) -> list[Condition]:
    found: list[Condition] = []
    if wanted.awaits_me:
        own = "t.author_id = %s AND t.phase = 'open' AND t.waits_for = 'client'"
        found.append((own, [actor.person_id]))
    if wanted.unread:
        unread = """coalesce((SELECT m.seq < t.last_visible_seq OR m.told_seq < t.told_seq FROM tickets_readmark m
            WHERE m.ticket_id = t.id AND m.person_id = %s), t.last_visible_seq > 0)"""
        found.append((unread, [actor.person_id]))
    if wanted.has_files:
        shown = "" if policies.may_see_notes(access_of(actor)) else "AND a.visible_to_client"
        files = f"""EXISTS (SELECT 1 FROM tickets_article a JOIN tickets_attachment f ON f.article_id = a.id
            WHERE a.ticket_id = t.id {shown} AND NOT f.inline)"""  # noqa: S608  our own text
        found.append((files, []))
    return found


def _other_words(actor: Actor, wanted: SearchRequest) -> list[Condition]:
    """Words of one place, beside those that the index is asked for."""
    found: list[Condition] = []
    only_leave_out = [place for name, place in wanted.places.items() if name in wanted.beside]
    for place in wanted.other_words:
        (words, among), held = place, place not in only_leave_out
        terms = read(words).terms
        found += [*without(actor, terms, among), *(holding(actor, terms, among) if held else [])]
    return found


def holding(actor: Actor, terms: Sequence[Term], among: str = "") -> list[Condition]:
    """That rows of a request that this person may read hold the terms together, each one in some row. One statement
    for several terms."""
    if not positive(terms):
        return []
    access = access_of(actor)
    companies = sorted({*access.companies, NO_COMPANY}) if access.is_client else None
    sought = Sought(positive(terms), ("", ()), policies.may_see_notes(access), companies, among)
    sql, values = together.condition(sought)
    return [(sql, list(values))]


def without(actor: Actor, terms: Sequence[Term], among: str) -> list[Condition]:
    """That no word of a request that this person may read is an excluded one, wherever the others stand."""
    excluded = [term for term in terms if term.without]
    if not excluded:
        return []
    access, (query, words) = access_of(actor), any_of(excluded)
    there = f"ts_filter(x.vector, '{{{weight_of(among)}}}')" if among else "x.vector"
    held = [f"x.vector @@ ({query})", *([f"{there} @@ ({query})"] if among else [])]
    values: list[Any] = words * len(held)
    if among == NOTES:
        held.append("NOT x.visible")
    if not policies.may_see_notes(access):
        held.append("x.visible")
    if access.is_client:  # all of their companies at once, as the index knows rows: by companies and words
        held.append("x.company = ANY(%s::bigint[])")
        values.append(sorted({*access.companies, NO_COMPANY}))
        return [(f"t.id NOT IN (SELECT x.ticket_id FROM search_entry x WHERE {' AND '.join(held)})", values)]  # noqa: S608
    sql = f"NOT EXISTS (SELECT 1 FROM search_entry x WHERE x.ticket_id = t.id AND {' AND '.join(held)})"  # noqa: S608
    return [(sql, values)]


def like(text: str) -> str:
    """A pattern of LIKE for texts that hold this one."""
    return "%{}%".format(text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"))
