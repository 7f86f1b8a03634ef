"""Searches that a person keeps under a name, and may share with a company: whoever sees all of its requests sees them
too, as long as their author sees all of them as well. The author changes them; the company's chief may end the
sharing."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from helpdesk.core import clock, db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import Invalid, NotAllowed, NotFound, Problem
from helpdesk.core.text.safe import one_line
from helpdesk.tickets.access import Access, access_of

MOST = 50  # of a person
MOST_SHOWN = 200  # to one person: their own first
NAME = 100  # characters
CONDITIONS = 60
VALUE = 2_000  # characters of one condition

_LOCK = 72_003  # with the author's id: their searches are counted and written one after another


class Kept(NamedTuple):
    """A condition as it stands in an address, and the words that told it when the search was saved: its author reads
    them of what is gone since; all else is told anew by what the reader may see."""

    name: str
    value: str
    words: str


class Saved(NamedTuple):
    """A search that one reader sees. `author`: the colleague whose it is, "" for the reader's own, which alone they
    rename and share; `company`: whom it is shared with; `may_stop`: the reader may end that."""

    id: int
    name: str
    conditions: tuple[Kept, ...]
    author: str = ""
    company: int | None = None
    may_stop: bool = False


_BELONGS = """p.inactive_at IS NULL AND EXISTS (SELECT 1 FROM accounts_membership m WHERE m.person_id = s.person_id
    AND m.company_id = s.company_id AND m.sees = 'company' AND m.inactive_at IS NULL)"""

# the reader's own, and what colleagues share: (id, name, conditions, author's id and name, company)
_SEEN = f"""SELECT s.id, s.name, s.conditions, s.person_id, p.name AS author, s.company_id
  FROM search_savedsearch s JOIN accounts_person p ON p.id = s.person_id
 WHERE (s.person_id = %s OR s.company_id = ANY(%s) AND {_BELONGS})"""  # noqa: S608  our own text
_ORDER = f"ORDER BY s.person_id <> %s, lower(s.name), s.id LIMIT {MOST_SHOWN}"


def seen_sql(actor: Actor) -> tuple[str, list[Any]]:
    """The rows of `of_row` that this person sees, as a JSON array: their own by name, then their colleagues'."""
    sql = f"""SELECT json_agg(json_build_array(r.id, r.name, r.conditions, r.person_id, r.author, r.company_id)
        ORDER BY r.person_id <> %s, lower(r.name), r.id) FROM ({_SEEN} {_ORDER}) r"""  # noqa: S608  our own text
    me, wide = actor.person_id, sorted(access_of(actor).company_wide)
    return sql, [me, me, wide, me]


def of_row(row: Sequence[Any], access: Access) -> Saved:
    """A search as its reader may know it; stored conditions of another shape than ours are left out.

    The words of a colleague's search stay with the colleague: people, companies, recipients and their fields that these
    name may be none of the reader's.
    """
    pk, name, stored, author_id, author, company = row
    own = author_id == access.person_id
    kept = [
        Kept(*one)
        for one in (stored if isinstance(stored, list) else [])
        if isinstance(one, list) and len(one) == len(Kept._fields) and all(isinstance(part, str) for part in one)
    ]
    if not own:
        kept = [one._replace(words="") for one in kept]
    may_stop = company is not None and (own or company in access.chief_of)
    return Saved(pk, name, tuple(kept), "" if own else author, company, may_stop)


def of_person(actor: Actor) -> list[Saved]:
    """All that this person sees: their own by name, then their colleagues'. One statement."""
    sql, values = seen_sql(actor)
    return [of_row(row, access_of(actor)) for row in db.fetch(sql, values)[0][0] or []]


