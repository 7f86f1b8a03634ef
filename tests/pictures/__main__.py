"""`make pictures`: the pictures of the clients' guide, taken from an own installation with the demo world.

With an address (`python -m tests.pictures http://127.0.0.1:8000`) from one that runs already.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e.installation import ROOT, Installation

FOLDER = ROOT / "docs" / "ru" / "pictures"
WIDTH, HEIGHT = 1040, 640
MOST = 150_000  # bytes of a picture: a guide is opened over slow lines, too
PASSWORD = "demo-helpdesk"
BROWSERS = (
    os.environ.get("HELPDESK_CHROMIUM", ""), "chromium", "google-chrome", "chromium-browser", "chromium-headless-shell",
)  # fmt: skip


def keep(page: Page, name: str, *, height: int = HEIGHT, top: int = 0) -> None:
    """What the window shows between two heights."""
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, clip={"x": 0, "y": top, "width": WIDTH, "height": height}, animations="disabled")
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size // 1000} kB", file=sys.stderr)
    if size > MOST:
        raise SystemExit(f"{path.name}: {size} bytes are more than {MOST}: show less of the page")


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/login/")
    keep(page, "sign-in")
    page.fill('[name="login"]', "client1")
    page.fill('[name="password"]', PASSWORD)
    page.press('[name="password"]', "Enter")
    page.wait_for_url("**/portal/mine/**")
    keep(page, "notice", height=200)
    notice = page.locator(".told form button")
    while notice.count():  # what stands above every page would be in every picture
        left = notice.count() - 1
        notice.first.click()
        page.wait_for_function("left => document.querySelectorAll('.told form button').length === left", arg=left)


def lists(page: Page, url: str) -> None:
    for name in ("mine", "company"):
        page.goto(f"{url}/portal/{name}/")
        keep(page, name)
    page.goto(f"{url}/portal/search/?q=перерасчёт")
    keep(page, "search")
    page.goto(f"{url}/portal/news/")
    keep(page, "news", height=520)


def one_request(page: Page, url: str) -> None:
    """The first request of the list, which waits for an answer."""
    page.goto(f"{url}/portal/mine/")
    page.locator(".req__title").first.click()
    page.wait_for_load_state()
    keep(page, "ticket")
    page.locator(".reply").scroll_into_view_if_needed()
    page.locator(".reply").evaluate("box => scrollTo({top: box.offsetTop - 90, behavior: 'instant'})")
    keep(page, "answer")


def new_request(page: Page, url: str, folder: Path) -> None:
    """From the empty form to the request with its automatic answer."""
    page.goto(f"{url}/portal/new/")
    keep(page, "new")
    page.select_option('[name="queue"]', label="Консультация")
    page.locator(".guide li").first.wait_for()
    page.select_option('[name="field_topic"]', "recalculation")
    page.select_option('[name="field_period"]', index=2)
    keep(page, "recipients")
    page.fill('[name="subject"]', "Перерасчёт за отопление, ЛС 1002003004, Садовая ул., 5–12")
    files = [folder / "Квитанция за октябрь.pdf", folder / "Расчёт.xlsx"]
    for at, path in enumerate(files, 1):
        path.write_bytes(b"x" * 40_000 * at)
    page.set_input_files('[name="attachments"]', files)
    page.get_by_text("78 КБ").wait_for()
    drop = page.locator(".drop").first
    drop.evaluate("box => scrollTo({top: box.getBoundingClientRect().top + scrollY - 160, behavior: 'instant'})")
    keep(page, "files", height=420)
    text = page.locator('[contenteditable="true"], textarea[name="body"]').first
    text.click()
    page.keyboard.type("Добрый день! Почему в октябре выросло начисление за отопление? Период: октябрь 2026.")
    page.get_by_role("button", name="Отправить", exact=True).click()
    page.wait_for_url("**/portal/tickets/**")
    keep(page, "created")


def take(url: str) -> None:
    """All pictures from the product at this address."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = next(filter(None, (shutil.which(name) for name in BROWSERS if name)), None)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(locale="ru-RU", viewport={"width": WIDTH, "height": HEIGHT})
        page.set_default_timeout(60_000)
        sign_in(page, url)
        lists(page, url)
        one_request(page, url)
        new_request(page, url, Path(folder))
        browser.close()


def main() -> None:
    if sys.argv[1:]:
        take(sys.argv[1].rstrip("/"))
        return
    installation = Installation()
    try:
        installation.start("--demo")
        installation.wait_until_ready(seconds=600)
        take(installation.url)
    finally:
        installation.remove()


if __name__ == "__main__":
    main()
