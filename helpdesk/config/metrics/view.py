"""/metrics, for configured addresses or whoever brings the token. For all others there is no such page."""

import ipaddress
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from helpdesk.accounts.origin import ip_of
from helpdesk.config.metrics import places
from helpdesk.config.metrics.figures import Figures
from helpdesk.config.metrics.requests import LOCAL

_DATABASE = CollectorRegistry()
_DATABASE.register(Figures())


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus's text format; of all processes of this web server together."""
    if not _may_read(request):
        raise Http404
    return _figures(request)


@require_safe
def _figures(request: HttpRequest) -> HttpResponse:
    del request
    counted = LOCAL
    if folder := places.shared():
        _forget_dead(folder)
        counted = CollectorRegistry()
        MultiProcessCollector(counted, path=str(folder))  # type: ignore[no-untyped-call]
    answer = HttpResponse(
        generate_latest(counted) + generate_latest(_DATABASE), content_type="text/plain; version=0.0.4; charset=utf-8"
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _may_read(request: HttpRequest) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    token = settings.METRICS_TOKEN
    if token and scheme.lower() == "bearer" and secrets.compare_digest(given.strip().encode(), token.encode()):
        return True
    if not settings.METRICS_ALLOW:
        return False
    if not settings.TRUSTED_PROXIES and "X-Forwarded-For" in request.headers:
        return False  # a proxy that nobody declared: its own address is not the asker's
    found = ip_of(request)
    if found is None:
        return False
    address = ipaddress.ip_address(found)
    return any(address in network for network in settings.METRICS_ALLOW)


def _forget_dead(folder: Path) -> None:
    """Present values of processes that have ended count no more; what they counted does."""
    for path in folder.glob("gauge_live*.db"):
        if (found := re.search(r"_(\d+)\.db$", path.name)) and not _alive(int(found.group(1))):
            path.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False
