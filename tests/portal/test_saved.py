"""Searches that are kept: private or shared, few, renamed and thrown away; what is gone since is named."""

import re

import pytest
from django.http import QueryDict
from django.utils import timezone

from helpdesk.accounts import actions as accounts
from helpdesk.accounts import masters
from helpdesk.accounts.models import Membership, Person
from helpdesk.core.actor import Actor
from helpdesk.core.errors import Invalid
from helpdesk.search import saved
from helpdesk.search.models import SavedSearch
from helpdesk.search.saved import Kept
from helpdesk.tickets.models import Category, IntakeField, Priority, Queue, State
from tests.factories.parallel import together
from tests.factories.shared import undone

LIST = "/portal/search/saved/"


def keep(client, name="Пени", conditions="?q=пени&state=new"):
    return client.post(f"/portal/search/{conditions}", {"name": name})


def text(response):
    return response.content.decode().replace("\xa0", " ")


def test_a_search_is_kept_and_opened(world, as_):
    client = as_(world.carol)
    world.ticket(subject="Пени за март")
    answer = keep(client, conditions=f"?q=пени&state=new&queue={world.errors.pk}&days=7")
    opened = client.get(answer.headers["Location"], follow=True)
    page = text(opened)
    assert "Поиск сохранён" in page and "Найдена 1 заявка" in page and 'aria-current="page"><bdi>Пени' in page
    assert opened.redirect_chain[-1][0].startswith("/portal/search/?q=%D0%BF")
    assert [one.words for one in saved.of_person(Actor(world.carol.pk))[0].conditions] == [
        "пени", "Получена", "Ошибка", "7\N{NO-BREAK SPACE}дней",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "conditions", "told"),
    [
        ("", "?q=пени", "Назовите поиск"),
        ("я" * 101, "?q=пени", "длиннее 100 знаков"),
        ("Пени", "?", "Сохранять пока нечего"),
        ("Пени", "", "Сохранять пока нечего"),
        ("Пени", "?state=zzz", "Сохранять пока нечего"),
        ("Пени", "?sort=fit", "Сохранять пока нечего"),
        ("Было", "?q=пени", "уже есть"),
    ],
)
def test_what_cannot_be_kept_is_said_with_what_was_typed(world, as_, name, conditions, told):
    client = as_(world.carol)
    keep(client, "Было")
    answer = keep(client, name, conditions)
    assert answer.status_code == 422 and told in text(answer)
    page = text(answer)
    if "пени" in conditions:  # the results stay, with what was typed where it is wrong
        assert (
            f"{told}" in page.partition('id="name-error"')[2].partition("</p>")[0] and 'class="more save" open' in page
        )
        assert 'value="пени"' in page and page.count('class="chip"') == 1
        assert not name or f'value="{name}"' in page
    assert SavedSearch.objects.count() == 1


def test_a_refused_name_loses_no_condition(world, as_):
    world.ticket(subject="Пени за март")
    client = as_(world.carol)
    address = f"/portal/search/?q=пени&state=new&queue={world.errors.pk}&days=7&sort=fit"
    was, answer = text(client.get(address)), client.post(address, {"name": " ", "share": str(world.zarya.pk)})
    page = text(answer)
    assert answer.status_code == 422 and "Поиск не сохранён" in page and "Назовите поиск" in page
    assert page.count('class="chip"') == 4 and "Найдена 1 заявка" in page and "selected>коллеги, УК Заря" in page
    for form in (was, page):  # the form leads back to the results, and each chip and order to its own
        assert 'id="save" method="post" action="/portal/search/?q=%D0%BF%D0%B5%D0%BD%D0%B8&amp;state=new' in form
    saving = client.post(address, {"name": "Мой"}, follow=True)
    assert "Поиск сохранён" in text(saving) and "sort=fit" in saving.redirect_chain[-1][0]


def test_searches_of_others_are_absent(world, as_):
    keep(as_(world.carol), "Тайная")
    row = SavedSearch.objects.get()
    client = as_(world.dora)
    assert "Тайная" not in text(client.get(LIST)) and "Тайная" not in text(client.get("/portal/search/"))
    address = f"{LIST}{row.pk}/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"do": "delete"}).status_code == 404
    assert client.post(address, {"do": "rename", "name": "Моя"}).status_code == 404
    assert SavedSearch.objects.get().name == "Тайная"
    assert client.get(f"{LIST}{2**70}/").status_code == 404


