"""The pure parts: addresses, tokens, numbers in subjects, the octets of a letter; over anything a stranger can write."""

import email

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.core import clock
from helpdesk.mail import addresses, sorting, threads, wire
from helpdesk.mail.models import OutgoingLetter
from helpdesk.mail.parse import parse
from helpdesk.tickets import numbers
from helpdesk.web import formats
from tests.factories.sizes import examples

NUMBERS = st.from_regex(r"[0-9]{4,20}", fullmatch=True)


@given(NUMBERS, st.integers(1, 10**9), st.integers(1, 10**9))
def test_token_belongs_to_one_request_and_one_person(number, person, other):
    tag = addresses.tag_of(addresses.reply_to("support@example.com", number, person))
    assert tag == addresses.Tag(number, addresses.token(number, person))
    assert addresses.owner_of(tag, [other, person]) == person
    if other != person:
        assert addresses.owner_of(tag, [other]) is None
    assert len(addresses.reply_to("support@example.com", number, person).split("@")[0]) <= 64


@given(NUMBERS, st.integers(1, 10**9))
def test_token_survives_a_change_of_case(number, person):
    address = addresses.reply_to("support@example.com", number, person).upper()
    assert addresses.owner_of(addresses.tag_of(address), [person]) == person


def test_token_depends_on_the_installations_key(settings):
    before = addresses.token("100001", 1), addresses.loop_mark()
    settings.SECRET_KEY = "another"
    assert (addresses.token("100001", 1), addresses.loop_mark()) != before


@given(st.text(max_size=400))
def test_any_text_as_an_address_or_subject_is_borne(text):
    addresses.bare(text)
    tag = addresses.tag_of(text)
    assert tag is None or addresses.owner_of(tag, range(5)) is None
    assert all(number.isdigit() for number in sorting.numbers_in(text))
    threads.digest(text)


@pytest.mark.parametrize(
    ("subject", "numbers"),
    [
        ("Re: [#100001] x", ["100001"]), ("№ 100 001", ["100001"]), ("№100\u00a0001 и № 100\u202f002", ["100001", "100002"]),
        ("[Ticket#2026112510000017] x", ["2026112510000017"]), ("ticket # 12345", ["12345"]), ("дом 100001", []),
        ("№ 5", []), ("#100001", []), ("[# 100001]", []), ("[#12]", []),
    ],
)  # fmt: skip
def test_number_in_a_subject(subject, numbers):
    assert sorting.numbers_in(subject) == numbers


def test_subject_without_our_tag():
    assert sorting.without_number("Re: [#100001] сальдо [#100002]") == "Re: сальдо "


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{1,12}", fullmatch=True))
def test_shown_number_is_grouped_by_three_and_read_back(number):
    shown = numbers.shown(number)
    assert shown == formats.number_ticket(number)
    if number.isascii() and number.isdigit():
        assert numbers.typed(shown) == number


def outgoing(**values):
    return OutgoingLetter(
        **{
            "address": "carol@zarya.example", "kind": "answer", "language": "ru", "from_address": "support@example.com",
            "message_id": "<1@example.com>", "subject": "Тема", "text": "Текст\n", "created_at": clock.now(),
            "headers": {}, "attachment_ids": [], **values,
        }
    )  # fmt: skip


@settings(max_examples=examples(20), deadline=None)
@given(st.text(max_size=120), st.text(max_size=60), st.text(alphabet="ab=?utf-8q0DA\r\n: \u2028", max_size=60))
def test_whatever_stands_in_subject_and_names_the_head_is_ours(db_less, subject, name, tricky):
    octets = wire.octets(outgoing(subject=subject + tricky, name=name + tricky, from_name=tricky))
    head = octets.split(b"\r\n\r\n")[0].split(b"\r\n")
    names = [line.split(b":")[0] for line in head if not line.startswith((b" ", b"\t"))]
    wanted = [b"From", b"To", b"Subject", b"Date", b"Message-ID", b"X-HelpDesk-Loop"]
    assert names[:6] == wanted
    assert {one.lower() for one in names[6:]} <= {
        b"content-type", b"content-transfer-encoding", b"mime-version",
    }  # fmt: skip
    assert all(len(line) < 998 for line in head)


@pytest.fixture(scope="module")
def db_less(django_db_setup, django_db_blocker):
    """The letter asks for its attachments: one statement that finds none."""
    with django_db_blocker.unblock():
        yield


def test_our_reader_reads_what_we_write(db):
    letter = outgoing(
        subject="Тема «длинная» " * 10, name="Карина Белова", from_name="Служба поддержки", html="<p>Текст</p>",
        headers={"in_reply_to": "<a@b>", "references": ["<c@d>", "<a@b>"], "auto_submitted": "auto-generated"},
        reply_to=addresses.reply_to("support@example.com", "100001", 7),
    )  # fmt: skip
    found = parse(wire.octets(letter))
    assert found.subject == letter.subject.strip()
    assert (found.from_.name, found.to[0].name) == ("Служба поддержки", "Карина Белова")
    assert (found.in_reply_to, found.references) == ("<a@b>", ["<c@d>", "<a@b>"])
    assert found.auto_submitted
    assert found.loops == [addresses.loop_mark()]
    assert found.text.strip() == "Текст"
    assert email.message_from_bytes(wire.octets(letter)).get_content_type() == "multipart/alternative"


@pytest.mark.parametrize("address", ["", "x", "@y", "a b@c", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "a@b,c@d", 'a"@b'])
def test_what_is_no_address_cannot_be_written_to(db, address):
    with pytest.raises(ValueError, match="is no address"):
        wire.octets(outgoing(address=address))


def test_address_of_a_cyrillic_domain_is_written_for_old_servers(db):
    octets = wire.octets(outgoing(address="ivan@почта.рф"))
    assert b"To: ivan@xn--" in octets
