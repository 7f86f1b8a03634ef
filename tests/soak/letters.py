"""The parser over a folder of real letters: `LETTERS=DIR python -m pytest tests/soak/letters.py -s`.

DIR holds letters/, bounces/ and replies/ with expected.json; any of them may be missing. Prints figures and fails under the bars.
"""

import json
import os
import time
from pathlib import Path

from helpdesk.core.text.plain import from_html
from helpdesk.core.text.quotation import split, visible_text
from helpdesk.core.text.sanitise import clean
from helpdesk.mail.parse import parse, parse_file_json

ROOT = Path(os.environ.get("LETTERS", "absent"))
SLOWEST = 1.0
BOUNCES = 0.95
REPLIES = 0.90


def _there(name):
    """Keeps a test where its folder or file is there; a missing one takes the test away."""
    return lambda test: test if (ROOT / name).exists() else None


needs = {name: _there(name) for name in ("letters", "bounces", "replies", "markup.json", "naughty-strings.json")}


def say(text):
    print(f"\n  {text}")


@needs["letters"]
def test_letters_are_read_whole_and_quickly():
    paths = sorted(path for path in (ROOT / "letters").iterdir() if path.is_file())
    slowest = 0.0
    for path in paths:
        begun = time.perf_counter()
        found = parse_file_json(path)
        took = time.perf_counter() - begun
        slowest = max(slowest, took)
        assert took < SLOWEST, path.name
        assert found["ok"] or not path.stat().st_size, path.name
        assert not any("could not be read" in defect for defect in found.get("defects", ())), path.name
        assert "\n".join(segment["text"] for segment in found["segments"]) == found["text"], path.name
        shown = found["visible_text"] + found["folded_text"]
        assert sorted("".join(shown.split())) == sorted("".join(found["text"].split())), path.name
        assert (
            found["text"].strip() or found["attachments"] or found["html"] is not None or path.stat().st_size < 5000
        ), path.name
        json.dumps(found, ensure_ascii=False).encode()
    say(f"{len(paths)} letters, slowest {slowest:.2f} s")


@needs["bounces"]
def test_bounces_are_known():
    paths = sorted(path for path in (ROOT / "bounces").iterdir() if path.is_file())
    letters = [(path, parse(path.read_bytes())) for path in paths]
    known = [letter.bounce for _, letter in letters if letter.bounce]
    missed = [path.name for path, letter in letters if not letter.bounce]
    recipients = sum(bounce.recipient is not None for bounce in known)
    originals = sum(bounce.original_message_id is not None for bounce in known)
    answerable = [path.name for path, letter in letters if not letter.auto_submitted]
    say(
        f"{len(known)} of {len(paths)} bounces known, {recipients} recipients, {originals} original ids; missed: {missed}"
    )
    say(f"taken for a person's letter: {answerable}")
    assert len(known) >= BOUNCES * len(paths)
    assert len(answerable) <= 0.01 * len(paths)


@needs["replies"]
def test_replies_are_told_from_quotations():
    cases = json.loads((ROOT / "replies" / "expected.json").read_text())
    missed = [case["file"] for case in cases if not _matches(case)]
    say(f"{len(cases) - len(missed)} of {len(cases)} replies exact; not: {missed}")
    assert len(cases) - len(missed) >= REPLIES * len(cases)


def _matches(case):
    raw = (ROOT / "replies" / case["file"]).read_bytes()
    if case["input"].startswith("message/"):
        shown = parse(raw).visible_text
    else:
        text = raw.decode("utf-8", "replace").replace("\r\n", "\n")
        shown = visible_text(split(from_html(text) if "html" in case["input"] else text))
    wanted = case["visible"]
    if case["check"] == "contains":
        return all(one in shown for one in ([wanted] if isinstance(wanted, str) else wanted))
    if case["check"] == "equals_ignoring_all_ws":
        return "".join(shown.split()) == "".join(wanted.split())
    shown, wanted = " ".join(shown.split()), " ".join(wanted.split())
    return shown.startswith(wanted) if case["check"] == "starts_with_ws" else shown == wanted


@needs["letters"]
def test_damaged_letters_are_still_read():
    """Each letter cut, with a flipped bit, a doubled header and bare CR line ends."""
    count = 0
    for path in sorted((ROOT / "letters").iterdir()):
        raw = path.read_bytes()
        half = len(raw) // 2
        flipped = raw[:half] + bytes([raw[half] ^ 0x20]) + raw[half + 1 :] if raw else b""
        for damaged in (raw[:half], flipped, raw[: raw.find(b"\n") + 1] + raw, raw.replace(b"\r\n", b"\r"), raw[half:]):
            letter = parse(damaged)
            assert letter.auto_reason != "unreadable", path.name
            assert "\n".join(segment.text for segment in letter.segments) == letter.text
            count += 1
    say(f"{count} damaged letters read")


@needs["markup.json"]
def test_hostile_markup_is_harmless():
    found = json.loads((ROOT / "markup.json").read_text())
    pieces = [
        one if isinstance(one, str) else json.dumps(one)
        for one in (found if isinstance(found, list) else [piece for group in found.values() for piece in group])
    ]
    slowest = 0.0
    for piece in pieces:
        begun = time.perf_counter()
        cleaned = clean(piece).html.lower()
        from_html(piece)
        slowest = max(slowest, time.perf_counter() - begun)
        tags = [tag.split(">")[0] for tag in cleaned.split("<")[1:]]
        for tag in tags:
            assert not tag.startswith(
                ("script", "style", "iframe", "svg", "math", "object", "embed", "form", "input")
            ), piece
            names = [word.split("=")[0] for word in tag.split('"')[::2]]
            assert not any(name.strip().split(" ")[-1].startswith("on") for name in names if " " in name), piece
            assert "javascript:" not in tag.replace("&", ""), piece
    say(f"{len(pieces)} pieces of markup, slowest {slowest:.2f} s")


@needs["naughty-strings.json"]
def test_naughty_strings_pass_through_a_letter():
    strings = json.loads((ROOT / "naughty-strings.json").read_text())
    for one in strings:
        raw = f"From: {one} <a@zarya.example>\nSubject: {one}\nContent-Type: text/plain; name={one}\n\n{one}\n"
        letter = parse(raw.encode("utf-8", "surrogatepass"))
        assert letter.auto_reason != "unreadable", one
        json.dumps(letter.text + letter.subject, ensure_ascii=False).encode()
    say(f"{len(strings)} naughty strings")
