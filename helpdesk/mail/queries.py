"""Reading the outbox and the letters that came. For administrators: the fronts check the right."""

from dataclasses import dataclass

from django.db.models import Count, Q

from helpdesk.mail.models import OutgoingLetter, RawLetter


@dataclass(frozen=True, slots=True)
class Counts:
    """How many letters of the outbox are in each state; `waiting`: due or being sent."""

    waiting: int
    sent: int
    failed: int


def outbox(
    *, state: str = "", ticket_number: str = "", before: int | None = None, limit: int = 50
) -> list[OutgoingLetter]:
    """Letters of ours, newest first, with ticket and person. `state`: waiting, sent, failed or empty for all.

    `before`: the id of the last row of the page before. Rows have `text` and `html` deferred. One statement.
    """
    rows = OutgoingLetter.objects.select_related("ticket", "person").defer("text", "html").order_by("-pk")
    if state == "waiting":
        rows = rows.filter(state__in=["due", "sending"])
    elif state in {"sent", "failed"}:
        rows = rows.filter(state=state)
    if ticket_number:
        rows = rows.filter(ticket__number=ticket_number)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[:limit])


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
