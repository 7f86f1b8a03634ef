"""What people type into a search field, read into terms; the same folding is applied to texts when they are indexed.

Words (all must occur), "several words in a row", -without, beginn*; four digits and more also as a part of a number.
Anything may be typed; nothing raises.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.search.apart import apart
from helpdesk.search.stops import STOPS

LONGEST_QUERY = 2_000  # characters that are looked at
MOST_TERMS = 32
LONGEST_WORD = 60  # longer runs are base64, keys and the like: no index needs them
SHORTEST_BEGINNING = 2
TOLD = 3  # letters of a word that is told to have been passed over; shorter ones say nothing to anybody
PART = 4  # digits that a part of a number has at least
MOST_PARTS = 2_000  # parts of numbers that one text is found by

_VOWELS = "аеиоуыэюя"
_BEFORE_K = re.compile(r"(.{2,}[бвгджзлмнпрстфхцчшщьй])к(?:а|и|у|е|ой|ою|ам|ами|ах)")
_FLED = re.compile(r"(.{3,})[ое]к")
_LIKE_A_VERB = re.compile(r".{2,}[ая][лн]")
_LIKE_A_VERB_DECLINED = re.compile(r"(.{2,}[ая][лн])(?:у|ом|е|ы|ов|ам|ами|ах)")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"(?<![^\W_])[0-9]{5,}(?![^\W_])")
_IN_GROUPS = re.compile(r"[0-9]+(?:[ \-‐-―][0-9]+)+")
_GROUP = re.compile("[0-9]+")
SHORTEST_ACCOUNT = 6  # digits
_APART = r"[ \u00a0\u202f\-‐-―]"
# figures in groups within a text, on one line; a table's cells stand further apart. «1 250» is one figure as well, and
# a telephone may have its town in brackets
GROUPED = re.compile(
    rf"(?<![0-9\-.,])(?:(?:[78]{_APART}?\()?[0-9]{{3,5}}\){_APART}?[0-9]+(?:{_APART}[0-9]+)*"
    rf"|[0-9]+(?:{_APART}[0-9]+)+)(?![0-9])(?![\-‐-―][^\W_])"
)
_BRACKETS = str.maketrans("()", "  ")
_PHONE = re.compile(
    rf"(?<![0-9\-.,])(?:\+?[78]{_APART}?)?\(?[3489][0-9]{{2}}(?:\){_APART}?|{_APART})"
    rf"[0-9]{{3}}{_APART}?[0-9]{{2}}{_APART}?[0-9]{{2}}(?![0-9])(?![\-‐-―][^\W_])"
)
_OF_COUNTRY = re.compile("[78][3489][0-9]{9}")  # a telephone, whose first figure is 8 within the country, else 7
_AMOUNT = re.compile(r"(?<![0-9.,])([0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+)[.,]([0-9]{1,2})(?![0-9]|[.,][0-9])")
_ROUND = re.compile(  # a sum of roubles
    r"(?<![0-9.,])([0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]+)(?=[ \u00a0\u202f]?(?:₽|р(?:уб\w*)?\b))"
)
_FRACTION = re.compile("[0-9]+[.,][0-9]+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+")
LONGEST_JOINED = 16  # figures; longer rows of them are a table's
_INITIALS = re.compile("(?:[А-ЯЁ]\\.){1,2}")
# what is said right before a number, and the number; «*» at its end means what it always does
_SAID = re.compile(r"[\[(]?(?i:лс|л/с|ticket#|№|#|n|no)[.:№#]*([0-9]{4,}\*?|[0-9]+(?:[\-‐-―][0-9]+)+)[\]).,;:]*")
# «[Ticket#100 123]»: the number of a request, as letters and pages write it
_TICKET = re.compile(r"((?i:ticket#)|[№#])[ \u00a0]?([0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+)(?![0-9])")
# as programs call it in their codes, and sums are written
_SAME = {"err": "error", "error": "err", "руб": "рублей", **dict.fromkeys(("рубль", "рубля", "рублей"), "руб")}
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?(?:[/-]\d{4}-\d\d)?|\d\d?-\d\d?-\d{4}")  # days, months, periods
_JOINED = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f]")  # soft hyphens, zero width, stress marks
_FOLDED = str.maketrans("ёЁ", "еЕ")
_QUOTES = str.maketrans("«»„“”″", '""""""')
_OPENS = re.compile(r"(?:.*[\s(])?-?", re.DOTALL)
_TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow one another; `beginning`: the last of them is only the beginning of a word."""

    words: tuple[str, ...]
    beginning: bool = False
    without: bool = False
    fraction: bool = False  # «2299,18» is no number in groups

    @property
    def is_part(self) -> bool:
        """Whether it may be a part of a number: such a word is found within longer numbers."""
        alone = len(self.words) == 1 and not (self.without or self.beginning)
        return alone and len(self.words[0]) >= PART and self.words[0].isascii() and self.words[0].isdecimal()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query as it was understood; `shortened` if it was longer than anyone reads, `long_words` if some were left out
    because no index holds words of that length."""

    terms: tuple[Term, ...]
    shortened: bool = False
    long_words: bool = False
    passed_over: tuple[str, ...] = ()  # words that no index holds, beside others

    @property
    def only_without(self) -> bool:
        return bool(self.terms) and all(term.without for term in self.terms)


# what people write before an account; few texts do, and the number says it all
_ACCOUNT = ("лс", "л с", "лицевой счет", "лицевого счета", "лицевому счету", "лиц счет")


def folded(text: str) -> str:
    """Text as words are compared: lower case, ё as е, composed letters, no marks inside words. Length may change."""
    text = unicodedata.normalize("NFC", text).translate(_FOLDED)
    return _JOINED.sub("", text).lower()


def words_of(text: str) -> list[str]:
    """The words and figures of a text, folded, in order; letters and figures that stand together apart."""
    return [piece for word in _WORD.findall(folded(text)) for piece in apart(word)]


def indexable(text: str) -> str:
    """A text as the database's parser gets it: folded words with single spaces, so that it meets nothing but words."""
    return " ".join(word for word in words_of(text) if len(word) <= LONGEST_WORD)


