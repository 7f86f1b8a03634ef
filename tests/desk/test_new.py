import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Role
from helpdesk.core import clock
from helpdesk.tickets.models import Attachment, Grant, IntakeField, Right, StagedFile, Ticket
from tests.desk.conftest import plain, said
from tests.statements import statements_of


def data(world, **more):
    return {
        "client": str(world.carol.pk), "queue": str(world.errors.pk), "subject": "Звонок", "body": "Звонит клиент",
        "priority": "3", "channel": "phone", "form_key": "n1",
    } | more  # fmt: skip


@pytest.mark.parametrize("words", ["карина", "КЛИЕНТОВА кар", "carol", "carol@example", "Заря", "заря карина"])
def test_client_is_found_by_name_login_address_and_company(world, as_, words):
    page = as_(world.alice).get("/desk/new/", {"find": words})
    assert "Карина Клиентова" in plain(page) and f"?client={world.carol.pk}" in plain(page)
    assert "Давид Иной" not in plain(page) and "Анна Ковалёва" not in plain(page)


@pytest.mark.parametrize("words", ["нетакого", "%", "_", "' OR 1=1", "\x00", "я" * 5000])
def test_nobody_is_found(world, as_, words):
    assert "Никто не нашёлся" in plain(as_(world.alice).get("/desk/new/", {"find": words})) or words == "\x00"


def test_search_for_clients_does_not_grow(world, as_):
    client = as_(world.alice)
    few = statements_of(client, "/desk/new/")
    for at in range(50):
        accounts.create_person("client", f"Имя {at}", login=f"c{at}", company=world.zarya, address=f"c{at}@example.com")
    many = statements_of(client, "/desk/new/")
    assert len(few) == len(many), "\n".join(many)
    assert "Есть и другие" in plain(client.get("/desk/new/"))


@pytest.mark.parametrize("seconds", [0, 9, 10, 31])
def test_a_page_is_measured_alike_whenever_it_is_asked_for(world, as_, seconds):
    """Figures kept for some seconds run out between two pages on a busy machine, and one of them has a statement more."""
    client = as_(world.alice)
    start = clock.now()
    with clock.stopped(start):
        few = statements_of(client, "/desk/new/")
    with clock.stopped(start + timedelta(seconds=seconds)):
        assert len(statements_of(client, "/desk/new/")) == len(few)


def test_request_on_behalf_of_a_client(world, as_):
    answer = as_(world.alice).post(
        "/desk/new/",
        data(world, priority="1", field_error_code="0x21", category=str(world.category.pk),
             attachments=SimpleUploadedFile("a.txt", b"1")),
    )  # fmt: skip
    ticket = Ticket.objects.get()
    assert answer.headers["Location"] == f"/desk/tickets/{ticket.number}/"
    assert (ticket.author_id, ticket.company_id, ticket.priority_id) == (world.carol.pk, world.zarya.pk, 1)
    assert (ticket.channel, ticket.category_id) == ("phone", world.category.pk)
    assert ticket.fields["error_code"]["value"] == "0x21" and Attachment.objects.get().filename == "a.txt"
    event = ticket.events.order_by("seq").first()
    assert (event.actor_id, event.cause) == (world.alice.pk, "phone")
    page = plain(as_(world.alice).get(f"/desk/tickets/{ticket.number}/"))
    assert "клиент, по телефону" in page and "Код ошибки" in page and "0x21" in page


def test_twice_is_one_request(world, as_):
    for _ in range(2):
        as_(world.alice).post("/desk/new/", data(world))
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"subject": "", "body": " "}, said("subject", "empty")),
        ({"subject": "я" * 201}, said("subject", "too_long", limit=200)),
        ({"queue": ""}, "Выберите очередь"),
        ({"queue": "999999"}, "Эта очередь вам недоступна: выберите другую"),
        ({"priority": "9"}, said("priority", "not_offered")),
        ({"priority": "x"}, said("priority", "not_offered")),
        ({"company": "999999"}, said("company", "not_a_member")),
        ({"category": "999999"}, said("category", "unknown_category")),
    ],
)
def test_bad_input_keeps_what_was_typed(world, as_, more, problem):
    file = {"attachments": SimpleUploadedFile("a.txt", b"1")}
    answer = as_(world.alice).post("/desk/new/", data(world, field_error_code="0x21", **more) | file)
    text = plain(answer)
    assert answer.status_code == 422
    assert problem in text and "error-summary" in text and "a.txt" in text and StagedFile.objects.count() == 1
    if "subject" not in more:
        assert "Звонок" in text and "Звонит клиент" in text


