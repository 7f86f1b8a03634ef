"""What a writer is asked about before an answer leaves: pure rules over its text, its files and what is known beside.

Nothing here refuses: whoever has seen what was found sends all the same.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

HEAVY = 10 * 1024 * 1024  # octets of files that go along with a letter; the rest is on the page alone

_QUOTED = re.compile(r"^>.*$", re.MULTILINE)
_ATTACHING = re.compile(
    r"\b(?:прикреп(?:ляю|ляем|ил|или|ила|лен|лён|лены|лена)|прилага(?:ю|ем|ется)|прилож(?:ил|или|ила|ен|ены|ена)"
    r"|во вложени(?:и|ях)|вложени(?:е|я) к (?:письму|ответу)|attached|attaching|enclosed)\b",
    re.IGNORECASE,
)
_NOT_ATTACHING = re.compile(r"\b(?:не|без|вашем|ваш|ваши|ваше|ваших|вашего|вы|your|you|not)\s+$", re.IGNORECASE)
_UNFILLED = re.compile(
    r"\{\{?\s*[\w. ]*\s*\}?\}|<(?:OTRS|HD)_[A-Z_]+>|%\((?:\w+)\)s"
    r"|(?:^|\n)\s*(?:уважаем\w+|здравствуйте|добрый день|добрый вечер|доброе утро)\s*,\s*[!.,]",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?:\bл(?:ицев\w+)?\s*/?\s*с(?:ч[её]т\w*)?|\bлс|\bсч[её]т\w*)\s*(?:№|N|:|-|–)?\s*(?:№\s*)?(\d[\d \u00a0]{3,18}\d)",
    re.IGNORECASE,
)
_LEGAL = re.compile(r"\b(?:ооо|ао|пао|зао|оао|ип|муп|гуп|тсж|тсн|жск|ук|ерц|риц)\b|[«»\"„“']", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at once more. `code` names the rule, `details` fill its sentence."""

    code: str
    details: dict[str, object] = field(default_factory=dict)


def _own_words(text: str) -> str:
    """The text without lines that quote somebody."""
    return _QUOTED.sub("", text)


def no_file(text: str, files: int) -> Finding | None:
    """«Прикрепляю», and nothing is attached. Of what the client attached, or is not attached, it may be spoken."""
    if files:
        return None
    own = _own_words(text)
    for found in _ATTACHING.finditer(own):
        if not _NOT_ATTACHING.search(own[: found.start()]):
            return Finding("no_file", {"said": found.group()})
    return None


def unfilled(text: str) -> Finding | None:
    """A variable that nobody filled, or a greeting without a name where one was meant: «Здравствуйте, !»."""
    found = _UNFILLED.search(_own_words(text))
    return Finding("unfilled", {"said": " ".join(found.group().split())}) if found else None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", _LEGAL.sub(" ", text.casefold().replace("ё", "е"))))


def other_company(text: str, own: str, others: Iterable[str]) -> Finding | None:
    """The name of a company that is not the client's, as whole words, without its legal form."""
    said, own_name = f" {_plain(_own_words(text))} ", _plain(own)
    for name in others:
        plain = _plain(name)
        is_meant = len(plain) >= 4 and f" {plain} " in said
        if is_meant and plain != own_name and f" {plain} " not in f" {own_name} ":
            return Finding("other_company", {"name": name})
    return None


def accounts_in(text: str) -> list[str]:
    """The figures of the accounts that a text names, in its order."""
    found = (re.sub(r"\D", "", one) for one in _ACCOUNT.findall(_own_words(text)))
    return list(dict.fromkeys(found))


def other_account(text: str, known: Sequence[str]) -> Finding | None:
    """An account that nobody has named in the request before. `known`: texts and values of the request."""
    named = accounts_in(text)
    if not named:
        return None
    figures = " ".join(re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d)", "", one) for one in known)
    for account in named:
        if account not in figures:
            return Finding("other_account", {"account": account})
    return None


def heavy(sizes: Sequence[int], limit: int = HEAVY) -> Finding | None:
    """Files that are too much for a letter together."""
    total = sum(sizes)
    return Finding("heavy", {"octets": total, "limit": limit}) if total > limit else None
