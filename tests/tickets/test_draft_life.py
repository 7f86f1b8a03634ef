"""Nothing that a specialist typed is lost, whatever they, their devices, their network and their colleagues do."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from helpdesk.core.errors import Refusal
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import drafts, shared_drafts
from helpdesk.tickets.actions import StateMove, bring_back, give, merge, move, note, remove, reply, set_state, unmerge
from helpdesk.tickets.drafts import Written
from helpdesk.tickets.models import Article, Draft, Right
from tests.factories import AgentFactory, actor_of, grant, open_request, world
from tests.factories.sizes import examples

pytestmark = pytest.mark.django_db
DEVICES = st.integers(0, 1)


class Device:
    """An open page of the request, as its script keeps it: what stands in the box, and what the server said of it."""

    def __init__(self, name):
        self.name = name
        self.words, self.stored = [], []
        self.opened("key-" + name)

    def opened(self, key, *, version=0, words=(), hand=None):
        self.key, self.version, self.words, self.stored = key, version, list(words), list(words)
        self.hand, self.step = hand or f"{self.name}-{key}"[:32], 0

    @property
    def text(self):
        return " ".join(self.words)

    def written(self, ticket_id):
        return Written(
            Draft.Kind.REPLY, self.key, {"body": self.text}, ticket_id=ticket_id, version=self.version,
            hand=self.hand, step=self.step,
        )  # fmt: skip


class Life(RuleBasedStateMachine):
    """Two devices of Alice's; her colleague Anna does to the request whatever can be done."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.cast = world()
        self.anna = AgentFactory(login="anna", roles=[self.cast.support])
        grant(self.cast.support, self.cast.elsewhere, Right.MOVE_INTO)
        self.ticket = open_request(self.cast.carol, self.cast.queue)
        self.other = open_request(self.cast.carol, self.cast.queue, subject="Другая")
        self.devices = [Device("раз"), Device("два")]
        self.count = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @property
    def alice(self):
        return actor_of(self.cast.alice)

    def tried(self, act):
        """Do it as an entry point does; what is refused changes nothing."""
        try:
            with transaction.atomic():
                return act()
        except Refusal:
            return None

    @rule(at=DEVICES)
    def type(self, at):
        self.count += 1
        self.devices[at].words.append(f"слово{self.count}")
        self.devices[at].step += 1

    @rule(at=DEVICES, cut=st.sampled_from(["", "before", "after"]))
    def save(self, at, cut):
        """`cut`: the network fails before the saving arrives, or before its answer does."""
        page = self.devices[at]
        if cut == "before":
            return
        saved = self.tried(lambda: drafts.save(self.alice, page.written(self.ticket.pk)))
        if saved is None:
            return
        if page.words:
            page.stored = list(page.words)
        if cut == "after":
            return
        if saved.is_sent and not saved.apart:
            return
        page.key, page.version = saved.key, saved.version

    @rule(at=DEVICES)
    def crash(self, at):
        """The browser dies with all that it kept; the page is opened anew, with the newest draft in it."""
        page = self.devices[at]
        lines = drafts.of_person(self.alice)
        page.name += "'"
        if not lines:
            page.opened(f"key-{page.name}")
            return
        draft = Draft.objects.get(pk=lines[0].id)
        page.opened(draft.form_key, version=draft.version, words=draft.values["body"].split(), hand=page.name)

    @rule(at=DEVICES, cut=st.booleans())
    def send(self, at, cut):
        page = self.devices[at]
        if not page.words:
            return

        def act():
            with drafts.sending(self.alice, page.written(self.ticket.pk)):
                return reply(
                    self.ticket.pk, by=self.alice, body=from_plain(page.text), once=page.key, again=True
                )  # fmt: skip

        if self.tried(act) is None:
            return
        page.stored = list(page.words)
        if not cut:  # else it is sent once more, or goes on being typed into
            page.name += "+"
            page.opened(f"key-{page.name}")

    @rule(
        what=st.sampled_from(["reply", "note", "close", "open", "owner", "remove", "back", "merge", "unmerge", "away"])
    )
    def happen(self, what):
        by, pk = actor_of(self.anna), self.ticket.pk
        acts = {
            "reply": lambda: reply(pk, by=by, body=from_plain(f"Анна {self.count}")),
            "note": lambda: note(pk, by=by, body=from_plain(f"Между нами {self.count}")),
            "close": lambda: set_state(pk, by=by, to=StateMove("closed")),
            "open": lambda: set_state(pk, by=by, to=StateMove("open")),
            "owner": lambda: give(pk, by=by, to_id=self.anna.pk),
            "remove": lambda: remove(pk, by=by, why="spam"),
            "back": lambda: bring_back(pk, by=by),
            "merge": lambda: merge(pk, by=by, into_id=self.other.pk),
            "unmerge": lambda: unmerge(pk, by=by),
            "away": lambda: move(pk, by=by, to_queue_id=self.cast.elsewhere.pk),
        }
        self.tried(acts[what])

    @rule()
    @precondition(lambda self: Draft.objects.exists())
    def share_and_take_over(self):
        draft = Draft.objects.filter(person=self.cast.alice).first()
        if draft is None:
            return
        self.tried(lambda: shared_drafts.share(self.alice, draft.pk))
        self.tried(lambda: shared_drafts.take_over(actor_of(self.anna), draft.pk))

    @invariant()
    def all_that_was_stored_is_there(self):
        mine = Draft.objects.filter(person=self.cast.alice).values_list("values__body", flat=True)
        found = [text.split() for text in (*mine, *Article.objects.values_list("text", flat=True))]
        for page in self.devices:
            words = page.stored
            assert any(one[: len(words)] == words for one in found), (page.name, words, found)


def test_nothing_typed_is_lost():
    Life.TestCase.settings = settings(
        max_examples=examples(12), stateful_step_count=25, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Life, settings=Life.TestCase.settings)
