"""One's own account: language and look, where one is signed in, ending it, and the last sign-ins."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from helpdesk.accounts import actions, frames, queries, sessions, words
from helpdesk.accounts.access import home_of, signed_in
from helpdesk.accounts.models import Person
from helpdesk.accounts.origin import device_name

YEAR = 365 * 24 * 3600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def security(request: HttpRequest) -> HttpResponse:
    """`/account/security/`; a POST with `end` = the id of a session or «others» ends it, with `language` or `theme`
    changes that."""
    person = request.user
    if not isinstance(person, Person):
        raise TypeError("signed_in lets people in only")
    if request.method == "POST":
        verb = next((verb for name, verb in _VERBS.items() if name in request.POST), _end)
        return verb(request, person)
    frame, context = frames.of(request)
    places = sessions.of(request)
    log = [
        {"at": row.at, "what": words.outcome(row.outcome), "bad": row.outcome in {"wrong", "throttled", "inactive"},
         "ip": row.ip or "", "device": device_name(row.user_agent)}
        for row in queries.recent_sign_ins(person)
    ]  # fmt: skip
    shown = [{"place": place, "device": device_name(place.device) or _("Unknown device")} for place in places]
    page = {"frame": frame, "places": shown, "log": log, "home": home_of(person),
            "languages": [(code, name, code == person.language) for code, name in settings.LANGUAGES],
            "themes": [(code, name, code == person.theme) for code, name in _themes().items()]}  # fmt: skip
    return render(request, "accounts/security.html", {**context, **page})


def _speak(request: HttpRequest, person: Person) -> HttpResponse:
    """The language of one's pages and letters, from the next page on; this browser keeps it for its sign-in page."""
    language = request.POST["language"]
    if language not in dict(settings.LANGUAGES):
        raise Http404
    actions.set_language(person, language)
    with translation.override(language):
        messages.success(request, _("The language has been changed."))
    response = HttpResponseRedirect(reverse("account_security"))
    response.set_cookie("language", language, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


def _themes() -> dict[str, str]:
    return {"system": _("Same as the device"), "light": pgettext("theme", "Light"), "dark": pgettext("theme", "Dark")}


def _paint(request: HttpRequest, person: Person) -> HttpResponse:
    """The look of one's pages, from the next page on; this browser keeps it for its sign-in page."""
    theme = request.POST["theme"]
    if theme not in _themes():
        raise Http404
    actions.set_theme(person, theme)
    messages.success(request, _("The appearance has been changed."))
    response = HttpResponseRedirect(reverse("account_security"))
    response.set_cookie("theme", theme, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


def _end(request: HttpRequest, person: Person) -> HttpResponse:
    asked = request.POST.get("end", "")
    if asked == "others":
        sessions.end_others(request)
        messages.success(request, _("All other sessions are ended."))
    elif not (asked.isascii() and asked.isdigit() and len(asked) < 19 and sessions.end(person.pk, int(asked))):
        raise Http404
    else:
        messages.success(request, _("The session is ended."))
    return HttpResponseRedirect(reverse("account_security"))


_VERBS = {"language": _speak, "theme": _paint}  # by the name of the button; all others end a session
