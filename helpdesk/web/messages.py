"""Catalogues of texts: `python -m helpdesk.web.messages extract | compile | check`. Each app keeps its own.

Message ids are English; the Russian catalogue must be complete. No-break spaces are put in when compiling.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from helpdesk.web.typography import russian

PACKAGE = Path(__file__).resolve().parent.parent
LANGUAGE = "ru"
_METHODS = [("**/jinja2/**.html", "jinja2"), ("**/jinja2/**.txt", "jinja2"), ("**.py", "python")]
_OPTIONS = {
    "**/jinja2/**.html": {
        "newstyle_gettext": "true",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "silent": "false",
    },
    "**/jinja2/**.txt": {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"},
}
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
_HEADER = "# Russian texts of this app. Message ids are English; plain spaces only.\n"


@dataclass(frozen=True)
class App:
    """A folder with sources and, perhaps, a catalogue."""

    folder: Path

    @property
    def po(self) -> Path:
        return self.folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"

    @property
    def mo(self) -> Path:
        return self.po.with_suffix(".mo")


def apps(package: Path = PACKAGE) -> list[App]:
    """Every room below the package."""
    return [App(folder) for folder in sorted(package.iterdir()) if (folder / "__init__.py").exists()]


def extracted(app: App) -> Catalog:
    """What the sources of an app say, without line numbers."""
    catalog = _empty()
    found = extract_from_dir(
        app.folder, _METHODS, _OPTIONS, keywords=_KEYWORDS, comment_tags=("L10N:",), strip_comment_tags=True
    )
    for name, _line, message, comments, context in found:
        catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def _empty() -> Catalog:
    return Catalog(locale=LANGUAGE, domain="django", charset="utf-8", fuzzy=False)


def stored(app: App) -> Catalog:
    """The catalogue as it lies on disk; an empty one where there is none."""
    if not app.po.exists():
        return _empty()
    with app.po.open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain="django")


def extract(app: App) -> bool:
    """Brings the catalogue of an app up to date, keeping translations; true when the file changed."""
    wanted, kept = extracted(app), stored(app)
    if not len(wanted) and not app.po.exists():
        return False
    merged = _empty()
    for message in wanted:
        if not message.id:
            continue
        known = kept.get(message.id, message.context)
        merged.add(
            message.id,
            known.string if known else None,
            locations=sorted({(name, 0) for name, _ in message.locations}),
            auto_comments=message.auto_comments,
            context=message.context,
            flags=(known.flags if known else set()) | message.flags,
        )
    buffer = BytesIO()
    write_po(buffer, merged, omit_header=True, sort_output=True, no_location=False, include_lineno=False, width=0)
    head = (
        f'{_HEADER}msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {_plural_forms()}\\n"\n"Language: {LANGUAGE}\\n"\n\n'
    )
    content = head.encode() + buffer.getvalue()
    if app.po.exists() and app.po.read_bytes() == content:
        return False
    app.po.parent.mkdir(parents=True, exist_ok=True)
    app.po.write_bytes(content)
    return True


def _plural_forms() -> str:
    return str(_empty().plural_forms)


def compile_app(app: App) -> bool:
    """Writes the compiled catalogue where the source is newer; true when it did."""
    if not app.po.exists():
        return False
    newest = max(app.po.stat().st_mtime_ns, Path(__file__).stat().st_mtime_ns)
    if app.mo.exists() and app.mo.stat().st_mtime_ns >= newest:
        return False
    catalog = stored(app)
    for message in catalog:
        if isinstance(message.string, str):
            message.string = russian(message.string) if message.id else message.string
        else:
            message.string = tuple(russian(text) for text in message.string or ())
    temporary = app.mo.with_suffix(f".{os.getpid()}")
    with temporary.open("wb") as file:
        write_mo(file, catalog)
    temporary.replace(app.mo)  # a process that reads meanwhile sees the old or the new one, never half
    return True


def _forms(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(part) for part in value] if isinstance(value, (list, tuple)) else []


def _flaw(message: Message, translation: Message | None) -> str:
    """What is wrong with the translation of a message, or nothing."""
    texts = _forms(translation.string) if translation else []
    ids = _forms(message.id)
    if not texts or not all(texts):
        return "has no Russian translation" if len(ids) == 1 else "lacks a plural form"
    if len(ids) > 1 and len(texts) != 3:
        return f"has {len(texts)} plural forms, Russian needs 3"
    if translation and translation.fuzzy:
        return "is marked fuzzy"
    allowed = {*_PLACEHOLDER.findall(ids[-1])}
    for text in texts:
        found = set(_PLACEHOLDER.findall(text))
        if found - allowed or (len(ids) == 1 and allowed - found):
            return f"differs in placeholders: {sorted(found ^ allowed)}"
    if any("\u00a0" in text or "\u202f" in text for text in texts):
        return "holds a no-break space: write plain ones, they are put in when compiling"
    return ""


def problems(app: App) -> Iterator[str]:
    """One line for each message of the sources whose Russian text is not fit to be shown."""
    known = stored(app)
    for message in extracted(app):
        if message.id:
            flaw = _flaw(message, known.get(message.id, message.context))
            if flaw:
                yield f"{app.folder.name}: {_forms(message.id)[0]!r} ({message.locations[0][0]}) {flaw}"


def conflicts(found: Iterable[App]) -> Iterator[str]:
    """One line for each text that two apps translate differently: only one of them would ever be shown."""
    seen: dict[tuple[object, object], tuple[str, object]] = {}
    for app in found:
        for message in stored(app):
            if not message.id or not message.string:
                continue
            key = (tuple(_forms(message.id)), message.context)
            name, text = seen.setdefault(key, (app.folder.name, message.string))
            if text != message.string:
                yield f"{app.folder.name}: {_forms(message.id)[0]!r} is translated differently in {name}: use pgettext"


def compile_all() -> int:
    """Compiles what changed, for commands that start the product; returns how many."""
    return sum(compile_app(app) for app in apps())


def main(arguments: list[str] | None = None) -> int:
    """0 when all is well; 1 with a line for each flaw on stderr."""
    parser = argparse.ArgumentParser(prog="python -m helpdesk.web.messages", description=__doc__)
    parser.add_argument("verb", choices=("extract", "compile", "check"))
    parser.add_argument("apps", nargs="*", help="names of apps; all without")
    chosen = parser.parse_args(arguments)
    found = [app for app in apps() if not chosen.apps or app.folder.name in chosen.apps]
    if chosen.verb == "check":
        lines = [line for app in found for line in problems(app)] + list(conflicts(found))
        print("\n".join(lines), file=sys.stderr, end="\n" if lines else "")
        return 1 if lines else 0
    work = extract if chosen.verb == "extract" else compile_app
    for app in found:
        if work(app):
            print(f"{chosen.verb}: {app.folder.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
