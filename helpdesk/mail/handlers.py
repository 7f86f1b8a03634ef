"""Turns news of the other rooms into rows of the outbox, in the transaction of the act. Nothing touches a socket."""

from helpdesk.accounts.events import LetterWanted
from helpdesk.accounts.models import Person
from helpdesk.mail import auto_answers, change_letters, compose, desk_letters, outbox, threads
from helpdesk.notices import audience
from helpdesk.notices.models import Notice
from helpdesk.tickets import signatures
from helpdesk.tickets.events import ArticleAdded, TicketChanged
from helpdesk.tickets.models import Article, Channel

UNHEARD = "mail.unheard"  # in Actor.known: no letter tells the desk of this act, as of those of a past that is replayed


_OF_CHANGE = {
    Notice.Kind.ASSIGNED: compose.assigned,
    Notice.Kind.SETTLED: compose.settled,
    Notice.Kind.OBSERVES: compose.observes,
}


def on_article(event: ArticleAdded) -> None:
    """Letters about an article: to the clients now, to the desk by a job (R14, R16, R17, R18)."""
    article = event.article
    if article.message_id:
        threads.remember(article.message_id, ticket_id=event.ticket.pk, article_id=article.pk)
    if not article.visible_to_client or not audience.is_news(event):
        return
    if article.sender == Article.Sender.CLIENT:
        if not (event.automatic or event.by.known.get(UNHEARD)):
            desk_letters.later(article, besides=audience.writer(event))
    elif event.event.verb == "auto_answered":
        _automatic(event)
    else:
        _to_clients(event)


def on_change(event: TicketChanged) -> None:
    """Letters about what the bell tells of a change, to the same people: its screen is not before everybody's eyes.
    Of requests that are handed over one letter tells, when all are; of what the desk did without a word, a job."""
    told = None if event.by.known.get(UNHEARD) else audience.of_change(event)
    if told is not None and told[0] == Notice.Kind.HANDED_OVER:
        return
    if told is not None and told[0] == Notice.Kind.CHANGED:
        change_letters.later(event.event)
        return
    readers = desk_letters.readers(told[1]) if told else []
    if told is None or not readers:
        return
    head = compose.head_of(event.ticket, [one.person for one in readers])
    write = _OF_CHANGE[told[0]]
    outbox.put(*(write(head, event.ticket, event.event, one) for one in readers), general=head.general)


def _to_clients(event: ArticleAdded) -> None:
    readers = desk_letters.readers(audience.clients(event.ticket, besides=event.by.person_id))
    if readers:
        head = compose.head_of(event.ticket, [one.person for one in readers])
        signature = signatures.of_queue(event.ticket.queue_id)
        letters = [
            compose.answer(head, event.ticket, event.article, event.attachments, one, signature=signature)
            for one in readers
        ]
        outbox.put(*letters, general=head.general)


def _automatic(event: ArticleAdded) -> None:
    """One to the author, whose place in the company the opening has just looked up; to a stranger's letter not twice a
    day (RFC 3834 §2)."""
    by_mail = event.ticket.channel == Channel.MAIL
    is_stranger = event.ticket.author.kind == Person.Kind.CONTACT
    for reader in desk_letters.readers([event.ticket.author]):
        if by_mail and is_stranger and not auto_answers.claim(reader.address, at=event.article.created_at):
            continue
        # a request of the page has no letters yet that this one could go on from
        head = compose.head_of(event.ticket, [reader.person] if by_mail else ())
        outbox.put(compose.automatic_answer(head, event.ticket, event.article, reader), general=head.general)


def on_letter_wanted(event: LetterWanted) -> None:
    """A letter about somebody's own access; it goes also to who wants no letters about answers."""
    if event.person_id is None:  # nobody here yet
        person = Person(kind=Person.Kind.CLIENT, **event.to)
    else:
        person = Person.objects.get(pk=event.person_id)
    reader = compose.Reader(person, event.address)
    head = compose.head_of(None)
    letter = compose.account_letter(head, reader, kind=event.kind, context=event.context)
    outbox.put(letter, general=head.general)
