"""Links, merging and what closing a parent asks, as the desk's pages show and do them; without a script."""

import re

import pytest

from helpdesk.core.richtext import from_plain
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets import actions
from helpdesk.tickets.models import Article, Draft, Grant, Link, Right, Ticket
from tests.desk.conftest import address, plain
from tests.desk.test_desk_verbs import row, undo_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(world):
    """Carol's and Dora's requests on the same thing; Alice is signed in."""
    world.one = world.ticket(subject="Нет печати", text="Не печатает принтер")
    world.two = world.ticket(author=world.dora, subject="Печать не идёт", text="Очередь печати стоит")
    return world


def merged(world):
    actions.merge(world.two.pk, by=world.by(world.alice), into_id=world.one.pk)


def texts(page):
    return re.findall(r"Не печатает принтер|Очередь печати стоит|Готово", plain(page))


def test_what_is_said_of_letters_and_names_of_a_merged_request_stands_on_the_page_of_the_whole(two, as_):
    answer = actions.reply(two.two.pk, by=two.by(two.alice), body=from_plain("Готово"))
    actions.note(two.two.pk, by=two.by(two.alice), body=from_plain("@Рита Читалова, посмотри"))
    OutgoingLetter.objects.filter(article=answer).update(state="failed", last_error="550 нет такого ящика")
    merged(two)
    page = plain(as_(two.alice).get(address(two.one)))
    assert "Письмо не ушло" in page and "550 нет такого ящика" in page
    assert '<span class="named">@Рита Читалова</span>' in page


def test_a_link_by_number_stands_on_both_pages_and_goes_by_its_button(two, as_):
    alice = as_(two.alice)
    done = alice.post(address(two.one, "link"), {"to": f"№ {two.two.number}", "kind": "duplicate"}, follow=True)
    assert "Связана с заявкой" in plain(done) and "Повторяет" in plain(done) and "Печать не идёт" in done.text
    assert "Повторяют эту" in plain(alice.get(address(two.two)))
    assert "повторяет" in plain(alice.get(address(two.one, "history")))
    gone = alice.post(address(two.two, "unlink"), {"to": two.one.pk, "kind": "repeated"}, follow=True)
    assert "Связь убрана" in plain(gone) and not Link.objects.exists()
    place, event = undo_form(gone)
    assert place == address(two.two, "undo")
    alice.post(place, {"event": event})
    assert list(Link.objects.values_list("source", "target", "kind")) == [(two.one.pk, two.two.pk, "duplicate")]


@pytest.mark.parametrize(
    ("kind", "source"), [("normal", "one"), ("parent", "one"), ("child", "two"), ("duplicate", "one")]
)
def test_what_was_linked_is_taken_back(two, as_, kind, source):
    alice = as_(two.alice)
    done = alice.post(address(two.one, "link"), {"to": two.two.number, "kind": kind}, follow=True)
    assert Link.objects.get().source == getattr(two, source)
    place, event = undo_form(done)
    alice.post(place, {"event": event})
    assert not Link.objects.exists()


def test_words_lead_to_a_list_to_choose_from(two, as_):
    alice = as_(two.alice)
    found = alice.post(address(two.one, "link"), {"to": "печать стоит", "kind": "parent"}, follow=True)
    assert found.status_code == 200 and two.two.number in found.text and 'value="parent" selected' in found.text
    assert two.one.number not in re.findall(r'name="to" value="(\d+)"', found.text)
    near = alice.get(address(two.one, "link"))
    assert re.findall(r'value="(\d{6})"', near.text) == [two.two.number]


@pytest.mark.parametrize(
    ("to", "words"),
    [("999999", "Заявки с таким номером нет"), ("ONE", "с самой собой"), ("", "Напишите номер"), ("CASH", "Заявки с таким номером нет")],
)  # fmt: skip
def test_what_cannot_be_linked_is_said_and_kept(two, as_, to, words):
    cash = two.ticket(queue=two.cash)
    typed = {"ONE": two.one.number, "CASH": cash.number}.get(to, to)
    refused = as_(two.alice).post(address(two.one, "link"), {"to": typed, "kind": "parent"})
    assert refused.status_code == 422 and words in plain(refused)
    assert f'name="find" value="{typed}"' in refused.text and 'value="parent" selected' in refused.text


def test_a_circle_of_parents_is_refused(two, as_):
    actions.link(two.one.pk, by=two.by(two.alice), to_id=two.two.pk, kind=Link.Kind.PARENT)
    refused = as_(two.alice).post(address(two.two, "link"), {"to": two.one.number, "kind": "parent"})
    assert refused.status_code == 422 and "замкнуть круг" in plain(refused)


def test_links_to_what_one_may_not_see_do_not_show(two, as_):
    cash = two.ticket(queue=two.cash, subject="Касса молчит")
    actions.link(two.one.pk, by=two.by(two.ada), to_id=cash.pk)
    page = as_(two.alice).get(address(two.one)).text
    history = plain(as_(two.alice).get(address(two.one, "history")))
    assert "Касса молчит" not in page and cash.number not in page and "другая заявка" in history
    assert "Касса молчит" in as_(two.ada).get(address(two.one)).text


