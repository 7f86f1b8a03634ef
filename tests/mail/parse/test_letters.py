"""Letters as clerks' programs write them, each of one kind (the files were written for these tests)."""

import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest

from helpdesk.mail.parse import Bounce, Mailbox, parse, parse_file_json, to_json

LETTERS = Path(__file__).parent / "letters"
CONTRACT = {
    "file", "ok", "message_id", "in_reply_to", "references", "date", "from", "sender", "reply_to", "to", "cc", "subject", "text",
    "html", "visible_text", "folded_text", "segments", "attachments", "auto_submitted", "bounce", "defects",
}  # fmt: skip
ANNA = Mailbox("Анна Петрова", "petrova@zarya.example")


def read(name):
    return parse((LETTERS / f"{name}.eml").read_bytes())


@pytest.mark.parametrize("name", ["plain-cp1251", "plain-koi8r-qp"])
def test_russian_charsets(name):
    letter = read(name)
    assert letter.subject == "Перерасчёт за октябрь"
    assert letter.from_ == ANNA
    assert letter.to == [Mailbox("", "support@example.com")]
    assert letter.date == dt.datetime(2026, 11, 24, 7, 12, 44, tzinfo=dt.UTC)
    assert letter.text.startswith("Добрый день!\nПо лицевому счёту 1204567")
    assert letter.message_id in {"<one@zarya.example>", "<two@zarya.example>"}
    assert not letter.defects
    assert not letter.auto_submitted
    assert letter.bounce is None


def test_raw_8bit_headers():
    letter = read("raw-8bit-headers")
    assert (letter.subject, letter.from_) == ("Не открывается квитанция", ANNA)
    assert "лицевому счёту" in letter.text
    assert letter.message_id is None


@pytest.mark.parametrize("name", ["cp866-unknown-charset", "false-utf8"])
def test_false_and_unknown_charsets_are_guessed_and_noted(name):
    letter = read(name)
    assert letter.text.startswith("Добрый день!\nПо лицевому счёту 1204567 не пересчитано отопление")
    assert len(letter.defects) == 1


def test_words_cut_amid_a_character_and_groups():
    letter = read("split-words")
    assert letter.subject == "Не загружается реестр платежей за ноябрь"
    assert letter.to == [Mailbox("Служба", "support@example.com"), Mailbox("Lead, Head", "lead@example.com")]


def test_files_keep_their_names_and_bytes():
    letter = read("files-with-russian-names")
    assert [part.filename for part in letter.attachments] == [
        "Реестр платежей за ноябрь.xls",
        "Акт сверки.pdf",
        "Фото счётчика.jpg",
        "winmail.dat",
        "reestr.csv",
    ]
    table = letter.attachments[0]
    assert table.content == bytes(range(256)) * 3
    assert table.sha256 == hashlib.sha256(table.content).hexdigest()
    assert (table.size, table.inline, table.content_id) == (768, False, None)
    assert letter.attachments[4].content.decode() == "счёт;сумма\r\n"
    assert letter.text.startswith("Добрый день!")


def test_html_letter_with_inline_picture():
    letter = read("html-with-inline-picture")
    assert letter.visible_text == "Смотрите экран:"
    assert "Пришлите снимок экрана." in letter.folded_text
    assert 'src="cid:screen@zarya"' in letter.html
    assert "track.example" not in letter.html
    assert "track.example" in letter.raw_html
    assert letter.remote_images == 1
    (picture,) = letter.attachments
    assert (picture.filename, picture.content_id, picture.inline) == ("screen.png", "screen@zarya", True)
    assert letter.in_reply_to == "<our-1@example.com>"
    assert letter.references == ["<first@zarya.example>", "<our-1@example.com>"]


def test_letter_in_a_letter_is_a_file_byte_for_byte():
    raw = (LETTERS / "letter-in-letter.eml").read_bytes()
    (part,) = read("letter-in-letter").attachments
    assert part.filename == "Жалоба жильца.eml"
    assert part.content_type == "message/rfc822"
    assert part.content in raw
    assert part.content.startswith(b"From: jilec@mail.example\r\n")
    assert part.content.endswith(b"--q--\r\n")


def test_missing_end_boundary():
    letter = read("missing-end-boundary")
    assert letter.text == "Текст дошёл."
    assert [(part.filename, part.content.strip()) for part in letter.attachments] == [("a.txt", b"123")]
    assert letter.defects == ["the last boundary is missing"]


def test_boundary_that_nobody_named_is_found():
    assert read("no-boundary-named").text == "Граница не названа."


def test_answers_between_flowed_quotations():
    letter = read("interleaved-answer")
    assert letter.visible_text == "1204567\n\nХолодная вода 125, горячая 87,\nпередали 20 ноября."
    assert "> Какие показания вы передали?" in letter.folded_text
    assert [segment.kind for segment in letter.segments] == ["quoted", "written", "quoted", "written", "signature"]


