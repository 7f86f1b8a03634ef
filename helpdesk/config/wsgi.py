"""The WSGI application."""

import os
from typing import Any

import django
from django.conf import settings

from helpdesk.config import multipart

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.config.settings")
django.setup(set_prefix=False)


class Request(multipart.Request):
    """A request as browsers speak to the public address: a proxy that holds the certificate speaks plain HTTP to us."""

    def __init__(self, environ: dict[str, Any]) -> None:
        if settings.PUBLIC_URL.startswith("https://"):
            environ["wsgi.url_scheme"] = "https"
        super().__init__(environ)


class Handler(multipart.Handler):
    """Ours, with requests of the public address."""

    request_class = Request


application = Handler()
