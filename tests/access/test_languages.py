"""Every page in one language: nothing Russian on an English page, nothing English on a Russian one, data apart."""

import re
import socket

import pytest
from lxml import html

from helpdesk.accounts.models import AccountEvent, Company, Invitation, Person
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.models import Banner
from helpdesk.tickets.models import Article, Attachment, Category, IntakeField, Queue, Ticket
from tests.access.conftest import concrete, content_of
from tests.access.test_addresses import GET

pytestmark = pytest.mark.django_db

ATTRIBUTES = ("title", "aria-label", "placeholder", "alt", "data-tip")
CYRILLIC = re.compile("[А-Яа-яЁё]+")
LATIN = re.compile(r"[A-Za-z]{2,}")
# names that are the same in both languages, keys of the keyboard, and what is an address or a number
SAME = {
    "HelpDesk", "Ctrl", "Enter", "Esc", "Shift", "UTC", "Excel", "Word", "PDF", "CSV", "PNG", "JPG", "English", "API",
    "ID", "URL", "Message-ID", "Reply-To", "Message", "Reply", "To", "XLSX", "XLS", "DOCX", "ZIP", "HTML", "Firefox", "Chrome",
}  # fmt: skip
OWN_NAME = ("Русский",)  # a language is offered by its own name
# settings and commands are typed as they are
TYPED = r"(?:HELPDESK|AWS|DATABASE)_[A-Z_]+|helpdesk(?: [a-z]+)*(?: --\w+ ID\|all)?|python3 -c '[^']*'|\bsmtps?\S*|PostgreSQL|\bNTP"
HIDDEN = "script, style, noscript, template, code"  # what stands as code is to be typed as it is


def texts(page):
    if not page.strip():  # a part of a page that has nothing to say
        return
    tree = html.fromstring(page)
    for element in tree.cssselect(HIDDEN):
        element.drop_tree()
    for element in tree.iter():
        if isinstance(element.tag, str):
            yield from (element.get(name) for name in ATTRIBUTES if element.get(name))
            yield from (text for text in (element.text, element.tail) if text and text.strip())


def pages(cast, client, who):
    """(address, text of the page) of every page that somebody sees, and of those that refuse."""
    for address in GET:
        if (
            "files/" in address
            or address in {"/healthz", "/readyz", "/favicon.ico", "/logout/"}
            or "/__ui__" in address
        ):
            continue
        answer = client.get(concrete(address, cast))
        if answer.status_code in {200, 403, 404} and "html" in answer.get("Content-Type", ""):
            yield address, content_of(answer)


def speak(cast, client, who, language):
    Person.objects.update(language=language)
    client.cookies["language"] = language
    cast.enter(client, who)


@pytest.fixture
def in_latin_letters(cast):
    """All that people wrote, and the names of people and places, in Latin letters."""
    for number, person in enumerate(Person.objects.all()):
        Person.objects.filter(pk=person.pk).update(name=f"Ann Reader{number}", sort_key=f"ann{number}", job="Clerk")
    Invitation.objects.update(name="Ann Asked", job="")
    AccountEvent.objects.update(named="Ann Asked")
    Company.objects.update(name="Dawn", short_name="Dawn")
    Ticket.objects.update(subject="Wrong sum", snippet="Please look")
    Article.objects.update(text="Please look", html="", folded_text="")
    OutgoingLetter.objects.update(subject="Answer", text="Please look", html="", name="Ann", from_name="Desk")
    for row in (Queue, Category):
        row.objects.update(name_ru="", name_en="Errors")
    Queue.objects.update(purpose_ru="", purpose_en="For errors", guidance_ru=[], guidance_en=[])
    IntakeField.objects.update(label_en="Code", help_en="", choices=[])
    Attachment.objects.update(filename="a.txt")
    Banner.objects.update(title_ru="Works", text_ru="At eight", title_en="Works", text_en="At eight")


@pytest.mark.parametrize("who", ["nobody", "carol", "alice", "admin"])
def test_english_pages_have_no_russian_word(cast, client, who, in_latin_letters):
    speak(cast, client, who, "en")
    found = {
        address: words
        for address, page in pages(cast, client, who)
        if (words := [text for text in texts(page) if CYRILLIC.search(text) and text.strip() not in OWN_NAME])
    }
    assert found == {}


@pytest.mark.parametrize("who", ["nobody", "carol", "alice", "admin"])
def test_russian_pages_have_no_english_word(cast, client, who):
    speak(cast, client, who, "ru")
    found = {}
    known = {*Person.objects.values_list("name", flat=True), *Person.objects.values_list("login", flat=True)} - {None}
    known.add(socket.gethostname())
    data = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    for address, page in pages(cast, client, who):
        for text in texts(page):
            bare = re.sub(rf"{data}|{TYPED}|\S+@\S+|https?://\S+|\S*\.(?:txt|xml|com)\b|/\S+/", " ", text)
            if set(LATIN.findall(bare)) - SAME:
                found.setdefault(address, set()).add(text.strip()[:80])
    assert found == {}