def test_html_alone_keeps_its_table_and_loses_the_quotation():
    letter = read("html-only-outlook")
    assert letter.visible_text.splitlines()[0] == "Квитанции сформированы."
    assert "Лесная, 5  12 450,00" in letter.visible_text
    assert "Проверьте квитанции." not in letter.visible_text
    assert "Проверьте квитанции." in letter.folded_text


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("vacation", "Auto-Submitted: auto-replied"),
        ("outlook-vacation-without-header", "subject"),
        ("mailing-list", "Precedence: bulk"),
        ("our-own-loop", "X-HelpDesk-Loop"),
        ("report-of-success", "report"),
    ],
)
def test_machines_are_known(name, reason):
    letter = read(name)
    assert letter.auto_submitted
    assert letter.auto_reason == reason
    assert letter.bounce is None


def test_loop_header_is_handed_on():
    assert read("our-own-loop").loops == ["desk.example.com"]


@pytest.mark.parametrize(
    ("name", "bounce"),
    [
        ("report-rfc3464", Bounce("sidorov@beryozka.example", "<t100123.7@example.com>", "5.1.1", permanent=True)),
        ("report-delay", Bounce("sidorov@beryozka.example", "<t100124.1@example.com>", "4.4.1", permanent=False)),
        ("report-free-form", Bounce("ivanova@corp.example", "<t100125.3@example.com>", "5.0.0", permanent=True)),
    ],
)
def test_bounces(name, bounce):
    letter = read(name)
    assert letter.bounce == bounce
    assert letter.auto_submitted


def test_null_return_path_is_told_from_none():
    assert read("report-rfc3464").return_path == ""
    assert read("vacation").return_path is None


def test_signed_and_encrypted_letters():
    signed = read("signed-smime")
    assert signed.text == "Подписанное письмо."
    assert [part.filename for part in signed.attachments] == ["smime.p7s"]
    encrypted = read("encrypted-pgp")
    assert encrypted.text == ""
    assert [part.filename for part in encrypted.attachments] == ["part.asc", "encrypted.asc"]


def test_html_in_pieces_around_a_file():
    letter = read("apple-mail-mixed-alternative")
    assert letter.text.split() == ["Счета", "ниже.", "Спасибо"]
    assert "Счета ниже." in letter.html
    assert "Спасибо" in letter.html
    assert [part.filename for part in letter.attachments] == ["schet.pdf"]


@pytest.mark.parametrize("path", sorted(LETTERS.glob("*.eml")), ids=lambda path: path.stem)
def test_json_is_the_contract(path):
    found = parse_file_json(path)
    assert set(found) == CONTRACT
    assert found["ok"] is True
    assert found["file"] == str(path)
    assert "\n".join(segment["text"] for segment in found["segments"]) == found["text"]
    shown = found["visible_text"] + found["folded_text"]
    assert sorted("".join(shown.split())) == sorted("".join(found["text"].split()))
    assert found["date"] is None or dt.datetime.fromisoformat(found["date"]).tzinfo
    json.loads(json.dumps(found))


def test_unreadable_files_are_told_in_words(tmp_path):
    (tmp_path / "empty.eml").write_bytes(b"")
    for path in (tmp_path, tmp_path / "absent.eml", tmp_path / "empty.eml", "a\x00b"):
        found = parse_file_json(path)
        assert set(found) == {"file", "ok", "reason"}
        assert found["ok"] is False
        assert found["reason"]


def test_bounce_in_json():
    found = to_json(read("report-rfc3464"), file="x")
    assert found["bounce"] == {
        "recipient": "sidorov@beryozka.example",
        "original_message_id": "<t100123.7@example.com>",
        "status": "5.1.1",
        "permanent": True,
    }
    assert to_json(read("vacation"), file="x")["bounce"] is False


def test_pictures_in_data_addresses_become_files():
    raw = (
        b"From: a@zarya.example\nContent-Type: text/html\n\n"
        b'<p>x</p><img alt="a" src="data:image/png;base64,iVBORw0KGgo="><img src="data:image/svg+xml;base64,PHN2Zz4=">'
    )
    letter = parse(raw)
    (picture,) = letter.attachments
    assert (picture.content, picture.filename, picture.inline) == (b"\x89PNG\r\n\x1a\n", "picture-1.png", True)
    assert f'src="cid:{picture.content_id}"' in letter.html
    assert "data:" not in letter.html
    assert letter.remote_images == 1


@pytest.mark.parametrize(
    ("sender", "subject", "body"),
    [
        (
            "petrova@zarya.example",
            "Возврат платежа",
            "Жилец a@mail.example: лицевой счёт не существует, 550 руб не доставлены, превышен лимит",
        ),
        ("petrova@zarya.example", "Не удалось доставить квитанции", "Почтовый ящик переполнен у жильца, что делать?"),
        ("noreply@bank.example", "Платёж отклонён", "Счёт не существует, 550 руб. rejected"),
        (
            "petrova@zarya.example",
            "Re: delivery failed",
            "The report of 24.11 with error 550 was rejected, see a@mail.example",
        ),
    ],
)
def test_words_about_failures_are_no_bounce(sender, subject, body):
    assert parse(f"From: {sender}\nSubject: {subject}\n\n{body}\n".encode()).bounce is None
