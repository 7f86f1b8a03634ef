"""The page of news, the bell's panel, and reading all at once."""

import re
from datetime import timedelta

import pytest

from helpdesk.accounts.models import Membership
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.notices.models import Notice
from helpdesk.tickets.actions import StateMove, close_due, promise, reply, set_state, settle
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
NEWS = "/portal/news/"


@pytest.fixture
def told(world):
    """Carol's request, answered and closed by itself, and another one, answered."""
    first, second = world.ticket(subject="Первая"), world.ticket(subject="Вторая")
    reply(first.pk, by=Actor(world.alice.pk), body=from_plain("Готово"), then=StateMove("autoclose"))
    reply(second.pk, by=Actor(world.alice.pk), body=from_plain("Ответ"))
    first.refresh_from_db()
    with clock.stopped(first.pending_until):
        close_due(first.pk, at=clock.now())
    return first, second


def text_of(answer):
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def lines(page):
    return page.count('class="news__i')


def test_news_tell_who_did_what_in_which_request(world, told, as_):
    page = text_of(as_(world.carol).get(NEWS))
    assert lines(page) == 2
    assert page.index("Заявка закрылась автоматически") < page.index("Алиса Агентова: новый ответ")
    article = told[1].articles.filter(sender="agent").get()
    assert f'href="/portal/tickets/{told[1].number}/#a{article.pk}"' in page
    assert f'href="/portal/tickets/{told[0].number}/' in page and "2 непрочитанные" in page
    assert lines(text_of(as_(world.dora).get(NEWS))) == 0


def test_news_tell_what_the_desk_did_without_a_word(world, as_):
    ticket = world.ticket(subject="Молча")
    Notice.objects.all().delete()
    set_state(ticket.pk, by=Actor(world.alice.pk), to=StateMove("clarify"))
    page = text_of(as_(world.carol).get(NEWS))
    assert "Нужен ваш ответ: состояние заявки «На уточнении»" in page and "2 непрочитанные" not in page
    promise(ticket.pk, by=Actor(world.alice.pk), due_at=clock.now() + timedelta(days=2))
    page = text_of(as_(world.carol).get(NEWS))
    assert "«На уточнении»; ответ обещан к" in page and "i-message-circle-question-mark" in page
    with clock.stopped(clock.now() + timedelta(days=1, hours=23, minutes=50)):  # «к сегодня» is no Russian
        assert not re.search("обещан к (сегодня|завтра|вчера)", text_of(as_(world.carol).get(NEWS)))
    assert "Есть новое" in text_of(as_(world.carol).get("/portal/mine/"))
    as_(world.carol).get(f"/portal/tickets/{ticket.number}/")
    assert "не прочитано" not in text_of(as_(world.carol).get(NEWS))
    assert "Есть новое" not in text_of(as_(world.carol).get("/portal/mine/"))
    Notice.objects.all().delete()
    promise(ticket.pk, by=Actor(world.alice.pk), due_at=None)
    assert "Обещанный срок снят" in text_of(as_(world.carol).get(NEWS))


def test_panel_is_a_piece_of_the_same(world, told, as_):
    page = text_of(as_(world.carol).get(f"{NEWS}?part=panel"))
    assert lines(page) == 2 and "<html" not in page and "Прочитать все" in page
    assert "Новостей пока нет" in text_of(as_(world.dave).get(f"{NEWS}?part=panel"))


def test_the_panel_shows_what_is_unread_first_and_counts_what_does_not_fit(world, told, as_):
    """The older ones stood below what was read, out of the panel's sight."""
    Notice.objects.filter(person=world.carol, ticket=told[0]).update(read_at=clock.now())
    page = text_of(as_(world.carol).get(f"{NEWS}?part=panel"))
    assert page.index("(не прочитано)") < page.index("Заявка закрылась автоматически")
    assert "ещё" not in page
    for n in range(10):
        Notice.objects.create(person=world.carol, ticket=world.ticket(subject=f"Другая {n}"), kind=Notice.Kind.CLOSED,
                              created_at=clock.now())  # fmt: skip
    page = text_of(as_(world.carol).get(f"{NEWS}?part=panel"))
    assert lines(page) == page.count("(не прочитано)") == 8
    assert "Все новости: ещё 3 не прочитаны" in page


