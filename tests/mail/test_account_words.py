"""Letters about somebody's own access: whole sentences of both languages, whatever the kind."""

import re
from typing import get_args

import pytest
from django.utils import translation

from helpdesk.accounts.events import LetterKind
from helpdesk.mail.account_words import words

FACTS = {
    "login": "olga", "hours": 72, "by": "Carol Clerk", "ip": "192.0.2.1", "device": "Firefox", "company": "Dawn",
    "address": "o@example.com", "leaver": "Dora Clerk", "to": "Olga Clerk", "count": 5, "when": "29.11.2026 12:00", "url": "https://d/x",
}  # fmt: skip


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", get_args(LetterKind))
def test_every_kind_has_words_in_both_languages(kind, language):
    with translation.override(language):
        subject, text, label = words(kind, FACTS)
    said = f"{subject} {text} {label}"
    assert subject and text and "%(" not in said
    assert bool(re.search("[А-Яа-яЁё]", said)) == (language == "ru")
    assert bool(label) == (kind not in {"password_changed", "primary_changed"})


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 открытую заявку"), (3, "3 открытые заявки"), (11, "11 открытых заявок")]
)
def test_requests_are_counted_as_russian_counts(count, told):
    with translation.override("ru"):
        for kind in ("handed_over", "handed_away"):
            assert told in words(kind, FACTS | {"count": count})[1].replace("\u00a0", " ")


@pytest.mark.parametrize("kind", get_args(LetterKind))
def test_names_bring_no_lines_of_their_own(kind):
    with translation.override("en"):
        evil = "Eve\r\nBcc: x@example.com\n\nPay here"
        text = words(kind, FACTS | {"by": evil, "company": evil, "leaver": evil, "count": "1"})[1]
    assert "\nBcc" not in text and "\nPay" not in text
