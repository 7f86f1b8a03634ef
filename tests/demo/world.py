"""What every demo world owes, on whatever day it is made."""

from helpdesk.accounts.models import Company, Person
from helpdesk.core import jobs
from helpdesk.demo import load as demo
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets.models import ChecklistItem, Queue, State, Ticket


def made_once_and_interesting(*, requests):
    before = len(jobs.waiting("mail.tell_desk"))
    made = demo.load(requests=requests)
    assert made.requests == requests
    assert demo.load() is None
    assert (Company.objects.count(), Queue.objects.count()) == (12, 12)
    assert Person.objects.filter(kind="client").count() == 60
    assert Person.objects.filter(kind="agent").count() == 9
    states = set(Ticket.objects.values_list("state_id", flat=True))
    assert states == {
        "new", "open", "review", "clarify", "rework", "reminder", "done", "autoclose", "closed", "closed_unsolved",
        "merged", "removed",
    }  # fmt: skip
    assert states == set(State.objects.values_list("code", flat=True))
    assert ChecklistItem.objects.filter(done_at=None).exists() and ChecklistItem.objects.exclude(done_at=None).exists()
    assert Queue.objects.get(key="error").moved_text_ru
    for merged in Ticket.objects.filter(state="merged"):
        assert (merged.part_of.company_id, merged.part_of.phase in {"open", "closed"}) == (merged.company_id, True)
    assert not Ticket.objects.filter(
        state="autoclose", pending_until__lt=Ticket.objects.latest("pk").created_at
    ).exists()
    known = Ticket.objects.filter(author__login="client1", phase="open", waits_for="client")
    assert known.exists()
    for login in ("client1", "client2", "client3"):  # each has one that waits to be closed
        assert Ticket.objects.filter(author__login=login, state="autoclose").exists(), login
    # nothing of it goes out, whatever mail server is set later
    assert not OutgoingLetter.objects.exclude(state="sent").exists()
    assert len(jobs.waiting("mail.tell_desk")) == before
