"""Whether two subjects ask the same. Pure: compares their words, without those that every second subject here holds."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpdesk.search.language import words_of
from helpdesk.search.near import is_near

CLOSE = 0.7  # of all words of both; «Не печатаются квитанции» and «Квитанции не печатаются с утра» have 0.8
LONG = 4  # letters of a word by which subjects are compared; shorter ones are «за», «по», «ЛС»
WORDS = 2  # so many words have to be the same: one alone says too little
MISTYPED = 5  # letters of words of which one letter may differ: «вдиен» is «виден», «плата» is «оплата»
_ENDING = 3  # letters by which two forms of a word may differ at its end
_VERB = re.compile(
    r"(\w{3,}?)([бвгджзклмнпрстфхцчшщ])(?:[аяеиы]?(?:л[аои]?|ть)|[аяе]?(?:ет|ют|ут|ит|ят|ат|ешь|ишь|ем|им))(?:ся|сь)?"
)
_CHANGED = str.maketrans("зсткгдх", "жшччжжш")
_ACCOUNT = re.compile(r"(?<!\d)(?<!№)(?<!№[ \u00a0])\d(?:[ \u00a0\u202f]?\d){5,29}(?!\d)")
_MOST = 10  # account numbers of one subject
# words of the trade, of asking and of time (folded): alone or together they say nothing of the question
_COMMON = re.compile(
    r"""(?:
    начисл\w* | перерасч\w* | расчет\w{,4} | пересчит\w* | лицев\w{2,3} | счет(?:а|у|ом|е|ов|ам|ами|ах)?
    | абонент\w{,3} | вопрос\w{,3} | ошиб(?:к\w{1,3}|ок) | проблем\w{1,3} | заявк\w{1,3} | заявок | обращени\w{1,3}
    | письм\w{1,3} | тема | теме | просьб\w{1,3} | прошу | просим | пожалуйста | помо(?:щь|щи|гите|чь) | подскаж\w+
    | объясн\w+ | ответ\w{,4} | срочн\w{1,3}
    | здравствуйте | добрый | день | нужн\w{1,2} | надо | можно | почему | когда | какой | какая | какие | после | через
    | работает | работают | снова | опять | нов(?:ый|ая|ое|ые|ого|ой) | данн\w{2,3} | квартир\w{1,3}
    | улиц\w{1,3} | адрес\w{,3} | период\w{,3} | месяц\w{,3} | сегодня | вчера | завтра | программ\w{1,3}
    | биллинг\w{,3}
    | январ\w+ | феврал\w+ | март\w{,3} | апрел\w+ | июн[ьяею]\w? | июл[ьяею]\w? | август\w{,3} | сентябр\w+ | октябр\w+
    | ноябр\w+ | декабр\w+
    | account\w? | charge\w* | recalculat\w+ | question\w? | error\w? | problem\w? | request\w? | please | help | urgent
    | period\w? | month\w? | subscriber\w? | about | what | when | with | from | does | program
    | january | february | march | april | june | july | august | september | october | november | december
    )""",
    re.VERBOSE,
)


def accounts_in(subject: str, field: str = "") -> list[str]:
    """The account numbers that a subject and the field of an account name: six figures and more, perhaps with spaces
    between them, in the field with dashes, without those."""
    texts = (subject[:_TEXT], re.sub(r"(?<=\d)[-\u2013](?=\d)", "", field[:1000]))
    found = [re.sub(r"\D", "", run) for text in texts for run in _ACCOUNT.findall(text)]
    return list(dict.fromkeys(found))[:_MOST]


_SHORT = 6  # fewer figures than that are an account only where it is asked for, or where a word says so
_CALLED = re.compile(
    r"\b(?:лс|л/с|лиц\w{,5}\.?\s+сч[её]т\w{,3}|сч[её]т(?:а|у|ом|е)?|account(?:\s+number)?)\.?[ \u00a0]?[:№#]?[ \u00a0]?"
    r"(\d(?:[ \u00a0\u202f-]?\d){,29})(?!\d)",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"[78]\d{10}")
_TEXT = 20_000  # characters of a text that are looked through


@dataclass(frozen=True, slots=True)
class Accounts:
    """The account numbers that a request names, as figures alone. `named`: in its field, its subject, or called an
    account in its text; `written`: whatever else in its text has as many figures, a telephone apart."""

    named: tuple[str, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def short(self) -> tuple[str, ...]:
        """Those that are too short to be looked for anywhere."""
        return tuple(one for one in self.named if len(one) < _SHORT)

    @property
    def long(self) -> tuple[str, ...]:
        return tuple(one for one in (*self.named, *self.written) if len(one) >= _SHORT)

    def same(self, other: "Accounts") -> bool:
        """Whether both are about one account. What merely stands in both texts may be anything: a signature's."""
        mine, theirs = set(self.named), set(other.named)
        return not (mine.isdisjoint({*theirs, *other.written}) and theirs.isdisjoint(self.written))


def accounts_of(subject: str, field: str = "", text: str = "") -> Accounts:
    """All account numbers of a request. Pure."""
    text = text[:_TEXT]
    called = [_bare(run) for one in (subject[:1000], text) for run in _CALLED.findall(one)]
    asked = [_bare(one) for one in re.split("[,;]", field[:1000])]
    short = [one for one in (*asked, *called) if one and len(one) < _SHORT]
    named = dict.fromkeys([*accounts_in(subject, field), *(one for one in called if len(one) >= _SHORT), *short])
    written = [one for one in accounts_in(text) if not _TELEPHONE.fullmatch(one) and one not in named]
    return Accounts(tuple(named)[:_MOST], tuple(written)[:_MOST])


def _bare(text: str) -> str:
    return re.sub("[^0-9]", "", text)


def telling(subject: str) -> list[str]:
    """The words and short figures of a subject that say what it is about; empty where they say too little."""
    bare = _ACCOUNT.sub(" ", subject[:300])
    words = [word for word in dict.fromkeys(words_of(bare)) if _tells(word)]
    return words if sum(not word.isdigit() for word in words) >= WORDS else []


def _tells(word: str) -> bool:
    if word.isdigit():
        return not (len(word) == LONG and word[:2] in {"19", "20"})  # a year is time
    return len(word) >= LONG and not _COMMON.fullmatch(word)


def are_close(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two subjects, as `telling` gives them, ask the same."""
    left = list(other)
    same = words = 0
    for word in one:
        found = next((there for there in left if _is_form(word, there)), None)
        if found is not None:
            left.remove(found)
            same += 1
            words += not word.isdigit()
    return words >= WORDS and 2 * same >= CLOSE * (len(one) + len(other))


def _is_form(word: str, other: str) -> bool:
    """Whether both are forms of one word: they differ in an ending only, as verbs do, or by one letter."""
    if word == other or word.isdigit() or other.isdigit():
        return word == other
    same = next((at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    if same >= LONG and max(len(word), len(other)) - same <= _ENDING:
        return True
    stem = _verb(word)
    return bool(stem and stem == _verb(other)) or (min(len(word), len(other)) >= MISTYPED and is_near(word, other))


def _verb(word: str) -> str:
    """The stem of a verb with the consonant that its forms change: of «загрузился» and «загружается» the same one."""
    found = _VERB.fullmatch(word)
    return f"{found[1]}{found[2].translate(_CHANGED)}" if found else ""


def beginnings(words: Iterable[str]) -> list[str]:
    """By what a query finds subjects that may be close: the beginnings of their words, folded."""
    return [word[:LONG] for word in words if not word.isdigit()]