@pytest.mark.parametrize("part", ["", "?part=panel"])
def test_each_request_stands_once_with_its_newest_line_and_the_number_of_unread_ones(world, told, as_, part):
    for n in range(3):
        reply(told[1].pk, by=Actor(world.alice.pk), body=from_plain(f"Ещё {n}"))
    page = text_of(as_(world.carol).get(NEWS + part))
    assert lines(page) == 2 and page.count("Вторая") == 1
    newest = told[1].articles.filter(sender="agent").latest("pk")
    assert f'href="/portal/tickets/{told[1].number}/#a{newest.pk}"' in page and "4 непрочитанные" in page
    # one of them read in a letter's stead, the others still wait
    Notice.objects.filter(person=world.carol, article=newest).update(read_at=clock.now())
    page = text_of(as_(world.carol).get(NEWS + part))
    assert lines(page) == page.count("(не прочитано)") == 2 and "3 непрочитанные" in page


def test_read_all_reads_what_the_page_showed(world, told, as_):
    browser, (_, second) = as_(world.carol), told
    shown = max(Notice.objects.filter(person=world.carol).values_list("pk", flat=True))
    reply(second.pk, by=Actor(world.alice.pk), body=from_plain("Ещё"))
    answer = browser.post(NEWS, {"upto": str(shown)})
    assert (answer.status_code, answer.url) == (302, NEWS)
    assert Notice.objects.filter(person=world.carol, read_at=None).count() == 1
    assert Notice.objects.exclude(person=world.carol).filter(read_at=None).exists()


@pytest.mark.parametrize("upto", ["", "x", "-1", "9" * 40, "\x00", "1.5"])
def test_bad_figures_read_nothing(world, told, as_, upto):
    assert as_(world.carol).post(NEWS, {"upto": upto}).status_code == 302
    assert Notice.objects.filter(person=world.carol, read_at=None).count() == 3


@pytest.mark.parametrize("before", ["x", "0", "9" * 40, "\x00"])
def test_bad_edges_show_a_page(world, told, as_, before):
    assert as_(world.carol).get(NEWS, {"before": before}).status_code == 200


def test_older_lines_follow_page_by_page(world, told, as_):
    for n in range(71):
        ticket = world.ticket(subject=f"Давняя {n}")
        Notice.objects.bulk_create(
            Notice(person=world.carol, ticket=ticket, kind=Notice.Kind.CLOSED, created_at=told[0].created_at)
            for _ in range(2)
        )
    browser, seen, place = as_(world.carol), set(), NEWS
    for expected in (30, 30, 13):
        page = text_of(browser.get(place))
        assert lines(page) == expected
        seen |= set(re.findall(r'href="(/portal/tickets/\d+/)', page))
        place = page.partition('href="/portal/news/?before=')[2].partition('"')[0]
        place = f"{NEWS}?before={place}"
    assert len(seen) == 73
    other = Notice.objects.exclude(person=world.carol).first()
    assert lines(text_of(browser.get(NEWS, {"before": other.pk}))) == 0


def test_a_page_of_news_takes_as_many_statements_with_thirty_lines(world, told, as_):
    browser, counts = as_(world.carol), []
    for _ in range(2):
        counts.append(len(statements_of(browser, NEWS)))
        for n in range(30):
            reply(told[1].pk, by=Actor(world.alice.pk), body=from_plain(f"Ответ {n}"))
    assert counts[0] == counts[1] <= 8


def test_head_leads_to_search_help_and_news(world, as_):
    browser = as_(world.carol)
    page = text_of(browser.get("/portal/mine/"))
    assert 'role="search" action="/portal/search/"' in page and 'data-key="Slash"' in page
    assert 'href="/portal/help/my-requests/"' in page
    assert 'action="/portal/search/"' not in text_of(browser.get("/portal/search/")).partition("<main")[0]
    for place, topic in (
        ("new", "new-request"),
        ("company", "company-requests"),
        ("search", "search"),
        ("news", "news"),
        ("drafts", "drafts"),
    ):
        assert f'href="/portal/help/{topic}/"' in text_of(browser.get(f"/portal/{place}/")), place
    ticket = world.ticket()
    assert 'href="/portal/help/answer/"' in text_of(browser.get(f"/portal/tickets/{ticket.number}/"))
    draft = browser.post("/portal/drafts/save/", {"form_key": "k", "subject": "Начато"}).json()["id"]
    assert 'href="/portal/help/drafts/"' in text_of(browser.get(f"/portal/drafts/{draft}/"))
    assert 'href="/portal/drafts/"' in text_of(browser.get("/portal/help/drafts/")).partition("<main")[2]
    assert 'href="/portal/help/observers/"' in text_of(browser.get(f"/portal/tickets/{ticket.number}/observers/"))
    for place, topic in (
        ("settings", "settings"), ("addresses/x", "settings"), ("security", "security"), ("password", "security")
    ):  # fmt: skip
        assert f'class="btn btn--plain btn--sm btn--icon tip tip--left p-help" href="/portal/help/{topic}/"' in text_of(
            browser.get(f"/account/{place}/")
        ), place


