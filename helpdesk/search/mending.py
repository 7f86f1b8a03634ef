"""What was meant where nothing is found: a question asked in many words, words typed in the other keyboard layout, with
one wrong letter, two written as one; else the nearest, fewer of the words."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.search import spelled
from helpdesk.search.asking import says_nothing, tokens_of, without_asking
from helpdesk.search.highlight import TOKEN
from helpdesk.search.language import folded, words_of
from helpdesk.search.near import is_near
from helpdesk.search.queries import holds
from helpdesk.search.results import SearchRequest
from helpdesk.search.stops import STOPS
from helpdesk.tickets.access import access_of
from helpdesk.tickets.queries import sight_sql

LONGEST = 200  # characters of a query that is mended
SHORTEST = 4  # letters of a word that may hold an error
ENDING = 2  # letters at the end that may differ besides: «кватанция» is meant for «квитанции»
STEM = 6  # letters that a stem has at least: of shorter ones, one other letter makes another word
SAME = 2  # letters at the end of both stems
LOOKED_AT = 1_000  # requests, the newest, whose words are the vocabulary
TRIED = 6  # ways to ask for fewer words
BEGINNING = 500  # characters of each one's first letter that are read for it

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>"
_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"
_TO_CYRILLIC, _TO_LATIN = str.maketrans(_LATIN, _CYRILLIC), str.maketrans(_CYRILLIC, _LATIN)
_IS_LATIN, _IS_CYRILLIC = re.compile("[a-zA-Z]"), re.compile("[а-яёА-ЯЁ]")
_SIGNS = re.compile(r"""(-?["«„“]?)(.*?)(["»“”]?\*?)""", re.DOTALL)  # of the search's language, around a word
_PHRASE = re.compile(r'(?<!\S)(-?)"([^"]*)"(?!\S)')


def other_layout(typed: str) -> str:
    """The same keys in the other layout («gtyb» is «пени»); empty where both alphabets or neither stand there.

    Quotation marks around a phrase stay what they are, though their key is a letter as well."""
    latin, cyrillic = bool(_IS_LATIN.search(typed)), bool(_IS_CYRILLIC.search(typed))
    if latin == cyrillic:
        return ""
    keys: dict[int, int | str | None] = {**(_TO_CYRILLIC if latin else _TO_LATIN), ord("\0"): '"'}
    return _PHRASE.sub("\\1\0\\2\0", typed.replace("\0", "")).translate(keys)


def layout_of_each(typed: str, vocabulary: Counter[str]) -> str:
    """The text typed with each unknown word in the other layout where that is one that is known, or begins like one; a
    short one, which no vocabulary holds, where a longer one of its alphabet is. Empty if there are none."""
    beginnings = {known[:SHORTEST] for known in vocabulary}

    def is_meant(token: str) -> bool:
        others = words_of(_other(token, vocabulary))
        unknown = any(len(word) >= SHORTEST and word not in vocabulary for word in words_of(token))
        return unknown and bool(others) and all(word[:SHORTEST] in beginnings for word in others)

    tokens = re.split(r"(\s+)", typed)
    meant = {token for token in tokens if is_meant(token)}
    alphabets = {bool(_IS_LATIN.search(token)) for token in meant}
    for token in tokens:
        is_short = all(len(word) < SHORTEST for word in words_of(token))
        if is_short and bool(_IS_LATIN.search(token)) in alphabets:
            meant.add(token)
    found = "".join((_other(token, vocabulary) if token in meant else "") or token for token in tokens)
    return found if found != typed else ""


def _other(token: str, vocabulary: Counter[str]) -> str:
    """A token in the other layout, the search's own signs around it as they are; stops at its end, which are the keys
    of «б», «ю» and «ж» as well, only where that is no word that is known. Empty where it has none."""
    found = _SIGNS.fullmatch(token)
    head, word, end = found.groups() if found else ("", token, "")
    whole, bare = other_layout(word), word.rstrip(".,;:!?")
    if bare != word and not all(known in vocabulary for known in words_of(whole)):
        stripped = other_layout(bare)
        whole = f"{stripped}{word[len(bare) :]}" if stripped else whole
    return f"{head}{whole}{end}" if whole else ""


def place_of(wanted: SearchRequest) -> str:
    """The place whose words are mended, by its name in a search: that of words anywhere, else the only one that has
    words."""
    named = list(wanted.places)
    return named[0] if len(named) == 1 else "q"


def mended(actor: Actor, wanted: SearchRequest) -> str:
    """Words of `place_of` that find something in place of those that found nothing; empty if there are none.

    A statement for the vocabulary, three for how words are spelled, two for each way that is tried. Only what this
    person sees is a vocabulary: others' words are never offered.
    """
    words = getattr(wanted, place_of(wanted))
    if not words.strip() or len(words) > LONGEST:
        return ""
    asked = without_asking(words)
    if bare := next((way for way in asked if _finds(actor, wanted, way)), ""):
        return bare
    typed = asked[-1] if asked else words
    known = spelled.known_of(actor, list(dict.fromkeys(words_of(typed))))
    if not all(rows for _, rows in known.values()):
        vocabulary = _vocabulary(actor)
        each = layout_of_each(typed, vocabulary)
        ways = (_respelled(actor, typed, vocabulary), other_layout(typed), each, _respelled(actor, each, vocabulary))
        if found := next((way for way in dict.fromkeys(filter(None, ways)) if _finds(actor, wanted, way)), ""):
            return found
    return next((way for way in fewer(typed, known) if _finds(actor, wanted, way)), "")


def _respelled(actor: Actor, typed: str, vocabulary: Counter[str]) -> str:
    """The text typed with each word that nothing holds as one that is near, or as two; empty where there is none."""
    if not typed:
        return ""
    known = spelled.known_of(actor, list(dict.fromkeys(words_of(typed))))
    unknown = {word: stem for word, (stem, rows) in known.items() if not rows and word not in vocabulary}
    there = Counter({word: rows for word, (_, rows) in known.items() if rows}) + vocabulary
    found = corrected(typed, there) or typed
    left = [word for word in unknown if word in words_of(found)]
    if left:
        found = corrected(found, there + spelled.nearest_of(actor, {word: unknown[word] for word in left})) or found
        left = [word for word in left if word in words_of(found)]
    if left and (halves := spelled.halves_of(actor, left)):
        found = TOKEN.sub(lambda one: halves.get(folded(one.group()), one.group()), found)
    return found if found != typed else ""


def fewer(typed: str, known: Mapping[str, tuple[str, int]]) -> list[str]:
    """The query with fewer of its words, in turn: without the most common one of them, and so on; last the rarest
    alone. Words that nothing holds are left out from the beginning; quoted ones stay, and such with «-» or «*».
    `known`: of each word how many rows hold it."""
    tokens = [one for one in tokens_of(typed) if _is_sign(one) or not all(_is_empty(word) for word in words_of(one))]
    rows = {one: min((known.get(word, ("", 0))[1] for word in words_of(one)), default=0) for one in tokens}
    plain = [one for one in dict.fromkeys(tokens) if not _is_sign(one)]
    there = sorted((one for one in plain if rows[one]), key=lambda one: -rows[one])
    if len(plain) < 2 or not there:
        return []
    drops = [set[str]()] if len(there) < len(plain) else []
    drops += [{one} for one in there if len(there) > 1]
    drops += [set(there[:count]) for count in range(2, len(there))]
    unknown = set(plain) - set(there)
    return [" ".join(one for one in tokens if one not in drop | unknown) for drop in drops[:TRIED]]


def _is_sign(token: str) -> bool:
    return token.startswith(("-", '"', "«", "„", "“")) or token.endswith("*")


def _is_empty(word: str) -> bool:
    return word in STOPS or says_nothing(word)


def _finds(actor: Actor, wanted: SearchRequest, words: str) -> bool:
    return bool(words_of(words)) and holds(actor, replace(wanted, **_words_of(wanted, words)))


def _words_of(wanted: SearchRequest, words: str) -> dict[str, Any]:
    return {place_of(wanted): words}


def _vocabulary(actor: Actor) -> Counter[str]:
    sight, values = sight_sql(access_of(actor))
    rows = db.fetch(
        f"""SELECT concat_ws(' ', t.subject, t.snippet, (SELECT left(a.text, {BEGINNING})
                FROM tickets_article a WHERE a.ticket_id = t.id AND a.seq = 1 AND a.visible_to_client))
              FROM tickets_ticket t WHERE {sight}
             ORDER BY t.last_article_at DESC, t.id DESC LIMIT {LOOKED_AT}""",  # noqa: S608  our own text
        values,
    )
    return Counter(word for row in rows for word in words_of(row[0]) if len(word) >= SHORTEST)


def corrected(typed: str, vocabulary: Counter[str]) -> str:
    """The text typed with each unknown word as the most frequent one that one error makes of it; empty if no word is
    unknown, or none is near. Every sign between the words stays: without «-», «"» or «*» it asks for something else."""

    def meant(token: re.Match[str]) -> str:
        word, is_beginning = folded(token.group()), typed.startswith("*", token.end())
        if word in vocabulary or (is_beginning and any(known.startswith(word) for known in vocabulary)):
            return token.group()
        return nearest(word, vocabulary) or token.group()

    found = TOKEN.sub(meant, typed)
    return found if found != typed else ""


def nearest(word: str, vocabulary: Counter[str]) -> str:
    """The most frequent word that differs by one error, endings apart; empty if there is none. A figure is no word:
    another number is somebody else's."""
    if len(word) < SHORTEST or any(sign.isdigit() for sign in word):
        return ""
    words = [known for known in vocabulary if not any(sign.isdigit() for sign in known)]
    whole = _best((known for known in words if is_near(word, known)), vocabulary)
    return whole or _best((known for known in words if _is_near_in_its_stem(word, known)), vocabulary)


def _best(words: Iterable[str], vocabulary: Counter[str]) -> str:
    return max(words, key=lambda word: (vocabulary[word], word), default="")


def _is_near_in_its_stem(one: str, other: str) -> bool:
    size = min(len(one), len(other)) - ENDING
    if size < STEM or abs(len(one) - len(other)) > 1:
        return False
    # the last letters are the same, or else the stems go on otherwise: «пересчёт» is not «перестает»
    return any(
        is_near(one[:size], other[:at]) and one[size - SAME : size] == other[at - SAME : at]
        for at in (size - 1, size, size + 1)
    )
