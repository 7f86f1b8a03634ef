"""What an earlier version wrote is found after its database has been brought up to date, as if it were written today."""

import json

import pytest

from helpdesk.tickets.fields import mirror
from tests.config.keeping.places import Place

BACK = [("search", "0005"), ("tickets", "0017")]
# as they were typed, and as they stood in conditions before figures in groups became one piece
ACCOUNTS = {
    "spaces": "0450 018 812", "dashes": "0450-018-812", "long_dashes": "0450‐018—812", "whole": "0450018812",
    "month": "2026-05", "period": "2026-05/2026-07", "day": "2026-05-04", "no_month": "2026-13",
    "words": "кв. 12 – 14", "letters": "00-1238а", "lone": "—", "short": "7 - 8",
}  # fmt: skip
MADE = """
from helpdesk.config.cli.database import joined
with joined():
    from helpdesk.core.actor import Actor, Cause
    from helpdesk.core.richtext import from_plain
    from helpdesk.tickets.actions import open_ticket, reply
    from helpdesk.tickets.models import IntakeField
    from tests.portal.conftest import World
    world = World()
    for key in ACCOUNTS:
        IntakeField.objects.create(queue=world.errors, key=key, kind='text', label_ru=key, label_en=key)
    ticket = open_ticket(by=Actor(world.carol.pk, Cause.WEB), queue_id=world.errors.pk, subject='Сальдо',
                         body=from_plain('Не сходится'), values=ACCOUNTS).ticket
    reply(ticket.pk, by=Actor(world.alice.pk, Cause.WEB),
          body=from_plain('Готово'))
"""
FOUND = """
import json
from helpdesk.config.cli.database import joined
with joined():
    from helpdesk.accounts.models import Person
    from helpdesk.core.actor import Actor, Cause
    from helpdesk.search.queries import find
    from helpdesk.search.results import SearchRequest
    actor = Actor(Person.objects.get(login='carol').pk, Cause.WEB)
    print(json.dumps([len(find(actor, SearchRequest(q)).items) for q in WORDS]))
"""
WORDS = ["0450018812", "0450 018 812", "снегирева", "сальдо", "отсутствует"]


@pytest.fixture(scope="module")
def place(django_db_setup):
    """An installation of before: its rows are those that its version wrote."""
    place = Place("migrated")
    place.python(f"ACCOUNTS = {ACCOUNTS!r}\n{MADE}")
    steps = "".join(f"    call_command('migrate', *{step}, verbosity=0)\n" for step in BACK)
    place.python(
        "from helpdesk.config.cli.database import joined\nwith joined():\n"
        f"    from django.core.management import call_command\n{steps}"
    )
    with place.connect() as connection:
        connection.execute("UPDATE tickets_article SET folded_text = 'Бухгалтерия Снегирёва' WHERE text = 'Готово'")
        for key, typed in ACCOUNTS.items():
            connection.execute("UPDATE tickets_fieldvalue SET text = %s WHERE key = %s", [typed, key])
        connection.execute(
            "UPDATE search_entry e SET vector = setweight(to_tsvector('russian', a.text), 'C')"
            " FROM tickets_article a WHERE a.id = e.article_id"
        )
        connection.execute("UPDATE search_entry SET vector = to_tsvector('russian', title) WHERE article_id IS NULL")
    yield place
    place.remove()


def indexed(place):
    """How many requests an index of before finds, by word."""
    with place.connect() as connection:
        asked = "SELECT count(DISTINCT ticket_id) FROM search_entry WHERE vector @@ plainto_tsquery('russian', %s)"
        return {word: connection.execute(asked, [word]).fetchone()[0] for word in WORDS}


def found(place):
    return dict(zip(WORDS, json.loads(place.python(f"WORDS = {WORDS!r}\n{FOUND}")), strict=True))


def test_accounts_in_groups_and_what_is_folded_are_found_as_if_written_today(place):
    before = indexed(place)
    assert before["сальдо"] == 1 and before["0450018812"] == before["снегирева"] == 0
    code, _, error = place.run("migrate")
    assert code == 0, error
    with place.connect() as connection:
        texts = dict(connection.execute("SELECT key, text FROM tickets_fieldvalue").fetchall())
    assert texts == {key: mirror.columns(typed)["text"] for key, typed in ACCOUNTS.items()}
    assert found(place) == {**dict.fromkeys(WORDS, 1), "отсутствует": 0}
    assert place.run("migrate", "--check")[0] == 0
