"""Drafts of the desk: in the box, beside it, in their list; with script and without."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.core.richtext import from_plain
from helpdesk.tickets import shared_drafts
from helpdesk.tickets.actions import give, merge, move, note, reply, set_state
from helpdesk.tickets.actions.base import StateMove
from helpdesk.tickets.models import Article, Draft, Grant
from tests.desk.conftest import address, plain
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


def save(client, ticket, body="Здравствуйте, Карина", key="k", **more):
    """As the script does while somebody writes."""
    answer = client.post(
        f"/desk/drafts/save/?ticket={ticket.number}",
        {"body": body, "form_key": key, "mode": "answer", "draft_hand": "h", "draft_step": "1", **more},
    )
    assert answer.status_code == 200
    return answer.json()


def box(answer):
    """What stands in the fields of the box."""
    text = answer.content.decode()
    dock = text[text.index('class="d-dock"') : text.index("</form>", text.index('class="d-dock"'))]
    area = re.search(r"<textarea[^>]*>\n?([^<]*)</textarea>", dock).group(1)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', dock))
    chosen = re.search(r'<option value="([^"]*)" selected', dock)
    return {"body": area, "state": chosen.group(1) if chosen else "", **fields}


def test_what_is_written_stands_in_the_box_on_every_device(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    saved = save(alice, ticket, next_state="review", until="")
    alice.cookies.clear()
    again = as_(world.alice).get(address(ticket))
    there = box(again)
    assert (there["body"], there["state"], there["form_key"]) == ("Здравствуйте, Карина", "review", "k")
    assert there["draft_version"] == str(saved["version"])
    assert "Черновик сохранён" in plain(again)
    assert Draft.objects.get().kind == "reply"


def test_a_note_comes_back_as_a_note(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    save(alice, ticket, mode="note")
    assert Draft.objects.get().kind == "note"
    there = alice.get(address(ticket))
    assert box(there)["mode"] == "note" and 'data-mode="note"' in there.text


def test_without_script_a_button_saves_text_files_and_choices(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    file = SimpleUploadedFile("акт.txt", b"a")
    form = {"body": "Не дописано", "form_key": "k", "next_state": "review", "save_draft": "1", "attachments": file}
    there = alice.post(address(ticket), form, follow=True)
    assert there.redirect_chain[-1][0].endswith(f"?draft={Draft.objects.get().pk}#body")
    assert box(there)["body"] == "Не дописано" and "акт.txt" in there.text
    assert not Article.objects.filter(text="Не дописано").exists()


def test_sending_takes_the_draft_along(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    saved = save(alice, ticket)
    form = {"body": "Здравствуйте, Карина", "form_key": "k", "kind": "answer", "draft_version": saved["version"]}
    alice.post(address(ticket), form)
    assert not Draft.objects.exists()
    late = save(alice, ticket)  # of the same page, which comes after it
    assert late["sent"] and not Draft.objects.exists()


def test_what_another_tab_wrote_meanwhile_stays_when_one_is_sent(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    first = save(alice, ticket)
    save(alice, ticket, "Здравствуйте, Карина. И ещё", draft_hand="other", draft_version=first["version"])
    form = {"body": "Здравствуйте, Карина", "form_key": "k", "kind": "answer", "draft_version": first["version"]}
    alice.post(address(ticket), {**form, "draft_hand": "h", "draft_step": "2"})
    assert Article.objects.filter(text="Здравствуйте, Карина").count() == 1
    assert Draft.objects.get().values["body"] == "Здравствуйте, Карина. И ещё"


def test_two_tabs_are_both_kept_and_offered(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    first = save(alice, ticket)
    save(alice, ticket, "С телефона", draft_hand="phone", draft_version=first["version"])
    apart = save(alice, ticket, "С компьютера", draft_version=first["version"], draft_step="2")
    assert apart["key"] != "k" and apart["other_at"].startswith(address(ticket))
    there = plain(alice.get(address(ticket)))
    assert "С телефона" in there and "С компьютера" in there and "Черновики: 1" in there


def test_an_empty_box_can_be_asked_for(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    save(alice, ticket)
    there = alice.get(f"{address(ticket)}?draft=0")
    assert box(there)["body"] == "" and "Черновики: 1" in plain(there)


@pytest.mark.parametrize("act", ["merge", "close", "owner", "note", "answer"])
def test_nobody_elses_act_takes_a_draft_away(world, as_, act):
    ticket, alice = world.ticket(), as_(world.alice)
    save(alice, ticket, seen=ticket.last_event_seq)
    by = world.by(world.anna)
    {
        "merge": lambda: merge(ticket.pk, by=by, into_id=world.ticket(subject="Вторая").pk),
        "close": lambda: set_state(ticket.pk, by=by, to=StateMove("closed")),
        "owner": lambda: give(ticket.pk, by=by, to_id=world.anna.pk),
        "note": lambda: note(ticket.pk, by=by, body=from_plain("Между нами")),
        "answer": lambda: reply(ticket.pk, by=by, body=from_plain("Готово")),
    }[act]()
    there = alice.get(address(ticket), follow=True)
    assert box(there)["body"] == "Здравствуйте, Карина"
    assert ("Показать ответ" in plain(there)) == (act in {"note", "answer"})


def test_out_of_sight_it_is_read_in_the_list_and_what_is_sent_there_is_kept(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    save(alice, ticket)
    Grant.objects.create(role=world.anna.roles.get(), queue=world.cash, right="move_into")
    move(ticket.pk, by=world.by(world.anna), to_queue_id=world.cash.pk)
    draft = Draft.objects.get()
    listed = plain(alice.get("/desk/drafts/"))
    assert "больше не видна" in listed and ticket.number not in listed.replace(" ", "")
    assert "Здравствуйте, Карина" in alice.get(f"/desk/drafts/{draft.pk}/").text
    sent = alice.post(
        address(ticket), {"body": "Дописано", "form_key": "k", "kind": "answer", "draft_version": draft.version}
    )
    assert sent.status_code == 404 and f"/desk/drafts/{draft.pk}/" in sent.text
    assert Draft.objects.get().values["body"] == "Дописано"


def test_who_may_no_longer_answer_keeps_the_text(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    save(alice, ticket)
    Grant.objects.filter(role=world.alice.roles.get()).update(right="read")
    sent = alice.post(
        address(ticket), {"body": "Дописано", "form_key": "k", "kind": "answer"}, headers={"HX-Request": "true"}
    )
    assert sent.status_code == 403 and "/desk/drafts/" in sent.text
    assert {one.values["body"] for one in Draft.objects.all()} >= {"Дописано"}


def test_a_state_chosen_before_the_state_changed_does_not_come_back(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    seen = ticket.last_event_seq
    save(alice, ticket, next_state="reminder", seen=seen)
    set_state(ticket.pk, by=world.by(world.anna), to=StateMove("review"))
    assert box(alice.get(address(ticket)))["state"] in {"", "new"}


def test_the_rail_counts_drafts_at_once_and_the_list_throws_away(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    figure = re.compile(r'href="/desk/drafts/"[^>]*>.*?</a>', re.DOTALL)
    assert "count" not in figure.search(alice.get("/desk/").text).group()
    save(alice, ticket)
    assert ">1<" in figure.search(alice.get("/desk/").text).group()
    gone = alice.post(f"/desk/drafts/{Draft.objects.get().pk}/discard/", {"back": "list"}, follow=True)
    assert "Черновик удалён" in plain(gone) and "count" not in figure.search(alice.get("/desk/").text).group()
    back = alice.post(f"/desk/drafts/{Draft.objects.get().pk}/back/", follow=True)
    assert box(back)["body"] == "Здравствуйте, Карина"


def test_a_colleague_takes_a_shared_draft_over_from_the_request(world, as_):
    ticket = world.ticket()
    alice = as_(world.alice)
    save(alice, ticket, next_state="review")
    draft = Draft.objects.get()
    assert "Здравствуйте" not in as_(world.anna).get(address(ticket)).text
    assert "Коллеги, которым видна заявка" in plain(
        as_(world.alice).post(f"/desk/drafts/{draft.pk}/share/", follow=True)
    )
    anna = as_(world.anna)
    there = anna.get(address(ticket)).text
    assert f"/desk/drafts/{draft.pk}/take/" in there and draft.form_key not in re.findall(
        r'data-draft-key="([^"]*)"', there
    )
    assert "Здравствуйте" in anna.get(f"/desk/drafts/{draft.pk}/").text
    mine = anna.post(f"/desk/drafts/{draft.pk}/take/", follow=True)
    assert box(mine)["body"] == "Здравствуйте, Карина" and box(mine)["state"] == "review"
    assert "продолжает и" in plain(as_(world.alice).get(address(ticket)))
    assert shared_drafts.of_colleagues(world.by(world.anna)) == []


def test_the_page_with_drafts_beside_it_costs_no_statement_more(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    before = statements_of(alice, address(ticket))
    save(alice, ticket)
    shared_drafts.share(world.by(world.alice), Draft.objects.get().pk)
    assert len(statements_of(as_(world.anna), address(ticket))) == len(before)
    assert len(statements_of(as_(world.alice), address(ticket))) <= len(before) + 3