def test_required_field_of_the_queue(world, as_):
    answer = as_(world.alice).post("/desk/new/", data(world, queue=str(world.advice.pk), field_period=""))
    assert answer.status_code == 422


def test_queue_of_others_is_refused(world, as_):
    answer = as_(world.alice).post("/desk/new/", data(world, queue=str(world.cash.pk)))
    assert answer.status_code == 403 and not Ticket.objects.exists()


@pytest.mark.parametrize("who", ["", "999999", "abc"])
def test_unknown_client_leads_back_to_the_search(world, as_, who):
    answer = as_(world.alice).post("/desk/new/", data(world, client=who))
    assert answer.status_code == 422


def test_an_agent_is_no_client(world, as_):
    assert as_(world.alice).post("/desk/new/", data(world, client=str(world.bob.pk))).status_code == 422


def test_fields_follow_the_queue(world, as_):
    client = as_(world.alice)
    part = plain(client.get("/desk/new/fields/", {"queue": world.errors.pk}))
    assert "Код ошибки" in part and "<html" not in part
    assert "Код ошибки" not in plain(client.get("/desk/new/fields/", {"queue": world.cash.pk}))
    page = client.post("/desk/new/", data(world, queue=str(world.advice.pk), show_fields="1"))
    assert page.status_code == 200 and "Период" in plain(page) and "Звонок" in plain(page)


def test_a_key_that_came_with_something_else_and_the_very_same_again_are_told(world, as_):
    client = as_(world.alice)
    form = {"client": world.carol.pk, "company": world.carol.memberships.get().company_id, "queue": world.errors.pk,
            "subject": "Звонок", "body": "Текст", "priority": "3", "channel": "phone"}  # fmt: skip
    assert client.post("/desk/new/", {**form, "form_key": "one"}).status_code == 302
    other = client.post("/desk/new/", {**form, "form_key": "one", "priority": "5"})
    same = client.post("/desk/new/", {**form, "form_key": "two"})
    assert (other.status_code, same.status_code) == (409, 409)
    assert 'name="again"' not in other.content.decode()
    assert 'name="again" value="1"' in same.content.decode()
    assert "Звонок" in same.content.decode()
    assert Ticket.objects.filter(subject="Звонок").count() == 1
    assert client.post("/desk/new/", {**form, "form_key": "three", "again": "1"}).status_code == 302


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_fields(world, as_):
    client = as_(world.alice)
    empty = {"subject": "", "body": "", "priority": "9"}
    answer = client.post("/desk/new/", data(world, queue="", **empty))
    summary = re.search(r"error-summary.*?<ul>(.*?)</ul>", plain(answer), re.DOTALL).group(1)
    assert re.findall(r'href="#([^"]+)"', summary) == ["queue", "subject", "body"]
    assert "Выберите очередь" in summary and "получателя" not in plain(answer)
    answer = client.post("/desk/new/", data(world, queue=str(world.advice.pk), field_period="", **empty))
    summary = re.search(r"error-summary.*?<ul>(.*?)</ul>", plain(answer), re.DOTALL).group(1)
    assert re.findall(r'href="#([^"]+)"', summary) == ["field_period", "subject", "body"]
    assert answer.status_code == 422


