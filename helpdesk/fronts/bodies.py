"""An article's text and files as a page shows them; each side has its own addresses of files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from helpdesk.core.text.sanitise import from_plain, with_images
from helpdesk.fronts.form import picture
from helpdesk.tickets.models import Article
from helpdesk.tickets.pages import File

LONG = 6_000  # characters: a longer article is not kept ready

Address = Callable[[File], str]


@dataclass(frozen=True, slots=True)
class FileLink:
    """An attached file as the page links it."""

    name: str
    href: str
    size: int
    picture: str


def is_long(article: Article) -> bool:
    """Whether an article is too long for its piece to be kept."""
    return len(article.html) + len(article.text) + len(article.folded_text) > LONG


def plain(text: str) -> Markup:
    """Plain text as paragraphs."""
    return Markup(from_plain(text))  # noqa: S704  escaped there


def body_of(html: str, text: str, files: Sequence[File], *, address: Address) -> Markup:
    """The cleaned markup with its pictures, or the plain text as paragraphs."""
    if not html:
        return plain(text)
    inline = {file.content_id: file for file in files if file.content_id}

    def source(content_id: str) -> str | None:
        file = inline.get(content_id)
        return f"{address(file)}?inline=1" if file else None

    return Markup(with_images(html, source))  # noqa: S704  cleaned when it was stored


def links(files: Sequence[File], *, with_markup: bool, address: Address) -> list[FileLink]:
    """The files under an article; pictures that its markup shows stand there alone."""
    return [
        FileLink(file.filename, address(file), file.size, picture(file.filename))
        for file in files
        if not (file.inline and with_markup)
    ]
