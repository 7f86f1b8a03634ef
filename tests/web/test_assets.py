"""Weights, colours, pictures and the rules that the policy of the pages stands on."""

import gzip
import importlib.util
import re
from pathlib import Path

import helpdesk
from helpdesk.web.jinja import STATIC, icon_names

PACKAGE = Path(helpdesk.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("*/jinja2/**/*.html"))
OWN = [*STATIC.glob("js/*.js"), *(path for path in STATIC.glob("css/*.css") if path.stem != "gallery")]


def weight(paths):
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_own_scripts_and_styles_stay_small():
    assert weight(OWN) <= 40_000


def test_vendored_on_every_page_stays_small():
    htmx = Path(importlib.util.find_spec("django_htmx").origin).parent / "static" / "django_htmx" / "htmx-2.min.js"
    assert weight([htmx]) <= 25_000


def test_editor_stays_small():
    editor = [STATIC / "vendor" / "squire.js", STATIC / "vendor" / "purify.js", STATIC / "js" / "editor.js"]
    assert weight(editor) <= 40_000


def test_vendored_files_carry_their_licence():
    for name in ("squire", "purify"):
        assert (STATIC / "vendor" / f"{name}-LICENSE.txt").stat().st_size > 500
    assert (STATIC / "fonts" / "OFL.txt").exists()
    assert "ISC" in (STATIC / "icons.svg").read_text(encoding="utf-8")[:200]


def test_no_inline_script_or_style():
    flaw = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
    for path in TEMPLATES:
        if path.parts[-3:-1] != ("jinja2", "mail") and "/mail/" not in str(path):
            assert not flaw.search(path.read_text(encoding="utf-8")), path


def test_every_named_picture_exists():
    named = re.compile(r"""\bicon\("([a-z0-9-]+)"|icon_name="([a-z0-9-]+)"|icon="([a-z0-9-]+)\"""")
    for path in [*TEMPLATES, *PACKAGE.glob("*/*.py"), *PACKAGE.glob("*/*/*.py")]:
        for found in named.findall(path.read_text(encoding="utf-8")):
            assert "".join(found) in icon_names(), (path, found)


def test_looks_have_pictures_and_colours():
    from helpdesk.web.looks import ICONS

    styles = (STATIC / "css" / "parts.css").read_text(encoding="utf-8")
    for look, picture in ICONS.items():
        assert picture in icon_names()
        assert f".badge--{look} " in styles or f".badge--{look}," in styles, look


def test_templates_stay_readable():
    for path in TEMPLATES:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 130, path


def test_scripts_hold_no_words_for_people():
    for path in STATIC.glob("js/*.js"):
        code = re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))
        assert not re.search("[А-Яа-яЁё]", code), path


def test_styles_work_in_the_oldest_browsers():
    """Chrome 109, Firefox 115: no nesting, light-dark(), color-mix(), oklch(), :has()."""
    for path in STATIC.glob("css/*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"light-dark\(|color-mix\(|oklch\(|:has\(|&[:.\s>]", text), path
