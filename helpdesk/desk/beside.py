"""What stands around the desk's search: whom and what it can be narrowed by, and who is named by its words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.accounts.named_in import named_in
from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.desk import addresses, clients
from helpdesk.desk.filters import Filters
from helpdesk.desk.shell import language
from helpdesk.search.around import OWN_FIELDS, Field, fields_of
from helpdesk.tickets.dictionary import dictionary_of
from helpdesk.tickets.narrowing import NOBODY, names_client_sql

MOST_STAFF, MOST_TAGS, MOST_COMPANIES = 500, 500, 2_000
SHOWN = 3  # specialists who are named by the words

_SQL = f"""SELECT
    (SELECT json_agg(json_build_array(c.id, c.short_name) ORDER BY c.sort_key, c.id) FROM (
        SELECT * FROM accounts_company c WHERE c.inactive_at IS NULL OR c.id = %s
         ORDER BY c.sort_key, c.id LIMIT {MOST_COMPANIES}) c),
    (SELECT json_agg(json_build_array(p.id, p.name, p.inactive_at IS NULL) ORDER BY p.sort_key, p.id) FROM (
        SELECT * FROM accounts_person p WHERE p.kind = 'agent' OR p.id = ANY(%s)
         ORDER BY p.inactive_at IS NOT NULL, p.sort_key, p.id LIMIT {MOST_STAFF}) p),
    (SELECT json_agg(json_build_array(g.id, g.name) ORDER BY g.key) FROM (
        SELECT * FROM tickets_tag g WHERE g.inactive_at IS NULL OR g.id = %s ORDER BY g.key LIMIT {MOST_TAGS}) g),
    ({OWN_FIELDS}), {{is_client}}, {{named}}"""  # noqa: S608  our own text


@dataclass(frozen=True, slots=True)
class Beside:
    """Companies, specialists (those who have left apart), tags, types and categories by id and name; own fields;
    whether the words are a client's login or address, and clients in whose names they stand, with their company."""

    companies: tuple[tuple[int, str], ...]
    staff: tuple[tuple[int, str], ...]
    gone: tuple[tuple[int, str], ...]
    tags: tuple[tuple[int, str], ...]
    fields: tuple[Field, ...]
    types: tuple[tuple[int, str], ...]
    categories: tuple[tuple[int, str], ...]
    is_client: bool
    clients: tuple[tuple[str, str], ...]

    def person(self, key: int) -> str:
        """The name of a specialist, «nobody», or «?»."""
        return _("nobody") if key == NOBODY else dict((*self.staff, *self.gone)).get(key, "?")


def beside(actor: Actor, wanted: Filters) -> Beside:
    """The surroundings of a search. One statement."""
    asked = [wanted.owner, wanted.responsible, *(wanted.finer.number(name) for name in ("locked", "watcher", "author"))]
    people = [key for key in asked if key]
    is_client, logins = names_client_sql(wanted.words)
    named, starts = clients.named_sql(wanted.words if not wanted.client else "")
    companies, staff, tags, fields, is_one, names = db.fetch(
        _SQL.format(is_client=is_client, named=named),
        [wanted.company or 0, people, wanted.tag or 0, *logins, *starts],
    )[0]
    masters, spoken = dictionary_of(actor), language()
    return Beside(
        companies=tuple((key, name) for key, name in companies or []),
        staff=tuple((key, name) for key, name, is_here in staff or [] if is_here),
        gone=tuple((key, name) for key, name, is_here in staff or [] if not is_here),
        tags=tuple((key, name) for key, name in tags or []),
        fields=tuple(fields_of(fields)),
        types=tuple((row.pk, row.name(spoken)) for row in masters.types.values()),
        categories=tuple(
            (row.pk, "\N{EM SPACE}" * max(0, row.path.count("/") - 2) + row.name(spoken))
            for row in masters.categories.values()
        ),
        is_client=is_one,
        clients=tuple((name, company) for name, company in names or []),
    )


def named_clients(around: Beside) -> list[tuple[str, str, str]]:
    """Clients whom the words name: the name, the company, the list of all their requests."""
    return [
        (name, company, addresses.query(addresses.HOME, view="all", client=name)) for name, company in around.clients
    ]


def named_staff(wanted: Filters, around: Beside) -> list[tuple[str, str]]:
    """Specialists whom the words name: the name, and where the requests are that they have answered."""
    words = [word.strip(".,;:!?«»\"'()") for word in wanted.words.split() if not word.startswith("-")]
    found = []
    for one in named_in(words, (*around.staff, *around.gone))[:SHOWN]:
        rest = " ".join(word for word in words if word not in one.by)
        finer = wanted.finer.without("staff").added("staff", one.name)
        found.append((one.name, wanted.address(addresses.SEARCH, words=rest, finer=finer)))
    return found