def test_a_search_is_renamed_and_thrown_away(world, as_):
    client = as_(world.carol)
    keep(client, "Первая")
    keep(client, "Вторая")
    first, second = SavedSearch.objects.order_by("pk")
    answer = client.post(f"{LIST}{first.pk}/", {"do": "rename", "name": "Вторая"})
    assert answer.status_code == 422 and "уже есть" in text(answer)
    assert "Поиск изменён" in text(client.post(f"{LIST}{first.pk}/", {"name": "  Новая  "}, follow=True))
    assert "Поиск удалён" in text(client.post(f"{LIST}{second.pk}/", {"do": "delete"}, follow=True))
    assert client.post(f"{LIST}{second.pk}/", {"do": "delete"}).status_code == 404
    assert list(SavedSearch.objects.values_list("name", flat=True)) == ["Новая"]


def test_what_is_gone_is_named_and_the_rest_stays(world, as_):
    client = as_(world.carol)
    world.ticket(subject="Пени")
    empty = world._queue("cash", "Кассовое ПО", "Cash")  # where no request of hers stands
    IntakeField.objects.create(queue=empty, key="till", kind="text", label_ru="Касса", label_en="Till")
    for name, conditions in {
        "Получатель": f"?q=пени&queue={empty.pk}",
        "Автор": f"?q=пени&author={world.dora.pk}",
        "Поле": "?q=пени&field_till=E-500",
    }.items():
        keep(client, name, conditions)
    Queue.objects.filter(pk=empty.pk).update(inactive_at=timezone.now())
    Membership.objects.filter(person=world.dora).delete()
    told = {}
    for row in SavedSearch.objects.all():
        page = text(client.get(f"{LIST}{row.pk}/", follow=True))
        assert "Поиск не выполнен" in page and "Искать без того" in page and 'value="пени"' in page
        told[row.name] = page
    assert "Получателя «Кассовое ПО» больше нет" in told["Получатель"]
    assert "Заявки автора «Dora Клиентова» вам больше не видны" in told["Автор"]
    assert "Поля, в котором искали «E-500», больше нет" in told["Поле"]
    assert "Найдена 1 заявка" in text(client.get("/portal/search/?q=пени"))


GONE = {
    "state": ("state=clarify", "state", "Состояния «На уточнении» больше нет"),
    "priority": ("priority=4", "priority", "Приоритета «Высокий – 4» больше нет"),
    "category": ("category={category}", "category", "Категории «Пени» больше нет"),
    "company": ("company={company}", "company", "Вы больше не состоите в «ТСЖ Берёзка»"),
    "choice": ("field_topic=benefits", "field_topic", "Значения «Льготы» больше нет"),
}


@pytest.mark.parametrize("kind", GONE)
def test_each_thing_that_is_gone_is_named_at_its_field(world, as_, kind):
    conditions, field, told = GONE[kind]
    masters.put_membership(world.carol, world.other, sees="company")
    topic = IntakeField.objects.create(queue=world.errors, key="topic", kind="choice", label_ru="О чём", label_en="Topic",
                                       choices=[["benefits", "Льготы", "Benefits"], ["other", "Другое", "Other"]])  # fmt: skip
    category = Category.objects.create(key="fines", path="/1/", name_ru="Пени", name_en="Fines")
    client = as_(world.carol)
    kept = keep(client, "Мой", f"?q=пени&{conditions.format(category=category.pk, company=world.other.pk)}")
    assert "Поиск не выполнен" not in text(client.get(kept.headers["Location"], follow=True))
    now = timezone.now()
    for model, key in ((State, "clarify"), (Priority, 4), (Category, category.pk)):
        model.objects.filter(pk=key).update(inactive_at=now)
    Membership.objects.filter(person=world.carol, company=world.other).update(inactive_at=now)
    IntakeField.objects.filter(pk=topic.pk).update(choices=[["other", "Другое", "Other"]])
    world.ticket(subject="Пени")
    page = text(client.get(kept.headers["Location"], follow=True))
    assert "Поиск не выполнен" in page and 'value="пени"' in page, kind
    assert told in page.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert f'href="#{field}"' in page and f'id="{field}"' in page  # the summary leads to the field, which is there
    rest = re.search(r'href="([^"]*)">Искать без того', page)[1]
    assert "Найдена 1 заявка" in text(client.get(f"/portal/search/{rest.replace('&amp;', '&')}"))


