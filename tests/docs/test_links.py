"""Every relative link and picture of the documents leads to something that is there."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+[\"'][^)]*)?\)|<(?:img|a)\s[^>]*?(?:src|href)=[\"']([^\"']+)")
DEFINED = re.compile(r"^\[[^\]]+\]:\s*<?(\S+?)>?\s*$", re.MULTILINE)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def targets(text):
    text = CODE.sub("", text)
    found = [one or other for one, other in LINK.findall(text)] + DEFINED.findall(text)
    return [target for target in found if not ELSEWHERE.match(target)]


def anchors(text):
    """As the usual renderers name headings."""
    headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", CODE.sub(lambda m: m[0].strip("`"), text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def gaps(document):
    for target in targets(document.read_text(encoding="utf-8")):
        place, _, anchor = unquote(target).partition("#")
        if place.startswith("/"):
            yield f"{target}: not relative"
            continue
        file = (document.parent / place).resolve() if place else document
        if not file.exists():
            yield f"{target}: not there"
        elif not file.is_relative_to(ROOT):
            yield f"{target}: outside"
        elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text(encoding="utf-8")):
            yield f"{target}: no such heading"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    assert list(gaps(document)) == []


def test_what_counts_as_a_link():
    text = '[a](b.md "t") ![p](p.png) <img alt="" src="q.png"> [r]\n\n[r]: r.md\n`[no](no.md)` [w](https://e.example)'
    assert targets(text) == ["b.md", "p.png", "q.png", "r.md"]
    assert anchors("## Two words, `code`\n") == {"two-words-code"}
