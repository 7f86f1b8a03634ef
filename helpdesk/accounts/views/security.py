"""One's own account: where one is signed in, ending it, and the last sign-ins."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from helpdesk.accounts import frames, queries, sessions, words
from helpdesk.accounts.access import home_of, signed_in
from helpdesk.accounts.models import Person
from helpdesk.accounts.origin import device_name


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def security(request: HttpRequest) -> HttpResponse:
    """`/account/security/`; a POST with `end` = the id of a session or «others» ends it."""
    person = request.user
    if not isinstance(person, Person):
        raise TypeError("signed_in lets people in only")
    if request.method == "POST":
        return _end(request, person)
    frame, context = frames.of(request)
    places = sessions.of(request)
    log = [
        {"at": row.at, "what": words.outcome(row.outcome), "bad": row.outcome in {"wrong", "throttled", "inactive"},
         "ip": row.ip or "", "device": device_name(row.user_agent)}
        for row in queries.recent_sign_ins(person)
    ]  # fmt: skip
    shown = [{"place": place, "device": device_name(place.device) or _("Unknown device")} for place in places]
    page = {"frame": frame, "places": shown, "log": log, "home": home_of(person)}
    return render(request, "accounts/security.html", {**context, **page})


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
