"""Turns news of the other rooms into rows of the outbox, in the transaction of the act. Nothing touches a socket."""

from helpdesk.accounts.events import LetterWanted
from helpdesk.accounts.models import Person
from helpdesk.mail import auto_answers, compose, outbox, threads
from helpdesk.notices import audience
from helpdesk.tickets.events import ArticleAdded
from helpdesk.tickets.models import Article, Channel

MACHINE = "mail.machine"  # in Actor.known: the letter that this act comes from was sent by a machine


def on_article(event: ArticleAdded) -> None:
    """Letters about an article: to the clients, or to the desk (R14, R16, R17, R18)."""
    article = event.article
    if article.message_id:
        threads.remember(article.message_id, ticket_id=event.ticket.pk, article_id=article.pk, given_out=False)
    if not article.visible_to_client or not audience.is_news(event):
        return
    if article.sender == Article.Sender.CLIENT:
        if not event.by.known.get(MACHINE):
            _to_desk(event)
    elif event.event.verb == "auto_answered":
        _automatic(event)
    else:
        _to_clients(event)


def _to_desk(event: ArticleAdded) -> None:
    for person in audience.desk(event.ticket, besides=event.by.person_id):
        if _wants(person) and (letter := compose.notice(event.ticket, event.article, event.attachments, person)):
            outbox.put(letter)


def _to_clients(event: ArticleAdded) -> None:
    for person in audience.clients(event.ticket, besides=event.by.person_id):
        if _wants(person) and (letter := compose.answer(event.ticket, event.article, event.attachments, person)):
            outbox.put(letter)


def _automatic(event: ArticleAdded) -> None:
    """One to the author; to a letter's sender not twice a day (RFC 3834 §2)."""
    person = event.ticket.author
    letter = compose.automatic_answer(event.ticket, event.article, person) if _wants(person) else None
    if letter is None:
        return
    if event.ticket.channel == Channel.MAIL and not auto_answers.claim(letter.address, at=event.article.created_at):
        return
    outbox.put(letter)


def on_letter_wanted(event: LetterWanted) -> None:
    """A letter about somebody's own access; it goes also to who wants no letters about answers."""
    person = Person.objects.get(pk=event.person_id)
    outbox.put(compose.account_letter(person, address=event.address, kind=event.kind, context=event.context))


def _wants(person: Person) -> bool:
    return person.is_active and person.letters != "none"
