"""The other language by one press, from any page: whoever cannot read this one finds no settings in it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from helpdesk.accounts import own
from helpdesk.accounts.access import home_of, signed_in
from helpdesk.accounts.models import Person
from helpdesk.accounts.views.settings import YEAR
from helpdesk.core import db
from helpdesk.core.text.safe import split_address


@require_POST
@signed_in()
def language(request: HttpRequest, code: str) -> HttpResponse:
    """`/account/language/CODE/`: what one reads from now on, letters included; back to the page one came from."""
    person = request.user
    if not isinstance(person, Person):
        raise TypeError("signed_in lets people in only")
    if code not in dict(settings.LANGUAGES):
        raise Http404
    with db.entry():
        own.set_language(person, code)
    came_from = split_address(request.headers.get("Referer", ""))
    back = came_from._replace(scheme="", netloc="", fragment="").geturl()
    is_ours = came_from.netloc == request.get_host() and back.startswith("/")
    is_ours = is_ours and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = HttpResponseRedirect(back if is_ours else home_of(person))
    response.set_cookie(
        "language", code, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
    )  # fmt: skip
    return response
