"""A letter of a request in its original look."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from helpdesk.desk import addresses
from helpdesk.desk.views.base import actor_of, front, page
from helpdesk.fronts import form as forms
from helpdesk.fronts import originals
from helpdesk.tickets import pages
from helpdesk.tickets.models import Article


@require_safe
@front
def original(request: HttpRequest, number: str, article_id: str) -> HttpResponse:
    """The page that holds the letter's frame."""
    article = _article(request, number, article_id)
    look = originals.look_of(request, article, base=addresses.of_ticket(number), anchor=f"a{article.seq}")
    return page(request, "desk/original.html", {"letter": look}, place=f"queue:{article.ticket.queue_id}")


@require_safe
@front
def frame(request: HttpRequest, number: str, article_id: str) -> HttpResponse:
    """The letter itself."""
    article = _article(request, number, article_id)
    return originals.frame(request, article, list(article.attachments.all()))


def _article(request: HttpRequest, number: str, article_id: str) -> Article:
    found = forms.number(article_id)
    if found is None:
        raise Http404
    return pages.article(actor_of(request), number, found)
