"""One's own settings: the page, and each verb of it."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.accounts import actions, own, zones
from helpdesk.accounts.models import AccountEvent, Address, AddressClaim, Person
from helpdesk.core import clock, options
from tests.access.refusals import refused, tree_of, value_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_middleware")]
PAGE = "/account/settings/"
LOOK = {
    "do": "save", "name": "Carol Клиентова", "job": "", "phone": "",
    "language": "ru", "time_zone": "Europe/Moscow", "theme": "system", "letters": "all",
}  # fmt: skip


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


@pytest.fixture
def me(carol, client, sign_in):
    sign_in("carol")
    return client


def fresh(person):
    return Person.objects.get(pk=person.pk)


@pytest.mark.parametrize("who", ["carol", "alice"])
def test_page_shows_what_stands(carol, alice, client, sign_in, who):
    person = {"carol": carol, "alice": alice}[who]
    Person.objects.filter(pk=person.pk).update(job="главный бухгалтер", phone="12-34", time_zone="Asia/Omsk")
    sign_in(who)
    page = text_of(client.get(PAGE))
    for shown in (person.name, "главный бухгалтер", "12-34", person.addresses.get().address, "сюда приходят письма"):
        assert shown in page, shown
    assert re.search(r'value="Asia/Omsk" selected>Омск \(UTC\+6\)', page)
    assert page.count("<h1") == 1
    assert ("Письмо о каждом сообщении клиента и каждой переданной мне заявке" in page) == (who == "alice")
    assert ("Письмо о каждом ответе и изменении" in page) == (who != "alice")


def test_name_job_and_phone_are_saved_as_one_line(me, carol):
    answer = me.post(PAGE, LOOK | {"name": " Мария\u202e  Ёлкина ", "job": "кассир", "phone": "8 (800)"})
    assert answer.status_code == 302
    saved = fresh(carol)
    assert (saved.name, saved.sort_key, saved.job, saved.phone) == ("Мария Ёлкина", "мария елкина", "кассир", "8 (800)")
    assert "Настройки сохранены" in text_of(me.get(PAGE))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", " \u200b "),
        ("name", "   "),
        ("name", "12345"),
        ("name", "- . -"),
        ("name", "я" * 201),
        ("name", "я" * 100_000),
        ("job", "я" * 201),
        ("job", "я" * 100_000),
        ("phone", "1" * 101),
        ("phone", "1" * 100_000),
        ("phone", "позвоните Маше"),
        ("phone", "12"),
        ("phone", "+7 913 555-12-34 Анна"),
        ("phone", "<script>"),
        ("phone", "٠١٢٣"),
    ],
)
def test_a_refused_field_is_named_and_keeps_what_was_typed(me, carol, field, typed):
    sent = LOOK | {
        "name": "Мария",
        "job": "кассир",
        "phone": "12-34",
        "theme": "dark",
        "address": "x@example.com",
        field: typed,
    }
    kept = {name: value for name, value in sent.items() if name not in {"do", field}}
    refused(me.post(PAGE, sent), field, typed=kept)
    assert fresh(carol).job == "" and fresh(carol).theme == "system" and not AddressClaim.objects.exists()


@pytest.mark.parametrize(
    "phone",
    ["", "105", "8 (800) 555-35-35", "+7 913 555-12-34, доб. 105", "тел. 22-33-44; моб. 89135551234", "22-33-44 ext 7"],
)
def test_a_phone_is_written_in_many_ways(me, carol, phone):
    assert me.post(PAGE, LOOK | {"phone": phone}).status_code == 302
    assert fresh(carol).phone == phone


def test_what_was_accepted_once_keeps_nobody_from_the_rest(me, carol):
    Person.objects.filter(pk=carol.pk).update(phone="спросить Машу", name="007")
    assert me.post(PAGE, LOOK | {"name": "007", "phone": "спросить Машу", "job": "кассир"}).status_code == 302
    assert fresh(carol).job == "кассир"
    assert me.post(PAGE, LOOK | {"name": "007", "phone": "спросить Олю"}).status_code == 422


def test_language_changes_at_once_and_stays_in_this_browser(me, carol):
    answer = me.post(PAGE, LOOK | {"language": "en", "theme": "dark"}, follow=True)
    assert "The settings have been saved." in text_of(answer)
    assert 'lang="en"' in text_of(answer) and 'data-theme="dark"' in text_of(answer)
    assert (me.cookies["language"].value, me.cookies["theme"].value) == ("en", "dark")
    saved = fresh(carol)
    assert (saved.language, saved.theme) == ("en", "dark")


def opened(page):
    """What a browser sends from a page as it stands."""
    found = re.findall(r'<input type="hidden" name="(was_\w+)" value="([^"]*)"', text_of(page))
    was = dict(found)
    return {"do": "save", **was, **{name.removeprefix("was_"): value for name, value in was.items()}}


@pytest.mark.parametrize("refused_first", [False, True])
def test_a_window_left_open_takes_nothing_back(me, carol, refused_first):
    old = opened(me.get(PAGE))
    me.post(PAGE, opened(me.get(PAGE)) | {"phone": "12-34", "letters": "none"})
    if refused_first:
        page = me.post(PAGE, old | {"theme": "dark", "name": ""})
        assert page.status_code == 422 and 'value="12-34"' in text_of(page)
        old = opened(page) | {"name": "Carol Клиентова"}
    me.post(PAGE, old | {"theme": "dark"})
    saved = fresh(carol)
    assert (saved.phone, saved.letters, saved.theme) == ("12-34", "none", "dark")


def test_an_address_added_in_a_window_left_open_takes_nothing_back(me, carol):
    old = opened(me.get(PAGE))
    me.post(PAGE, opened(me.get(PAGE)) | {"phone": "12-34"})
    page = text_of(me.post(PAGE, old | {"do": "add", "address": "x@example.com"}, follow=True))
    assert 'value="12-34"' in page and "Сохранено не всё" not in page


def test_a_field_may_be_emptied(me, carol):
    Person.objects.filter(pk=carol.pk).update(phone="12-34")
    me.post(PAGE, opened(me.get(PAGE)) | {"phone": ""})
    assert fresh(carol).phone == ""


def test_letters_and_zone_are_saved(me, carol):
    me.post(PAGE, LOOK | {"letters": "none", "time_zone": "Asia/Vladivostok"})
    assert (fresh(carol).letters, fresh(carol).time_zone) == ("none", "Asia/Vladivostok")


def test_times_of_pages_are_those_of_the_zone(me, carol):
    at = datetime(2026, 11, 29, 22, 30, tzinfo=UTC)
    with clock.stopped(at):
        AddressClaim.objects.create(person=carol, address="x@example.com", canonical="x@example.com", sent_at=at)
        for zone, told in (("Europe/Moscow", "01:30"), ("Asia/Vladivostok", "08:30"), ("Asia/Kolkata", "04:00")):
            me.post(PAGE, LOOK | {"time_zone": zone})
            page = text_of(me.get(PAGE))
            assert f"Там сейчас {told}" in page
            assert re.search(rf"письмо отправлено сегодня, {told}", page)
    assert timezone.get_current_timezone_name()


@pytest.mark.parametrize(
    "bad", [{"language": "de"}, {"time_zone": "Mars/Base"}, {"time_zone": "../etc"}, {"theme": "x"}, {"letters": ""}]
)
def test_what_is_not_offered_changes_nothing(me, carol, bad):
    assert me.post(PAGE, LOOK | {"theme": "dark"} | bad).status_code == 422
    assert fresh(carol).theme == "system"


@pytest.mark.parametrize(
    "do", ["", "x", "save:1x", "profile", "remove:", "remove:0", "primary:9999999999999999999", "drop:²", "\x00"]
)
def test_bad_verbs_are_no_errors_of_ours(me, do):
    assert me.post(PAGE, {"do": do}).status_code in {404, 422}
    assert me.post(PAGE, {}).status_code == 404


TYPED = LOOK | {"name": "Мария", "job": "кассир", "phone": "12-34", "theme": "dark", "time_zone": "Asia/Omsk"}


def kept(page, **fields):
    tree = tree_of(page)
    wanted = {name: value for name, value in TYPED.items() if name != "do"} | fields
    assert {name: value_of(tree, name) or "" for name in wanted} == wanted


@pytest.mark.parametrize("verb", ["add", "again", "drop", "primary", "remove"])
def test_what_is_typed_beside_the_addresses_outlives_their_verbs(me, carol, verb):
    further = actions.add_address(carol, "second@example.com")
    claim = own.claim_address(carol, "third@example.com")
    do = {"add": "add", "again": f"again:{claim.pk}", "drop": f"drop:{claim.pk}"}.get(verb, f"{verb}:{further.pk}")
    address = "fourth@example.com"
    answer = me.post(PAGE, TYPED | {"do": do, "address": address}, follow=True)
    kept(answer, address="" if verb == "add" else address)
    assert "Сохранено не всё" in text_of(answer)
    assert fresh(carol).job == "" and fresh(carol).theme == "system"
    assert "Сохранено не всё" not in text_of(me.get(PAGE))  # looked at anew the page shows what stands


def test_verbs_of_addresses_say_nothing_of_fields_that_stand(me, carol):
    answer = me.post(PAGE, LOOK | {"do": "add", "name": carol.name, "address": "new@example.com"}, follow=True)
    assert "Сохранено не всё" not in text_of(answer)


def test_one_press_saves_all_and_adds_the_typed_address(me, carol, letters):
    page = text_of(me.post(PAGE, TYPED | {"address": "new@example.com"}, follow=True))
    saved = fresh(carol)
    assert (saved.name, saved.theme, saved.time_zone) == ("Мария", "dark", "Asia/Omsk")
    assert "Настройки сохранены" in page and "ждёт подтверждения" in page and len(letters) == 1


def test_all_that_is_wrong_is_said_at_once(me, carol):
    answer = me.post(PAGE, TYPED | {"name": "", "phone": "1" * 101, "address": "нет"})
    for field in ("name", "phone", "address"):
        refused(answer, field, typed={})
    kept(answer, name="", phone="1" * 101, address="нет")


def test_an_address_counts_only_when_its_letter_was_opened(me, carol, letters):
    me.post(PAGE, {"do": "add", "address": " New@Example.com "})
    claim = AddressClaim.objects.get()
    letter = letters[0]
    assert (letter.person_id, letter.address, letter.kind) == (carol.pk, "New@Example.com", "address_check")
    assert "ждёт подтверждения" in text_of(me.get(PAGE))
    assert Address.objects.filter(canonical="new@example.com").count() == 0
    path = letter.context["url"].removeprefix("http://testserver")
    assert own.key_of(claim).partition(":")[0] in path
    assert "Это ваш почтовый ящик?" in text_of(me.get(path))  # a GET changes nothing
    assert Address.objects.count() == 1
    assert me.post(path)["Location"] == f"{PAGE}#addresses"
    row = Address.objects.get(canonical="new@example.com")
    assert row.verified_at and not row.is_primary
    assert me.get(path).status_code == me.post(path).status_code == 404
    assert list(AccountEvent.objects.values_list("verb", "named")) == [("address_added", "New@Example.com")]


def test_a_letter_opened_by_somebody_else_proves_nothing(me, carol, alice, letters, sign_in):
    me.post(PAGE, {"do": "add", "address": "new@example.com"})
    path = letters[0].context["url"].removeprefix("http://testserver")
    other = Client()
    assert other.get(path).status_code == 302  # to the sign-in
    sign_in("alice", browser=other)
    assert other.get(path).status_code == other.post(path).status_code == 404
    assert not Address.objects.filter(canonical="new@example.com").exists()


def test_an_address_that_another_has_is_claimed_like_any_other(me, alice, letters):
    told = [text_of(me.post(PAGE, {"do": "add", "address": address}, follow=True)).count(address)
            for address in ("alice@example.com", "free@example.com")]  # fmt: skip
    assert told[0] == told[1]
    assert {letter.kind for letter in letters} == {"address_check"}


@pytest.mark.parametrize(
    ("typed", "code"), [("", "Введите адрес"), ("no", "адрес почты: проверьте"), ("CAROL@example.com", "уже есть")]
)
def test_refused_addresses(me, letters, typed, code):
    assert code in refused(me.post(PAGE, {"do": "add", "address": typed}), "address", typed={"address": typed})
    assert letters == []


def test_a_new_letter_kills_the_earlier_link(me, carol, letters):
    with clock.stopped(datetime(2026, 11, 29, 9, tzinfo=UTC)):
        me.post(PAGE, {"do": "add", "address": "new@example.com"})
    me.post(PAGE, {"do": f"again:{AddressClaim.objects.get().pk}"})
    old, new = (letter.context["url"].removeprefix("http://testserver") for letter in letters)
    assert me.post(old).status_code == 404
    assert me.post(new).status_code == 302


def test_letters_to_prove_addresses_are_bounded(me, letters):
    answers = [me.post(PAGE, {"do": "add", "address": f"a{n}@example.com"}).status_code for n in range(11)]
    assert answers[:9] == [302] * 9 and answers[9] == 422 and answers[10] == 429  # ten addresses, ten letters an hour
    for do in ("save", "add"):
        late = me.post(PAGE, TYPED | {"do": do, "address": "late@example.com"})
        assert late.status_code == 429 and int(late["Retry-After"]) > 0
        kept(late, address="late@example.com")


def test_the_primary_address_moves_and_the_old_one_is_told(me, carol, letters):
    second = actions.add_address(carol, "second@example.com")
    assert me.post(PAGE, {"do": f"remove:{carol.addresses.get(is_primary=True).pk}"}).status_code == 422
    assert me.post(PAGE, {"do": f"primary:{second.pk}"}).status_code == 302
    assert carol.addresses.get(is_primary=True).pk == second.pk
    assert [(one.kind, one.address, one.context["address"]) for one in letters] == [
        ("primary_changed", "Carol@Example.com", "second@example.com")]  # fmt: skip
    assert me.post(PAGE, {"do": f"remove:{carol.addresses.get(is_primary=False).pk}"}).status_code == 302
    assert carol.addresses.count() == 1


def test_the_address_one_signs_in_by_is_not_removed(client, company, letters):
    person = actions.create_person("client", "А", login="a@b.example", address="a@b.example", company=company)
    actions.add_address(person, "c@d.example")
    client.force_login(person, backend="helpdesk.accounts.backends.LoginOrAddress")
    first = person.addresses.get(canonical="a@b.example")
    client.post(PAGE, {"do": f"primary:{person.addresses.get(canonical='c@d.example').pk}"})
    assert client.post(PAGE, {"do": f"remove:{first.pk}"}).status_code == 422
    assert person.addresses.count() == 2


def test_addresses_of_others_are_not_touched(me, alice, letters):
    row = alice.addresses.get()
    claim = own.claim_address(alice, "x@example.com")
    for do in (f"primary:{row.pk}", f"remove:{row.pk}", f"drop:{claim.pk}", f"again:{claim.pk}"):
        assert me.post(PAGE, {"do": do}).status_code == 404
    assert alice.addresses.count() == 1 and AddressClaim.objects.count() == 1


def test_page_takes_few_statements_however_many_addresses(me, carol):
    def taken():
        options.forget()  # kept for half a minute, which may end between two pages
        with CaptureQueriesContext(connection) as caught:
            me.get(PAGE)
        return len(caught)

    taken()  # what is kept ready for some seconds
    few = taken()
    for n in range(8):
        actions.add_address(carol, f"more{n}@example.com")
    assert taken() == few <= 8


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_zone_that_is_offered_is_known_and_named_in_the_language(language):
    groups = zones.options(language)
    offered = {zone: text for _name, rows in groups for zone, text in rows}
    assert {"Europe/Moscow", "Asia/Kamchatka", "Asia/Almaty"} <= set(offered)
    assert set(offered) <= zones.available_timezones() and len(offered) > 300
    letters_of = re.compile("[A-Za-z]{2,}" if language == "ru" else "[А-Яа-яЁё]")
    assert [text for text in offered.values() if letters_of.search(text.replace("UTC", ""))] == []
    assert groups[0][1][0][0] == "Europe/Kaliningrad"


def test_a_zone_that_is_not_offered_stands_chosen_all_the_same(me, carol):
    Person.objects.filter(pk=carol.pk).update(time_zone="UTC")
    assert re.search(r'value="UTC" selected>UTC \(UTC\)', text_of(me.get(PAGE)))


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(180, "UTC+3"), (0, "UTC"), (330, "UTC+5:30"), (-210, "UTC\N{MINUS SIGN}3:30"), (765, "UTC+12:45")],
)
def test_distances_from_utc_in_words(minutes, told):
    from datetime import timedelta

    assert zones.offset_text(timedelta(minutes=minutes)) == told


def test_mistakes_are_told_in_the_order_of_the_page(me):
    wrong = {"phone": "спросить Олю", "name": "007", "address": "нет", "language": "xx", "time_zone": "Mars/Dust"}
    page = text_of(me.post(PAGE, LOOK | wrong))
    summary = page.split("error-summary", 1)[1].split("</ul>")[0]
    assert re.findall('href="#([^"]+)"', summary) == ["name", "phone", "address", "language", "time_zone"]
