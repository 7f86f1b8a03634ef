"""Weights, colours, pictures and the rules that the policy of the pages stands on."""

import gzip
import importlib.util
import re
from pathlib import Path

import helpdesk
from helpdesk.web.jinja import STATIC, icon_names
from helpdesk.web.storage import published

PACKAGE = Path(helpdesk.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("*/jinja2/**/*.html"))
EDITOR = [STATIC / "vendor" / "squire.js", STATIC / "vendor" / "purify.js", STATIC / "js" / "editor.js"]
OWN = [
    path
    for path in sorted(PACKAGE.glob("*/static/**/*"))
    if path.suffix in {".js", ".css"} and "vendor" not in path.parts and path.stem != "gallery" and path not in EDITOR
]


def weight(paths):
    """What a browser loads, in bytes."""
    return sum(
        len(gzip.compress(published(str(path).rpartition("/static/")[2], path.read_bytes()), 9)) for path in paths
    )


def test_comments_are_left_out_of_what_browsers_load_and_nothing_else():
    css = b"/* Why. */\n@layer base {\n  /* two\n     lines */\n  a { color: red; } /* here */\n}\n"
    assert published("web/css/a.css", css) == b"@layer base {\na { color: red; } /* here */\n}\n"
    js = b'/** What. */\n// why\nconst a = "/* // */";\n  // more\n  go(a); // at once\n'
    assert published("desk/a.js", js) == b'const a = "/* // */";\n  go(a); // at once\n'
    typed = b"/** @type {number} */ let a = 1;\nlet b = 2; /** also\n one */\n"  # beside code
    assert published("desk/a.js", typed) == typed
    for name in ("vendor/squire.js", "web/vendor/squire.js", "web/icons.svg", "admin/js/a.js"):
        assert published(name, js) == js


def asset(name):
    """The file behind an address of `static()`: an app's own, or a library's."""
    own = list(PACKAGE.glob(f"*/static/{name}"))
    return own[0] if own else Path(importlib.util.find_spec(name.split("/")[0]).origin).parent / "static" / name


def linked(template):
    """Scripts and styles that a page brings along: those of its template, of what it extends and includes."""
    seen, names, todo = set(), set(), [template]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        text = path.read_text(encoding="utf-8")
        names |= set(re.findall(r"""static\("([^"]+\.(?:js|css))"\)""", text)) - {"web/js/editor.js"}
        for other in re.findall(r"""\{%-?\s*(?:extends(?: frame or)?|include|from|import)\s+"([^"]+)\"""", text):
            todo += PACKAGE.glob(f"*/jinja2/{other}")
        for each in re.findall(r"\{% for module in \[([^\]]+)\]", text):
            names |= {f"web/js/{module}.js" for module in re.findall(r"\w+", each)}
    return {asset(name) for name in names}


def test_what_each_page_brings_stays_small():
    assert {path.relative_to(PACKAGE).parts[0] for path in OWN} >= {"web", "desk", "accounts"}
    pages = [
        path for path in TEMPLATES if "{% extends" in path.read_text(encoding="utf-8") and "mail" not in path.parts
    ]
    assert len(pages) > 20
    for page in pages:
        files = linked(page)
        own = [path for path in files if PACKAGE in path.parents and "vendor" not in path.parts]
        assert own and weight(own) <= 40_000, page
        assert weight(files - set(own)) <= 25_000, page


def test_scripts_fetch_nothing_but_each_other_and_the_editor():
    """What the modules import is either counted with every page or belongs to the editor."""
    for path in STATIC.glob("js/*.js"):
        for name in re.findall(r"""from "([^"]+)"|import\("([^"]+)"\)""", path.read_text(encoding="utf-8")):
            found = (path.parent / "".join(name)).resolve()
            assert found in OWN or (found in EDITOR and path in EDITOR), (path, name)


def test_editor_stays_small():
    assert weight(EDITOR) <= 40_000


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
    for path in STATIC.parent.parent.parent.rglob("*.js"):  # an unknown selector is an error there
        if "vendor" not in path.parts and ".min." not in path.name:
            assert ":has(" not in path.read_text(encoding="utf-8"), path