def test_the_people_of_a_company_have_a_page_of_help_that_leads_there(world, as_):
    place = 'href="/portal/people/"'
    assert place not in text_of(as_(world.carol).get("/portal/help/people/")).partition("<main")[2]
    Membership.objects.filter(person=world.carol).update(is_chief=True)
    chief = as_(world.carol)
    member = world.dora.memberships.get().pk
    for path in ("", "invite/", f"{member}/", f"{member}/?ask=off"):
        assert 'href="/portal/help/people/"' in text_of(chief.get(f"/portal/people/{path}")), path
    assert place in text_of(chief.get("/portal/help/people/")).partition("<main")[2]


def test_help_is_for_everybody(world, as_, client):
    assert "Войти" in text_of(client.get("/portal/help/sign-in/"))
    assert "/portal/help/sign-in/" in text_of(client.get("/login/"))
    page = text_of(as_(world.carol).get("/portal/help/new-request/"))
    assert 'href="/portal/new/"' in page and "Новая заявка" in page and 'aria-current="page"' in page
    for absent in ("nothing", "..", "%00", "x" * 500):
        assert client.get(f"/portal/help/{absent}/").status_code == 404
    assert "К заявкам специалистов" in text_of(as_(world.alice).get("/portal/help/"))


@pytest.mark.parametrize(
    ("kind", "words", "icon"),
    [
        ("observes", "Коллега просит вас следить за заявкой", "i-eye"),
        ("handed_over", "Заявка передана вам", "i-user-check"),
        ("handed_away", "Ваша заявка передана коллеге", "i-user-check"),
    ],
)
def test_what_colleagues_did_is_told_in_words(world, told, as_, kind, words, icon):
    Notice.objects.create(person=world.carol, ticket=told[1], kind=kind, created_at=clock.now())
    page = text_of(as_(world.carol).get(NEWS))
    assert words in page and icon in page


def test_what_was_promised_is_told_as_past_once_it_is(world, as_):
    ticket = world.ticket(subject="Обещали")
    by = Actor(world.alice.pk)
    promise(ticket.pk, by=by, due_at=clock.now() + timedelta(days=2))
    assert "Ответ обещан к" in text_of(as_(world.carol).get(NEWS))
    with clock.stopped(clock.now() + timedelta(days=2, minutes=1)):
        assert "Ответ был обещан к" in text_of(as_(world.carol).get(NEWS))
    settle(ticket.pk, by=Actor(world.carol.pk), code="closed")  # her own act is no news to her
    page = text_of(as_(world.carol).get(NEWS))
    assert "Назван срок ответа:" in page and "обещан к" not in page  # it is owed no more, and has not passed
    with clock.stopped(clock.now() + timedelta(days=2, minutes=1)):
        assert "Ответ был обещан к" in text_of(as_(world.carol).get(NEWS))


@pytest.mark.parametrize("part", ["", "?part=panel"])
def test_of_several_news_of_a_request_the_most_telling_is_told(world, as_, part):
    """A promise that came after a question hid it."""
    asked, answered = world.ticket(subject="Спросили"), world.ticket(subject="Ответили")
    Notice.objects.all().delete()
    by, due = Actor(world.alice.pk), clock.now() + timedelta(days=2)
    reply(asked.pk, by=by, body=from_plain("Какой счёт?"), then=StateMove("clarify"))
    reply(answered.pk, by=by, body=from_plain("Смотрим"), then=StateMove("open"))
    for one in (asked, answered):
        promise(one.pk, by=by, due_at=due)
    page = text_of(as_(world.carol).get(NEWS + part))
    assert "Алиса Агентова ждёт ответа" in page and "Алиса Агентова: новый ответ" in page
    assert "обещан" not in page and page.count("· 2 непрочитанные") == 2
    question = asked.articles.filter(sender="agent").get()
    assert f'href="/portal/tickets/{asked.number}/#a{question.pk}"' in page
    Notice.objects.filter(article__isnull=False).update(read_at=clock.now())
    assert text_of(as_(world.carol).get(NEWS + part)).count("твет обещан к") == 2


def test_the_figure_at_the_bell_is_that_of_the_rows(world, told, as_):
    page = text_of(as_(world.carol).get(NEWS))
    assert page.count("is-unread") == 2 and "2 непрочитанные" in page  # three lines, two of one request
    assert re.search(r'aria-label="Новости: [^"]*\b2\b', page)
