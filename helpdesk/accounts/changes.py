"""The record of what people changed about access: written with each change, shown to whom it concerns."""

from datetime import datetime
from typing import Any

from helpdesk.accounts.models import AccountEvent
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.text.safe import one_line

Verb = AccountEvent.Verb
MOST = 20  # lines that a page shows


def record(
    verb: AccountEvent.Verb,
    *,
    by: Actor,
    person_id: int | None = None,
    company_id: int | None = None,
    to_id: int | None = None,
    named: str = "",
    details: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> AccountEvent:
    """One more line, in the transaction of the change."""
    return AccountEvent.objects.create(
        verb=verb,
        actor_id=by.person_id,
        person_id=person_id,
        company_id=company_id,
        to_id=to_id,
        named=one_line(named, 320),
        details=details or {},
        at=at or clock.now(),
    )


def of_company(company_id: int, *, person_id: int | None = None) -> list[AccountEvent]:
    """The newest lines of a company, or of one of its people there; with actor, person and successor. One statement."""
    mine = {"company_id": company_id} | ({"person_id": person_id} if person_id else {})
    rows = AccountEvent.objects.filter(**mine).select_related("actor", "person", "to")
    return list(rows.order_by("-at", "-pk")[:MOST])