def save(actor: Actor, *, name: str, conditions: Sequence[Kept], company_id: int | None = None) -> int:
    """Keep a search, for oneself or shared with a company; its id.

    Raises Invalid: a name that is empty, too long or taken, nothing to keep, too many, a company of others.
    """
    name = _name(name)
    if not conditions:
        raise Invalid(Problem("conditions", "empty"))
    _refuse_others(actor, company_id)
    kept = [Kept(*(part[:VALUE].replace("\0", "") for part in one)) for one in conditions[:CONDITIONS]]
    with db.verb():
        db.fetch("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, actor.person_id])
        count = db.fetch("SELECT count(*) FROM search_savedsearch WHERE person_id = %s", [actor.person_id])
        if count[0][0] >= MOST:
            raise Invalid(Problem("name", "too_many", {"limit": MOST}))
        made = db.fetch(
            """INSERT INTO search_savedsearch (person_id, name, conditions, company_id, created_at)
               VALUES (%s, %s, %s, %s, %s) ON CONFLICT (person_id, name) DO NOTHING RETURNING id""",
            [actor.person_id, name, Jsonb(kept), company_id, clock.now()],
        )
        if not made:
            raise Invalid(Problem("name", "taken"))
    return int(made[0][0])


def rename(actor: Actor, saved_id: int, *, name: str, was: str | None = None) -> None:
    """Give a search of one's own another name; nothing if it is what the writer saw (`was`).

    Raises NotFound, NotAllowed (a colleague's), Invalid (see `save`).
    """
    with db.verb():
        _own(actor, saved_id)
        if name == was:
            return
        name = _name(name)
        taken = "SELECT 1 FROM search_savedsearch WHERE person_id = %s AND name = %s AND id <> %s"
        if db.fetch(taken, [actor.person_id, name, saved_id]):
            raise Invalid(Problem("name", "taken"))
        db.fetch("UPDATE search_savedsearch SET name = %s WHERE id = %s RETURNING 1", [name, saved_id])


def share(actor: Actor, saved_id: int, *, company_id: int | None) -> None:
    """Show a search of one's own to those who see all requests of a company, or to nobody.

    Raises NotFound, NotAllowed (a colleague's), Invalid (a company of others).
    """
    with db.verb():
        _own(actor, saved_id)
        _refuse_others(actor, company_id)
        db.fetch("UPDATE search_savedsearch SET company_id = %s WHERE id = %s RETURNING 1", [company_id, saved_id])


def stop(actor: Actor, saved_id: int) -> bool:
    """Take a search away from the colleagues; its author keeps it. The author may, and the company's chief.

    True if it is one's own. Raises NotFound for one that this person does not see, NotAllowed.
    """
    with db.verb():
        found = _found(actor, saved_id)
        if found.author and not found.may_stop:
            raise NotAllowed("saved_search")
        db.fetch("UPDATE search_savedsearch SET company_id = NULL WHERE id = %s RETURNING 1", [saved_id])
    return not found.author


def throw_away(actor: Actor, saved_id: int) -> None:
    """Delete a search of one's own. Raises NotFound for one that this person does not see, or is gone; NotAllowed."""
    with db.verb():
        _own(actor, saved_id)
        db.fetch("DELETE FROM search_savedsearch WHERE id = %s RETURNING 1", [saved_id])


def _own(actor: Actor, saved_id: int) -> None:
    """Refuses another's search: NotFound, NotAllowed for one that a colleague shows to this person."""
    if _found(actor, saved_id).author:
        raise NotAllowed("saved_search")


def _found(actor: Actor, saved_id: int) -> Saved:
    """A search as this person sees it; the searches of its author are locked. Raises NotFound."""
    access = access_of(actor)
    lock = "SELECT pg_advisory_xact_lock(%s, person_id::int) FROM search_savedsearch WHERE id = %s"
    db.fetch(lock, [_LOCK, saved_id])
    rows = db.fetch(f"{_SEEN} AND s.id = %s", [actor.person_id, sorted(access.company_wide), saved_id])
    if not rows:
        raise NotFound
    return of_row(rows[0], access)


def _refuse_others(actor: Actor, company_id: int | None) -> None:
    if company_id is not None and company_id not in access_of(actor).company_wide:
        raise Invalid(Problem("company", "of_others"))


def _name(typed: str) -> str:
    name = one_line(typed, NAME * 4)
    if not name:
        raise Invalid(Problem("name", "empty"))
    if len(name) > NAME:
        raise Invalid(Problem("name", "too_long", {"limit": NAME}))
    return name
