"""A server for the gallery that needs no database, and a browser."""

import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def served(settings):
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application

    settings.DEBUG = True  # the gallery opens to anybody
    server = make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), Server, Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/__ui__/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def browse(browser, served):
    """Opens a page of the gallery; what the console complained about is in `page.complaints`."""
    contexts = []

    def opened(query="", *, width=1280, height=900, **traits):
        context = browser.new_context(viewport={"width": width, "height": height}, locale="ru-RU", **traits)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(served + query)
        return page

    yield opened
    for context in contexts:
        context.close()
