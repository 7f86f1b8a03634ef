"""Single rules of header values, and where they are broken in the wild."""

import datetime as dt

import pytest

from helpdesk.mail.parse import Mailbox
from helpdesk.mail.parse.charsets import codec_of, decode, guess
from helpdesk.mail.parse.fields import date, mailboxes, message_id, message_ids
from helpdesk.mail.parse.params import parameters
from helpdesk.mail.parse.words import decode_words


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a@zarya.example", [("", "a@zarya.example")]),
        ("<a@zarya.example>", [("", "a@zarya.example")]),
        (
            '"Петрова, Анна" <a@zarya.example>, b@zarya.example',
            [("Петрова, Анна", "a@zarya.example"), ("", "b@zarya.example")],
        ),
        ("a@zarya.example (Анна (бухгалтер))", [("Анна бухгалтер", "a@zarya.example")]),
        ("УК: Анна <a@zarya.example>, b@zarya.example;", [("Анна", "a@zarya.example"), ("", "b@zarya.example")]),
        ("undisclosed-recipients:;", []),
        ("Анна a@zarya.example", [("Анна", "a@zarya.example")]),
        ("'a@zarya.example' <a@zarya.example>", [("a@zarya.example", "a@zarya.example")]),
        ("=?utf-8?B?0JDQvdC90LA=?= <a@zarya.example>", [("Анна", "a@zarya.example")]),
        ("=?utf-8?Q?=D0=90_<a=40zarya.example>?=", [("А", "a@zarya.example")]),
        ("<@relay:a@zarya.example>", [("", "a@zarya.example")]),
        ("MAILER-DAEMON", [("", "MAILER-DAEMON")]),
        ('"a\\"b" <a@zarya.example>', [('a"b', "a@zarya.example")]),
        ("", []),
        (",,;", []),
        ("Анна <a@zarya.example", [("Анна", "a@zarya.example")]),
    ],
)
def test_mailboxes(value, found):
    assert mailboxes(value) == [Mailbox(*one) for one in found]


@pytest.mark.parametrize(
    ("value", "when"),
    [
        ("Tue, 24 Nov 2026 10:12:44 +0300", dt.datetime(2026, 11, 24, 7, 12, 44, tzinfo=dt.UTC)),
        ("24 Nov 2026 10:12", dt.datetime(2026, 11, 24, 10, 12, tzinfo=dt.UTC)),
        ("Tue, 24 Nov 2026 10:12:60 -0000", dt.datetime(2026, 11, 24, 10, 12, 59, tzinfo=dt.UTC)),
        ("Tue, 24 Nov 2026 10:12:44 +9900", dt.datetime(2026, 11, 24, 10, 12, 44, tzinfo=dt.UTC)),
        ("Tue, 24 Nov 99999 10:12:44", None),
        ("Tue, 31 Feb 2026 10:12:44 +0300", None),
        ("вчера", None),
        ("", None),
    ],
)
def test_dates(value, when):
    found = date(value)
    assert found == when
    assert found is None or found.tzinfo


def test_message_ids_keep_their_brackets():
    assert message_id(" <a.1@zarya.example> ") == "<a.1@zarya.example>"
    assert message_id("a.1@zarya.example") == "<a.1@zarya.example>"
    assert message_id("") is None
    assert message_ids("<a@b>\n <c@d> <a@b>junk") == ["<a@b>", "<c@d>"]
    many = message_ids(" ".join(f"<{n}@b>" for n in range(500)))
    assert (len(many), many[0], many[-1]) == (200, "<0@b>", "<499@b>")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=?utf-8?B?0JDQvdC90LA=?=", "Анна"),
        ("=?UTF-8?q?=D0=90?= =?utf-8?q?=D0=BD?= конец", "Ан конец"),
        ("=?windows-1251?Q?=C0=ED=ED=E0?=_", "Анна_"),
        ("=?utf-8?B?0JDQvdC90LA?=", "Анна"),
        ("=?utf-8*ru?Q?=D0=90?=", "А"),
        ("=?x-unknown?Q?=C0=ED=ED=E0_=EF=E8=F8=E5=F2?=", "Анна пишет"),
        ("=?utf-8?Q?a b?=", "a b"),
        ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
        ("a =?utf-8?Q?=3D?= b", "a = b"),
    ],
)
def test_encoded_words(value, shown):
    assert decode_words(value) == shown


@pytest.mark.parametrize(
    ("value", "kind", "params"),
    [
        (b"text/plain; charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (b'TEXT/Plain ; Charset="utf-8";', "text/plain", {"charset": "utf-8"}),
        (b"a/b; name*=utf-8''%D0%B0.pdf", "a/b", {"name": "а.pdf"}),
        (b'a/b; name*0="a ";\n name*1=b.pdf', "a/b", {"name": "a b.pdf"}),
        (b"a/b; name*1*=%D0%B1; name*0*=utf-8'ru'%D0%B0", "a/b", {"name": "аб"}),
        (b'multipart/mixed; boundary="a\n b"', "multipart/mixed", {"boundary": "a b"}),
        (b'a/b; name="C:\\docs\\a.pdf"', "a/b", {"name": "C:\\docs\\a.pdf"}),
        (b"", "text/plain", {}),
    ],
)
def test_parameters(value, kind, params):
    assert parameters(value, default="text/plain") == (kind, params)


def test_only_charsets_are_codecs():
    assert codec_of("windows-1251") == "cp1251"
    assert codec_of("US-ASCII") == ""
    for name in ("idna", "punycode", "unicode_escape", "rot13", "zip", "hex", "undefined", "x" * 500):
        assert codec_of(name) is None


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r", "cp866", "iso8859-5", "utf-8"])
def test_russian_text_is_guessed_by_its_letters(codec):
    text = "Добрый день! Не могу войти в личный кабинет, пишет «неверный пароль»."
    text = text if codec in {"cp1251", "utf-8"} else text.replace("«", '"').replace("»", '"')
    assert guess(text.encode(codec))[0] == text


def test_labels_that_lie():
    assert decode("Привет".encode("cp1251"), "iso-8859-1")[0] == "Привет"
    assert decode("Grüße, déjà vu".encode("latin-1"), "iso-8859-1") == ("Grüße, déjà vu", None)
    assert decode("Привет".encode(), "us-ascii")[0] == "Привет"
    assert decode(b"+ADw-script+AD4-", "utf-7")[0] == "<script>"
    assert decode(b"\xd0\xbf" * 100 + b"\xd0", "utf-8")[0].startswith("п" * 100)