def test_a_search_is_used_while_the_membership_is_taken_away(world, as_, erin):
    """Page after page, export, saving: each press is answered by what the reader may see now."""
    tickets = [world.ticket(subject=f"Пени {n}") for n in range(26)]
    row = share(world)
    client = as_(erin)
    page = text(client.get(f"{LIST}{row}/", follow=True))
    following = re.search(r'href="(\?[^"]*cursor=[^"]*)"', page)[1].replace("&amp;", "&")
    assert tickets[-1].number in re.sub(r"\D", "", page)
    Membership.objects.filter(person=erin).update(inactive_at=timezone.now())
    assert client.get(f"{LIST}{row}/").status_code == 404
    for address in (following, "?q=пени", f"?q=пени&saved={row}"):
        page = text(client.get(f"/portal/search/{address}"))
        assert "Пени 0" not in page and 'class="req__title2"' not in page
    assert client.get("/portal/search/?q=пени&format=csv").status_code == 200
    assert keep(client, "Свой").status_code == 302  # one's own search is one's own
    shared = client.post("/portal/search/?q=a", {"name": "Всем", "share": world.zarya.pk})
    assert shared.status_code == 422 and "поделиться нельзя" in text(shared)


def test_stored_conditions_of_another_shape_break_nothing(world, as_):
    for stored in ({}, [], [["q"]], [[1, 2, 3]], "x", [["q", "пени", "пени"], 5]):
        SavedSearch.objects.create(person=world.carol, name=repr(stored), conditions=stored, created_at=timezone.now())
    client = as_(world.carol)
    assert client.get(LIST).status_code == 200
    for row in SavedSearch.objects.all():
        assert client.get(f"{LIST}{row.pk}/", follow=True).status_code == 200


def test_a_person_keeps_so_many_and_no_more(world, monkeypatch):
    monkeypatch.setattr(saved, "MOST", 2)
    by, kept = Actor(world.carol.pk), [Kept("q", "x", "x")]
    saved.save(by, name="1", conditions=kept)
    saved.save(by, name="2", conditions=kept)
    with pytest.raises(Invalid) as refusal, undone():
        saved.save(by, name="3", conditions=kept)
    assert refusal.value.problems[0].code == "too_many"
    saved.save(Actor(world.dora.pk), name="3", conditions=kept)


@pytest.mark.django_db(transaction=True)
def test_two_windows_keep_one_search_of_a_name():
    carol = accounts.create_person("client", "Каролина", login="carol-race", address="race@example.com")

    def window():
        return saved.save(Actor(carol.pk), name="Пени", conditions=[Kept("q", "пени", "пени")])

    outcomes = together(window, window)
    assert sum(isinstance(one, int) for one in outcomes) == 1
    assert sum(isinstance(one, Invalid) for one in outcomes) == 1


@pytest.fixture
def erin(world):
    """A colleague of Carol's who sees all requests of the company."""
    return accounts.create_person("client", "Эрна Клиентова", login="erin", company=world.zarya, sees="company",
                                  address="erin@example.com")  # fmt: skip


def share(world, name="Пени", conditions="q=пени", company=None):
    """What Carol saves and shares with her company."""
    kept = [Kept(one, value, f"слова {value}") for one, value in QueryDict(conditions).items()]
    company = (company or world.zarya).pk
    return saved.save(Actor(world.carol.pk), name=name, conditions=kept, company_id=company)


def test_a_search_is_shared_and_run_with_the_colleagues_own_rights(world, as_, erin):
    client = as_(world.carol)
    for author in (world.carol, erin):
        world.ticket(author, subject="Пени")
    page = text(client.get("/portal/search/?q=пени"))
    assert "Кто видит" in page and "коллеги, УК Заря" in page
    answer = client.post("/portal/search/?q=пени&awaiting=1", {"name": "Общие пени", "share": world.zarya.pk})
    address = answer.headers["Location"]
    assert "selected>коллеги, УК Заря" in text(client.get(LIST))
    client = as_(erin)
    page, listed = text(client.get("/portal/search/")), text(client.get(LIST))
    assert f'href="{address}"><bdi>Общие пени</bdi> <span class="muted">· <bdi>Carol Клиентова' in page
    assert "Поиски коллег" in listed and "Автор: <bdi>Carol Клиентова" in listed
    assert 'value="delete"' not in listed and 'value="stop"' not in listed  # only the author and a chief may
    assert "awaiting=1" in client.get(address).headers["Location"]
    world.zarya.memberships.filter(person=erin).update(sees="own")
    assert client.get(address).status_code == 404 and "Общие пени" not in text(client.get("/portal/search/"))


