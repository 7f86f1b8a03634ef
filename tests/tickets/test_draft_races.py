"""Drafts with real connections at the same time: two devices, saving against sending."""

import pytest

from helpdesk.tickets import drafts
from helpdesk.tickets.models import Draft, Ticket
from tests.factories import actor_of, world
from tests.factories.parallel import together
from tests.factories.sizes import rounds
from tests.tickets.test_drafts import send, texts, written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _from_one(monkeypatch):
    """Versions are counted from 1 here, to be read."""
    monkeypatch.setattr("helpdesk.tickets.drafts.FIRST", 1)


ROUNDS = rounds(8)


def test_two_devices_that_save_at_once_are_both_kept():
    cast = world()
    by = actor_of(cast.carol)
    for n in range(ROUNDS):
        key = f"form-{n}"
        first = drafts.save(by, written("общее", key=key, hand="0", step=1))
        saved = together(
            *[
                lambda hand=hand, key=key, version=first.version: drafts.save(
                    actor_of(cast.carol), written(hand, key=key, version=version, hand=hand, step=1)
                )
                for hand in ("телефон", "компьютер", "планшет")
            ]
        )
        assert sorted(one.apart for one in saved) == [False, True, True], saved
        assert texts(cast.carol) == ["компьютер", "планшет", "телефон"]
        Draft.objects.all().delete()


def test_first_savings_at_once_under_one_key_are_both_kept():
    cast = world()
    for n in range(ROUNDS):
        together(
            *[
                lambda hand=hand, n=n: drafts.save(actor_of(cast.carol), written(hand, key=f"k{n}", hand=hand, step=1))
                for hand in ("раз", "два")
            ]
        )
        assert texts(cast.carol) == ["два", "раз"]
        Draft.objects.all().delete()


def test_a_saving_while_the_form_is_sent_leaves_nothing_behind():
    cast = world()
    for n in range(ROUNDS):
        key = f"form-{n}"

        def save(step, key=key):
            return drafts.save(actor_of(cast.carol), written(f"шаг {step}", key=key, hand="a", step=step))

        done = together(
            lambda: save(1),
            lambda: save(2),
            lambda key=key: send(cast.carol, cast.queue, written(key, key=key, hand="a", step=2)),
        )
        assert not [one for one in done if isinstance(one, Exception)], done
        assert not Draft.objects.exists()
        assert Ticket.objects.count() == n + 1


def test_a_saving_while_the_draft_is_thrown_away_is_kept_or_overtaken_but_never_an_error():
    cast = world()
    for n in range(ROUNDS):
        first = drafts.save(actor_of(cast.carol), written("раз", key=f"form-{n}"))
        done = together(
            lambda key=first.key: drafts.save(actor_of(cast.carol), written("два", key=key, version=1)),
            lambda gone=first.id: drafts.discard(actor_of(cast.carol), gone),
        )
        assert not [one for one in done if isinstance(one, Exception)], done
        gone = Draft.objects.exclude(discarded_at=None).values_list("values__body", flat=True)
        assert (texts(cast.carol), list(gone)) in [([], ["два"]), (["два"], ["раз"])]
        Draft.objects.all().delete()
