"""Which letters belong together: Message-IDs that were given out or came, and the headers made of them."""

import hashlib
import re
from collections.abc import Iterable, Sequence

from django.db.models import Max, Q

from helpdesk.accounts.models import Person
from helpdesk.core.plain import insert
from helpdesk.mail.models import KnownMessageId, OutgoingLetter
from helpdesk.tickets.models import Ticket

REFERENCES = 12
_PLAIN = re.compile(r"^<[!-;=?-~]{1,240}>$")  # visible ASCII in brackets: fit for a header of ours


def digest(message_id: str) -> str:
    return hashlib.sha256(message_id.strip().encode("utf-8", "surrogatepass")).hexdigest()


def remember(message_id: str, *, ticket_id: int, article_id: int | None) -> None:
    """Note that a letter of this id came for a request. Repeating it changes nothing."""
    row = KnownMessageId(
        digest=digest(message_id), message_id=message_id[:998], given_out=False, ticket_id=ticket_id,
        article_id=article_id,
    )  # fmt: skip
    insert(row, quietly=True)


def remember_given_out(letters: Iterable[OutgoingLetter]) -> None:
    """Note the ids of letters of ours, and to whom they go. One statement."""
    rows = [
        KnownMessageId(
            digest=digest(one.message_id), message_id=one.message_id, given_out=True, ticket_id=one.ticket_id,
            article_id=one.article_id, person_id=one.person_id,
        )
        for one in letters
        if one.ticket_id is not None
    ]  # fmt: skip
    if rows:
        insert(*rows, quietly=True)


def known(ids: Iterable[str], *, given_out: bool) -> list[KnownMessageId]:
    """What we know of these ids, the last named first. One statement."""
    order = {digest(one): place for place, one in enumerate(ids)}
    rows = KnownMessageId.objects.filter(digest__in=list(order), given_out=given_out)
    return sorted(rows, key=lambda row: (-order[row.digest], -row.pk))


def written_to(ticket: Ticket) -> list[int]:
    """The ids of those who got letters of this request. One statement."""
    rows = KnownMessageId.objects.filter(ticket=ticket, given_out=True, person__isnull=False).order_by()
    return list(rows.values_list("person_id", flat=True).distinct())


def newest_answered(ids: Iterable[str], *, ticket_id: int, person_id: int) -> int:
    """The place of the newest article that letters of ours with these ids carried to a person; 0 for none: what a
    letter does not name its writer may not have read. One statement."""
    digests = [digest(one) for one in ids]
    rows = KnownMessageId.objects.filter(digest__in=digests, given_out=True, ticket=ticket_id, person=person_id)
    return rows.aggregate(newest=Max("article__seq"))["newest"] or 0


def references(ticket: Ticket, people: Iterable[Person]) -> dict[int, list[str]]:
    """The ids that letters to these people refer to, oldest first, by the person's id: what each sent or got in this
    request. One statement.

    Letters of the desk to its own people do not show up among those to clients, nor do their letters that became
    notes, which nobody but their writer has.
    """
    readers = list(people)
    known_ids = KnownMessageId.objects.filter(
        Q(given_out=True, person__in=readers) | Q(given_out=False), ticket=ticket
    ).order_by("-pk")
    found = list(
        known_ids.values_list("person_id", "given_out", "message_id", "article__author", "article__visible_to_client")[
            : REFERENCES * (len(readers) + 1)
        ]
    )
    return {
        one.pk: list(reversed([
            message_id
            for message_id in list(dict.fromkeys(
                text for owner, ours, text, writer, visible in found
                if (owner == one.pk if ours else writer == one.pk or (visible is not False and not one.is_agent))
            ))[:REFERENCES]
            if _PLAIN.match(message_id)
        ]))
        for one in readers
    }  # fmt: skip


def mentioned(in_reply_to: str | None, refs: Sequence[str]) -> list[str]:
    """The ids that a letter answers, the oldest first; at most the fifty nearest."""
    named = [*refs, *([in_reply_to] if in_reply_to else [])]
    return [one for one in named if len(one) <= 998][-50:]
