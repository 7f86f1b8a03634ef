"""Words by which people ask, and that say nothing of what they look for: «как сделать возврат?», «где посмотреть …».

They are left out only where nothing holds all the words of a query, so that nothing is lost by it. Pure.
"""

import re
from collections.abc import Sequence

from helpdesk.search.language import folded, read
from helpdesk.search.stops import STOPS

# of questions, of politeness, of those who ask; folded
_ASKING = re.compile(
    r"""(?:
    как | где | куда | откуда | когда | почему | зачем | отчего | что | чего | чему | чем | кто | кого | кому | кем
    | како(?:й|го|му|м|е|ю) | как(?:ая|ие|их|им|ими|ую) | сколько | чей | чья | чье | чьи | который | которая | которое
    | ли | же | бы | ведь | вот | это | этот | эта | эту | эти | если | еще | уже | там | тут | здесь | так | просто
    | я | мы | вы | мне | нам | вам | меня | нас | вас | у | нет | есть | можно | нельзя | нужно | надо | нужен | нужна
    | нужны | пожалуйста | плиз | подскаж\w+ | скаж(?:и|ите) | объясн(?:и|ите) | помог(?:и|ите) | помочь | прошу
    | просим | хочу | хотим | хотел\w{,2} | хотелось | интересует | здравствуйте | привет
    | how | where | when | why | what | which | who | whom | whose | is | are | was | were | do | does | did | can
    | could | should | would | will | i | we | you | me | us | my | our | your | the | a | an | to | please | help
    | tell | hello | hi
    )""",
    re.VERBOSE,
)
_QUESTION = re.compile(
    r"как|где|куда|откуда|когда|почему|зачем|что|чем|кто|кому|сколько|можно|how|where|when|why|what|which|who|can"
)
# what they want to do, whatever it is about
_DOING = re.compile(
    r"""(?:
    сдела(?:ть|ю|ем|йте|л|ла|ли|но) | дела(?:ть|ю|ем|ют) | посмотре(?:ть|л|ла|ли) | смотре(?:ть|л|ла|ли)
    | увид(?:еть|им|ел) | найти | узнать | получить | поменять | быть | мож(?:ет|но) | мог(?:у|ут|ли) | смочь | делается
    | находится | находятся | взять | понять | получается | получилось | происходит | произошло | случилось
    | make | made | see | find | get | look | know | change
    )""",
    re.VERBOSE,
)
_TOKEN = re.compile(r'-?["«„“][^"»”]*["»”]?\*?|\S+')
_SIGNS = ".,;:!?()…—–"


def without_asking(typed: str) -> list[str]:
    """The query with fewer words, in turn: without those of a question, then also without what shall be done. Quoted
    words stay, and such with «-» or «*». Empty where there are none, or where nothing else is left."""
    found: list[str] = []
    for is_empty in (_is_asking, says_nothing):
        left = [token for token in _TOKEN.findall(typed) if not is_empty(folded(token.strip(_SIGNS)))]
        bare = " ".join(token.rstrip("?!…") for token in left)
        if left and len(left) < len(_TOKEN.findall(typed)) and bare not in found and _finds_something(bare):
            found.append(bare)
    return found


def tokens_of(typed: str) -> list[str]:
    """The words of a query with their signs, quoted ones together."""
    return _TOKEN.findall(typed)


def without_doing(typed: str) -> tuple[str, tuple[str, ...]]:
    """A question without what shall be done, whatever it is about, and those words: «как сделать перерасчёт». As it is
    where it is no question, or where nothing else is left."""
    tokens = _TOKEN.findall(typed)
    words = [folded(token.strip(_SIGNS)) for token in tokens]
    if not any(_QUESTION.fullmatch(word) for word in words):
        return typed, ()
    doing = [bool(_DOING.fullmatch(word)) for word in words]
    tells = any(not is_doing and not _is_asking(word) for word, is_doing in zip(words, doing, strict=True))
    left = " ".join(token for token, is_doing in zip(tokens, doing, strict=True) if not is_doing)
    if not tells or not any(doing) or not _finds_something(left):
        return typed, ()
    return left, tuple(word for word, is_doing in zip(words, doing, strict=True) if is_doing)


def says_nothing(word: str) -> bool:
    """Whether a folded word says nothing of what is looked for."""
    return _is_asking(word) or bool(_DOING.fullmatch(word))


def _is_asking(word: str) -> bool:
    return not word or bool(_ASKING.fullmatch(word))


def _finds_something(bare: str) -> bool:
    terms = read(bare).terms
    return any(not term.without for term in terms)


def left_out(typed: str, bare: str) -> list[str]:
    """The words of a query that are not in another one that `without_asking` made of it; empty where it made none such:
    the other one has words of its own."""
    typed_ones, others = _words(typed), _words(bare)
    is_part = all(word in typed_ones for word in others)
    return [word for word in typed_ones if word not in others] if is_part else []


def telling(words: Sequence[str]) -> list[str]:
    """Those of these words that say something of what is looked for."""
    return [word for word in words if not (says_nothing(folded(word)) or folded(word) in STOPS)]


def _words(typed: str) -> list[str]:
    return list(filter(None, (token.strip(_SIGNS) for token in typed.split())))
