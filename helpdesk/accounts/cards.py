"""All that specialists see of a client, and of a company, beside its requests. One statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.core import db


@dataclass(frozen=True, slots=True)
class Note:
    """What stands about a client now; `version` 0 and no text where there is nothing."""

    version: int = 0
    text: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place in a company: of a person's card, the company; of a company's, the person."""

    id: int
    name: str
    about: str  # a person's job
    phone: str
    address: str
    sees_all: bool
    writes: bool
    is_chief: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A client or contact."""

    id: int
    name: str
    kind: str
    login: str
    job: str
    phone: str
    language: str
    inactive_at: datetime | None
    addresses: Sequence[str]
    places: Sequence[Place]
    note: Note


@dataclass(frozen=True, slots=True)
class CompanyCard:
    """A client company."""

    id: int
    name: str
    short_name: str
    inactive_at: datetime | None
    places: Sequence[Place]
    note: Note


_NOTE = """(SELECT json_build_array(n.id, n.text, coalesce(w.name, ''), n.at) FROM accounts_clientnote n
              LEFT JOIN accounts_person w ON w.id = n.by_id WHERE n.{about}_id = x.id ORDER BY n.id DESC LIMIT 1)"""
_PERSON = f"""
SELECT x.id, x.name, x.kind, coalesce(x.login, ''), x.job, x.phone, x.language, x.inactive_at,
       (SELECT json_agg(a.address ORDER BY a.is_primary DESC, a.id) FROM accounts_address a WHERE a.person_id = x.id),
       (SELECT json_agg(json_build_array(c.id, c.short_name, '', '', '', m.sees = 'company', m.writes, m.is_chief,
                                         m.inactive_at IS NOT NULL OR c.inactive_at IS NOT NULL)
                        ORDER BY m.inactive_at IS NOT NULL, c.sort_key, c.id)
          FROM accounts_membership m JOIN accounts_company c ON c.id = m.company_id WHERE m.person_id = x.id),
       {_NOTE.format(about="person")}
  FROM accounts_person x WHERE x.id = %s AND x.kind <> 'agent'"""  # noqa: S608  our own text
_COMPANY = f"""
SELECT x.id, x.name, x.short_name, x.inactive_at,
       (SELECT json_agg(json_build_array(p.id, p.name, p.job, p.phone,
                 coalesce((SELECT a.address FROM accounts_address a WHERE a.person_id = p.id
                            ORDER BY a.is_primary DESC, a.id LIMIT 1), ''),
                 m.sees = 'company', m.writes, m.is_chief, m.inactive_at IS NOT NULL OR p.inactive_at IS NOT NULL)
                        ORDER BY m.inactive_at IS NOT NULL OR p.inactive_at IS NOT NULL, NOT m.is_chief, p.sort_key,
                                 p.id)
          FROM accounts_membership m JOIN accounts_person p ON p.id = m.person_id WHERE m.company_id = x.id),
       {_NOTE.format(about="company")}
  FROM accounts_company x WHERE x.id = %s"""  # noqa: S608  our own text


def person_card(person_id: int) -> PersonCard | None:
    """A client or contact by id, whoever is switched off too."""
    rows = db.fetch(_PERSON, [person_id])
    if not rows:
        return None
    *plain, gone, addresses, places, note = rows[0]
    return PersonCard(*plain, gone, tuple(addresses or ()), _places(places), _note(note))  # type: ignore[call-arg]


def company_card(company_id: int) -> CompanyCard | None:
    """A company by id, one that is switched off too."""
    rows = db.fetch(_COMPANY, [company_id])
    if not rows:
        return None
    *plain, places, note = rows[0]
    key, name, short_name, gone = plain
    return CompanyCard(key, name, short_name, gone, _places(places), _note(note))


def _places(found: Sequence[Sequence[object]] | None) -> tuple[Place, ...]:
    return tuple(Place(*one) for one in found or ())  # type: ignore[arg-type]


def _note(found: tuple[int, str, str, str] | None) -> Note:
    if not found or not found[1]:
        return Note(version=found[0]) if found else Note()
    version, text, by, at = found
    return Note(version, text, by, datetime.fromisoformat(at))
