"""Numbers of requests become links where they are certainly meant, and nothing else changes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core.text.mentions import linked, numbers_in
from helpdesk.core.text.sanitise import clean, from_plain

BASE = "/portal/tickets/"


def all_linked(html):
    return linked(html, base=BASE, known=numbers_in(html))


def found(html):
    return re.findall(r'<a href="/portal/tickets/([^"]*)/">([^<]*)</a>', all_linked(html))


@pytest.mark.parametrize(
    ("text", "number", "shown"),
    [
        ("см. Ticket#100001", "100001", "Ticket#100001"),
        ("Ticket#2026112410000017.", "2026112410000017", "Ticket#2026112410000017"),
        ("ticket# 100001", "100001", "ticket# 100001"),
        ("по заявке № 100 001, пожалуйста", "100001", "заявке № 100 001"),
        ("Заявка №\u00a0100\u202f001 закрыта", "100001", "Заявка №\u00a0100\u202f001"),
        ("заявку №&nbsp;100&nbsp;001", "100001", "заявку №&nbsp;100&nbsp;001"),
        ("в заявке 100001", "100001", "заявке 100001"),
        ("обращение №100001", "100001", "обращение №100001"),
        ("request No. 100001", "100001", "request No. 100001"),
        ("Re: [#100001] Сальдо", "100001", "[#100001"),
        ("(Заявка #100001)", "100001", "Заявка #100001"),
    ],
)
def test_what_is_meant_is_linked(text, number, shown):
    assert found(f"<p>{text}</p>") == [(number, shown)]


@pytest.mark.parametrize(
    "text",
    [
        "лицевой счёт 100001", "№ 100001", "договор № 100 001", "#100001", "акт №100001 от 01.10.2026", "заявка 17",
        "заявка № 100001-2", "заявка 100001,50", "заявка 100001абв", "MyTicket#100001", "x#100001", "&#100001;",
        "заявки за 2026 год", "сумма 100 001 ₽", "/ticket#100001", "заявка № 100 0015",
    ],
)  # fmt: skip
def test_what_may_be_anything_else_is_not(text):
    assert found(f"<p>{text}</p>") == []


@pytest.mark.parametrize(
    "html",
    [
        "<code>Ticket#100001</code>", "<pre>x <b>Ticket#100001</b></pre>", '<a href="https://x.example">Ticket#100001</a>',
        '<img alt="Ticket#100001">', '<a href="https://x.example/Ticket#100001" title="a > Ticket#100001">b</a>',
        "<pre><pre>a</pre>Ticket#100001</pre>",
    ],
)  # fmt: skip
def test_code_links_and_attributes_stay_as_they_are(html):
    assert all_linked(html) == html


def test_what_is_not_known_leads_nowhere():
    html = "<p>Заявка № 100 001 принята, см. Ticket#100002</p>"
    assert numbers_in(html) == {"100001", "100002"} and linked(html, base=BASE, known=()) == html
    made = linked(html, base=BASE, known={"100002"})
    assert made == html.replace("Ticket#100002", '<a href="/portal/tickets/100002/">Ticket#100002</a>')


def test_after_code_it_goes_on():
    assert found("<p><code>a</code> Ticket#100001 <a href='/x'>b</a> Ticket#100002</p>") == [
        ("100001", "Ticket#100001"), ("100002", "Ticket#100002"),
    ]  # fmt: skip


PIECES = st.lists(
    st.sampled_from([
        "Ticket#100001", "заявка № 100 001", " ", "<b>", "</b>", "<code>", "</code>", "<a href=https://x>", "</a>", "\n",
        "<pre>", "</pre>", "&", "<", ">", '"', "'", "текст", "&nbsp;", "<img alt='Ticket#100001' src='cid:a'>", "#100001",
    ])
    | st.text(max_size=10)
)  # fmt: skip


@given(PIECES)
def test_only_links_to_requests_are_added(pieces):
    html = clean("".join(pieces)).html
    made = all_linked(html)
    assert re.sub(r'<a href="/portal/tickets/[0-9]+/">(.*?)</a>', r"\1", made, flags=re.DOTALL) == html
    assert clean(made.replace(BASE, "https://x.example/")).html.count("<a ") == made.count("<a ")  # none within another


@given(st.text())
def test_plain_text_gains_nothing_but_links(text):
    html = from_plain(text)
    assert re.sub(r'<a href="/portal/tickets/[0-9]+/">(.*?)</a>', r"\1", all_linked(html)) == html


def test_long_texts_are_read_in_one_go():
    for hostile in (
        "заявка № " * 50_000,
        "1 000 " * 50_000,
        "<p>" * 20_000 + "#",
        "Ticket#" + "1" * 200_000,
        "заявка" + " " * 200_000,
    ):
        all_linked(hostile)