def test_what_is_shared_crosses_no_company(world, as_):
    row = share(world)
    for stranger in (world.dave, world.dora):  # another company's; one who sees her own requests alone
        client = as_(stranger)
        assert "Пени" not in text(client.get(LIST)) + text(client.get("/portal/search/"))
        for done in ({"do": "delete"}, {"name": "Моя"}, {"name": "Моя", "share": ""}):
            assert client.post(f"{LIST}{row}/", done).status_code == 404
        assert client.get(f"{LIST}{row}/").status_code == 404
    for share_with in (world.other.pk, "x", "9" * 30, "0"):
        answer = as_(world.carol).post("/portal/search/?q=a", {"name": "Чужой", "share": share_with})
        assert answer.status_code == 422 and "поделиться нельзя" in text(answer)
        answer = as_(world.carol).post(f"{LIST}{row}/", {"name": "Чужой", "share": share_with})
        assert answer.status_code == 422
    assert SavedSearch.objects.get().name == "Пени"
    answer = as_(world.dora).post("/portal/search/?q=a", {"name": "Моя", "share": world.zarya.pk})
    assert answer.status_code == 422  # she does not see what her colleagues would find


def test_names_of_another_company_stay_with_the_author(world, as_, erin):
    """Carol belongs to two companies; what her search calls one of them is not told to people of the other."""
    masters.put_membership(world.carol, world.other, sees="company")
    share(world, "Автор", f"author={world.dave.pk}")
    share(world, "Компания", f"company={world.other.pk}")
    share(world, "Своя", f"company={world.zarya.pk}&author={world.dora.pk}")
    client = as_(erin)
    listed = text(client.get(LIST))
    assert "Dave" not in listed and "Берёзка" not in listed and "слова" not in listed
    assert "компания: УК Заря; автор: Dora Клиентова" in listed and "автор: вам не видно" in listed
    for row in SavedSearch.objects.exclude(name="Своя"):
        page = text(client.get(f"{LIST}{row.pk}/", follow=True))
        assert "названо то, что вам не видно" in page and "Поиск не выполнен" in page
        assert "Dave" not in page and "Берёзка" not in page
    own = SavedSearch.objects.get(name="Своя")
    assert "Поиск не выполнен" not in text(client.get(f"{LIST}{own.pk}/", follow=True))


def test_only_the_author_changes_what_is_shared_and_the_chief_ends_it(world, as_, erin):
    row = share(world)
    for done in ({"name": "Моя"}, {"name": "Пени", "was_name": "Пени"}, {"do": "delete"}, {"do": "stop"}):
        assert as_(erin).post(f"{LIST}{row}/", done).status_code == 403
    world.zarya.memberships.filter(person=erin).update(is_chief=True)
    client = as_(erin)
    keep(client, "Пени дома")  # whether its author has one of this name, a chief is not told
    for done in ({"name": "Пени дома"}, {"name": "Пени", "share": ""}, {"do": "delete"}):
        assert client.post(f"{LIST}{row}/", done).status_code == 403
    assert SavedSearch.objects.get(pk=row).company_id == world.zarya.pk
    shared = text(client.get(LIST)).partition("Поиски коллег")[2]
    assert 'value="stop"' in shared and 'name="name"' not in shared and 'value="delete"' not in shared
    page = text(client.post(f"{LIST}{row}/", {"do": "stop"}, follow=True))
    assert "Коллеги больше не видят" in page and "Поиски коллег" not in page
    assert SavedSearch.objects.get(pk=row).name == "Пени" and "Пени" in text(as_(world.carol).get(LIST))


def test_who_loses_sight_of_the_company_shows_nothing_and_may_stop_sharing(world, as_, erin):
    row = share(world)
    world.zarya.memberships.filter(person=world.carol).update(sees="own")
    assert as_(erin).get(f"{LIST}{row}/").status_code == 404 and "Carol" not in text(as_(erin).get(LIST))
    client = as_(world.carol)
    page = text(client.get(LIST))
    assert "Показан в «УК Заря»" in page and "Убрать у коллег" in page and "Кто видит" not in page
    client.post(f"{LIST}{row}/", {"name": "Другие", "was_name": "Пени", "was_share": world.zarya.pk})
    assert SavedSearch.objects.get().company_id == world.zarya.pk  # a new name ends no sharing
    page = text(client.post(f"{LIST}{row}/", {"do": "stop"}, follow=True))
    assert "он остаётся у вас" in page and "Убрать у коллег" not in page
    assert SavedSearch.objects.get().company_id is None


