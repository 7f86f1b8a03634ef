"""No bytes break the parser, take it long, or lose a part (limits of Letter sizes, RFC 5322 and attacks)."""

import base64
import hashlib
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.core.text.safe import storable
from helpdesk.mail.parse import parse, to_json
from helpdesk.mail.parse.mime import MAX_DEPTH, MAX_PARTS
from tests.factories.sizes import examples

HEAD = b"From: a@zarya.example\nTo: support@example.com\nSubject: x\nMIME-Version: 1.0\n"


def multipart(boundary, kind=b"mixed"):
    return b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\n\n'


def nested(count):
    inner = b"\ntext\n"
    for number in range(count):
        boundary = b"b%d" % number
        inner = multipart(boundary) + b"--" + boundary + b"\n" + inner + b"\n--" + boundary + b"--\n"
    return HEAD + inner


def check(letter):
    """What holds for every letter whatever its bytes."""
    assert "\n".join(segment.text for segment in letter.segments) == letter.text
    shown = letter.visible_text + letter.folded_text
    assert sorted("".join(shown.split())) == sorted("".join(letter.text.split()))
    for text in (
        letter.text,
        letter.html or "",
        letter.raw_html or "",
        letter.subject,
        *(name for pair in letter.headers for name in pair),
    ):
        assert storable(text) == text
    assert "\n" not in letter.subject
    for part in letter.attachments:
        assert part.filename
        assert part.size == len(part.content)
        assert part.sha256 == hashlib.sha256(part.content).hexdigest()
    json.dumps(to_json(letter, file="x"), ensure_ascii=False).encode()


FIELDS = st.sampled_from(
    [b"From: ", b"To: ", b"Subject: ", b"Date: ", b"Content-Type: ", b"Content-Transfer-Encoding: ", b"Content-Disposition: ",
     b"Message-ID: ", b"References: ", b"Return-Path: <>\n", b"Auto-Submitted: ", b" ", b"\t", b"\n", b"\r\n", b"\n\n"]
)  # fmt: skip
VALUES = st.sampled_from(
    [b"multipart/mixed; boundary=a\n", b"multipart/report; boundary=a\n", b"multipart/alternative; boundary=\"a", b"multipart/related; boundary=a\n",
     b"multipart/encrypted; boundary=a\n", b"multipart/digest; boundary=a\n", b"\n--a\n", b"\n--a--\n", b"text/html\n", b"text/plain; charset=utf-7\n",
     b"text/plain; charset=idna\n", b"text/plain; format=flowed\n", b"message/rfc822\n", b"message/delivery-status\n", b"base64\n",
     b"quoted-printable\n", b"x-uuencode\n", b"=?utf-8?B?", b"=?koi8-r?Q?=C1?=", b"?=", b"=\n", b"=?x?b?!?=", b"<a@b.example>", b"(((", b'"', b"\\",
     b"attachment; filename*0*=utf-8''%D0; filename*1=a\n", b"<p>", b"<blockquote type=cite>", b"> ", b"begin 644 a\n", b"Tue, 99 Foo 99999 99:99\n",
     b"\x00", b"\xd0\xbf", b"\xef\xf0\xe8\xe2\xe5\xf2", b"Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n", b"mailer-daemon@x"]
)  # fmt: skip


@settings(max_examples=examples(30), deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_letter(raw):
    letter = parse(raw)
    assert letter.auto_reason != "unreadable"
    check(letter)


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.one_of(FIELDS, VALUES, st.binary(max_size=8)), max_size=40).map(b"".join))
def test_any_pieces_of_letters_give_a_letter(raw):
    letter = parse(raw)
    assert letter.auto_reason != "unreadable"
    check(letter)


