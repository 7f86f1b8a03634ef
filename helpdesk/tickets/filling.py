"""What the variables of ready texts and signatures stand for at a request."""

from helpdesk.accounts.models import Person
from helpdesk.tickets import variables
from helpdesk.tickets.models import Ticket


def values_of(ticket: Ticket, me: Person | None, language: str, *, due: str = "") -> dict[str, str]:
    """The value of each variable, empty where the request has none. `me`: who writes; `due`: the promised time in
    words. No statement, where author, company and queue are known."""
    return {
        "greeting": variables.greeting(ticket.author.name, language),
        "client": ticket.author.name,
        "number": ticket.number,
        "subject": ticket.subject,
        "company": ticket.company.name if ticket.company else "",
        "queue": ticket.queue.name(language),
        "due": due,
        "agent": me.name if me else "",
        "job": me.job if me else "",
        "phone": me.phone if me else "",
    }
