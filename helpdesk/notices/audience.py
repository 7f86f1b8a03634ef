"""Who is told of what happens to a request. The one place that decides it, for the bell and for letters alike."""

from collections.abc import Collection
from datetime import timedelta

from helpdesk.accounts.models import Membership, Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor, Cause
from helpdesk.notices.models import Notice
from helpdesk.tickets import policies, queries, rows
from helpdesk.tickets.access import access_of
from helpdesk.tickets.events import ArticleAdded, TicketChanged
from helpdesk.tickets.models import Article, Participant, Ticket

NEWS_FOR = timedelta(days=2)
_COLLEAGUES = {"observer_added": Notice.Kind.OBSERVES, "author_set": Notice.Kind.HANDED_OVER}


def is_news(event: ArticleAdded) -> bool:
    """Whether anybody is told: not of articles moved in from elsewhere, said before, or written long ago."""
    return not event.copied and event.by.cause is not Cause.IMPORT and event.article.created_at > clock.now() - NEWS_FOR


def writer(event: ArticleAdded) -> int | None:
    """Who is not told of an article, since they wrote it: who acted, else whose letter it was."""
    return event.by.person_id or event.article.author_id


def desk(ticket: Ticket, *, besides: int | None = None) -> list[Person]:
    """Whom of the desk a client's article concerns (R17): the responsible employee, else the owner, else all agents.

    All: who answers in the queue. Beside them, who watches it.
    One who is switched off or no longer reads the queue is passed over. `besides`: the one who wrote.
    """
    people = {person.pk: person for person in (*_first_of_desk(ticket), *watchers(ticket))}
    return [person for person in people.values() if person.pk != besides]


def _first_of_desk(ticket: Ticket) -> list[Person]:
    for person in (ticket.responsible, ticket.owner):
        if person is not None and _works_on(person, ticket):
            return [person]
    return queries.staff_of_queue(ticket.queue_id)


def watchers(ticket: Ticket) -> list[Person]:
    """The specialists who watch a request, as far as they still see it. One statement, one more for each."""
    rows = Person.objects.filter(takes_part__ticket=ticket, takes_part__role=Participant.Role.WATCHER)
    return [person for person in rows.order_by("pk") if _works_on(person, ticket)]


def mentioned(event: ArticleAdded) -> list[int]:
    """Which of those whom a note names hear of it: who sees the request. Being named gives no rights."""
    people = Person.objects.filter(pk__in=event.mentioned, inactive_at=None) if event.mentioned else []
    return [person.pk for person in people if _works_on(person, event.ticket)]


def of_failure(ticket: Ticket, article: Article) -> Person | None:
    """Who hears that a letter of this article did not arrive: who wrote it, else the owner; of them who still reads
    the queue."""
    for person in (article.author, ticket.owner):
        if person is not None and person.is_agent and _works_on(person, ticket):
            return person
    return None


def of_change(event: TicketChanged) -> tuple[Notice.Kind, list[Person]] | None:
    """Who hears of a change, and as what: the one who was given a request by somebody else, or to observe or to have
    as their own; whom of the desk it concerns that a client settled; the client's side of what the desk did without a
    word. None where it is no news."""
    line, by = event.event, event.by.person_id
    if event.by.cause is Cause.IMPORT or line.happened_at <= clock.now() - NEWS_FOR:
        return None
    if line.seq == event.ticket.told_seq:
        return Notice.Kind.CHANGED, clients(event.ticket, besides=by)
    if line.undoes_id is not None:
        return None
    if line.verb == "merged":
        return _of_merge(event)
    if line.field in {"owner", "responsible"} and isinstance(line.new, int) and line.new != by:
        person = getattr(event.ticket, line.field)
        return Notice.Kind.ASSIGNED, [person] if person is not None else []
    if line.verb in _COLLEAGUES and line.new != by:
        people = Person.objects.filter(pk=int(line.new or 0), inactive_at=None)
        return _COLLEAGUES[line.verb], [one for one in people if may_hear(one.pk, event.ticket)]
    if line.verb == "state_set" and line.field == "state" and access_of(event.by).is_client:
        return Notice.Kind.SETTLED, desk(event.ticket, besides=by)
    return None


def _of_merge(event: TicketChanged) -> tuple[Notice.Kind, list[Person]] | None:
    """The client's side of what became part of another request, which they read now: not of another company's."""
    whole = event.ticket.part_of
    if whole is None or not policies.are_of_one_side(event.ticket, whole):
        return None
    return Notice.Kind.CHANGED, clients(event.ticket, besides=event.by.person_id)


def former_author(event: TicketChanged) -> Person | None:
    """Who hears that their request is a colleague's now: its author until then, if they still see it and did not do it
    themselves. Where they see it no more, the one letter of the press tells them."""
    line = event.event
    if line.verb != "author_set" or line.old == event.by.person_id or event.by.cause is Cause.IMPORT:
        return None
    person = Person.objects.filter(pk=int(line.old or 0), inactive_at=None).exclude(kind=Person.Kind.CONTACT).first()
    takes_part = person is not None and event.ticket.participants.filter(person=person).exists()
    return person if person and _may_know(person, event.ticket, takes_part=takes_part) else None


def may_hear(person_id: int, ticket: Ticket) -> bool:
    """Whether a person may be told of a request now, as anybody of it: author, observer, desk. Three statements at
    most."""
    access = access_of(Actor(person_id))
    return policies.may_be_told(access, ticket, takes_part=False) or policies.may_be_told(
        access, ticket, takes_part=rows.observes(ticket, person_id)
    )


def clients(ticket: Ticket, *, besides: int | None = None) -> list[Person]:
    """Whom of the other side an answer concerns: the author and who takes part, as far as they still may read it;
    where that is not the author any more, also who goes on in their place.

    A contact has no sign-in and reads by letters alone.
    """
    rows = ticket.participants.exclude(role=Participant.Role.WATCHER).exclude(person_id=ticket.author_id)
    taking_part = Person.objects.filter(pk__in=rows.values("person_id")).order_by("pk")
    people = [(ticket.author, False), *((person, True) for person in taking_part)]
    told = {
        person.pk: person
        for person, takes_part in people
        if person.is_active and _may_know(person, ticket, takes_part=takes_part)
    }
    if ticket.author_id not in told:
        told |= {person.pk: person for person in _in_the_authors_place(ticket, told)}
    return [person for person in told.values() if person.pk != besides]


def _in_the_authors_place(ticket: Ticket, told: Collection[int]) -> list[Person]:
    """The colleagues who wrote in a request whose author has left, where there are none its company's chiefs: those
    who belong to the company still and see the request. `told`: the ids of those who take part and are told."""
    members = Membership.objects.filter(
        company_id=ticket.company_id or 0, inactive_at=None,
        person__kind=Person.Kind.CLIENT, person__inactive_at=None,
    ).select_related("person").order_by("person_id")  # fmt: skip
    wrote = {"person__articles__ticket": ticket, "person__articles__sender": Article.Sender.CLIENT}
    for found in (members.filter(**wrote).distinct(), members.filter(is_chief=True)):
        people = [one.person for one in found]
        if hear := [one for one in people if _may_know(one, ticket, takes_part=one.pk in told)]:
            return hear
    return []


def _works_on(person: Person, ticket: Ticket) -> bool:
    return person.is_active and policies.may_read(access_of(Actor(person.pk)), ticket)


def _may_know(person: Person, ticket: Ticket, *, takes_part: bool) -> bool:
    return policies.may_be_told(access_of(Actor(person.pk)), ticket, takes_part=takes_part)