def test_closing_a_parent_asks_about_its_open_children(two, as_):
    actions.link(two.one.pk, by=two.by(two.alice), to_id=two.two.pk, kind=Link.Kind.PARENT)
    alice = as_(two.alice)
    for verb, data in (("close", {}), ("state", {"state": "closed_unsolved", "why": "Не будем"})):
        asked = alice.post(address(two.one, verb), data)
        assert asked.status_code == 409 and "Подчинённые заявки ещё открыты" in plain(asked)
        assert "Печать не идёт" in asked.text and row(two.one).phase == "open"
        assert all(f'name="{name}" value="{value}"' in asked.text for name, value in data.items())
    done = alice.post(address(two.one, "close"), {"asked": "1", "child": two.two.pk}, follow=True)
    assert "Закрыта и 1 подчинённая" in plain(done)
    assert (row(two.one).phase, row(two.two).phase) == ("closed", "closed")


def test_an_answer_that_closes_a_parent_asks_too_and_keeps_the_text(two, as_):
    actions.link(two.one.pk, by=two.by(two.alice), to_id=two.two.pk, kind=Link.Kind.PARENT)
    alice = as_(two.alice)
    typed = {"body": "Готово, печатает", "next_state": "closed", "form_key": "a", "seen": row(two.one).last_event_seq}
    asked = alice.post(address(two.one), typed)
    assert asked.status_code == 409 and "ещё открыты" in plain(asked) and "Готово, печатает" in asked.text
    assert 'name="asked" value="1"' in asked.text and row(two.one).articles_count == 2
    assert alice.post(address(two.one), typed | {"asked": "1"}).status_code == 302
    assert (row(two.one).phase, row(two.two).phase) == ("closed", "open")
    assert alice.post(address(two.two), typed | {"form_key": "b", "seen": ""}).status_code == 302  # has no child


def test_children_that_are_not_ticked_stay_open_and_closed_ones_are_not_asked_about(two, as_):
    actions.link(two.one.pk, by=two.by(two.alice), to_id=two.two.pk, kind=Link.Kind.PARENT)
    alice = as_(two.alice)
    alice.post(address(two.one, "close"), {"asked": "1"})
    assert (row(two.one).phase, row(two.two).phase) == ("closed", "open")
    alice.post(address(two.one, "state"), {"state": "open"})
    alice.post(address(two.two, "close"))
    assert alice.post(address(two.one, "close")).status_code == 302


def test_merging_is_told_before_it_is_done_and_taken_back_by_the_news(two, as_):
    alice = as_(two.alice)
    offered = alice.get(address(two.two, "merge"))
    assert f"?into={two.one.number}" in offered.text
    told = plain(alice.get(f"{address(two.two, 'merge')}?into={two.one.number}"))
    assert "Дора Клиентова и все, кто участвует" in told and "Это заявки разных клиентов" not in told
    done = alice.post(address(two.two, "merge"), {"into": two.one.number}, follow=True)
    assert done.request["PATH_INFO"] == address(two.one)
    assert texts(done) == ["Не печатает принтер", "Очередь печати стоит"] and "из заявки" in plain(done)
    assert "присоединена заявка" in plain(done) and "Объединены с этой" in plain(done)
    place, event = undo_form(done)
    undone = alice.post(place, {"event": event}, follow=True)
    assert undone.request["PATH_INFO"] == address(two.two) and row(two.two).state_id == "new"
    assert texts(alice.get(address(two.one))) == ["Не печатает принтер"]


def test_the_old_address_leads_to_the_whole_for_desk_and_clients(two, as_):
    merged(two)
    assert as_(two.alice).get(address(two.two)).url == address(two.one)
    for client in (two.carol, two.dora):
        answer = as_(client).get(f"/portal/tickets/{two.two.number}/", follow=True)
        assert answer.request["PATH_INFO"] == f"/portal/tickets/{two.one.number}/"
        assert texts(answer) == ["Не печатает принтер", "Очередь печати стоит"]
        assert plain(answer).count("из заявки №") == 2  # the letter and its automatic answer
    assert as_(two.dave).get(f"/portal/tickets/{two.two.number}/").status_code == 404
    assert "объединена с заявкой" in plain(as_(two.alice).get(address(two.two, "history")))


def test_taken_out_by_its_button_long_after(two, as_):
    merged(two)
    alice = as_(two.alice)
    assert address(two.one, "unmerge") in alice.get(address(two.one)).text
    done = alice.post(address(two.one, "unmerge"), {"part": two.two.pk}, follow=True)
    assert "снова отдельная" in plain(done) and row(two.two).phase == "open"
    assert alice.post(address(two.one, "unmerge"), {"part": two.two.pk}).status_code == 404


def test_a_part_of_another_request_is_not_taken_out_here(two, as_):
    merged(two)
    third = two.ticket()
    assert as_(two.alice).post(address(third, "unmerge"), {"part": two.two.pk}).status_code == 404
    assert row(two.two).phase == "merged"


