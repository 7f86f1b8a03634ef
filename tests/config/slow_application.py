"""A WSGI application for tests of stopping: /slow answers after some seconds, /drip piece by piece, /heap with 24 MB, else at once."""

import os
import time

from helpdesk.config.server.flights import Flights

HEAP = 6_000_000


def answer(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    path = environ["PATH_INFO"]
    if path == "/slow":
        time.sleep(float(environ["QUERY_STRING"]))
        return [b"whole ", b"answer"]
    if path == "/heap":
        time.sleep(float(environ["QUERY_STRING"]))
        return [b"heap" * HEAP]
    if path == "/drip":
        return drip(float(environ["QUERY_STRING"]))
    return [str(os.getpid()).encode()]


def drip(seconds):
    for _ in range(10):
        time.sleep(seconds / 10)
        yield b"drop "


time.sleep(float(os.environ.get("LOADS_FOR", "0")))
application = Flights(answer)
application.end_after_sigterm()
