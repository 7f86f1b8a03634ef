"""How mistyped words are spelled in the index: every text, file and field that a reader sees, however old. Words are
compared as the index holds them, without their endings, and keep the ending that was typed."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.search.index import NO_COMPANY
from helpdesk.search.stops import STOPS
from helpdesk.tickets import policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.queries import sight_sql

SHORTEST = 4  # letters of a stem that may hold an error
SURE = 6  # letters of a stem of which the first may be wrong as well
HALF = 3  # letters of each of two words that were written as one
LONGEST, MOST = 24, 4  # letters of a word that is looked at; so many words of a query
READ = 200  # rows that are read for one word
COUNTED = 500  # rows up to which a word is counted
_ALPHABETS = ("абвгдежзийклмнопрстуфхцчшщъыьэюя", "abcdefghijklmnopqrstuvwxyz")


def known_of(actor: Actor, words: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Of each folded word its stem, and how many rows that this person sees hold it, up to COUNTED. One statement."""
    seen, values = _seen(actor)
    sql = f"""SELECT w, coalesce((tsvector_to_array(to_tsvector('russian', w)))[1], ''),
          (SELECT count(*) FROM (SELECT 1 FROM search_entry e
            WHERE e.vector @@ phraseto_tsquery('russian', w) AND {seen} LIMIT {COUNTED:d}) n)
          FROM unnest(%s::text[]) w"""  # noqa: S608  our own text
    return {word: (stem, rows) for word, stem, rows in db.fetch(sql, [*values, list(words)])}


def nearest_of(actor: Actor, stems: dict[str, str]) -> Counter[str]:
    """The words of the index that one error makes of these, and each of these in two where it was glued; with how many
    rows hold them. `stems`: of each unknown word its stem. One statement, none where no word may hold an error."""
    ways = {word: _ways(word, stem) for word, stem in list(stems.items())[:MOST]}
    ways = {word: one for word, one in ways.items() if one}
    if not ways:
        return Counter()
    seen, values = _seen(actor)
    parts, all_values = [], list[Any]()
    for word, others in ways.items():
        parts.append(f"""(SELECT %s, l.lexeme, count(*) FROM (SELECT e.vector FROM search_entry e
            WHERE e.vector @@ %s::tsquery AND {seen} LIMIT {READ:d}) hit
            CROSS JOIN unnest(tsvector_to_array(hit.vector)) l(lexeme) WHERE l.lexeme = ANY(%s) GROUP BY 2)""")  # noqa: S608
        all_values += [word, " | ".join(f"'{one}'" for one in others), *values, others]
    found = Counter[str]()
    for word, lexeme, rows in db.fetch(" UNION ALL ".join(parts), all_values):
        found[lexeme + word[len(stems[word]) :]] += rows
    return found


def halves_of(actor: Actor, words: Sequence[str]) -> dict[str, str]:
    """Of each folded word that texts write as two: «гисжкх» is «гис жкх». One statement, none for short words."""
    ways = {
        f"{word[:at]} {word[at:]}": word
        for word in words[:MOST] if len(word) <= LONGEST and word.isalpha()
        for at in range(HALF, len(word) - HALF + 1) if STOPS.isdisjoint((word[:at], word[at:]))
    }  # fmt: skip
    if not ways:
        return {}
    seen, values = _seen(actor)
    sql = f"""SELECT w FROM unnest(%s::text[]) w WHERE EXISTS (SELECT 1 FROM search_entry e
        WHERE e.vector @@ phraseto_tsquery('russian', w) AND {seen})"""  # noqa: S608  our own text
    return {ways[two]: two for (two,) in db.fetch(sql, [list(ways), *values])}


def _seen(actor: Actor) -> tuple[str, list[Any]]:
    """That a row `e` is one that this person may read."""
    access = access_of(actor)
    sight, rights = sight_sql(access, of_all=True)
    sql, values = "", list[Any]()
    if access.is_client:
        sql, values = "e.company = ANY(%s::bigint[]) AND ", [sorted({*access.companies, NO_COMPANY})]
    if not policies.may_see_notes(access):
        sql += "e.visible AND "
    return f"{sql}EXISTS (SELECT 1 FROM tickets_ticket t WHERE t.id = e.ticket_id AND {sight})", [*values, *rights]  # noqa: S608  our own text


def _ways(word: str, stem: str) -> list[str]:
    """All that one letter added, left out, changed, or two that changed places make of a stem; the first letter of a
    short one stays."""
    alphabet = next((one for one in _ALPHABETS if stem and set(stem) <= set(one)), "")
    if not (alphabet and SHORTEST <= len(stem) <= LONGEST and word.startswith(stem)):
        return []
    found = set[str]()
    for at in range(0 if len(stem) >= SURE else 1, len(stem) + 1):
        head, rest = stem[:at], stem[at:]
        found.update(head + letter + rest for letter in alphabet)
        if rest:
            found.update(head + letter + rest[1:] for letter in alphabet)
            found.update((head + rest[1:], head + rest[:2][::-1] + rest[2:]))
    found -= {stem, stem[:-1]}  # without its last letter, the ending would be another one
    return sorted(found)
