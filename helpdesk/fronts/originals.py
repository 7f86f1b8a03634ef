"""«Как в письме»: a letter in its original look, in a frame of its own with a policy of its own. Knows neither side.

The frame's document runs nothing and asks nowhere; its pictures come by signed addresses of ten minutes, since a
sandboxed document sends no cookies. Whoever may see the article may see its letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from helpdesk.core import files
from helpdesk.core.errors import NotFound
from helpdesk.core.text import original
from helpdesk.mail import queries as letters
from helpdesk.mail.parse import parse
from helpdesk.tickets import rows
from helpdesk.tickets.models import Article, Attachment
from helpdesk.web.downloads import file_response, picture_type

PICTURES = "/letters/pictures/"
_SALT = "helpdesk.fronts.originals"
_SECONDS = 600
_LARGEST = 40 * 1024 * 1024  # octets of a letter that is read again for its look
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"  # links open, in windows of their own; nothing else may


def is_letter(article: Article) -> bool:
    """Whether an article may have an original look: it came by mail."""
    return article.channel == "mail" and bool(article.from_address)


@dataclass(frozen=True, slots=True)
class Look:
    """What the page around the frame shows: `remote` is «blocked», «shown», or empty where the letter asks for nothing
    from elsewhere; `too_large`: the letter is not read again."""

    number: str
    from_address: str
    subject: str
    at: datetime
    back: str
    href: str
    src: str
    remote: str
    too_large: bool
    sandbox: str = SANDBOX


def look_of(request: HttpRequest, article: Article, *, base: str, anchor: str) -> Look:
    """The page around the frame; `base`: the address of the request's page. Raises NotFound where no letter is kept."""
    made = _original(article, (), remote=False)
    asked = request.GET.get("pictures") == "1"
    href = address(base, article.pk)
    return Look(
        number=article.ticket.number, from_address=article.from_address, subject=article.subject, at=article.created_at,
        back=f"{base}#{anchor}", href=href, src=f"{href}frame/{'?pictures=1' if asked else ''}",
        remote=("shown" if asked else "blocked") if made and made.has_remote else "", too_large=made is None,
    )  # fmt: skip


def address(base: str, article_id: int) -> str:
    """Where the original look of a request's letter stands."""
    return f"{base}letters/{article_id}/"


def frame(request: HttpRequest, article: Article, attached: Sequence[Attachment]) -> HttpResponse:
    """The document for the frame; `?pictures=1` asks for pictures from elsewhere. Raises NotFound."""
    remote = request.GET.get("pictures") == "1"
    made = _original(article, attached, remote=remote)
    if made is None:
        raise NotFound
    response = HttpResponse(made.html)
    pictures = f"{request.scheme}://{request.get_host()}{PICTURES} data:"
    response.headers["Content-Security-Policy"] = "; ".join((
        "default-src 'none'", "style-src 'unsafe-inline'", f"img-src {pictures}{' https: http:' if remote else ''}",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'", f"sandbox {SANDBOX}",
    ))  # fmt: skip
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-DNS-Prefetch-Control"] = "off"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _original(article: Article, attached: Sequence[Attachment], *, remote: bool) -> original.Original | None:
    """The letter's own look; None where it is too large. Raises NotFound."""
    raw = letters.raw_of_article(article.pk)
    if raw is None:
        raise NotFound
    if raw.size > _LARGEST:
        return None
    try:
        letter = parse(files.read(raw.blob_id))
    except FileNotFoundError:
        raise NotFound from None
    by_id = {one.content_id: one.pk for one in attached if one.content_id}

    def address_of(content_id: str) -> str | None:
        return f"{PICTURES}{_token(by_id[content_id])}/" if content_id in by_id else None

    return original.document(letter.raw_html, letter.text, address_of=address_of, remote=remote)


def _token(attachment_id: int) -> str:
    return signing.dumps(attachment_id, salt=_SALT)


@require_safe
def picture(request: HttpRequest, token: str) -> HttpResponseBase:  # noqa: ARG001
    """A picture within a letter, for whoever was given its address a moment ago; nothing that is no picture."""
    try:
        found = rows.file(int(signing.loads(token, salt=_SALT, max_age=_SECONDS)))
        if found is None:
            raise Http404
        path = files.path_of(found.blob_id)
        with path.open("rb") as file:
            if not picture_type(file.read(16)):
                raise Http404
    except (signing.BadSignature, ValueError, FileNotFoundError):
        raise Http404 from None
    response = file_response(path, filename=found.filename, inline=True)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # a sandboxed frame is nobody's origin
    return response
