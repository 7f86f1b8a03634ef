"""Time and memory of the worst letters, each in a process of its own: 10 s of processor, 512 MB in all."""

import base64
import subprocess
import sys

import pytest

from helpdesk.mail.parse import parse
from helpdesk.mail.parse.bodies import MAX_READ, MAX_TEXT

HEAD = b"From: a@zarya.example\nTo: support@example.com\nSubject: x\nMIME-Version: 1.0\n"
OCTETS = 30_000_000
FILE = HEAD + b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: "
MIXED = HEAD + b'Content-Type: multipart/mixed; boundary="X"\n\n'

# head and what is repeated until the letter is large; each was slow or greedy, or looks as if it might be
WORST = {
    "base64 without line breaks": (FILE + b"base64\n\n", b"QUJD"),
    "base64 with noise and padding everywhere": (FILE + b"base64\n\n", b"QU!J-D="),
    "uuencode": (FILE + b"x-uuencode\n\nbegin 644 a\n", b"M" + b"(" * 60 + b"\n"),
    "quoted-printable": (HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n", b"=D0=B0=\n"),
    "text in a charset that is not named": (HEAD + b"\n", "строка письма\n".encode("cp1251")),
    "markup": (HEAD + b"Content-Type: text/html; charset=utf-8\n\n", "<p>строка <b>письма</b></p>\n".encode()),
    "many texts": (MIXED, b"--X\nContent-Type: text/html\n\n<p>" + b"a " * 50_000 + b"\n"),
    "bare carriage returns": (HEAD.replace(b"\n", b"\r") + b"\r", b"a\r"),
}

READ = """
import re, resource, sys
from pathlib import Path
from helpdesk.mail.parse import parse
octets = sys.stdin.buffer.read()
letter = parse(octets)
used = resource.getrusage(resource.RUSAGE_SELF)
# ru_maxrss would tell of the process that began this one as well
highest = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
print(used.ru_utime + used.ru_stime, highest // 1024, letter.auto_reason or "-")
"""


@pytest.mark.parametrize("name", WORST)
def test_worst_letters_keep_to_time_and_memory(name):
    head, piece = WORST[name]
    letter = head + piece * (OCTETS // len(piece))
    done = subprocess.run([sys.executable, "-c", READ], input=letter, capture_output=True, check=True)
    seconds, megabytes, reason = done.stdout.decode().split()
    assert reason == "-"
    assert float(seconds) < 10
    assert int(megabytes) < 512


def test_noise_in_base64_costs_no_octet():
    glued = base64.b64encode(b"first one") + b"\n!!" + base64.b64encode(b"second") + b" -" + base64.b64encode(b"3rd!")
    (part,) = parse(FILE + b"base64\n\n" + glued).attachments
    assert part.content == b"first onesecond3rd!"


def test_texts_beyond_what_is_read_are_files():
    piece = b"--X\nContent-Type: text/plain\n\n" + b"line\n" * 100_000
    count = MAX_READ // 500_000 + 3
    letter = parse(MIXED + piece * count + b"--X--\n")
    assert len(letter.text) == MAX_TEXT
    whole = [part for part in letter.attachments if part.content.startswith(b"line\n" * 99_999)]
    assert len(whole) >= 2


def test_cut_text_ends_with_a_line():
    body = "строка письма\n".encode() * (2 * MAX_READ // 26)
    letter = parse(HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + body)
    assert not any("broken" in defect for defect in letter.defects)
    assert letter.attachments[0].content == body


def test_text_outside_the_parts_is_a_file_where_it_is_endless():
    said = b"line before the parts\n" * 200_000
    letter = parse(MIXED + said + b"--X\nContent-Type: image/png; name=a.png\n\nabc\n--X--\n")
    assert letter.text.startswith("line before the parts")
    assert any(part.content.startswith(b"line before the parts") and len(part.content) > 4_000_000
               for part in letter.attachments)  # fmt: skip
