"""What a command says of a refusal: a sentence for every code that the rooms behind the commands know."""

import ast
import io
import string
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError

import helpdesk
from helpdesk.accounts.models import Person
from helpdesk.config import cli
from helpdesk.config.cli import refusals
from helpdesk.core.errors import Problem

HOUSE = Path(helpdesk.__file__).parent
ROOMS = ("accounts/actions.py", "accounts/masters.py", "core/masters.py", "tickets/actions/masters")


def files():
    for room in ROOMS:
        path = HOUSE / room
        yield from sorted(path.glob("**/*.py")) if path.is_dir() else [path]


def problems():
    """Each Problem(…) written in those rooms with a code that stands there: where, field, code, names of its figures."""
    for file in files():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem"):
                continue
            field, code, *details = node.args
            if isinstance(code, ast.Constant):
                keys = [key.value for key in details[0].keys] if details else []
                yield f"{file.name}:{node.lineno}", getattr(field, "value", "name"), code.value, keys


KNOWN = list(problems())


def test_the_codes_are_found():
    assert len(KNOWN) > 50
    assert {"taken", "at_sign", "format", "contact", "ambiguous", "last_administrator"} <= {
        code for _, _, code, _ in KNOWN
    }


@pytest.mark.parametrize(("where", "field", "code", "keys"), KNOWN, ids=[f"{one[0]}-{one[2]}" for one in KNOWN])
def test_every_code_has_a_sentence_that_its_figures_fill(where, field, code, keys):
    text = refusals.sentence(Problem(field, code, dict.fromkeys(keys, "figure")))
    assert text not in {code, code + refusals.figures(dict.fromkeys(keys, "figure"))}, where
    assert " " in text and "{" not in text and "\n" not in text
    if {"value", "by", "accepted"} & set(keys):
        assert "figure" in text, where


def test_every_rule_for_passwords_has_a_sentence():
    person = Person(login="petrova", name="Петрова")
    codes = set()
    for validator in get_default_password_validators():
        for word in ("short", "petrova-1", "password1234", "1234567890"):
            try:
                validator.validate(word, person)
            except ValidationError as refused:
                codes |= {(error.code, tuple((error.params or {}).items())) for error in refused.error_list}
    assert len({code for code, _ in codes}) == len(settings.AUTH_PASSWORD_VALIDATORS)
    for code, params in codes:
        assert not refusals.sentence(Problem("password", code, dict(params))).startswith(code)


def test_sentences_are_one_line_and_their_figures_are_names():
    for texts in refusals.SENTENCES.values():
        for text in texts:
            assert "\n" not in text and not text.endswith(".")
            assert all(name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(text))


def test_code_without_a_sentence_is_told_with_its_figures():
    assert refusals.told([Problem("x", "odd_one", {"least": 10})]) == "x: odd_one (least 10)"
    assert refusals.told([Problem("kind", "unknown", {"accepted": ["a", "b"]})]) == "kind: accepted are a b"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--login", "two words"], "login: a login is one word"),
        (["--login", "one@example.org"], "login: a login with @ must be the person's own mail address"),
        (["--login", "one", "--address", "nowhere"], "address: this is no mail address"),
        (["--login", "one", "--role", "nobody"], "roles: there is no role of this code"),
        (["--login", "one", "--name", " "], "name: must be given"),
        (["--login", "one", "--invite"], "address: the person has no mail address"),
    ],
)
def test_user_create_says_what_is_wrong(capsys, more, words):
    assert cli.run(["user", "create", "--kind", "agent", "--name", "One", *more]) == 1
    shown = capsys.readouterr()
    assert shown.err.startswith(f"helpdesk: {words}") and shown.err.count("\n") == 1
    assert shown.out == ""


@pytest.mark.django_db
def test_user_password_says_what_is_wrong(capsys, monkeypatch):
    assert cli.run(["user", "create", "--kind", "agent", "--login", "one", "--name", "One"]) == 0
    capsys.readouterr()
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert cli.run(["user", "password", "one"]) == 1
    assert capsys.readouterr().err == "helpdesk: password: shorter than 10 characters: add a word or two\n"
