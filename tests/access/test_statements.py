"""Budgets of SQL: whatever a world has more of, a page takes the same statements; a list at most 8, a request at most 12."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Role
from helpdesk.core import clock, files
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.models import Notice
from helpdesk.tickets.actions import NewFile, StateMove, note, promise, reply, set_category, take
from helpdesk.tickets.models import Category, Grant, IntakeField, Queue, Right, State, Ticket
from tests.access.conftest import BACKEND, Cast, concrete
from tests.access.test_addresses import GET
from tests.factories.shared import undone

pytestmark = pytest.mark.django_db
LIST, TICKET = 8, 12
NO_LISTS = {"/desk/admin/check/"}  # asks everything whether it is well
# what a list looks like when more is asked of it
MORE = {
    "carol": ["/portal/mine/?state=all", "/portal/mine/?state=closed", "/portal/company/?state=all", "/portal/mine/?page=2&state=all",
              "/portal/search/?q=белая", "/portal/search/?state=new&q=страница",
              "/portal/search/?q=белая&sort=fit&subject=ошибка&text=белая&author={client}&staff=алис&files=1&unread=1&changed_days=9",
              "/portal/search/?queue={queue}&field_error_code=500&number=1", "/portal/new/?queue={queue}",
              "/portal/mine/?sort=-last&state=all&company={company}", "/portal/company/?sort=author&state=all",
              "/portal/company/?colleague={client}&queue={queue}&status=new&page_size=50", "/portal/company/?colleague=0&page=9",
              "/portal/new/fields/?queue={queue}"],
    "admin": ["/desk/?view=all", "/desk/?view=mine", "/desk/?view=unassigned", "/desk/?view=overdue", "/desk/?view=closed",
              "/desk/?queue={queue}", "/desk/?q=белая", "/desk/?company={company}&state=new&priority=3", "/desk/?view=all&sort=due",
              "/desk/search/?q=белая", "/desk/search/?q=страница", "/desk/new/?find=клиент", "/desk/new/?client={client}&queue={queue}",
              "/desk/new/fields/?queue={queue}", "/desk/admin/outbox/?state=waiting", "/desk/admin/look/?q=клиент", "/desk/tickets/{number}/?go=next"],
}  # fmt: skip


def addresses(cast, who):
    """Every address that shows this person a page, from the table of access, and the lists as they are narrowed."""
    found = [concrete(text, cast) for text, answers in GET.items()
             if answers[who] == 200 and "files/" not in text and "blanks/" not in text and "logout" not in text and "/__ui__" not in text]  # fmt: skip
    words = {"queue": cast.errors.pk, "company": cast.zarya.pk, "client": cast.carol.pk, "number": cast.one.number}
    return found + [text.format(**words) for text in MORE.get(who, ())]


def statements(client, path, before=None):
    """What one page takes, once all that is kept ready is ready; what is read anew every so many seconds apart.

    Asked for until it takes as many as the time before, which may have been in a smaller world: it takes no fewer later.
    """
    taken = _taken(client, path)
    if len(taken) == len(before or _taken(client, path)):
        return taken
    return min((_taken(client, path) for _ in range(2)), key=len)


def _taken(client, path):
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(path)
    assert answer.status_code in {200, 302, 403}, (path, answer.status_code)
    return [query["sql"] for query in caught]


def _queue(parent, at):
    queue = Queue.objects.create(key=f"more-{at}", path="", name_ru=f"Очередь {at}", name_en=f"Queue {at}", parent=parent,
                                 purpose_ru="Зачем", purpose_en="Why")  # fmt: skip
    queue.path = f"{parent.path if parent else '/'}{queue.pk}/"
    queue.save()
    IntakeField.objects.create(queue=queue, key=f"field_{at}", kind="text", label_ru="Поле", label_en="Field")
    return queue


def seed(cast):
    """Something in every list: taken, overdue, closed, nobody's."""
    by = Actor(cast.admin.pk, Cause.WEB)
    for at, subject in enumerate(("Взята", "Закрыта", "Ничья", "Обещана")):
        ticket = cast.ticket(cast.carol, subject=f"{subject}: белая страница")
        if at == 1:
            reply(ticket.pk, by=by, body=from_plain("Готово"), then=StateMove("closed"))
        if at in {0, 3}:
            take(ticket.pk, by=by)
            promise(ticket.pk, by=by, due_at=clock.now() + timedelta(hours=1))
    Ticket.objects.filter(subject__startswith="Обещана").update(due_at=clock.now() - timedelta(hours=1))


