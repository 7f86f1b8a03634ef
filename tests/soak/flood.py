"""Many letters into one installation, from one sender and from many, then counted."""

import json
import os
import time
from email.message import EmailMessage

from tests.e2e.installation import Installation

COUNT = int(os.environ.get("SOAK_LETTERS", "10000"))


def test_a_flood_of_letters_is_stored_and_each_is_there_once():
    product = Installation()
    try:
        product.start("--demo", HELPDESK_URL=product.url)
        product.wait_until_ready(seconds=300)
        for limit in ("letters_of_one_sender", "letters_of_strangers", "answers_to_strangers"):
            assert product.run("setting", "set", f"mail.{limit}", "0").returncode == 0
        folder = product.home / "flood"
        folder.mkdir()
        for i in range(COUNT):
            letter = EmailMessage()
            sender = "one@flood.example" if i % 2 else f"sender{i}@flood.example"
            letter["From"], letter["To"] = sender, "support@example.com"
            letter["Subject"], letter["Message-ID"] = f"Письмо {i}", f"<flood{i}@example.com>"
            letter.set_content(f"Текст письма {i}\n")
            (folder / f"{i:06}.eml").write_bytes(letter.as_bytes())
        for path in [folder, *folder.iterdir()]:
            path.chmod(0o755)
        began = time.monotonic()
        done = product.run("mail", "receive", "--dir", str(folder), timeout=7200)
        took = time.monotonic() - began
        outcomes = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == 0, done.stderr[-2000:]
        assert len(outcomes) == COUNT
        assert {line["outcome"] for line in outcomes} == {"new_ticket"}
        assert len({line["ticket"] for line in outcomes}) == COUNT
        print(f"\n  {COUNT} letters in {took:.0f} s, {COUNT / took:.0f} a second")
        again = product.run("mail", "receive", "--dir", str(folder), timeout=7200)
        assert {json.loads(line)["outcome"] for line in again.stdout.splitlines()} == {"duplicate"}
    finally:
        product.remove()
