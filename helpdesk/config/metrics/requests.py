"""Counting requests: by route, method and status, how long they took, and the pool of connections behind them."""

import time
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

LOCAL = CollectorRegistry()  # of this process alone
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_EVERY = 1.0  # seconds between looks at the pool

REQUESTS = Counter(
    "helpdesk_http_requests", "Requests answered.", ("route", "method", "status"), registry=LOCAL
)  # fmt: skip
SECONDS = Histogram(
    "helpdesk_http_request_seconds",
    "How long answers took to make.",
    ("route",),
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
    registry=LOCAL,
)
POOL = Gauge(
    "helpdesk_database_pool",
    "Connections in the pools of the web processes (size, available) and requests waiting for one.",
    ("what",),
    multiprocess_mode="livesum",
    registry=LOCAL,
)
POOL_WAITED = Counter(
    "helpdesk_database_pool_waits", "Requests that had to wait for a connection of the pool.", registry=LOCAL
)  # fmt: skip
POOL_ERRORS = Counter("helpdesk_database_pool_errors", "Requests that got no connection.", registry=LOCAL)


class Measured:
    """The outermost middleware. Costs about twenty microseconds a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._counters: dict[tuple[str, str, int], Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        self._looked_at = 0.0
        self._seen = {"requests_queued": 0, "requests_errors": 0}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        now = time.perf_counter()
        self._count(request, response, now - begun)
        if now - self._looked_at > _EVERY:
            self._looked_at = now
            self._look_at_pool()
        return response

    def _count(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        match = request.resolver_match
        route = f"/{match.route}" if match else "none"  # an address that leads nowhere must not make a series
        key = (route, request.method or "", response.status_code)
        counter = self._counters.get(key)
        if counter is None:
            method = key[1] if key[1] in _METHODS else "other"
            counter = REQUESTS.labels(route, method, str(key[2]))
            if method != "other":
                self._counters[key] = counter
        counter.inc()
        histogram = self._histograms.get(route)
        if histogram is None:
            histogram = self._histograms[route] = SECONDS.labels(route)
        histogram.observe(seconds)

    def _look_at_pool(self) -> None:
        pool = getattr(connection, "pool", None)  # None where there is none, as in tests
        if pool is None:
            return
        now = pool.get_stats()
        POOL.labels("size").set(now.get("pool_size", 0))
        POOL.labels("available").set(now.get("pool_available", 0))
        POOL.labels("waiting").set(now.get("requests_waiting", 0))
        for name, counter in (("requests_queued", POOL_WAITED), ("requests_errors", POOL_ERRORS)):
            counter.inc(max(now.get(name, 0) - self._seen[name], 0))
            self._seen[name] = now.get(name, 0)
