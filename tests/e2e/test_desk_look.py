"""How the specialists' pages stand in a browser: notices over the page, whole words, the note's button, conditions."""

import pytest
from playwright.sync_api import expect

from helpdesk.core import clock, files
from helpdesk.core.richtext import from_plain
from helpdesk.mail.models import OutgoingLetter, RawLetter
from helpdesk.tickets.actions import reply
from helpdesk.tickets.models import Ticket
from tests.e2e.looks import fits, stands_well_in_both_schemes
from tests.e2e.test_desk import PASSWORD, desk, enter, write

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)


def box(page, selector):
    return page.locator(selector).first.bounding_box()


@pytest.mark.parametrize("width", [360, 1440])
def test_what_was_done_is_told_without_moving_the_page_or_being_covered(visit, desk, width):
    page = visit(width=width)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    before = box(page, ".d-thead h1")
    page.get_by_role("button", name="Взять в работу").click()
    notice = page.get_by_text("Заявка теперь у вас.")
    expect(notice).to_be_visible()
    assert box(page, ".d-thead h1")["y"] == before["y"]
    page.evaluate(
        "import(document.querySelector('[rel=modulepreload][href*=toasts]').href).then(m => m.toast('Копия'))"
    )
    page.get_by_text("Копия").wait_for()
    said, toast = box(page, ".flash > .banner"), box(page, ".toast")
    assert said["y"] + said["height"] <= toast["y"]
    assert said["x"] >= 0 and said["x"] + said["width"] <= width
    expect(notice).to_be_hidden(timeout=10_000)


def test_without_script_too_the_notice_moves_nothing(visit, desk):
    page = visit(script=False)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    before = box(page, ".d-thead h1")
    page.get_by_role("button", name="Взять в работу").click()
    assert page.get_by_text("Заявка теперь у вас.").is_visible()
    assert box(page, ".d-thead h1") == before


@pytest.mark.parametrize("width", [360, 1440])
def test_the_notes_button_stands_where_the_answers_does(visit, desk, width):
    page = visit(width=width)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    write(page, "Проверить")
    answer, bar = box(page, ".composer__bar .btn--primary"), box(page, ".composer__bar")
    page.get_by_role("button", name="Заметка", exact=False).first.click()
    page.get_by_role("button", name="Добавить заметку").wait_for()
    note = box(page, ".composer__bar .btn--note")
    assert abs(note["x"] + note["width"] - answer["x"] - answer["width"]) <= 1
    assert note["x"] + note["width"] > bar["x"] + bar["width"] - 24


# what stands in each line, without the room for the ring of the focus
HEIGHTS = "all => all.map(e => e.clientHeight - 2 * parseFloat(getComputedStyle(e).paddingTop))"


def test_rows_end_with_a_whole_word_and_found_words_are_seen(visit, desk):
    words = "Расхождение сальдо абонентов между квитанцией и программой после закрытия октября"
    ticket = desk.ticket(subject=words, text="Здравствуйте. " * 30)
    reply(ticket.pk, by=desk.by(desk.alice), body=from_plain("Проверьте тарификатор водоканала. " + "Ответ. " * 40))
    page = visit(width=1440)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/search/?q=тарификатора")
    expect(page.locator(".tickets mark")).to_have_text("тарификатор")
    seen, cell = box(page, ".tickets mark"), box(page, ".tickets td.c-subj")
    assert seen["x"] + seen["width"] <= cell["x"] + cell["width"]
    page.goto(f"{desk.url}/desk/?q=сальдо")
    heights = page.locator(".tickets .t-line").evaluate_all(HEIGHTS)
    assert max(heights) < 66  # two lines of a subject, one of what was found
    page.goto(f"{desk.url}/desk/?view=open")
    heights = page.locator(".tickets .t-line").evaluate_all(HEIGHTS)
    assert max(heights) < 24


# of each line: its subject, whether it is cut, whether it stands to the end of the room, what is seen of the rest
LINES = """() => [...document.querySelectorAll(".tickets .t-line")].map((line) => {
  const [subject, snippet] = line.children;
  const box = line.getBoundingClientRect(), own = subject.getBoundingClientRect(), rest = snippet.getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(subject);
  return {
    text: subject.textContent, cut: subject.scrollWidth > subject.clientWidth, fills: box.right - own.right <= 3,
    whole: range.getBoundingClientRect().width, room: box.width - 4,
    rest: rest.top < box.bottom ? rest.width : 0, outside: own.right > box.right + 1, lines: Math.round(own.height / 21),
  };
})"""