def grow_masters(cast):
    """Twenty queues, states, categories, fields, companies, roles, rights and memberships more."""
    for at in range(20):
        queue = _queue(cast.errors if at % 3 == 0 else None, at)
        role = Role.objects.create(code=f"role-{at}", name_ru=f"Роль {at}", name_en=f"Role {at}")
        Grant.objects.bulk_create(
            Grant(role=role, queue=q, right=right) for right in Right for q in (queue, cast.errors)
        )
        for agent in (cast.alice, cast.bob, cast.admin):
            agent.roles.add(role)
        company = accounts.create_company(f"Компания {at}", f"К{at}")
        for client in (cast.carol, cast.reader):
            accounts.join(client, company, {"sees": "company", "writes": True, "is_chief": False})
        accounts.create_person(
            "client", f"Клиент {at}", login=f"more{at}", company=cast.zarya, address=f"more{at}@example.com"
        )
        accounts.create_person(
            "agent", f"Агент {at}", login=f"agent{at}", roles=[role], address=f"agent{at}@example.com"
        )
        Category.objects.create(key=f"c{at}", name_ru=f"Категория {at}", name_en=f"Category {at}", path=f"/c{at}/")
        State.objects.create(code=f"s{at}", type="open", name_ru=f"Состояние {at}", name_en=f"State {at}", position=100 + at,
                             waits_for="desk")  # fmt: skip
        IntakeField.objects.create(
            queue=cast.errors, key=f"more_{at}", kind="text", label_ru=f"П{at}", label_en=f"F{at}"
        )


def grow_requests(cast):
    """Fifty requests with answers, notes, files, promises, categories and letters; fifty articles of each kind on one."""
    category = Category.objects.order_by("pk").first()
    by = Actor(cast.admin.pk, Cause.WEB)
    for at in range(50):
        stored = [NewFile(files.store(f"{at}-{n}".encode()), f"{at}-{n}.txt") for n in range(3)]
        ticket = cast.ticket(
            cast.carol if at % 2 else cast.reader_who_writes, subject=f"Белая страница {at}", attachments=stored
        )
        if at % 3 == 0:
            take(ticket.pk, by=by)
            promise(ticket.pk, by=by, due_at=clock.now().replace(year=2099))
        if category and at % 4 == 0:
            set_category(ticket.pk, by=by, to=category.pk)
        if at % 5 == 0:
            reply(ticket.pk, by=by, body=from_plain("Готово"), then=StateMove("closed" if at % 2 else "clarify"))
        mine = [NewFile(files.store(f"r{at}".encode()), f"r{at}.txt")]
        reply(
            cast.one.pk,
            by=by if at % 2 else Actor(cast.carol.pk, Cause.WEB),
            body=from_plain(f"Белая {at}"),
            attachments=mine,
        )
        note(cast.one.pk, by=Actor(cast.alice.pk, Cause.WEB), body=from_plain(f"Заметка {at}"), attachments=mine)


READERS = ["carol", "alice", "admin", "nobody"]


@pytest.fixture(scope="module")
def measured(_cast, django_db_blocker):
    """(person, address) → how many statements, of a small world, one with many masters, and one with many rows as well."""
    found = {}
    with django_db_blocker.unblock(), undone():
        cast = _cast()
        cast.reader_who_writes = cast.dora
        seed(cast)
        places = {who: addresses(cast, who) for who in READERS}
        clients = {who: Client() for who in READERS}
        for who in set(READERS) - {"nobody"}:
            clients[who].force_login(getattr(cast, who), backend=BACKEND)
            # in the list of sessions, as the sign-in page puts them there: what every page asks comes along with it
            key = clients[who].session.session_key
            UserSession.objects.create(user=getattr(cast, who), ip="127.0.0.1", session_key=key)
        for grow in (None, grow_masters, grow_requests):
            if grow:
                grow(cast)
            for who in READERS:
                for path in places[who]:
                    taken = found.setdefault((who, path), [])
                    taken.append(statements(clients[who], path, taken[-1] if taken else None))
        assert Ticket.objects.count() > 50 and OutgoingLetter.objects.count() > 50 and Notice.objects.count() > 20
        assert isinstance(cast, Cast)
    return found


def test_no_page_takes_more_statements_when_there_are_more_masters(measured):
    grown = {
        place: (len(few), len(masters)) for place, (few, masters, _) in measured.items() if len(few) != len(masters)
    }
    assert grown == {}


def test_no_page_takes_more_statements_when_there_are_more_rows(measured):
    """One counting of what does not fit on the page apart."""
    more = {}
    for place, (_, few, rows) in measured.items():
        known = {sql[:60] for sql in few}
        new = [" ".join(sql.split())[:160] for sql in rows if sql[:60] not in known]
        counted = [sql for sql in new if sql.startswith("SELECT count(*) FROM (SELECT 1")][:1]
        if len(rows) - len(counted) > len(few):
            more[place] = (len(few), len(rows), new)
    assert more == {}


def test_every_page_keeps_its_budget(measured):
    over = {}
    for (who, path), taken in measured.items():
        is_list = "/tickets/" not in path and path not in NO_LISTS
        budget = LIST if is_list or "history" in path else TICKET
        if max(map(len, taken)) > budget:
            over[who, path] = [len(one) for one in taken]
    assert over == {}


def test_every_page_of_the_table_is_measured(measured):
    seen = {path.partition("?")[0] for _, path in measured}
    assert {"/portal/search/", "/portal/company/", "/desk/search/", "/desk/queues/", "/desk/admin/", "/desk/admin/outbox/",
            "/account/security/", "/login/"} <= seen  # fmt: skip
    assert len(seen) >= 25
