"""The people of a company as its chief sees them: who works there, who left, who is invited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Window

from helpdesk.accounts.models import Address, Invitation, Membership, Person

SIZE = 50  # people of a page


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of a company's people."""

    member_id: int
    person_id: int
    name: str
    job: str
    address: str
    phone: str
    last_login: datetime | None
    sees: str
    writes: bool
    is_chief: bool
    inactive_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a company's people, who works there first, by name."""

    rows: Sequence[Colleague]
    number: int
    pages: int
    total: int


def page(company_id: int, number: int = 1) -> Page:
    """A page; a number beyond the end is the last. One statement, three for such a number."""
    rows = _with_addresses(_members(company_id)).annotate(total=Window(Count("pk")))
    rows = rows.order_by(F("inactive_at").desc(nulls_first=True), "person__sort_key", "pk")
    number = max(number, 1)
    found = list(rows[(number - 1) * SIZE : number * SIZE])
    if not found and number > 1:
        number = max(1, -(-_members(company_id).count() // SIZE))
        found = list(rows[(number - 1) * SIZE : number * SIZE])
    total = found[0].total if found else 0
    return Page([_colleague(one) for one in found], number, max(1, -(-total // SIZE)), total)


def of_member(member_id: int) -> tuple[Membership, Colleague] | None:
    """One of them with their membership; None for a contact, an agent, nobody. One statement."""
    member = _with_addresses(_members(None)).select_related("company").filter(pk=member_id).first()
    return (member, _colleague(member)) if member else None


def successors(company_id: int, besides: int) -> list[tuple[int, str]]:
    """Who may take requests over: (id, name) of the active people who write. One statement."""
    rows = _members(company_id).filter(inactive_at=None, writes=True, person__inactive_at=None)
    rows = rows.exclude(person_id=besides).order_by("person__sort_key", "person_id")
    return list(rows.values_list("person_id", "person__name"))


def colleagues(company_id: int, besides: Sequence[int]) -> list[tuple[int, str]]:
    """The active people of a company but these, by name: (id, name). One statement."""
    rows = _members(company_id).filter(inactive_at=None, person__inactive_at=None)
    rows = rows.exclude(person_id__in=besides).order_by("person__sort_key", "person_id")
    return list(rows.values_list("person_id", "person__name"))


def invitations_of(company_id: int) -> list[Invitation]:
    """Those not accepted yet, the newest first; `by_chief` as `invited_by_chiefs` says. One statement."""
    return list(invited_by_chiefs().filter(company_id=company_id, over_at=None).order_by("-sent_at", "-pk"))


def invited_by_chiefs() -> QuerySet[Invitation]:
    """All invitations; `by_chief`: whether whoever sent the last letter is still the company's chief.

    Where not, the letter's link is dead: whose right has ended brings in nobody, themselves by another mailbox least.
    """
    chief = Membership.objects.filter(
        company_id=OuterRef("company_id"), person_id=OuterRef("by_id"), is_chief=True, inactive_at=None,
        person__inactive_at=None,
    )  # fmt: skip
    return Invitation.objects.annotate(by_chief=Exists(chief))


def _members(company_id: int | None) -> QuerySet[Membership]:
    rows = Membership.objects.filter(person__kind=Person.Kind.CLIENT).select_related("person")
    return rows if company_id is None else rows.filter(company_id=company_id)


def _with_addresses(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    own = Address.objects.filter(person_id=OuterRef("person_id")).order_by("-is_primary", "pk")
    return rows.annotate(address=Subquery(own.values("address")[:1]))


def _colleague(one: Membership) -> Colleague:
    person = one.person
    return Colleague(
        one.pk, one.person_id, person.name, person.job, one.address or "",  # type: ignore[attr-defined]
        person.phone, person.last_login, one.sees, one.writes, one.is_chief, one.inactive_at or person.inactive_at,
    )  # fmt: skip
