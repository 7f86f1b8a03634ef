"""An article's text and files as a page shows them; each side has its own addresses of files."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from markupsafe import Markup

from helpdesk.core.text.cells import sums_whole
from helpdesk.core.text.mentions import linked
from helpdesk.core.text.quotation import kinds_in
from helpdesk.core.text.sanitise import from_plain, with_images
from helpdesk.fronts.form import picture
from helpdesk.tickets.models import Article
from helpdesk.tickets.pages import File
from helpdesk.web.kept import Kept, macro

LIGHT = 1_500_000  # octets of a picture that stands small under its letter; a larger one is loaded when it is opened
_SHOWN = (".png", ".jpg", ".jpeg", ".gif", ".webp")  # what `file_response` shows by its content
LONG = 6_000  # characters: a longer article is not kept ready

Address = Callable[[File], str]


@dataclass(frozen=True, slots=True)
class FileLink:
    """An attached file as the page links it."""

    name: str
    href: str
    size: int
    picture: str  # the icon
    shown: str = ""  # where a picture is shown in its place; empty for everything else
    is_light: bool = False  # a picture that may be loaded with the thread


def is_long(article: Article) -> bool:
    """Whether an article is too long for its piece to be kept."""
    return len(article.html) + len(article.text) + len(article.folded_text) > LONG


def folded_label(folded: str) -> str:
    """What opens the part of a letter that is folded away: it says what is in it."""
    kinds = kinds_in(folded) if folded else set()
    if kinds == {"signature"}:
        return _("Show the signature")
    return _("Show the quotation") if kinds == {"quoted"} else _("Show the signature and the quotation")


def folded_name(folded: str) -> str:
    """What the folded part of a letter is, where it stands open: on paper."""
    kinds = kinds_in(folded) if folded else set()
    if kinds == {"signature"}:
        return _("Signature")
    return _("Quotation") if kinds == {"quoted"} else _("Signature and quotation")


def plain(text: str) -> Markup:
    """Plain text as paragraphs."""
    return Markup(from_plain(text))  # noqa: S704  escaped there


def folded_of(folded: str, *, requests: str, known: Collection[str]) -> Markup:
    """What a letter has folded away, as paragraphs; known numbers of requests lead to them as in what was written."""
    return Markup(linked(plain(folded), base=requests, known=known))  # noqa: S704  escaped there, only links added


def body_of(
    html: str, text: str, files: Sequence[File], *, address: Address, requests: str, known: Collection[str]
) -> Markup:
    """The cleaned markup with its pictures, or the plain text as paragraphs; numbers of `known` requests in it lead to
    them, below the address `requests`."""
    if not html:
        return Markup(linked(plain(text), base=requests, known=known))  # noqa: S704  escaped there, only links added
    inline = {file.content_id: file for file in files if file.content_id}

    def source(content_id: str) -> str | None:
        file = inline.get(content_id)
        return f"{address(file)}?inline=1" if file else None

    shown = sums_whole(with_images(html, source))
    return Markup(linked(shown, base=requests, known=known))  # noqa: S704  cleaned when it was stored


def links(files: Sequence[File], *, with_markup: bool, address: Address) -> list[FileLink]:
    """The files under an article; pictures that its markup shows stand there alone."""
    return [_link(file, address(file)) for file in files if not (file.inline and with_markup)]


def _link(file: File, href: str) -> FileLink:
    icon = picture(file.filename)
    shown = f"{href}?inline=1" if icon == "image" and file.filename.lower().endswith(_SHOWN) else ""
    return FileLink(file.filename, href, file.size, icon, shown, is_light=bool(shown) and file.size <= LIGHT)


@Kept
def viewer() -> Markup:
    """Where a page's script shows pictures big."""
    return macro("web/parts/files.html", "viewer")
