"""What a client takes along of a request: all its files as a zip, the request as a PDF; who has read it."""

import io
import re
import tracemalloc
import zipfile
from urllib.parse import quote

import pypdf
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.accounts.models import Person
from helpdesk.core import files, pdf
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.fronts import bodies
from helpdesk.fronts.archive import archive, names
from helpdesk.portal import document
from helpdesk.tickets.actions import NewFile, StateMove, mark_read, merge, note, reply
from helpdesk.tickets.around import open_by_client
from helpdesk.tickets.models import Attachment, IntakeField, Queue
from helpdesk.web.jinja import ticket as web_number


@pytest.fixture(autouse=True)
def _files(own_files):
    pass


def text(answer):
    return answer.content.decode().replace("\u00a0", " ")


def plain(words):
    return words.replace("\u00a0", " ").replace("\u202f", " ")


def whole(answer):
    return b"".join(answer.streaming_content)


def stored(name, content=b"content"):
    return NewFile(files.store(content), name)


def by(person):
    return Actor(person.pk, Cause.WEB)


def words(content):
    read = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return "".join(read.replace("\u200b", "").split())


def test_all_files_that_the_client_sees_come_as_one_zip(world, as_):
    ticket = world.ticket(attachments=[stored("Счёт №1.xlsx", b"one"), stored("фото.png", b"two")])
    reply(ticket.pk, by=by(world.alice), body=from_plain("Вот"), attachments=[stored("фото.png", b"three")])
    note(ticket.pk, by=by(world.alice), body=from_plain("Тихо"), attachments=[stored("тайна.txt", b"secret")])
    browser = as_(world.carol)
    page = f"/portal/tickets/{ticket.number}/"
    assert f'href="{page}files.zip"' in text(browser.get(page))
    answer = browser.get(f"{page}files.zip")
    content = whole(answer)
    assert answer["Content-Type"] == "application/zip"
    assert int(answer["Content-Length"]) == len(content)
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''" + quote("Заявка "))
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.testzip() is None
        assert {one: opened.read(one) for one in opened.namelist()} == {
            "Счёт №1.xlsx": b"one", "фото.png": b"two", "фото (2).png": b"three",
        }  # fmt: skip


def test_the_page_says_how_many_files_the_archive_has(world, as_):
    ticket = world.ticket(attachments=[NewFile(files.store([b"a"]), "а.txt"), NewFile(files.store([b"b"]), "б.txt")])
    shown = text(as_(world.carol).get(f"/portal/tickets/{ticket.number}/"))
    assert "Скачать 2 файла одним архивом" in shown


def test_a_request_without_files_has_no_zip_and_offers_none(world, as_):
    ticket = world.ticket()
    browser = as_(world.carol)
    assert "files.zip" not in text(browser.get(f"/portal/tickets/{ticket.number}/"))
    assert browser.get(f"/portal/tickets/{ticket.number}/files.zip").status_code == 404