@pytest.mark.parametrize("script", [False, True])
def test_who_may_create_and_not_read_lands_in_the_list(world, as_, script):
    Grant.objects.create(role=Role.objects.get(code="bob"), queue=world.advice, right=Right.CREATE)
    client = as_(world.bob)
    more = {"queue": str(world.advice.pk), "field_period": "2026-10"}
    answer = client.post("/desk/new/", data(world, **more), headers={"HX-Request": "true"} if script else {})
    assert Ticket.objects.get().queue == world.advice
    assert answer.headers["HX-Redirect" if script else "Location"] == "/desk/"
    page = client.get("/desk/")
    assert page.status_code == 200 and "создана. Открыть её вам нельзя" in plain(page)


def test_a_request_for_a_client_asks_by_the_same_rules(world, as_):
    topic = IntakeField(queue=world.errors, key="topic", kind="choice", label_ru="О чём", label_en="Topic",
                        choices=[["sums", "Начисление", "Charges"]])  # fmt: skip
    topic.save()
    when = {"field": "topic", "in": ["sums"]}
    for key, kind in (("months", "period"), ("proof", "file")):
        IntakeField.objects.create(queue=world.errors, key=key, kind=kind, label_ru=key, label_en=key, required_when=when,
                                   blank="access" if kind == "file" else "")  # fmt: skip
    client = as_(world.alice)
    assert "/portal/blanks/access.pdf" in plain(client.get("/desk/new/fields/", {"queue": world.errors.pk}))
    refused = client.post("/desk/new/", data(world, field_topic="sums"))
    assert refused.status_code == 422
    assert all(f'href="#field_{key}"' in plain(refused) for key in ("months", "proof"))
    sent = {"field_topic": "sums", "field_months": "2026-05", "field_proof": SimpleUploadedFile("акт.pdf", b"%PDF-1")}
    client.post("/desk/new/", data(world, **sent))
    ticket = Ticket.objects.get()
    assert {key: one["value"] for key, one in ticket.fields.items()} == {
        "topic": "sums", "months": "2026-05", "proof": ["акт.pdf"],
    }  # fmt: skip
    page = plain(client.get(f"/desk/tickets/{ticket.number}/"))
    assert "май 2026" in page.replace("\xa0", " ") and "акт.pdf" in page


def lines_along(page):
    found = plain(page).split("data-along", 1)[1].split("<template>")[0]
    return re.findall(r"<bdi>([^<]*)</bdi>", found)


def test_what_was_typed_for_another_queue_is_told_before_it_goes_along_and_can_be_struck(world, as_):
    client = as_(world.alice)
    IntakeField.objects.create(queue=world.errors, key="agree", kind="check", label_ru="Согласен", label_en="Agree")
    typed = data(
        world, queue=str(world.advice.pk), field_error_code="0x21", field_agree="1", field_period="2026-10"
    )  # fmt: skip
    page = client.post("/desk/new/", {**typed, "subject": ""})
    assert sorted(lines_along(page)) == ["Код ошибки: 0x21", "Согласен: да"]
    again = client.post("/desk/new/", {**typed, "subject": "", "strike_agree": "1"}).content.decode()
    assert re.search(r'name="strike_agree" value="1"[^>]* checked', again)
    assert client.post("/desk/new/", {**typed, "strike_agree": "1"}).status_code == 302
    text = Ticket.objects.get().articles.order_by("seq").first().text
    assert text == "Звонит клиент\n\nКод ошибки: 0x21"


def test_what_was_typed_for_a_queue_of_others_now_goes_along_all_the_same(world, as_):
    """Switched off meanwhile, or its own fields were: nothing that somebody typed is left behind."""
    IntakeField.objects.filter(key="error_code").update(inactive_at=world.zarya.created_at)
    assert as_(world.alice).post("/desk/new/", data(world, field_error_code="0x21")).status_code == 302
    assert "Код ошибки: 0x21" in Ticket.objects.get().articles.order_by("seq").first().text


def test_a_form_without_fields_of_other_queues_lists_nothing(world, as_):
    page = as_(world.alice).get("/desk/new/", {"client": world.carol.pk})
    assert lines_along(page) == [] and "js/along" in page.content.decode()
