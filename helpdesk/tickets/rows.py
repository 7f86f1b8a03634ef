"""Requests for rooms that act for the desk itself, as letters do. What a person sees goes through `queries` alone."""

from collections.abc import Sequence

from helpdesk.tickets import policies, workflow
from helpdesk.tickets.models import Article, Attachment, NumberAlias, Participant, Phase, Ticket, TicketEvent

_GONE = {Phase.MERGED, Phase.REMOVED}
_AROUND = ("queue", "state", "company", "author", "owner", "responsible")


def living(number: str) -> Ticket | None:
    """The request of a number, an older or merged one included; None where it is gone."""
    ticket = Ticket.objects.filter(number=number).first()
    if ticket is None:
        alias = NumberAlias.objects.filter(number=number).select_related("ticket").first()
        ticket = alias.ticket if alias else None
    return None if ticket is None else _current(ticket)


def living_by_id(ticket_id: int) -> Ticket | None:
    """The request of an id, or the one that it was merged into; None where it is gone."""
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    return None if ticket is None else _current(ticket)


def _current(ticket: Ticket) -> Ticket | None:
    whole = ticket if ticket.part_of_id is None else Ticket.objects.get(pk=ticket.part_of_id)
    return None if whole.phase in _GONE else whole


def locked(ticket_id: int) -> Ticket:
    """A request with its queue, for this transaction alone to change."""
    # locked first, loaded then: a row joined while it waits may be one that the request has left
    Ticket.objects.select_for_update().only("pk").get(pk=ticket_id)
    return Ticket.objects.select_related("queue").get(pk=ticket_id)


def take_article(article_id: int) -> bool:
    """Lock an article until the transaction ends, so that one writes its letters; False where it is gone."""
    return Article.objects.select_for_update(no_key=True).only("pk").filter(pk=article_id).first() is not None


def article_of_letter(article_id: int) -> tuple[Article, Ticket]:
    """An article with its author, and its request with what a letter names."""
    article = Article.objects.select_related("author").get(pk=article_id)
    return article, Ticket.objects.select_related(*_AROUND).get(pk=article.ticket_id)


def taken_of_letter(ticket_id: int) -> Ticket | None:
    """A request with what a letter names, locked until the transaction ends, so that one writes its letters."""
    if Ticket.objects.select_for_update(no_key=True).only("pk").filter(pk=ticket_id).first() is None:
        return None
    return Ticket.objects.select_related(*_AROUND).get(pk=ticket_id)


def changed_without_words(ticket: Ticket, *, since: int) -> dict[str, TicketEvent]:
    """What the desk has changed without a word since an event, as far as it stands: by the field the last event of it.
    A state is not among it that is what it was, is a specialist's own, or that an answer has told since. Of a request
    that has become part of another one of its side, that alone; of another side's, nothing."""
    if ticket.phase == Phase.MERGED:
        return _merged(ticket, since=since)
    lines = ticket.events.filter(seq__gte=since, verb__in=("state_set", "promised"), article=None).order_by("seq")
    first: dict[str, TicketEvent] = {}
    last: dict[str, TicketEvent] = {}
    for line in lines:
        first.setdefault(line.field, line)
        last[line.field] = line
    found = {field: line for field, line in last.items() if line.new != first[field].old}
    state = found.get("state")
    if state is not None and (
        state.new != ticket.state_id
        or not workflow.tells_clients(str(first["state"].old), ticket.state_id)
        or ticket.events.filter(seq__gt=state.seq, article__visible_to_client=True).exists()
    ):
        del found["state"]
    return found


def _merged(ticket: Ticket, *, since: int) -> dict[str, TicketEvent]:
    line = ticket.events.filter(seq__gte=since, verb="merged").last()
    if line is None or ticket.part_of is None or not policies.are_of_one_side(ticket, ticket.part_of):
        return {}
    return {"merge": line}


def files_of_letter(article_id: int | None, ids: Sequence[int]) -> list[Attachment]:
    """Those of these files that belong to an article, in its order."""
    return list(Attachment.objects.filter(pk__in=ids, article_id=article_id or 0).order_by("position"))


def file(attachment_id: int) -> Attachment | None:
    """A file by its id, unless its request is gone: for addresses that were signed for somebody who sees it."""
    found = Attachment.objects.select_related("article__ticket").filter(pk=attachment_id).first()
    return None if found is None or found.article.ticket.phase == Phase.REMOVED else found


def observes(ticket: Ticket, person_id: int | None) -> bool:
    """Whether a person takes part in a request on its client's side."""
    return ticket.participants.filter(person_id=person_id or 0).exclude(role=Participant.Role.WATCHER).exists()


def has_written(ticket: Ticket, person_id: int) -> bool:
    """Whether a person has written something that the client sees."""
    return Article.objects.filter(ticket=ticket, author=person_id, visible_to_client=True).exists()


def said_between(ticket_id: int, *, after: int, before: int, besides: int | None) -> bool:
    """Whether another than `besides` has said something that clients see between two articles, by their places."""
    between = Article.objects.filter(ticket_id=ticket_id, seq__gt=after, seq__lt=before, visible_to_client=True)
    return between.exclude(author_id=besides).exists()
