"""One request as its client uses it: pictures, the letter's own look, what is taken along, settling."""

import re
import time
import zipfile

import pypdf
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("product")]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f0005050102"
    "a2d5e1c40000000049454e44ae426082"
)
LETTER = (
    "From: Marina <client1@example.com>\r\nTo: support@example.com\r\nSubject: Look {tag}\r\nMessage-ID: <{tag}@client.example>\r\n"
    "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    "<html><head><style>h2{{color:rgb(1,2,3)}}</style></head><body><h2>Head {tag}</h2>"
    "<img src='http://tracker.invalid/{tag}.gif'><script>parent.document.title='owned'</script>"
    "<a href='https://x.invalid/'>link</a></body></html>\r\n"
)


def opened(page, product, subject, *, files=()):
    page.goto(f"{product.url}/portal/new/")
    page.get_by_label(re.compile("^Получатель")).select_option(label="Ошибка")
    page.locator('[name="subject"]').fill(subject)
    page.locator('[name="body"]').fill("Белая страница")
    if files:
        page.locator('[name="attachments"]').set_input_files(files)
        page.locator(".file [data-token]").nth(len(files) - 1).wait_for(state="attached")
    page.locator("form .send button").first.click()
    page.wait_for_url(re.compile(r"/portal/tickets/\d+/"))
    return page.url.partition("#")[0]


def answered(visit, product, address, state):
    desk = visit()
    sign_in(desk, product, "agent1")
    desk.goto(address.replace("/portal/", "/desk/"))
    desk.locator('[name="body"]').fill("Сделано")
    desk.locator('[name="next_state"]').select_option(state)
    desk.get_by_role("button", name="Отправить клиенту").click()
    desk.get_by_text("Ответ отправлен клиенту.").wait_for()
    desk.context.close()


def pictures(*names):
    return [{"name": name, "mimeType": "image/png", "buffer": PNG} for name in names]


def test_pictures_open_big_go_on_by_arrows_and_close_by_escape(visit, product):
    page = visit()
    sign_in(page, product, "client1")
    opened(page, product, "Картинки", files=pictures("раз.png", "два.png"))
    first, second = page.locator("a[data-picture]").all()
    assert first.locator("img").get_attribute("loading") == "lazy"
    first.focus()
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog", name="Картинка")
    viewer.get_by_text("раз.png").wait_for()
    page.keyboard.press("ArrowRight")
    viewer.get_by_text("два.png").wait_for()
    assert viewer.get_by_role("button", name="Следующая картинка").count() == 0
    page.keyboard.press("Escape")
    viewer.wait_for(state="hidden")
    assert second.evaluate("node => node === document.activeElement")


def test_a_file_that_only_calls_itself_a_picture_is_a_line_like_the_others(visit, product):
    page = visit()
    sign_in(page, product, "client1")
    broken = {"name": "сломана.png", "mimeType": "image/png", "buffer": PNG[:20] + b"?" * 60}
    opened(page, product, "Сломанная", files=[*pictures("цела.png"), broken])
    line = page.locator("a.attach", has_text="сломана")
    line.locator("img").wait_for(state="detached")
    assert line.bounding_box()["height"] < 44 < page.locator("a.attach--pic").bounding_box()["height"]
    with page.expect_download() as saved:
        line.click()
    assert saved.value.suggested_filename == "сломана.png"


def test_without_scripts_a_picture_is_a_link_to_itself(visit, product):
    page = visit()
    sign_in(page, product, "client1")
    address = opened(page, product, "Картинка без скриптов", files=pictures("один.png"))
    plain = visit(script=False)
    sign_in(plain, product, "client1")
    plain.goto(address)
    found = plain.request.get(product.url + plain.locator("a[data-picture]").get_attribute("href"))
    assert (found.status, found.headers["content-type"]) == (200, "image/png")
    assert found.headers["content-disposition"].startswith("inline")


