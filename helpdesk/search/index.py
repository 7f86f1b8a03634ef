"""Writing the index: rows with each article, in its transaction, in one statement; all rows anew in batches."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from helpdesk.search.apart import flats
from helpdesk.search.language import amounts, folded, grouped_figures, indexable, parts_of_numbers, words_of
from helpdesk.tickets.events import ArticleAdded, TicketChanged
from helpdesk.tickets.models import Article, Attachment, Ticket

LONGEST_TEXT = 200_000  # characters of one row: a vector of more than 1 MB raises
BATCH = 1_000
APART = " и "  # a word that no index holds, between what stands in different places: no row of words runs across
NO_COMPANY = 0  # in place of a company's id


class Row(NamedTuple):
    """A row of the index before its vector is made; of which kind a word is, its weight says (A, B, C, D in turn).

    `around` are words beside what was said: the request's fields, quotations and signatures of a letter."""

    ticket_id: int
    article_id: int | None
    company: int
    visible: bool
    at: datetime
    bucket: int
    title: str
    subject: str
    files: str
    text: str
    around: str


_COLUMNS = "(ticket_id, article_id, company, visible, at, bucket, title, vector)"
_WEIGHED = f"setweight(to_tsvector('russian', '{APART}' || %s), '{{}}')"
_VALUES = f"(%s, %s, %s, %s, %s, %s, %s, {' || '.join(map(_WEIGHED.format, 'ABCD'))})"


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
        rows.append(_of_article(news.article, news.ticket, [file.filename for file in news.attachments]))
    if news.article.seq == 1:
        rows.append(_of_ticket(news.ticket))
    if rows:
        _write(rows)


def on_change(news: TicketChanged) -> None:
    """Have the rows of a request follow its subject and its company, which stand in each of them. One statement; of a
    subject nothing else of a row is read anew: it has a weight of its own."""
    ticket, field = news.ticket, news.event.field
    with connection.cursor() as cursor:
        if field == "client":
            company = ticket.company_id or NO_COMPANY
            cursor.execute("UPDATE search_entry SET company = %s WHERE ticket_id = %s", [company, ticket.pk])
        elif field == "subject":
            row = _of_ticket(ticket)
            cursor.execute(
                f"""UPDATE search_entry SET title = CASE WHEN article_id IS NULL THEN %s ELSE title END,
                           vector = {_WEIGHED.format("A")} || ts_filter(vector, '{{b,c,d}}')
                     WHERE ticket_id = %s""",  # noqa: S608  our own text
                [row.title, row.subject, ticket.pk],
            )


def rebuild(*, batch: int = BATCH) -> int:
    """All rows anew, `batch` requests at a time; the number of rows. Meant for commands: it takes no lock.

    A migration calls it too, so it reads by name the columns that it needs and no other.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_entry")
    written, last = 0, 0
    every = Ticket.objects.only("number", "subject", "fields", "company_id", "created_at").order_by("pk")
    while tickets := list(every.filter(pk__gt=last)[:batch]):
        last = tickets[-1].pk
        known = {ticket.pk: ticket for ticket in tickets}
        rows = [_of_ticket(ticket) for ticket in tickets]
        articles = Article.objects.filter(ticket__in=known).exclude(sender=Article.Sender.SYSTEM)
        articles = articles.only("ticket_id", "visible_to_client", "created_at", "text", "folded_text")
        names = _file_names(known)
        rows += [_of_article(article, known[article.ticket_id], names.get(article.pk, ())) for article in articles]
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


def _of_article(article: Article, ticket: Ticket, names: Sequence[str]) -> Row:
    # Subject and facts stand in every row, so that words of them and of a text find the request together.
    return Row(
        article.ticket_id, article.pk, ticket.company_id or NO_COMPANY, article.visible_to_client, article.created_at,
        bucket_of(article.created_at), "",
        _words(ticket.subject), _words(APART.join(names)), _words(article.text),
        f"{_facts(ticket)}{APART}{_words(article.folded_text[:max(0, LONGEST_TEXT - len(article.text))])}",
    )  # fmt: skip


def _of_ticket(ticket: Ticket) -> Row:
    return Row(
        ticket.pk, None, ticket.company_id or NO_COMPANY, True, ticket.created_at, bucket_of(ticket.created_at),
        folded(f"{ticket.number} {ticket.subject}")[:400],
        _words(ticket.subject), "", "", _facts(ticket),
    )  # fmt: skip


def _facts(ticket: Ticket) -> str:
    return _words(f"{ticket.number}{APART}{_typed(ticket.fields)}")


def _words(text: str) -> str:
    """A text as words for a vector: each whole; after them its numbers in groups of figures in one piece, sums with
    their fraction too, flats whose letter stands by them, and the parts of all its numbers."""
    head = text[:LONGEST_TEXT]
    beside = APART.join(flats(words_of(head), folded(head)))
    text, grouped = indexable(head)[:LONGEST_TEXT], APART.join([*grouped_figures(head), *amounts(head)])
    parts = parts_of_numbers(f"{text} {grouped}")
    return APART.join(filter(None, (text, grouped, beside, parts)))


def _typed(fields: Mapping[str, Any]) -> str:
    """What a client typed into the queue's own fields."""
    values = [field.get("value") for field in fields.values() if isinstance(field, dict)]
    texts = [
        " ".join(map(str, value)) if isinstance(value, list) else str(value) for value in values if value is not None
    ]
    return APART.join(texts)


def _write(rows: Sequence[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO search_entry {_COLUMNS} VALUES {', '.join([_VALUES] * len(rows))}",  # noqa: S608
            [value for row in rows for value in row],
        )
