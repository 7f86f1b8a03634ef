"""Every address of the table of access that shows a page: for readers aloud, on phones, in the dark, without script."""

import pytest
from django.core.cache import cache

from tests.access.conftest import PEOPLE, Cast, concrete
from tests.access.test_addresses import GET
from tests.e2e.conftest import sign_in
from tests.e2e.looks import flaws

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"
NO_PAGES = (
    "/healthz",
    "/readyz",
    "/metrics",
    "/favicon.ico",
    "/fields/",
    "files/",
    "/uploads/",
    "/news/",
    "/blanks/",
    "/pdf/",
    "files.zip",
    "/frame/",
    "/similar/",
    "<str:number>/texts/",
    "/fresh/",
)
# what stands behind an address in more than one form
MORE = {
    "carol": ["/portal/news/", "/portal/search/?q=белая", "/portal/search/?q=щзщзщз", "/portal/mine/?state=closed", "/portal/new/?queue=1"],
    "admin": ["/desk/admin/outbox/?state=waiting", "/desk/admin/outbox/?state=failed", "/desk/?view=overdue",
              "/desk/search/?q=белая", "/desk/new/?client={client}", "/desk/shape/?list=/desk/%3Fview=open",
              "/desk/?group=owner&columns=subject,queue,client,created,last"],
}  # fmt: skip
READERS = ["nobody", "carol", "admin", "alice"]  # who between them see everything; Alice, what is hers alone
CLIENT_SIDE = {"nobody", "carol"}  # whose pages have no finding at all, be it a minor one
ERRORS = {  # what is refused: status, address, to whom
    403: [("nobody", "/login/inactive/"), ("bob", "/desk/new/")],
    404: [
        ("carol", "/portal/tickets/0/"),
        ("admin", "/desk/tickets/0/"),
        ("nobody", "/password/set/1-x/"),
        ("carol", "/no/such/"),
    ],
    405: [("carol", "/portal/drafts/save/"), ("admin", "/desk/density/")],
}


@pytest.fixture
def cast(transactional_db, settings, live_server):
    settings.PUBLIC_URL = live_server.url
    cache.clear()
    cast = Cast()
    for who in ("carol", "admin", "bob", "alice"):
        person = getattr(cast, who)
        person.set_password(PASSWORD)
        person.save()
    return cast


def pages_of(cast, who):
    found = [concrete(text, cast) for text, answers in GET.items()
             if answers[who] == 200 and not any(part in text for part in NO_PAGES)
             and not (who == "alice" and any(answers[other] == 200 for other in READERS[:-1]))]  # fmt: skip
    return found + [text.format(client=cast.carol.pk) for text in MORE.get(who, ())]


def enter(page, live_server, who):
    if who != "nobody":
        sign_in(page, live_server, who, PASSWORD)


def look(page, place, *, aloud=True, every=False):
    """What is wrong with a page; of what is read aloud the grave findings, or `every` one."""
    wrong = []
    if page.locator("h1").count() != 1:
        wrong.append(f"{page.locator('h1').count()} h1")
    if not page.title().strip():
        wrong.append("no title")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append("wider than the window")
    if aloud:
        wrong += [f"{name}: {html}" for name, html in flaws(page, every=every)]
    return [f"{place}: {one}" for one in wrong]


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_every_page_fits_and_has_no_serious_finding(visit, live_server, cast, width, scheme):
    wrong, seen = [], 0
    for who in READERS:
        page = visit(width=width, height=780, scheme=scheme)
        enter(page, live_server, who)
        for place in pages_of(cast, who):
            answer = page.goto(live_server.url + place)
            assert answer.status == 200, place
            wrong += look(page, place, every=who in CLIENT_SIDE)
            seen += 1
    assert wrong == []
    assert seen >= 35


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_pages_that_refuse_fit_and_have_no_serious_finding(visit, live_server, cast, width, scheme):
    wrong, pages = [], {}
    for status, places in ERRORS.items():
        for who, place in places:
            if who not in pages:
                pages[who] = visit(width=width, scheme=scheme)
                enter(pages[who], live_server, who)
            answer = pages[who].goto(live_server.url + place)
            assert answer.status == status, place
            wrong += look(pages[who], place)
            assert pages[who].get_by_role("link").count() > 0, place  # a way on
    assert wrong == []


@pytest.mark.parametrize("width", [360])
def test_every_page_works_without_script(visit, live_server, cast, width):
    """Each form can be sent by a button that is seen, and nothing is there for a script alone."""
    wrong = []
    for who in READERS:
        page = visit(width=width, script=False)
        enter(page, live_server, who)
        for place in pages_of(cast, who):
            answer = page.goto(live_server.url + place)
            assert answer.status == 200, place
            wrong += look(page, place, aloud=False)
            for form in page.locator("main form").all():
                if (
                    "__ui__" not in place
                    and form.is_visible()
                    and not form.locator("button:visible, input[type=submit]:visible").count()
                ):
                    wrong.append(f"{place}: {form.get_attribute('action')} has no button")
            for control in page.locator("main .js-only:visible, main [data-needs-script]:visible").all():
                wrong.append(f"{place}: {control.inner_text()[:50]} needs a script")
    assert wrong == []


def test_between_them_the_readers_see_every_page_of_the_table():
    pages = {
        text for text, answers in GET.items() if 200 in answers.values() and not any(part in text for part in NO_PAGES)
    }
    assert {text for text in pages if not any(GET[text][who] == 200 for who in READERS)} == set()
    assert set(READERS) <= set(PEOPLE)
