"""Kept pieces: made once for the same values and reader, never shown to another reader or for other values."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation
from markupsafe import Markup

from helpdesk.core import clock
from helpdesk.web.jinja import moment
from helpdesk.web.kept import KEY, PIECES, TOKEN, Kept, macro, with_token
from helpdesk.web.shell import Item, PortalShell, Reader, Tab

WHEN = datetime(2026, 11, 25, 21, 30, tzinfo=UTC)


@pytest.fixture
def made():
    return []


@pytest.fixture
def line(made):
    @Kept
    def line(name: str, *, loud: bool = False) -> Markup:
        made.append(name)
        return Markup("<b>{}</b> {} {}").format(name, loud, moment(WHEN))

    return line


def test_the_same_values_are_made_once(line, made):
    assert line("а") == line("а")
    assert line.each([("а",), ("б",), ("а",)])[0] == line("а")
    assert made == ["а", "б"]
    assert line("а", loud=True) != line("а")


@pytest.mark.parametrize("other", ["language", "zone", "day"])
def test_another_reader_gets_another_piece(line, made, other, monkeypatch):
    with translation.override("ru"), timezone.override("Europe/Moscow"):
        first = line("а")
    if other == "day":
        monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 27, 9, tzinfo=UTC))
    language, zone = ("en" if other == "language" else "ru"), "UTC" if other == "zone" else "Europe/Moscow"
    with translation.override(language), timezone.override(zone):
        second = line("а")
    assert made == ["а", "а"]
    assert other == "day" or first != second


@Kept
def _select(name: str, options: tuple[tuple[str, str], ...], value: str) -> Markup:
    return macro("web/parts/field.html", "select", name, options, value)


def test_what_is_kept_is_escaped_and_of_its_values():
    assert "selected" not in _select("owner", (("1", "<b>"),), "")
    assert "selected" in _select("owner", (("1", "<b>"),), "1")
    assert "&lt;b&gt;" in _select("owner", (("1", "<b>"),), "1")


def test_the_key_of_a_form_is_its_own():
    box = with_token(Markup(f"{TOKEN} {KEY} {KEY}"), Markup("<t>"), key="abc")
    assert box == "<t> abc abc"


def test_values_that_cannot_be_told_apart_are_refused(line):
    with pytest.raises(TypeError):
        line(["а"])


def test_the_token_is_the_readers_own():
    shell = PortalShell(
        Reader("Мария", "М", "УК"), (Tab("Мои", "/a/", "plus"),), (Item("Выйти", "/logout/", post=True),)
    )
    one, two = shell.head(Markup('<input value="1">')), shell.head(Markup('<input value="2">'))
    assert '<input value="1">' in one
    assert '<input value="2">' in two
    assert TOKEN not in one
    assert with_token(Markup("x"), Markup("y")) == "x"


def test_a_macro_speaks_the_readers_language():
    with translation.override("ru"):
        assert "новое" in macro("web/parts/thread.html", "newline")
    with translation.override("en"):
        assert "new" in macro("web/parts/thread.html", "newline")


def test_what_is_kept_has_a_bound(made):
    @Kept
    def piece(n: int) -> Markup:
        made.append(n)
        return Markup(n)

    for n in range(PIECES + 1):
        piece(n)
    made.clear()
    piece(PIECES)
    assert made == []
    piece(0)  # the oldest made room
    assert made == [0]
