"""Turns news of the domain into rows of the bell, in the transaction of the act."""

from collections.abc import Iterable

from helpdesk.accounts.models import Person
from helpdesk.notices import audience
from helpdesk.notices.actions import take_back, take_back_change, tell, tell_changed
from helpdesk.notices.models import Notice
from helpdesk.tickets.events import ArticleAdded, TicketChanged
from helpdesk.tickets.models import Article


def on_article(event: ArticleAdded) -> None:
    """The desk hears of a client's article (R17), the clients of the desk's answer and of the automatic closing,
    specialists of notes that name them."""
    if audience.is_news(event) and (named := audience.mentioned(event)):
        tell(named, ticket_id=event.ticket.pk, article_id=event.article.pk, kind=Notice.Kind.MENTIONED,
             at=event.article.created_at)  # fmt: skip
    kind = _kind(event)
    if kind is None or not audience.is_news(event):
        return
    to_desk = kind in {Notice.Kind.NEW_TICKET, Notice.Kind.CLIENT_ANSWER}
    people: Iterable[Person] = (audience.desk if to_desk else audience.clients)(
        event.ticket, besides=audience.writer(event)
    )
    tell(
        (person.pk for person in people if person.kind != Person.Kind.CONTACT),
        ticket_id=event.ticket.pk, article_id=event.article.pk, kind=kind, at=event.article.created_at,
    )  # fmt: skip


def _kind(event: ArticleAdded) -> Notice.Kind | None:
    article = event.article
    if article.sender == Article.Sender.CLIENT:
        if event.automatic:
            return None  # a machine wrote it
        return Notice.Kind.NEW_TICKET if article.seq == 1 else Notice.Kind.CLIENT_ANSWER
    if not article.visible_to_client:
        return None
    if article.sender == Article.Sender.AGENT:
        return Notice.Kind.DESK_ANSWER
    return Notice.Kind.CLOSED if event.event.verb == "auto_closed" else None


def _told(event: TicketChanged) -> object:
    """What a change has made of a field, as the bell keeps it: of a merge the number where the request goes on."""
    whole = event.ticket.part_of if event.event.field == "merge" else None
    return whole.number if whole is not None else event.event.new


def on_change(event: TicketChanged) -> None:
    """Who was given a request by somebody else hears of it, and whose it was; the desk of what a client settled, the
    client's side of what the desk did without a word. Who
    was given one by mistake, and has not looked, need not."""
    if event.event.undoes_id is not None:
        take_back(event.event.old, ticket_id=event.ticket.pk, kind=Notice.Kind.ASSIGNED)
        take_back_change(ticket_id=event.ticket.pk, field=event.event.field)
    if told := audience.of_change(event):
        kind, people = told
        at = event.event.happened_at
        if kind is Notice.Kind.CHANGED:
            tell_changed(
                (person.pk for person in people if person.kind != Person.Kind.CONTACT), ticket_id=event.ticket.pk,
                field=event.event.field, new=_told(event), at=at,
            )  # fmt: skip
        else:
            tell((person.pk for person in people), ticket_id=event.ticket.pk, article_id=None, kind=kind, at=at)
    if (person := audience.former_author(event)) is not None:
        tell(
            [person.pk], ticket_id=event.ticket.pk, article_id=None, kind=Notice.Kind.HANDED_AWAY,
            at=event.event.happened_at,
        )  # fmt: skip