def test_a_company_that_was_left_is_named_to_nobody(world, as_):
    row = share(world)
    masters.put_membership(world.carol, world.other, sees="company")
    world.zarya.memberships.filter(person=world.carol).update(inactive_at=timezone.now())
    client = as_(world.carol)
    page = text(client.get(LIST))
    assert "где вас больше нет" in page and "УК Заря" not in page and "Убрать у коллег" in page
    assert "Кто видит" not in page  # a list without the company would end the sharing with the next new name
    client.post(f"{LIST}{row}/", {"do": "stop"})
    assert SavedSearch.objects.get().company_id is None


def test_a_window_left_open_ends_no_sharing(world, as_):
    client = as_(world.carol)
    keep(client)
    row = SavedSearch.objects.get().pk
    client.post(f"{LIST}{row}/", {"name": "Пени", "was_name": "Пени", "share": world.zarya.pk, "was_share": ""})
    client.post(f"{LIST}{row}/", {"name": "Новая", "was_name": "Пени", "share": "", "was_share": ""})
    client.post(f"{LIST}{row}/", {"name": "Пени", "was_name": "Пени", "share": "", "was_share": ""})
    assert (SavedSearch.objects.get().name, SavedSearch.objects.get().company_id) == ("Новая", world.zarya.pk)


def test_sharing_ends_with_the_author(world, as_, erin):
    row = share(world)
    client = as_(erin)
    assert client.get(f"{LIST}{row}/").status_code == 302
    world.zarya.memberships.filter(person=world.carol).update(inactive_at=timezone.now())
    assert client.get(f"{LIST}{row}/").status_code == 404 and "Carol" not in text(client.get(LIST))
    world.zarya.memberships.filter(person=world.carol).update(inactive_at=None)
    as_(world.carol).post(f"{LIST}{row}/", {"name": "Пени", "share": ""})
    assert as_(erin).get(f"{LIST}{row}/").status_code == 404


def test_what_is_not_the_readers_is_not_named_in_a_colleagues_search(world, as_, erin):
    """Carol sees a recipient and a field only through another company: no colleague reads their names."""
    secret = world._queue("cash", "Кассовое ПО", "Cash")
    Queue.objects.filter(pk=secret.pk).update(client_chooses=False)
    IntakeField.objects.create(queue=secret, key="till", kind="choice", label_ru="Касса", label_en="Till",
                               choices=[["a", "Восточная", "East"]])  # fmt: skip
    kept = [Kept("queue", str(secret.pk), "Кассовое ПО"), Kept("field_till", "a", "Восточная"),
            Kept("state", "gone", "Отложена втайне"), Kept("category", "0", "Тайная"), Kept("q", "пени", "пени")]  # fmt: skip
    row = saved.save(Actor(world.carol.pk), name="Пени", conditions=kept, company_id=world.zarya.pk)
    client = as_(erin)
    pages = text(client.get(LIST)) + text(client.get(f"{LIST}{row}/", follow=True))
    assert "слова: пени" in pages and "получатель: вам не видно" in pages and "названо то, что вам не видно" in pages
    for name in ("Кассовое ПО", "Касса", "Восточная", "Отложена", "Тайная"):
        assert name not in pages
    assert "получатель: Кассовое ПО" in text(as_(world.carol).get(LIST))  # the author's own words of what is gone


def test_conditions_are_told_as_on_chips_in_the_readers_language(world, as_):
    """What stands in the list is told anew: labels and words in the language of now, whatever it was saved in."""
    client = as_(world.carol)
    keep(client, conditions="?q=x&priority=2&days=7&awaiting=1&unread=1&state=new&from=2026-11-01")
    told = text(client.get(LIST))
    for words in ("слова: x", "приоритет: Низкий – 2", "ждут моего ответа: да", "состояние: Получена"):
        assert words in told
    Person.objects.filter(pk=world.carol.pk).update(language="en")
    told = text(client.get(LIST))
    for words in ("words: x", "priority: Low – 2", "awaiting my answer: yes", "state: "):
        assert words in told
    assert "Получена" not in told and "Низкий" not in told
