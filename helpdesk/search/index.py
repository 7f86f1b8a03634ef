"""Writing the index: rows with each article, in its transaction, in one statement; all rows anew in batches."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from helpdesk.search.language import folded, indexable
from helpdesk.tickets.events import ArticleAdded
from helpdesk.tickets.models import Article, Attachment, Ticket

LONGEST_TEXT = 200_000  # characters of one row: a vector of more than 1 MB raises
BATCH = 1_000


class Row(NamedTuple):
    """A row of the index before its vector is made."""

    ticket_id: int
    article_id: int | None
    visible: bool
    at: datetime
    bucket: int
    title: str
    words: str


_COLUMNS = "(ticket_id, article_id, visible, at, bucket, title, vector)"
_VALUES = "(%s, %s, %s, %s, %s, %s, to_tsvector('russian', %s))"


def bucket_of(at: datetime) -> int:
    """The month of a moment, counted from year 0, UTC."""
    moment = at.astimezone(UTC)
    return moment.year * 12 + moment.month - 1


def on_article(news: ArticleAdded) -> None:
    """Make a new article findable, and with the first one the request itself. One statement.

    What the desk says by itself is the same in every request: nobody looks for it, and everybody would find it.
    """
    rows = []
    if news.article.sender != Article.Sender.SYSTEM:
        rows.append(_of_article(news.article, news.ticket.subject, [file.filename for file in news.attachments]))
    if news.article.seq == 1:
        rows.append(_of_ticket(news.ticket))
    if rows:
        _write(rows)


def rebuild(*, batch: int = BATCH) -> int:
    """All rows anew, `batch` requests at a time; the number of rows. Meant for commands: it takes no lock."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_entry")
    written, last = 0, 0
    while tickets := list(Ticket.objects.filter(pk__gt=last).order_by("pk")[:batch]):
        last = tickets[-1].pk
        subjects = {ticket.pk: ticket.subject for ticket in tickets}
        rows = [_of_ticket(ticket) for ticket in tickets]
        articles = Article.objects.filter(ticket__in=subjects).exclude(sender=Article.Sender.SYSTEM)
        articles = articles.defer("html", "folded_text")
        names = _file_names(subjects)
        rows += [_of_article(article, subjects[article.ticket_id], names.get(article.pk, ())) for article in articles]
        for at in range(0, len(rows), batch):
            _write(rows[at : at + batch])
        written += len(rows)
    return written


def _file_names(tickets: Iterable[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    files = Attachment.objects.filter(article__ticket__in=list(tickets)).values_list("article_id", "filename")
    for article_id, name in files:
        names.setdefault(article_id, []).append(name)
    return names


def _of_article(article: Article, subject: str, names: Sequence[str]) -> Row:
    # The subject stands in every row, so that words of it and of a text find the request together.
    text = f"{subject} \n {' '.join(names)} \n {article.text[:LONGEST_TEXT]}"
    return Row(
        article.ticket_id, article.pk, article.visible_to_client, article.created_at, bucket_of(article.created_at),
        "", indexable(text)[:LONGEST_TEXT],
    )  # fmt: skip


def _of_ticket(ticket: Ticket) -> Row:
    text = f"{ticket.number} \n {ticket.subject} \n {_typed(ticket.fields)}"
    return Row(
        ticket.pk, None, True, ticket.created_at, bucket_of(ticket.created_at),
        folded(f"{ticket.number} {ticket.subject}")[:400], indexable(text)[:LONGEST_TEXT],
    )  # fmt: skip


def _typed(fields: Mapping[str, Any]) -> str:
    """What a client typed into the queue's own fields."""
    return " \n ".join(str(field.get("value", "")) for field in fields.values() if isinstance(field, dict))


def _write(rows: Sequence[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO search_entry {_COLUMNS} VALUES {', '.join([_VALUES] * len(rows))}",  # noqa: S608
            [value for row in rows for value in row],
        )
