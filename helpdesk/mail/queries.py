"""Reading the outbox and the letters that came. For administrators: the fronts check the right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from helpdesk.mail.models import OutgoingLetter, RawLetter


@dataclass(frozen=True, slots=True)
class Counts:
    """How many letters of the outbox are in each state; `waiting`: due or being sent."""

    waiting: int
    sent: int
    failed: int


def outbox(*, state: str = "", after: OutgoingLetter | None = None, limit: int = 50) -> list[OutgoingLetter]:
    """Letters of ours, newest first, with ticket. `state`: waiting, sent, failed, or empty for all: then those that
    failed stand before all others.

    `after`: the last letter of the page before. Rows have `text` and `html` deferred. Two statements at most.
    """
    rows = OutgoingLetter.objects.select_related("ticket").defer("text", "html").order_by("-pk")
    failed, others = rows.filter(state="failed"), rows.exclude(state="failed")
    if state == "waiting":
        return _page(rows.filter(state__in=["due", "sending"]), after, limit)
    if state:
        return _page(rows.filter(state=state), after, limit)
    if after is not None and after.state != "failed":
        return _page(others, after, limit)
    found = _page(failed, after, limit)
    return found + _page(others, None, limit - len(found))


def _page(rows: QuerySet[OutgoingLetter], after: OutgoingLetter | None, limit: int) -> list[OutgoingLetter]:
    return list((rows if after is None else rows.filter(pk__lt=after.pk))[:limit]) if limit > 0 else []


def letter(letter_id: int) -> OutgoingLetter | None:
    """One letter of ours with all it says. One statement."""
    return OutgoingLetter.objects.select_related("ticket", "article", "person").filter(pk=letter_id).first()


def counts() -> Counts:
    """The figures above the outbox. One statement."""
    found = OutgoingLetter.objects.aggregate(
        waiting=Count("pk", filter=Q(state__in=["due", "sending"])),
        sent=Count("pk", filter=Q(state="sent")),
        failed=Count("pk", filter=Q(state="failed")),
    )
    return Counts(found["waiting"], found["sent"], found["failed"])


class Trouble(NamedTuple):
    """A letter to a client that was not taken: what the mail server said last; given up at `failed_at`, or tried again
    at `due_at`."""

    address: str
    state: str
    error: str
    failed_at: datetime | None
    due_at: datetime


# the letters of the articles of a request `t`, and of what was merged into it, that were not taken, as one value; few,
# and the index `letter_trouble` has them
TROUBLES = """
    SELECT json_agg(json_build_array(l.article_id, l.address, l.state, l.last_error, l.failed_at, l.due_at)
                    ORDER BY l.id)
      FROM mail_outgoingletter l
     WHERE l.ticket_id = ANY(ARRAY(SELECT m.id FROM tickets_ticket m WHERE m.part_of_id = t.id UNION ALL SELECT t.id))
       AND l.last_error <> '' AND l.kind IN ('answer', 'auto_answer')
       AND l.article_id IS NOT NULL
"""


def troubles_of(found: Iterable[Sequence[Any]] | None) -> dict[int, tuple[Trouble, ...]]:
    """The letters to clients that were not taken, by article, as TROUBLES gave them."""
    by_article: dict[int, tuple[Trouble, ...]] = {}
    for article_id, address, state, error, failed_at, due_at in found or ():
        one = Trouble(
            address, state, error, datetime.fromisoformat(failed_at) if failed_at else None,
            datetime.fromisoformat(due_at),
        )  # fmt: skip
        by_article[article_id] = (*by_article.get(article_id, ()), one)
    return by_article


def parked(*, limit: int = 50) -> list[RawLetter]:
    """Letters that came and could not be made into anything: somebody has to look. Newest first."""
    return list(RawLetter.objects.filter(state=RawLetter.State.FAILED).order_by("-received_at")[:limit])


def count_parked() -> int:
    """How many letters are laid aside. One statement."""
    return RawLetter.objects.filter(state=RawLetter.State.FAILED).count()


def raw_of_article(article_id: int) -> RawLetter | None:
    """The letter that an article was, for its original octets (core.files.read(row.blob_id))."""
    return RawLetter.objects.filter(article_id=article_id).exclude(outcome="duplicate").order_by("pk").first()
