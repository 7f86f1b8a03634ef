"""Files of a form as bytes over the real WSGI application: none is lost for its name."""

import io
import re

import pytest
from django.test import Client, RequestFactory
from django.urls import Resolver404

from helpdesk.config.multipart import Handler
from helpdesk.config.wsgi import application
from helpdesk.tickets.models import Attachment, Ticket
from tests.portal.conftest import World

BORDER = "border7"
ADDRESS = "/portal/new/"


@pytest.fixture(autouse=True)
def _files(own_files, settings):
    settings.EMAIL_URL = ""


@pytest.fixture
def world(db):
    return World()


@pytest.fixture
def carol(world):
    client = Client()
    client.force_login(world.carol, backend="helpdesk.accounts.backends.LoginOrAddress")
    return client


def part(name, content, filename=None):
    said = "" if filename is None else f'; filename="{filename}"\r\nContent-Type: application/octet-stream'
    head = f'--{BORDER}\r\nContent-Disposition: form-data; name="{name}"{said}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def posted(client, world, files):
    """Send the form as bytes; the status of the answer."""
    page = client.get(ADDRESS).content.decode()
    secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    fields = {
        "csrfmiddlewaretoken": secret, "queue": str(world.errors.pk), "subject": "Ошибка", "body": "Текст",
        "priority": "3", "form_key": "k1",
    }  # fmt: skip
    body = b"".join(part(name, value.encode()) for name, value in fields.items())
    body += b"".join(part("attachments", content, name) for name, content in files)
    body += f"--{BORDER}--\r\n".encode()
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": ADDRESS, "SERVER_NAME": "testserver", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": f"multipart/form-data; boundary={BORDER}",
        "HTTP_COOKIE": "; ".join(f"{key}={one.value}" for key, one in client.cookies.items()),
    }  # fmt: skip
    # without the signals of a request's end, which would end the test's own transaction
    return application.get_response(application.request_class(environ)).status_code


def attached():
    rows = Attachment.objects.order_by("position").values_list("filename", "size")
    return [(name.replace("\xa0", " "), size) for name, size in rows]


@pytest.mark.parametrize("name", ["..", ".", "", "/", "a/..", "C:\\..", "\x07"])
def test_file_whose_name_says_nothing_gets_one(carol, world, name):
    assert posted(carol, world, [("акт.pdf", b"%PDF"), (name, b"12345"), ("б.txt", b"6")]) == 302
    assert attached() == [("акт.pdf", 4), ("файл", 5), ("б.txt", 1)]


def test_name_is_in_the_readers_language(carol, world):
    world.carol.language = "en"
    world.carol.save(update_fields=["language"])
    assert posted(carol, world, [("..", b"1")]) == 302
    assert attached() == [("file", 1)]


def test_input_where_nothing_was_chosen_is_no_file(carol, world):
    assert posted(carol, world, [("", b"")]) == 302
    assert Ticket.objects.count() == 1
    assert attached() == []


def test_ten_files_arrive_as_ten_and_text_stays_text(carol, world):
    names = [f"{n}.txt" for n in range(4)] + ["..", ".", ""] + [f"{n}.txt" for n in range(4, 7)]
    assert posted(carol, world, [(name, b"x" * 70_000) for name in names]) == 302
    assert [size for _, size in attached()] == [70_000] * 10
    assert "Текст" in Ticket.objects.get().articles.get(seq=1).text


def test_empty_file_with_a_name_is_a_file(carol, world):
    assert posted(carol, world, [("..", b""), ("пусто.txt", b"")]) == 302
    assert [size for _, size in attached()] == [0, 0]


def test_a_path_leads_to_its_view_each_time_and_a_wrong_one_nowhere():
    for _ in range(2):
        request = RequestFactory().get("/portal/tickets/100001/")
        found = Handler().resolve_request(request)
        assert (request.resolver_match, found.kwargs) == (found, {"number": "100001"})
        with pytest.raises(Resolver404):
            Handler().resolve_request(RequestFactory().get("/nowhere/at/all/"))
