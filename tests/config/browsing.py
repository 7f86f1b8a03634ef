"""A program of its own that asks the WSGI application, with the settings of production, as a proxy asks it: by plain HTTP.

Standard input: a list of {"path", "form" (then it is posted), "ip"}; standard output: a list of {"status", "headers"}.
Cookies are carried from one to the next, as a browser of the public address would.
"""

import io
import json
import sys
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from helpdesk.config.wsgi import application


def ask(cookies, public, path, form=None, ip="192.0.2.1"):
    """One request; returns status and headers."""
    fields = {**(form or {}), "csrfmiddlewaretoken": next((v for k, v in cookies.items() if "csrf" in k), "")}
    body = urlencode(fields).encode() if form is not None else b""
    environ = {
        "REQUEST_METHOD": "GET" if form is None else "POST", "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": ip,
        "HTTP_HOST": urlsplit(public).netloc, "HTTP_ORIGIN": public, "HTTP_REFERER": f"{public}/",
        "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "wsgi.version": (1, 0),
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    told = {}

    def start(status, headers, _exception=None):
        told.update(status=int(status[:3]), headers=headers)

    answer = application(environ, start)
    b"".join(answer)
    answer.close()
    for name, value in told["headers"]:
        if name.lower() == "set-cookie":
            cookies.update({key: morsel.value for key, morsel in SimpleCookie(value).items()})
    return told


def main():
    """Ask for each in turn."""
    from django.conf import settings

    cookies = {}
    print(json.dumps([ask(cookies, settings.PUBLIC_URL, **one) for one in json.load(sys.stdin)]))


if __name__ == "__main__":
    main()