def test_who_writes_while_it_is_merged_sees_where_it_goes_and_keeps_the_text(two, as_):
    seen = str(row(two.two).last_event_seq)
    merged(two)
    alice = as_(two.alice)
    stopped = alice.post(address(two.two), {"body": "Готово, проверьте", "seen": seen, "form_key": "a"})
    assert stopped.status_code == 409 and "тем временем объединили" in plain(stopped)
    assert "Готово, проверьте" in stopped.text and f'action="{address(two.one)}"' in stopped.text
    verb = alice.post(address(two.two, "priority"), {"priority": "5", "seen": seen})
    assert verb.status_code == 409 and row(two.one).priority_id == 3


def test_a_clients_answer_on_the_old_page_goes_to_the_whole(two, as_):
    merged(two)
    dora = as_(two.dora)
    sent = dora.post(f"/portal/tickets/{two.two.number}/", {"body": "Счёт 7", "seen": "1", "form_key": "a"})
    article = Article.objects.get(text="Счёт 7")
    assert sent.url == f"/portal/tickets/{two.one.number}/#a{article.pk}" and article.ticket_id == two.one.pk


def test_a_draft_of_the_merged_request_goes_on_in_the_whole(two, as_):
    dora = as_(two.dora)
    dora.post(f"/portal/drafts/save/?ticket={two.two.number}", {"form_key": "d", "body": "Начатое", "kind": "reply"})
    draft = Draft.objects.get()
    merged(two)
    page = dora.get(f"/portal/tickets/{two.two.number}/?draft={draft.pk}", follow=True)
    assert "Начатое" in page.text and page.request["PATH_INFO"] == f"/portal/tickets/{two.one.number}/"
    actions.unmerge(two.two.pk, by=two.by(two.alice))
    assert "Начатое" in dora.get(f"/portal/tickets/{two.two.number}/?draft={draft.pk}").text


def test_requests_of_different_clients_need_a_tick_and_all_rights(two, as_):
    theirs = two.ticket(author=two.dave, subject="Чужая", text="Секрет берёзки")
    alice = as_(two.alice)
    told = alice.get(f"{address(theirs, 'merge')}?into={two.one.number}")
    assert "Это заявки разных клиентов" in plain(told) and 'name="across"' in told.text
    refused = alice.post(address(theirs, "merge"), {"into": two.one.number})
    assert refused.status_code == 422 and "подтвердите" in plain(refused)
    alice.post(address(theirs, "merge"), {"into": two.one.number, "across": "1"})
    assert "Секрет берёзки" in alice.get(address(two.one)).text
    for client in (two.carol, two.dora):
        assert "Секрет" not in as_(client).get(f"/portal/tickets/{two.one.number}/").text
    assert as_(two.dave).get(f"/portal/tickets/{two.one.number}/").status_code == 404
    assert "Секрет берёзки" in as_(two.dave).get(f"/portal/tickets/{theirs.number}/").text


def test_who_may_not_merge_companies_is_told_so_at_once(two, as_):
    Grant.objects.filter(role=two.anna.roles.get()).delete()
    for right in (Right.NOTE, Right.ANSWER):
        Grant.objects.create(role=two.anna.roles.get(), queue=two.errors, right=right)
    theirs = two.ticket(author=two.dave)
    told = as_(two.anna).get(f"{address(theirs, 'merge')}?into={two.one.number}")
    assert "Объединить их может только тот" in plain(told) and f'name="into" value="{two.one.number}"' not in told.text
    refused = as_(two.anna).post(address(theirs, "merge"), {"into": two.one.number, "across": "1"})
    assert refused.status_code == 403 and row(theirs).phase == "open"


@pytest.mark.parametrize("into", ["", "999999", "ONE", "CASH"])
def test_nothing_is_merged_into_what_is_not_there(two, as_, into):
    cash = two.ticket(queue=two.cash)
    typed = {"ONE": two.one.number, "CASH": cash.number}.get(into, into)
    refused = as_(two.alice).post(address(two.one, "merge"), {"into": typed})
    assert refused.status_code == 422 and row(two.one).phase == "open"


def test_who_only_reads_is_offered_none_of_it(two, as_):
    merged(two)
    actions.link(two.one.pk, by=two.by(two.alice), to_id=two.ticket().pk)
    page = as_(two.rita).get(address(two.one)).text
    assert "Объединены с этой" in page.replace("\xa0", " ")
    assert not [verb for verb in ("link/", "unlink/", "merge/", "unmerge/") if f'{address(two.one)}{verb}"' in page]
    assert as_(two.rita).get(address(two.one, "merge")).status_code == 403
    assert as_(two.rita).get(address(two.one, "link")).status_code == 403


def test_a_merged_request_stands_in_no_open_list_and_is_found(two, as_):
    merged(two)
    actions.reply(two.one.pk, by=two.by(two.alice), body=from_plain("Готово"))
    alice = as_(two.alice)
    assert two.two.number not in alice.get("/desk/").text
    found = alice.get("/desk/search/?q=очередь+стоит&view=all").text
    assert two.two.number in found and "Объединена" in found
    assert Ticket.objects.filter(phase="merged").count() == 1