def test_a_zip_of_100_mb_takes_little_memory(world):
    piece = b"0123456789abcdef" * 65_536
    big = NewFile(files.store(piece for _ in range(100)), "big.bin")
    ticket = world.ticket(attachments=[big])
    answer = archive(list(Attachment.objects.filter(article__ticket=ticket)), "a.zip")
    tracemalloc.start()
    size = sum(len(part) for part in answer.streaming_content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == int(answer["Content-Length"]) > 100 * 2**20
    assert peak < 8 * 2**20


@given(
    st.lists(st.text(max_size=20) | st.sampled_from(["a.txt", "A.TXT", "con", "nul.txt", "..", "a (2).txt", "x/y", ""]))
)
def test_names_in_a_zip_are_safe_and_unique(given_names):
    made = names(given_names)
    assert len(made) == len(given_names)
    assert len({name.casefold() for name in made}) == len(made)
    for name in made:
        assert name
        assert not set(name) & set('<>:"/\\|?*\0')
        assert name not in {".", ".."}
        assert name.split(".")[0].casefold() not in {"con", "nul", "aux", "prn"}


def test_names_keep_what_they_can():
    assert names(["a.txt", "a.txt", "A.txt", "b", "b", "Счёт.pdf", "con.txt"]) == [
        "a.txt", "a (2).txt", "A (3).txt", "b", "b (2)", "Счёт.pdf", "_con.txt",
    ]  # fmt: skip


def test_a_request_as_pdf_holds_what_its_client_sees(world, as_):
    hostile = '#read("/etc/passwd") $x$ *жирно* <a> @b'
    ticket = world.ticket(
        subject=f"Не сходится {hostile}", values={"error_code": "E-17"}, attachments=[stored("скан.pdf")]
    )
    reply(ticket.pk, by=by(world.alice), body=from_plain(f"Проверяем.\n\nОтвет: {hostile}"))
    note(ticket.pk, by=by(world.alice), body=from_plain("Тайна"))
    answer = as_(world.carol).get(f"/portal/tickets/{ticket.number}/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "no-store" in answer["Cache-Control"]
    found = words(answer.content)
    bare = "".join(hostile.split())
    for said in (
        "Вработе",
        "КодошибкиE-17",
        "скан.pdf",
        "Ошибка",
        "Алиса",
        f"Ответ:{bare}",
        f"Несходится{bare}",
        "Белаястраница",
    ):
        assert said in found, said
    assert "Тайна" not in found


def test_the_pdf_speaks_the_readers_language(world, as_):
    world.carol.language = "en"
    world.carol.save()
    ticket = world.ticket()
    made = as_(world.carol).get(f"/portal/tickets/{ticket.number}/pdf/").content
    assert "Recipient" in words(made)
    assert pypdf.PdfReader(io.BytesIO(made)).trailer["/Root"]["/Lang"] == "en"


def test_a_long_correspondence_is_cut_and_says_so(world, as_, monkeypatch):
    monkeypatch.setattr(document, "MOST", 2)
    ticket = world.ticket()
    for number in range(3):
        reply(ticket.pk, by=by(world.alice), body=from_plain(f"Ответ {number}"))
    found = words(as_(world.carol).get(f"/portal/tickets/{ticket.number}/pdf/").content)
    assert "последние2из5сообщений" in found
    assert "Ответ2" in found
    assert "Ответ0" not in found


def test_a_request_that_was_merged_is_named_on_the_page_and_on_paper(world, as_):
    whole_one, part = world.ticket(subject="Общая"), world.ticket(author=world.dora, subject="Часть")
    merge(part.pk, by=by(world.alice), into_id=whole_one.pk)
    found = document.content(by(world.carol), open_by_client(by(world.carol), whole_one.number))
    number = plain(web_number(part.number))
    from_part = {one["who"]: f"из заявки {number}" in plain(one["voice"]) for one in found["articles"]}
    assert from_part[world.dora.name] and not from_part[world.carol.name]
    for who, said in ((world.dora, "Ваша заявка"), (world.carol, "Заявка")):
        page = plain(as_(who).get(f"/portal/tickets/{part.number}/", follow=True).content.decode())
        assert f"{said} {number} теперь ведётся в этой" in page
    assert "теперь ведётся" not in text(as_(world.carol).get(f"/portal/tickets/{world.ticket().number}/"))


def test_endless_messages_are_cut_by_their_text(world, monkeypatch):
    monkeypatch.setattr(document, "MOST_TEXT", 100)
    ticket = world.ticket()
    reply(ticket.pk, by=by(world.alice), body=from_plain("а" * 90))
    reply(ticket.pk, by=by(world.alice), body=from_plain("б" * 400))
    found = document.content(by(world.carol), open_by_client(by(world.carol), ticket.number))
    assert [one["paragraphs"] for one in found["articles"]] == [["б" * 100]]


@pytest.mark.parametrize("code", ["busy", "too_long", "refused"])
def test_a_document_that_cannot_be_made_is_told_in_words(world, as_, monkeypatch, code):
    def fail(*args, **kwargs):
        raise pdf.Failed(code)

    monkeypatch.setattr(pdf, "render", fail)
    answer = as_(world.carol).get(f"/portal/tickets/{world.ticket().number}/pdf/")
    assert answer.status_code == 503
    assert "Сейчас документ сделать не удалось" in text(answer)


def test_what_was_written_last_says_when_the_desk_has_read_it(world, as_):
    ticket = world.ticket()
    browser = as_(world.carol)
    page = f"/portal/tickets/{ticket.number}/"
    assert "Прочитано службой" not in text(browser.get(page))
    mark_read(ticket.pk, by=by(world.alice), seq=2)
    shown = text(browser.get(page))
    assert shown.count("Прочитано службой сопровождения, сегодня") == 1
    assert "Алиса" not in shown  # who of them has read it is theirs
    reply(ticket.pk, by=by(world.carol), body=from_plain("Ещё"))
    assert "Прочитано службой" not in text(browser.get(page))
    reply(ticket.pk, by=by(world.alice), body=from_plain("Ответ"))
    mark_read(ticket.pk, by=by(world.alice), seq=4)
    assert "Прочитано службой" not in text(browser.get(page))  # the answer says it


def test_colleagues_who_have_read_are_named_and_nobody_else(world, as_):
    world.dora.memberships.update(sees="company")
    ticket = world.ticket()
    mark_read(ticket.pk, by=by(world.dora), seq=1)
    mark_read(ticket.pk, by=by(world.carol), seq=1)
    shown = text(as_(world.carol).get(f"/portal/tickets/{ticket.number}/"))
    names_ = shown.partition("<dt>Прочитали</dt>")[2].partition("</dd>")[0]
    assert "Dora" in names_
    assert "Carol" not in names_


@pytest.mark.parametrize("left", ["company", "switched off"])
def test_who_has_left_the_company_is_named_no_more_among_readers(world, as_, left):
    world.dora.memberships.update(sees="company")
    ticket = world.ticket()
    for person in (world.dora, world.alice):
        mark_read(ticket.pk, by=by(person), seq=1)
    if left == "company":
        world.dora.memberships.update(inactive_at=timezone.now())
    else:
        Person.objects.filter(pk=world.dora.pk).update(inactive_at=timezone.now())
    shown = text(as_(world.carol).get(f"/portal/tickets/{ticket.number}/"))
    facts = shown.partition("<dt>Прочитали</dt>")[2].partition("</dd>")[0]
    assert "служба сопровождения" in facts and "Dora" not in shown


def test_of_each_reader_is_said_how_far_they_have_read(world, as_):
    """A colleague who has seen the first letter alone does not know the answer."""
    world.dora.memberships.update(sees="company")
    ticket = world.ticket()
    mark_read(ticket.pk, by=by(world.dora), seq=1)
    reply(ticket.pk, by=by(world.alice), body=from_plain("Ответ"))
    mark_read(ticket.pk, by=by(world.alice), seq=99)
    browser, page = as_(world.carol), f"/portal/tickets/{ticket.number}/"
    first, *_, last = ticket.articles.filter(visible_to_client=True).order_by("seq")
    facts = text(browser.get(page)).partition("<dt>Прочитали</dt>")[2].partition("</dd>")[0]
    assert re.search(rf'Dora\w*[^:]*</bdi>: <a href="#a{first.pk}">до сообщения: сегодня, \d\d:\d\d</a>', facts)
    assert f'служба сопровождения</bdi>: <a href="#a{last.pk}">все сообщения</a>' in facts
    mark_read(ticket.pk, by=by(world.dora), seq=last.seq)
    facts = text(browser.get(page)).partition("<dt>Прочитали</dt>")[2].partition("</dd>")[0]
    assert ">до " not in facts


def test_fields_of_the_queue_that_a_request_came_from_are_shown(world, as_):
    IntakeField.objects.create(queue=world.inbox, key="error_code", kind="text", label_ru="Не тот", label_en="Other")
    ticket = world.ticket(values={"error_code": "E-17"})
    browser, page = as_(world.carol), f"/portal/tickets/{ticket.number}/"
    assert "<dt>Код ошибки</dt><dd><bdi>E-17</bdi></dd>" in text(browser.get(page))
    IntakeField.objects.filter(queue=world.inbox).delete()
    ticket.queue = world.inbox
    ticket.save()
    assert "<dt>Код ошибки</dt><dd><bdi>E-17</bdi></dd>" in text(browser.get(page))


def test_a_request_that_goes_on_in_a_new_one_leads_there_and_back(world, as_):
    Queue.objects.filter(pk=world.errors.pk).update(follow_up="new")
    ticket = world.ticket()
    reply(ticket.pk, by=by(world.alice), body=from_plain("Готово"), then=StateMove("closed"))
    new = reply(ticket.pk, by=by(world.carol), body=from_plain("Опять")).ticket
    browser = as_(world.carol)
    assert f'Продолжение — в заявке <a href="/portal/tickets/{new.number}/">' in text(
        browser.get(f"/portal/tickets/{ticket.number}/")
    )
    assert f'Продолжение заявки <a href="/portal/tickets/{ticket.number}/">' in text(
        browser.get(f"/portal/tickets/{new.number}/")
    )
    new.author = world.dave  # moved out of sight meanwhile
    new.company = world.other
    new.save()
    assert new.number not in text(browser.get(f"/portal/tickets/{ticket.number}/"))


def test_pictures_stand_small_under_their_letter_and_nothing_else_does(world, as_, monkeypatch):
    monkeypatch.setattr(bodies, "LIGHT", 10)
    sent = [
        stored("фото.PNG", b"\x89PNG"),
        stored("большое.jpg", b"x" * 11),
        stored("a.svg", b"<svg"),
        stored("b.html", b"<p>"),
    ]
    ticket = world.ticket(attachments=sent)
    browser = as_(world.carol)
    shown = text(browser.get(f"/portal/tickets/{ticket.number}/"))
    assert len(re.findall(r'<img src="/portal/tickets/[^"]+\?inline=1" alt="" [^>]*loading="lazy"', shown)) == 1
    assert len(re.findall(r'<a class="attach[^"]*" href="[^"]+\?inline=1" data-picture="[^"?]+"', shown)) == 2
    for name in ("a.svg", "b.html"):
        file = Attachment.objects.get(filename=name)
        answer = browser.get(f"/portal/tickets/{ticket.number}/files/{file.pk}/{name}?inline=1")
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert f'{name}?inline=1"' not in shown


def test_the_desk_sees_when_the_client_has_read_its_answer(world, as_):
    ticket = world.ticket()
    reply(ticket.pk, by=by(world.alice), body=from_plain("Ответ"))
    browser, page = as_(world.alice), f"/desk/tickets/{ticket.number}/"
    assert "Прочитано клиентом" not in text(browser.get(page))
    mark_read(ticket.pk, by=by(world.carol), seq=2)
    assert "Прочитано клиентом" not in text(browser.get(page))
    mark_read(ticket.pk, by=by(world.carol), seq=3)
    assert text(browser.get(page)).count("Прочитано клиентом, сегодня") == 1