HOSTILE = {
    "encoded words": HEAD.replace(b": x", b": " + b" ".join([b"=?utf-8?B?0J/RgNC40LLQtdGC?="] * 20_000)) + b"\n",
    "addresses": HEAD + b"Cc: " + b", ".join(b'"N" <n%d@example.com>' % n for n in range(10_000)) + b"\n\nx",
    "comments": b"From: " + b"(" * 60_000 + b"\nTo: " + b"<" * 60_000 + b"\nCc: " + b'"\\' * 30_000 + b"\n\nx",
    "nested multiparts": nested(500),
    "nested letters": HEAD + b"Content-Type: message/rfc822\n\nSubject: i\n" * 2_000 + b"\nx",
    "long field": b"Subject: " + b"a" * 2_000_000 + b"\n\nx",
    "folded field": b"Subject: " + b"a\n " * 500_000 + b"\n\nx",
    "many fields": b"".join(b"X-A%d: y\n" % n for n in range(100_000)) + b"\nx",
    "lines without colons": b"a\n" * 500_000,
    "boundary of a dash": HEAD + multipart(b"-") + b"\n--" + b"-" * 1_000_000,
    "lines like boundaries": HEAD + multipart(b"-") + b"\n---x" * 200_000,
    "parameters": HEAD + b"Content-Type: text/plain" + b"; a=b" * 10_000 + b"\n\nx",
    "open quotes": HEAD + b"Content-Type: text/plain" + b'; "' * 20_000 + b"\n\nx",
    "references": HEAD + b"References: " + b"<a@b> " * 10_000 + b"<" * 9_000 + b"\n\nx",
    "one long line": HEAD + b"\n" + b"x" * 3_000_000,
    "broken quoted-printable": HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=E0=G" * 300_000,
    "deep html": HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 50_000,
    "much html": HEAD + b"Content-Type: text/html\n\n" + b"<p>a <b>x</b></p>" * 50_000,
    "heads": HEAD + b"\n" + b"On Mon, 1 Jan 2024 at 10:00, a <a@b.example> wrote:\n" * 20_000,
    "reports": HEAD + multipart(b"X", b"report") + b"--X\nContent-Type: message/delivery-status\n\n"
    + b"Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * 10_000,
    "talkative daemon": HEAD.replace(b"a@", b"mailer-daemon@") + b"\n" + b"a@b.example user unknown 550 " * 50_000,
    "message ids": HEAD.replace(b"a@", b"mailer-daemon@") + b"\n" + b"message-id:\n" * 50_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_letters_are_read_in_time(name):
    begun = time.process_time()
    letter = parse(HOSTILE[name])
    assert time.process_time() - begun < 3
    assert letter.auto_reason != "unreadable"


def test_big_file_is_read_in_time():
    content = bytes(range(256)) * 40_000
    begun = time.process_time()
    letter = parse(
        HEAD
        + b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode(content)
    )
    assert time.process_time() - begun < 3
    assert [part.content for part in letter.attachments] == [content]


def test_parts_beyond_the_limit_are_attached_whole():
    raw = (
        HEAD
        + multipart(b"X")
        + b"".join(b"--X\nContent-Type: image/png; name=a%d.png\n\nabc\n" % n for n in range(3043))
        + b"--X--\n"
    )
    letter = parse(raw)
    assert len(letter.attachments) == MAX_PARTS
    assert letter.attachments[-1].filename == "rest-of-letter.eml"
    assert b"a3042.png" in letter.attachments[-1].content
    assert "too many parts, the rest is attached whole" in letter.defects


def test_depth_beyond_the_limit_is_attached_unread():
    letter = parse(nested(MAX_DEPTH + 20))
    assert b"text" in letter.attachments[0].content
    assert "parts nested too deep are kept unread" in letter.defects


def test_header_beyond_the_limit_is_attached():
    letter = parse(b"Subject: x\n" + b"X-Long: " + b"a" * 300_000 + b"\nX-Last: tail\n\nbody\n")
    assert letter.text.strip() == "body"
    assert [part.filename for part in letter.attachments] == ["headers.txt"]
    assert b"X-Last: tail" in letter.attachments[0].content


def test_text_beyond_the_limit_is_attached_whole():
    body = "строка письма\n".encode() * 200_000
    letter = parse(HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + body)
    assert letter.attachments[0].content == body
    assert len(letter.text) == 2_000_000


def test_control_and_direction_characters_leave_subjects_and_names():
    letter = parse(
        "From: \u202eexe\u202c <a@zarya.example>\nSubject: =?utf-8?Q?=D0=B0=0D=0ABcc:_x=00=E2=80=A8?=\n"
        'Content-Type: application/x; name="\u200b.ht\u202egpj"\n\nx'.encode()
    )
    assert letter.from_.name == "exe"
    assert letter.subject == "а Bcc: x"
    assert letter.attachments[0].filename == ".htgpj"