def parts_of_numbers(text: str) -> str:
    """The ends of all longer numbers of a text, as words: where they stand in the index, the beginning of a word finds
    «4567» in the account 0123456789."""
    parts = dict.fromkeys(
        number[at:] for number in _NUMBER.findall(text) if len(number) <= LONGEST_WORD
        for at in range(1, len(number) - PART + 1)
    )  # fmt: skip
    return " ".join(list(parts)[:MOST_PARTS])


def joined_figures(text: str) -> str:
    """A number written in groups («0450-018-812», «0450 018 812») in one piece; empty for anything else, a day too, and
    for what is too short to be told from a number of a house or a page."""
    text = " ".join(_JOINED.sub("", text).translate(_BRACKETS).split())
    joined = "".join(_GROUP.findall(text)) if _IN_GROUPS.fullmatch(text) and not _DAY.fullmatch(text) else ""
    return joined if len(joined) >= SHORTEST_ACCOUNT else ""


def grouped_figures(text: str) -> list[str]:
    """Each number of a text that is written in groups, in one piece: accounts, telephones, amounts; days are none."""
    found = []
    for group in GROUPED.findall(text):
        one = "".join(_GROUP.findall(group)) if _THOUSANDS.fullmatch(group) else joined_figures(group)
        if one and len(one) <= LONGEST_JOINED:
            found.append(one)
    return list(dict.fromkeys(found))


def amounts(text: str) -> list[str]:
    """Each sum of a text that is written in groups and has a fraction, as the words that «2299,18» is read into."""
    return list(dict.fromkeys(f"{''.join(_GROUP.findall(whole))} {part}" for whole, part in _AMOUNT.findall(text)))


def numbers_like(number: str) -> list[str]:
    """The figures that stand for this number: a telephone begins with 8 or with +7."""
    return [f"7{number[1:]}", f"8{number[1:]}"] if _OF_COUNTRY.fullmatch(number) else [number]


def _in_one_piece(typed: str) -> str:
    """What is typed with its telephones, sums and requests' numbers in one piece: their groups are no words of their
    own."""
    typed = _TICKET.sub(lambda found: found[1] + "".join(_GROUP.findall(found[2])), typed)
    typed = _PHONE.sub(lambda found: "".join(_GROUP.findall(found[0])), typed)
    typed = _ROUND.sub(lambda found: f"{''.join(_GROUP.findall(found[1]))} ", typed)
    return _AMOUNT.sub(lambda found: f"{''.join(_GROUP.findall(found[1]))},{found[2]}", typed)


def positive(terms: Sequence[Term]) -> list[Term]:
    """What must occur."""
    return [term for term in terms if not term.without]


def read(typed: str) -> Wanted:
    """The terms of a query."""
    head = typed[:LONGEST_QUERY]
    if len(typed) > LONGEST_QUERY:
        head = head.rpartition(" ")[0]  # half a word is another word
    terms: list[Term] = []
    passed_over = list[str]()
    for minus, phrase, bare in _TERM.findall(_closed(_in_one_piece(head).translate(_QUOTES))):
        if bare and terms and _INITIALS.fullmatch(bare):
            continue  # «Сидорова А. П.»: texts write names out, or other initials
        if said := _SAID.fullmatch(bare):
            bare = said[1]  # noqa: PLW2901
        term = _term(phrase or bare, without=bool(minus))
        if term is not None and term not in terms:
            if term.is_part or (term.beginning and term.words[0].isdecimal()):
                _drop_account(terms)
            terms.append(term)
            if bare and not minus and not term.beginning:
                passed_over += [word for word in term.words if word in STOPS and len(word) >= TOLD]
    return Wanted(
        tuple(terms[:MOST_TERMS]),
        shortened=len(terms) > MOST_TERMS or len(typed) > LONGEST_QUERY,
        long_words=any(len(word) > LONGEST_WORD for word in words_of(head)),
        passed_over=tuple(dict.fromkeys(passed_over)),
    )


