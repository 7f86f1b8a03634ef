"""People and roles whom an internal note names by «@», found in its text by their names. Knows no rights, no pages."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from helpdesk.accounts.names import sort_key
from helpdesk.core import db
from helpdesk.core.errors import Invalid, Problem

_BEGINS = re.compile(r"(?<![\w.+@-])@")
MOST = 50  # names in one note that are looked at

_CANDIDATES = """
SELECT p.id, p.name, coalesce(p.login, ''), ARRAY(
         SELECT unnest(ARRAY[r.code, r.name_ru, r.name_en]) FROM accounts_person_roles pr
           JOIN accounts_role r ON r.id = pr.role_id AND r.inactive_at IS NULL WHERE pr.person_id = p.id)
  FROM accounts_person p WHERE p.kind = 'agent' AND p.inactive_at IS NULL
"""


class Named(NamedTuple):
    """Somebody whom a note names, and by which words."""

    person_id: int
    said: str


class Known(NamedTuple):
    """What may stand after an «@»: each name, folded, with the words that are shown for it, and who it means.

    `namesakes`: names that mean several people, with their logins.
    """

    people: Mapping[str, tuple[str, tuple[int, ...]]]
    namesakes: Mapping[str, tuple[str, tuple[str, ...]]]


def named_in(text: str) -> list[Named]:
    """The specialists that a text names, each once, in order: by name or login, or all holders of a role by its name.

    One statement, none without an «@». Raises Invalid: `body` mention_unclear, for a name that several have.
    """
    if "@" not in text:
        return []
    return found_in(text, known(db.fetch(_CANDIDATES)))


def known(rows: Sequence[Sequence[object]]) -> Known:
    """The names of people given as (id, name, login, names of roles). A person's name goes before a role's."""
    people: dict[str, tuple[str, tuple[int, ...]]] = {}
    several: dict[str, list[tuple[int, str, str]]] = {}
    for pk, name, login, roles in rows:
        for role in roles:  # type: ignore[attr-defined]
            said, holders = people.get(_key(role), (str(role), ()))
            people[_key(role)] = said, tuple(dict.fromkeys([*holders, int(pk)]))  # type: ignore[call-overload]
        several.setdefault(_key(str(name)), []).append((int(pk), str(name), str(login)))  # type: ignore[call-overload]
    for key, namesakes in several.items():
        people[key] = namesakes[0][1], tuple(pk for pk, _, _ in namesakes)
    for pk, _name, login, _roles in rows:
        if login:
            people[_key(str(login))] = str(login), (int(pk),)  # type: ignore[call-overload]
    people.pop("", None)
    unclear = {
        key: (them[0][1], tuple(login for _, _, login in them if login)) for key, them in several.items() if them[1:]
    }
    return Known(people, unclear)


def found_in(text: str, names: Known) -> list[Named]:
    """What of these names stands in a text after an «@» that begins a word; of several that fit the longest."""
    folded = _folded(text)
    longest = max(map(len, names.people), default=0)
    found: dict[int, Named] = {}
    for place in _places(folded):
        after = folded[place : place + longest]
        fits = (after[:end] for end in range(len(after), 0, -1) if not folded[place + end : place + end + 1].isalnum())
        key = next((name for name in fits if name in names.people), None)
        if key is None:
            continue
        if key in names.namesakes:
            said, logins = names.namesakes[key]
            raise Invalid(Problem("body", "mention_unclear", {"name": said, "logins": ", ".join(logins)}))
        said, people = names.people[key]
        for pk in people:
            found.setdefault(pk, Named(pk, said))
    return list(found.values())


def _places(text: str) -> list[int]:
    """Where names begin: after an «@» that no letter, figure or dot precedes, as it does in a mail address."""
    return [found.end() for found in _BEGINS.finditer(text)][:MOST]


def _key(name: str) -> str:
    """A name as `_folded` leaves it."""
    return sort_key(name)


def _folded(text: str) -> str:
    """A text as names are compared: small letters, ё = е, one blank between words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").split())
