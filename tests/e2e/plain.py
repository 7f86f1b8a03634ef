"""A browser without a window: cookies, forms, files over HTTP, for tests that kill servers under it."""

import re
import secrets
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Visitor:
    """One signed-in person."""

    def __init__(self, url, login, password="demo-helpdesk"):
        self.url = url
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), _Stay())
        self.token = ""
        self.get("/login/")
        status, _, _ = self.post("/login/", {"login": login, "password": password})
        assert status == 302, status

    def get(self, path):
        """Status, text."""
        status, _, body = self._ask(urllib.request.Request(self.url + path))
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)
        self.token = found.group(1) if found else self.token
        return status, body

    def post(self, path, fields, files=()):
        """Status, where it leads, text. Files: (field, name, content)."""
        border = secrets.token_hex(12)
        lines = []
        for name, value in {"csrfmiddlewaretoken": self.token, **fields}.items():
            lines += [f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()]
        for name, filename, content in files:
            head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
            lines += [head.encode(), content, b"\r\n"]
        data = b"".join([*lines, f"--{border}--\r\n".encode()])
        request = urllib.request.Request(self.url + path, data)
        request.add_header("Content-Type", f"multipart/form-data; boundary={border}")
        return self._ask(request)

    def _ask(self, request):
        request.add_header("Accept-Language", "ru")
        request.add_header("Referer", self.url + "/")
        try:
            with self.opener.open(request, timeout=20) as answer:
                return answer.status, answer.headers.get("Location", ""), answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Location", ""), error.read().decode(errors="replace")