@pytest.mark.parametrize(("script", "scheme", "width"), [(True, "light", 1280), (False, "dark", 360)])
def test_a_letter_in_its_own_look_runs_and_fetches_nothing(visit, product, script, scheme, width):
    tag = f"look{width}"
    assert (
        product.run("mail", "receive", "--mailbox", "support@example.com", stdin=LETTER.format(tag=tag)).returncode == 0
    )
    page = visit(script=script, scheme=scheme, width=width)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(re.compile(r"//tracker\.invalid/"), lambda route: route.fulfill(content_type="image/png", body=PNG))
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/search/?q={tag}")
    page.get_by_role("link", name=re.compile(f"Look {tag}")).first.click()
    page.get_by_role("link", name="Как в письме").click()
    page.wait_for_url(re.compile(r"/letters/\d+/$"))
    paper = page.frame_locator("iframe")
    head = paper.get_by_text(f"Head {tag}")
    head.wait_for()
    assert head.evaluate("node => getComputedStyle(node).color") == "rgb(1, 2, 3)"
    assert head.evaluate("() => getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert "owned" not in page.title()
    assert not [url for url in asked if "tracker.invalid" in url]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Показать картинки").click()
    page.wait_for_url(re.compile(r"pictures=1$"))
    page.get_by_role("link", name="Скрыть картинки из интернета").wait_for()
    paper.get_by_text(f"Head {tag}").wait_for()
    assert [url for url in asked if "tracker.invalid" in url]
    page.get_by_role("link", name="Назад к заявке").click()
    page.wait_for_url(re.compile(r"/portal/tickets/\d+/#a\d+$"))


def test_a_request_is_taken_along_as_pdf_and_zip(visit, product):
    page = visit()
    sign_in(page, product, "client1")
    opened(page, product, "С собой", files=pictures("раз.png", "раз.png"))
    with page.expect_download() as told:
        page.get_by_role("link", name="Сохранить в PDF").click()
    assert told.value.suggested_filename.startswith("Заявка ")
    assert "С собой" in pypdf.PdfReader(told.value.path()).pages[0].extract_text()
    with page.expect_download() as told:
        page.get_by_role("link", name=re.compile("одним архивом")).click()
    with zipfile.ZipFile(told.value.path()) as archive:
        assert archive.namelist() == ["раз.png", "раз (2).png"]


def test_a_finished_request_is_settled_by_one_button_and_taken_up_again_by_another_with_words(visit, product):
    page = visit()
    sign_in(page, product, "client1")
    address = opened(page, product, "Решено ли")
    answered(visit, product, address, "autoclose")
    page.goto(address)
    page.get_by_role("button", name="Нужна доработка").click()
    page.get_by_text("Текст пуст: напишите, что ещё нужно сделать").first.wait_for()
    page.get_by_role("button", name="Вопрос решён").click()
    page.get_by_text("Заявка закрыта").first.wait_for()
    page.locator('[name="body"], [contenteditable="true"]').last.click()
    page.keyboard.type("Снова белая")
    page.get_by_role("button", name="Нужна доработка").click()
    page.get_by_text("Теперь очередь специалиста").first.wait_for()


def test_on_paper_nothing_is_folded_and_nothing_invites_to_press(visit, product):
    tag = f"q{time.time_ns()}"
    letter = (
        f"From: client1@example.com\r\nTo: support@example.com\r\nSubject: Look {tag}\r\nMessage-ID: <{tag}@client.example>\r\n"
        "\r\nThanks\r\n\r\nOn Mon, Nov 2, 2026 at 9:30 AM Ilya <a@b.example> wrote:\r\n> Old words\r\n"
    )
    assert product.run("mail", "receive", "--mailbox", "support@example.com", stdin=letter).returncode == 0
    page = visit()
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/mine/")
    page.get_by_role("link", name=f"Look {tag}").click()
    fold, words = page.locator(".quote summary"), page.locator(".quote .written")
    expect(fold).to_be_visible()
    expect(words).to_be_hidden()
    page.emulate_media(media="print")
    expect(fold).to_be_hidden()
    assert words.bounding_box()["height"] > 10


def test_paper_holds_the_request_and_no_chrome(visit, product):
    page = visit(scheme="dark")
    sign_in(page, product, "client1")
    opened(page, product, "На бумагу")
    page.emulate_media(media="print", color_scheme="dark")
    for gone in (".p-head", ".reply", ".take", ".p-foot"):
        assert page.locator(gone).evaluate("node => getComputedStyle(node).display") == "none"
    assert page.get_by_text("Белая страница").is_visible()
    assert page.locator("body").evaluate("node => getComputedStyle(node).color") == "rgb(28, 27, 25)"
    assert page.get_by_role("heading", name="На бумагу").is_visible()
    assert not page.get_by_text("Наблюдатели").is_visible()  # there are none
    shown = page.locator("time").evaluate_all("""all => all.map((one) => [getComputedStyle(one).fontSize,
        getComputedStyle(one, "::after").content])""")
    assert shown and all(size == "0px" and re.search(r"\d{4}", words) for size, words in shown), shown
