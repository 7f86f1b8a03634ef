"""/healthz: this process answers. /readyz: it can do its work. Plain JSON, no sign-in, no details of the inside."""

from datetime import timedelta

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from helpdesk.core import jobs

WORKER_IS_LATE = timedelta(seconds=30)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers at all; asks nobody else."""
    del request
    return _uncached(JsonResponse({"status": "ok"}))


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 if the database answers and a worker was seen lately, else 503; says which of them is missing."""
    del request
    state = {"database": "ok", "worker": "ok"}
    try:
        age = jobs.last_seen()
    except Error:
        state = {"database": "unreachable", "worker": "unknown"}
    else:
        if age is None or age > WORKER_IS_LATE:
            state["worker"] = "missing"
    ready = set(state.values()) == {"ok"}
    return _uncached(JsonResponse({"status": "ok" if ready else "unavailable", **state}, status=200 if ready else 503))


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
