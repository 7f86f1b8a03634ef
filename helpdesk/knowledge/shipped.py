"""The pages that every installation has: Markdown files of this package, in both languages, in their order."""

from functools import cache
from pathlib import Path

# the order in which a newcomer would read them
SLUGS = (
    "sign-in", "tabs", "new-request", "recipients", "wording", "blanks", "drafts", "my-requests", "company-requests",
    "answer", "states", "observers", "search", "news", "settings", "security", "people",
)  # fmt: skip
LANGUAGES = ("ru", "en")
_FOLDER = Path(__file__).parent / "pages"


@cache
def source(slug: str, language: str) -> str:
    """The Markdown of a shipped page, its title as the first heading; «» for a slug that none has."""
    if slug not in SLUGS or language not in LANGUAGES:
        return ""
    return (_FOLDER / language / f"{slug}.md").read_text(encoding="utf-8")


def parts(text: str) -> tuple[str, str]:
    """Title and body of a page's Markdown."""
    head, _, body = text.partition("\n")
    return head.removeprefix("# ").strip(), body.strip()