def _closed(typed: str) -> str:
    """A quotation mark alone before a word opens words in a row up to the end; anywhere else it is no sign."""
    if typed.count('"') % 2:
        head, _mark, rest = typed.rpartition('"')
        if not _OPENS.fullmatch(head[-2:]) or not rest[:1].strip():
            return f"{head} {rest}"
    return typed


def _drop_account(terms: list[Term]) -> None:
    """Take «лицевой счёт», «л/с» away from before a number."""
    for count in (2, 1):
        said = " ".join(word for term in terms[-count:] for word in term.words)
        if len(terms) >= count and said in _ACCOUNT and not any(one.without or one.beginning for one in terms[-count:]):
            del terms[-count:]
            return


def _term(text: str, *, without: bool) -> Term | None:
    words = tuple(word for word in words_of(text) if len(word) <= LONGEST_WORD)
    if not words:
        return None
    beginning = text.endswith("*") and len(_WORD.findall(folded(text))[-1]) >= SHORTEST_BEGINNING
    return Term(words, beginning=beginning, without=without, fraction=bool(_FRACTION.fullmatch(text.rstrip(".,;:!?"))))


def fleeting(word: str) -> list[str]:
    """Other forms of a word in -к- whose stem another vowel hides: «карточка» of «карточек», «выгрузок» of «выгрузка»;
    and of a noun whose end the stemmer takes for a verb's: «водоканал», «водоканалу», as if one had canalled.

    The database's stemmer cuts endings only. A form that no text has finds nothing, so guesses cost nothing.
    """
    if found := _BEFORE_K.fullmatch(word):
        base = found.group(1)
        return [f"{base[:-1]}ек"] if base[-1] in "ьй" else [f"{base}ок", f"{base}ек"]
    if found := _FLED.fullmatch(word):
        base = found.group(1)
        return [f"{base}йка"] if base[-1] in _VOWELS else [f"{base}ка", f"{base}ька"]
    if _LIKE_A_VERB.fullmatch(word):
        return [f"{word}у"]
    if found := _LIKE_A_VERB_DECLINED.fullmatch(word):
        return [found.group(1)]
    return []


def as_tsquery(terms: Sequence[Term]) -> tuple[str, list[str]]:
    """An SQL expression of type tsquery with its parameters. Terms of stop words alone fall out of it."""
    parts, parameters = [], []
    for term in terms:
        sql, values = _one(term)
        parts.append(f"!!{sql}" if term.without else sql)
        parameters += values
    return " && ".join(parts) or "''::tsquery", parameters


def any_of(terms: Sequence[Term]) -> tuple[str, list[str]]:
    """An SQL expression of type tsquery that each of the terms meets, whether it is excluded or not."""
    parts = [_one(term) for term in terms]
    return " || ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def _one(term: Term) -> tuple[str, list[str]]:
    if term.is_part:  # an end of a longer number begins with it
        return "to_tsquery('simple', %s)", [_beginnings(term.words[0])]
    grouped = len(term.words) > 1 and not (term.beginning or term.fraction)
    if grouped and (joined := joined_figures("-".join(term.words))):
        # «0450-018-812»: the same number may stand in one piece
        return "(phraseto_tsquery('russian', %s) || to_tsquery('simple', %s))", [
            " ".join(term.words),
            _beginnings(joined),
        ]
    if not term.beginning:
        others = fleeting(term.words[0]) if len(term.words) == 1 else []
        ways = [" ".join(term.words), *others, *called_otherwise(term.words)]
        plain = " || ".join(["phraseto_tsquery('russian', %s)"] * len(ways))
        return (f"({plain})" if len(ways) > 1 else plain), ways
    # the beginning as typed, and the stem of it: «начисления*» finds «начислениям» as well
    last = f"'{term.words[-1]}':*"
    sql, values = "(to_tsquery('simple', %s) || to_tsquery('russian', %s))", [last, last]
    if len(term.words) > 1:
        return f"(phraseto_tsquery('russian', %s) <-> {sql})", [" ".join(term.words[:-1]), *values]
    return sql, values


def called_otherwise(words: Sequence[str]) -> list[str]:
    """«ERR-500» is «error 500»."""
    other = " ".join(_SAME.get(word, word) for word in words)
    return [other] if other != " ".join(words) else []


def _beginnings(number: str) -> str:
    return " | ".join(f"'{one}':*" for one in numbers_like(number))
