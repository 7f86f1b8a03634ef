"""The clients' lists: every order, condition and page of them equals a plain computation over the same rows."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.accounts.names import sort_key
from helpdesk.tickets import columns, lists
from helpdesk.tickets.access import access_of
from helpdesk.tickets.lists import Wanted
from helpdesk.tickets.models import Participant, Phase, ReadMark, Ticket, WaitsFor
from tests.factories import AgentFactory, ClientFactory, CompanyFactory, QueueFactory, actor_of, open_request
from tests.factories.people import member
from tests.factories.shared import undone
from tests.factories.sizes import examples

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, 9, tzinfo=UTC)
# state, phase: as the workflow has them
STATES = [("new", "open"), ("open", "open"), ("clarify", "open"), ("done", "open"), ("autoclose", "open"),
          ("closed", "closed"), ("closed_unsolved", "closed"), ("merged", "merged"), ("removed", "removed")]  # fmt: skip
SUBJECTS = ["Ёлка", "елка", "Ель", "Сальдо", "сальдо за март", "100 рублей", "a", "Б"]

ROW = st.fixed_dictionaries({
    "subject": st.sampled_from(SUBJECTS), "state": st.sampled_from(STATES), "waits": st.sampled_from(list(WaitsFor)),
    "author": st.integers(0, 3), "company": st.sampled_from([None, 0, 1, 2]), "queue": st.integers(0, 2),
    "priority": st.integers(1, 5), "owner": st.sampled_from([None, 0, 1]), "responsible": st.sampled_from([None, 0, 1]),
    "said": st.sampled_from([None, "reader", "author", "owner", "agent"]), "created": st.integers(0, 3),
    "last": st.integers(0, 3), "due": st.sampled_from([None, 1, 2]), "seen": st.integers(0, 2),
    "observed": st.booleans(),
})  # fmt: skip
LOOK = st.fixed_dictionaries({
    "which": st.sampled_from(["mine", "company"]), "phase": st.sampled_from(["open", "closed", "all", ""]),
    "sort": st.sampled_from(["", "-", "password", *columns.SORTS, *(f"-{name}" for name in columns.SORTS)]),
    "company": st.sampled_from([None, None, 0, 1, 2]), "author": st.sampled_from([None, None, 0, 1, 2, 3]),
    "queue": st.sampled_from([None, None, 0, 1, 2]),
    "states": st.sampled_from([(), (), ("new",), ("closed", "clarify"), ("no-such",)]),
    "size": st.sampled_from([1, 2, 3, 25]), "number": st.sampled_from([1, 1, 2, 3, 10**14]),
    "language": st.sampled_from(["ru", "en"]),
})  # fmt: skip


class Stage:
    """A reader with places in two of three companies, colleagues, a stranger; agents and recipients."""

    def __init__(self, cast, sees):
        self.companies = [CompanyFactory(short_name=name) for name in ("Заря", "Берёзка", "Чужая")]
        self.reader = self.person(ClientFactory, "Читатель", company=self.companies[0], sees=sees[0])
        member(self.reader, self.companies[1], sees=sees[1])
        self.authors = [
            self.reader, self.person(ClientFactory, "Ёлкин Пётр", company=self.companies[0]),
            self.person(ClientFactory, "Жуков", company=self.companies[1]),
            self.person(ClientFactory, "ежов", company=self.companies[2]),
        ]  # fmt: skip
        self.agents = [self.person(AgentFactory, "Жук Анна"), self.person(AgentFactory, "ёж Борис")]
        self.queues = [
            QueueFactory(name_ru=ru, name_en=en) for ru, en in (("Обмен", "b"), ("обмен Ё", "A"), ("Ж", "c"))
        ]
        self.template = open_request(cast.carol, cast.queue)
        self.sees, self.rows = sees, []

    @staticmethod
    def person(factory, name, **more):
        return factory(name=name, sort_key=sort_key(name), **more)

    def add(self, at, made):
        row, author = Ticket.objects.get(pk=self.template.pk), self.authors[made["author"]]
        row.pk, row.number = None, f"{self.template.pk}00{at}"
        row.subject, row.author, row.queue = made["subject"], author, self.queues[made["queue"]]
        row.company = None if made["company"] is None else self.companies[made["company"]]
        row.state_id, row.phase = made["state"]
        row.waits_for, row.priority_id = made["waits"], made["priority"]
        row.owner = None if made["owner"] is None else self.agents[made["owner"]]
        row.responsible = None if made["responsible"] is None else self.agents[made["responsible"]]
        said = {"reader": self.reader, "author": author, "owner": row.owner, "agent": self.agents[1]}
        row.last_article_by = said.get(made["said"])
        row.created_at = START + timedelta(days=made["created"])
        row.last_article_at = START + timedelta(days=10 + made["last"])
        row.due_at = None if made["due"] is None else START + timedelta(days=20 + made["due"])
        row.last_visible_seq = 1
        row.save(force_insert=True)
        ReadMark.objects.create(ticket=row, person=self.reader, seq=made["seen"], at=START)
        if made["observed"]:
            Participant.objects.create(ticket=row, person=self.reader, role="observer")
        row.observed, row.seen = made["observed"], made["seen"]
        self.rows.append(row)

    # ---- the plain computation

    def listed(self, row, which, company):
        mine = self.companies[:2]
        if company is not None and row.company != self.companies[company]:
            return False
        if which == "mine":
            return row.author == self.reader and (row.company is None or row.company in mine)
        if row.company in mine and self.sees[mine.index(row.company)] == "company":
            return True
        own = row.author == self.reader and (row.company is None or row.company in mine)
        return (row.company in mine and row.observed) or (own and not self.all_wide(company))

    def all_wide(self, company):
        """Then a list is that of the companies, without what belongs to none."""
        return set(self.sees if company is None else (self.sees[company],)) == {"company"}

    def fits(self, row, look):
        return (
            (look["author"] is None or row.author == self.authors[look["author"]])
            and (look["queue"] is None or row.queue == self.queues[look["queue"]])
            and (not look["states"] or row.state_id in look["states"])
            and row.phase in {"open", "closed"}
        )

    def key(self, row, sort, language):
        staff = row.responsible or row.owner
        is_due = row.phase == "open" and row.waits_for == "desk"
        return {
            "number": row.pk, "created": row.created_at, "last": row.last_article_at,
            "due": row.due_at if is_due else None, "subject": row.subject.lower().replace("ё", "е"),
            "priority": row.priority_id, "queue": sort_key(row.queue.name(language)),
            "state": sort_key(row.state.name(language, for_client=True)),
            "staff": sort_key(staff.name) if staff else None, "author": sort_key(row.author.name),
        }[sort]  # fmt: skip

    def ordered(self, rows, sort, language):
        name, down = sort.removeprefix("-"), sort.startswith("-")
        if name not in columns.SORTS:
            return sorted(rows, key=lambda row: (group(row), -row.last_article_at.timestamp(), -row.pk))
        rows = sorted(rows, key=lambda row: row.pk if columns.SORTS[name].mirrored and not down else -row.pk)
        known = [row for row in rows if self.key(row, name, language) is not None]
        empty = [row for row in rows if self.key(row, name, language) is None]
        places = sorted({self.key(row, name, language) for row in known}, reverse=down)
        return sorted(known, key=lambda row: places.index(self.key(row, name, language))) + empty


def group(row):
    if row.phase != Phase.OPEN:
        return 3
    if row.waits_for == WaitsFor.CLIENT:
        return 0
    return 1 if row.state_id in {"done", "autoclose"} else 2


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sees=st.tuples(*[st.sampled_from(["own", "company"])] * 2), made=st.lists(ROW, max_size=9),
    looks=st.lists(LOOK, min_size=4, max_size=4),
)  # fmt: skip
def test_a_list_equals_a_plain_computation(cast, sees, made, looks):
    with undone():
        stage = Stage(cast, sees)
        for at, one in enumerate(made):
            stage.add(at, one)
        for look in looks:
            compare(stage, look)


def compare(stage, look):
    company = None if look["company"] is None else stage.companies[look["company"]].pk
    wanted = Wanted(
        look["which"], look["phase"], look["sort"], company=company,
        author=None if look["author"] is None else stage.authors[look["author"]].pk,
        queue=None if look["queue"] is None else stage.queues[look["queue"]].pk, states=look["states"],
    )  # fmt: skip
    found = lists.page(
        actor_of(stage.reader), wanted, number=look["number"], size=look["size"], language=look["language"]
    )
    strange = look["company"] == 2  # a company of others: no request is theirs
    fitting = [] if strange else [
        row for row in stage.rows if stage.listed(row, look["which"], look["company"]) and stage.fits(row, look)
    ]  # fmt: skip
    counts = found.counts
    opened = [row for row in fitting if row.phase == "open"]
    assert (counts.open, counts.closed) == (len(opened), len(fitting) - len(opened))
    assert counts.waiting == sum(group(row) == 0 for row in opened)
    assert counts.finished == sum(group(row) == 1 for row in opened)
    shown = [row for row in fitting if look["phase"] not in {"open", "closed"} or row.phase == look["phase"]]
    ordered = stage.ordered(shown, look["sort"], look["language"])
    assert found.pages == max(1, -(-len(ordered) // look["size"]))
    assert found.number == min(look["number"], found.pages)
    first = (found.number - 1) * look["size"]
    expected = ordered[first : first + look["size"]]
    assert [row.number for row in found.rows.lines] == [row.number for row in expected]
    waiting = [row for row in stage.rows if stage.listed(row, "mine", None) and group(row) == 0]
    assert found.waiting == len(waiting)
    for row, real in zip(found.rows.lines, expected, strict=True):
        agree(stage, look, row, real)


def agree(stage, look, row, real):
    """What a line says."""
    said, staff = real.last_article_by, real.responsible or real.owner
    assert row.subject == real.subject and row.priority.rank == real.priority_id and row.group == group(real)
    assert row.is_last_own == (said == stage.reader)
    assert row.last_by == ("" if said is None or said == stage.reader else said.name)
    assert row.staff == (staff.name if staff else "")
    assert row.author == (real.author.name if look["which"] == "company" else "")
    assert row.company == (real.company.short_name if look["company"] is None and real.company else "")
    assert row.unread == (real.seen < 1)


def test_colleagues_are_those_of_the_companies_shown(cast):
    stage = Stage(cast, ("company", "own"))
    gone = ClientFactory(name="Бывший", company=stage.companies[0])
    gone.memberships.update(inactive_at=START)
    reader = actor_of(stage.reader)
    found = lists.page(reader, Wanted("company"))
    known = [stage.reader, stage.authors[1], gone]
    assert [lists.knows(found, person.pk) for person in known] == [True] * 3
    assert not any(lists.knows(found, person.pk) for person in [*stage.authors[2:], *stage.agents])
    assert found.colleagues.count("false") == 1
    for wanted in (Wanted("mine"), Wanted("company", company=stage.companies[1].pk)):
        assert lists.page(actor_of(stage.reader), wanted).colleagues == ""


def test_a_company_of_others_shows_nothing(cast):
    stage = Stage(cast, ("company", "company"))
    stage.template.company = stage.companies[2]
    stage.template.author = stage.reader
    stage.template.save()
    for which in ("mine", "company"):
        wanted = Wanted(which, company=stage.companies[2].pk)
        assert lists.page(actor_of(stage.reader), wanted).counts.all == 0
    assert not access_of(actor_of(stage.reader)).companies & {stage.companies[2].pk}
