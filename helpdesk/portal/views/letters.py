"""A letter of a request in its original look («Как в письме»)."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from helpdesk.fronts import originals
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.shell import page
from helpdesk.tickets import pages


@require_safe
@client_page
def original(request: ClientRequest, number: str, article_id: int) -> HttpResponse:
    """The page that holds the letter's frame."""
    article = pages.article(request.actor, number, article_id)
    look = originals.look_of(request, article, base=f"/portal/tickets/{number}/", anchor=f"a{article.pk}")
    return page(request, "portal/original.html", {"letter": look})


@require_safe
@client_page
def frame(request: ClientRequest, number: str, article_id: int) -> HttpResponse:
    """The letter itself."""
    article = pages.article(request.actor, number, article_id)
    return originals.frame(request, article, list(article.attachments.all()))