@pytest.mark.parametrize("width", [1024, 1440, 1920])
def test_a_subject_takes_the_room_there_is_and_only_one_that_is_cut_says_so(visit, desk, width):
    words = "Обучение нового кассира: касса и возвраты, отчёты, сверка итогов дня, чеки. " * 3
    for at in range(4, 196, 8):
        desk.ticket(subject=f"{at} {words[:at]}")
    page = visit(width=width)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/?view=all&sort=recent")
    lines = page.evaluate(LINES)
    assert len(lines) == 25 and any(line["cut"] for line in lines)
    for line in lines:
        assert line["lines"] == 1 and not line["outside"], line
        assert line["cut"] == (line["whole"] > line["room"] + 1), line  # whole where there is room
        if line["cut"]:
            assert line["fills"] and not line["rest"], line
        assert not line["rest"] or line["rest"] > 60, line  # a word at least, or nothing
    page.goto(f"{desk.url}/desk/?q=сверка")
    assert page.locator(".tickets .t-snip").first.is_visible()


@pytest.mark.parametrize("width", [360, 1024, 1440])
@pytest.mark.parametrize("words", ["Коротко", "Обучение нового кассира: касса, возвраты, отчёты, сверка итогов. " * 3])
@pytest.mark.parametrize("found", ["", "&q=сверка"])
def test_a_subject_stands_beside_the_mark_of_a_letter_that_was_not_delivered(visit, desk, width, words, found):
    ticket = desk.ticket(subject=words, text="Сверка")
    Ticket.objects.filter(pk=ticket.pk).update(undelivered=True)
    page = visit(width=width)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/?view=all&sort=recent{found}")
    line = page.locator(".t-line").filter(has=page.locator(".clock")).first
    mark, subject, cell = (part.bounding_box() for part in (line.locator(".clock"), line.locator(".t-subj"), line))
    assert subject["x"] >= mark["x"] + mark["width"] and abs(subject["y"] - mark["y"]) < 6
    assert subject["width"] > 50 and subject["x"] + subject["width"] <= cell["x"] + cell["width"] + 1
    assert subject["y"] + 20 <= cell["y"] + cell["height"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_conditions_are_chosen_and_taken_away(visit, desk):
    page = visit(width=360, height=740, script=False)
    enter(page, desk)
    page.get_by_role("link", name="Условие", exact=True).click()
    page.get_by_label("Клиент").fill("carol@example.com")
    page.get_by_label("Исполнитель").select_option(label="никто")
    page.get_by_label("С дня").first.fill("2020-01-01")
    page.get_by_role("button", name="Показать").click()
    expect(page.locator("[data-row]")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Убрать условие «клиент»").click()
    expect(page.locator("[data-row]")).to_have_count(25)


def test_the_help_on_keys_opens_by_a_button_and_by_its_key(visit, desk):
    page = visit(width=1440)
    enter(page, desk)
    page.get_by_role("button", name="все клавиши").click()
    expect(page.get_by_role("dialog")).to_contain_text("взять заявку")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1440])
def test_pages_of_administrators_fit_and_have_no_serious_finding(visit, desk, width):
    desk.ada.set_password(PASSWORD)
    desk.ada.save()
    letter = OutgoingLetter.objects.order_by("pk").first()
    OutgoingLetter.objects.filter(pk=letter.pk).update(state="failed", attempts=3, last_error="550 нет" + "х" * 200)
    stored = files.store(b"x")
    files.ensure_rows([stored])
    RawLetter.objects.create(
        blob_id=stored.sha256, size=1, destination="support@example.com", received_at=clock.now(), state="failed",
        reason="unreadable: " + "х" * 200, from_address=f"{'длинный' * 8}@example.org",
    )  # fmt: skip
    page = visit(width=width)
    enter(page, desk, "ada")
    for path in (
        "",
        "check/",
        "parked/",
        "outbox/",
        "outbox/?state=failed",
        f"outbox/{letter.pk}/",
        "look/",
        "look/?q=нет",
    ):
        page.goto(f"{desk.url}/desk/admin/{path}")
        (stands_well_in_both_schemes if width == 360 else fits)(page, path)
