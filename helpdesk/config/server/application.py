"""What the web server's worker processes load: the WSGI application, with the assets before it."""

import gc
import re
from typing import Any

from django.conf import settings
from whitenoise import WhiteNoise  # type: ignore[import-untyped]

from helpdesk.config.server.flights import Flights
from helpdesk.config.wsgi import application as django_application

_HASHED = re.compile(r"\.[0-9a-f]{12}\.[^/.]+(\.map)?$")


def _is_immutable(path: str, url: str) -> bool:
    """Whether the name holds a hash of the content, so that browsers may keep it for ever."""
    del path
    return bool(_HASHED.search(url))


def _settle() -> None:
    """What is loaded by now stays: the collector of garbage need not look through it with every page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 100)


application: Any = Flights(
    WhiteNoise(
        django_application,
        root=settings.STATIC_ROOT,
        prefix=settings.STATIC_URL,
        max_age=3600,
        allow_all_origins=False,
        immutable_file_test=_is_immutable,
    )
)
application.end_after_sigterm()
_settle()
