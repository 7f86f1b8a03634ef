"""Finding the client for whom a specialist writes. Knows people and companies, no requests."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from helpdesk.accounts.models import Address, Membership, Person
from helpdesk.accounts.names import sort_key
from helpdesk.core.text.safe import one_line

SHOWN = 20
WORDS_LIMIT = 200
_WORDS_USED = 5


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody for whom a request can be written."""

    id: int
    name: str
    login: str
    job: str
    phone: str
    address: str
    companies: tuple[tuple[int, str], ...]

    @property
    def about(self) -> str:
        """What tells namesakes apart."""
        names = ", ".join(name for _id, name in self.companies)
        return " · ".join(part for part in (names, self.job, self.address or self.login) if part)


def find(words: str, *, kinds: Sequence[str] = ("client", "contact")) -> tuple[list[Client], bool]:
    """Active clients and contacts (or `kinds` alone) whose name, login, address or company holds every word, by name.

    At most SHOWN, and whether there are more. Three statements.
    """
    rows = Person.objects.filter(kind__in=kinds, inactive_at=None)
    for word in sort_key(one_line(words, WORDS_LIMIT)).split()[:_WORDS_USED]:
        of_company = Membership.objects.filter(
            person=OuterRef("pk"), inactive_at=None, company__inactive_at=None, company__sort_key__contains=word
        )
        address = Address.objects.filter(person=OuterRef("pk"), canonical__contains=word)
        rows = rows.filter(
            Q(sort_key__contains=word) | Q(login__icontains=word) | Q(Exists(address)) | Q(Exists(of_company))
        )
    found = list(rows.order_by("sort_key", "pk")[: SHOWN + 1])
    return _described(found[:SHOWN]), len(found) > SHOWN


def one(person_id: int | None) -> Client | None:
    """A client or contact by id, if active."""
    if person_id is None:
        return None
    rows = list(Person.objects.filter(pk=person_id, kind__in=["client", "contact"], inactive_at=None))
    return _described(rows)[0] if rows else None


def _described(people: list[Person]) -> list[Client]:
    ids = [person.pk for person in people]
    companies: dict[int, list[tuple[int, str]]] = {}
    for person_id, company_id, name in (
        Membership.objects.filter(person_id__in=ids, inactive_at=None, company__inactive_at=None)
        .order_by("company__sort_key")
        .values_list("person_id", "company_id", "company__short_name")
    ):
        companies.setdefault(person_id, []).append((company_id, name))
    addresses: dict[int, str] = {}
    for person_id, address in (
        Address.objects.filter(person_id__in=ids).order_by("-is_primary", "pk").values_list("person_id", "address")
    ):
        addresses.setdefault(person_id, address)
    return [
        Client(p.pk, p.name, p.login or "", p.job, p.phone, addresses.get(p.pk, ""), tuple(companies.get(p.pk, ())))
        for p in people
    ]


NAMED = 3  # shown above what the search found


def named_sql(words: str) -> tuple[str, list[str]]:
    """Clients and contacts in whose name each word begins a word, the first few: [[name, company], …] as an expression
    of SQL; null for words that are no name."""
    starts = [
        word.replace("\\", "").replace("%", "").replace("_", "")
        for word in sort_key(one_line(words, WORDS_LIMIT)).split()
    ]
    if not starts or len(starts) > _WORDS_USED or not all(len(word) > 2 and word.isalpha() for word in starts):
        return "NULL::json", []
    fits = " AND ".join(["(' ' || p.sort_key) LIKE %s"] * len(starts))
    sql = f"""(SELECT json_agg(json_build_array(n.name, n.company)) FROM (
            SELECT p.name, coalesce((SELECT min(c.short_name) FROM accounts_membership m
                     JOIN accounts_company c ON c.id = m.company_id AND c.inactive_at IS NULL
                    WHERE m.person_id = p.id AND m.inactive_at IS NULL), '') AS company
              FROM accounts_person p WHERE p.kind IN ('client', 'contact') AND {fits}
             ORDER BY p.sort_key, p.id LIMIT {NAMED}) n)"""  # noqa: S608  our own text
    return sql, [f"% {word}%" for word in starts]
