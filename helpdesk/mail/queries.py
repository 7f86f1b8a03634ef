"""Reading the outbox and the letters that came. For administrators: the fronts check the right."""

from dataclasses import dataclass

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


def deliveries(article_ids: list[int]) -> dict[int, list[OutgoingLetter]]:
    """The letters that carried these articles, by article: for the mark beside an answer. One statement."""
    rows = OutgoingLetter.objects.filter(article_id__in=article_ids, kind__in=["answer", "auto_answer"])
    found: dict[int, list[OutgoingLetter]] = {}
    for row in rows.defer("text", "html").order_by("pk"):
        found.setdefault(row.article_id or 0, []).append(row)
    return found


def parked(*, limit: int = 50) -> list[RawLetter]:
    """Letters that came and could not be made into anything: somebody has to look. Newest first."""
    return list(RawLetter.objects.filter(state=RawLetter.State.FAILED).order_by("-received_at")[:limit])


def count_parked() -> int:
    """How many letters are laid aside. One statement."""
    return RawLetter.objects.filter(state=RawLetter.State.FAILED).count()


def raw_of_article(article_id: int) -> RawLetter | None:
    """The letter that an article was, for its original octets (core.files.read(row.blob_id))."""
    return RawLetter.objects.filter(article_id=article_id).exclude(outcome="duplicate").order_by("pk").first()
