"""Turns news of the other rooms into rows of the outbox, in the transaction of the act. Nothing touches a socket."""

from helpdesk.accounts.events import LetterWanted
from helpdesk.accounts.models import Person
from helpdesk.mail import auto_answers, compose, desk_letters, outbox, threads
from helpdesk.notices import audience
from helpdesk.tickets.events import ArticleAdded
from helpdesk.tickets.models import Article, Channel

UNHEARD = "mail.unheard"  # in Actor.known: no letter tells the desk of this act, as of those of a past that is replayed


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


def _to_clients(event: ArticleAdded) -> None:
    readers = desk_letters.readers(audience.clients(event.ticket, besides=event.by.person_id))
    if readers:
        head = compose.head_of(event.ticket, [one.person for one in readers])
        letters = [compose.answer(head, event.ticket, event.article, event.attachments, one) for one in readers]
        outbox.put(*letters, general=head.general)


def _automatic(event: ArticleAdded) -> None:
    """One to the author; to a letter's sender not twice a day (RFC 3834 §2)."""
    for reader in desk_letters.readers([event.ticket.author]):
        by_mail = event.ticket.channel == Channel.MAIL
        if by_mail and not auto_answers.claim(reader.address, at=event.article.created_at):
            continue
        # a request of the page has no letters yet that this one could go on from
        head = compose.head_of(event.ticket, [reader.person] if by_mail else ())
        outbox.put(compose.automatic_answer(head, event.ticket, event.article, reader), general=head.general)


def on_letter_wanted(event: LetterWanted) -> None:
    """A letter about somebody's own access; it goes also to who wants no letters about answers."""
    reader = compose.Reader(Person.objects.get(pk=event.person_id), event.address)
    head = compose.head_of(None)
    letter = compose.account_letter(head, reader, kind=event.kind, context=event.context)
    outbox.put(letter, general=head.general)
