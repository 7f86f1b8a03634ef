"""A disk without room: said in words, nothing half-stored, and everything works again when there is room."""

import resource
import signal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.core import files
from tests.portal.conftest import World


@pytest.fixture
def small(settings, tmp_path):
    """No file may grow over 100 kB; what the kernel says of it is like a full disk."""
    settings.FILES_URL = (tmp_path / "files").as_uri()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(*, on):
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000 if on else soft, hard))

    limit(on=True)
    yield limit
    limit(on=False)


def test_store_says_that_there_is_no_room_and_leaves_nothing(small, tmp_path):
    with pytest.raises(files.NoRoom, match="no room for files in"):
        files.store(b"x" * 200_000)
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    small(on=False)
    assert files.read(files.store(b"x" * 200_000).sha256) == b"x" * 200_000


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [200_000, 2_000_000], ids=["in the store", "while it is received"])
def test_a_form_with_a_file_gets_a_page_that_says_so_and_writes_nothing(small, client, size):
    from helpdesk.tickets.models import Ticket

    world = World()
    client.force_login(world.carol, backend="helpdesk.accounts.backends.LoginOrAddress")
    client.raise_request_exception = False
    form = {"queue": world.errors.pk, "subject": "С файлом", "body": "Т", "priority": "3", "form_key": "k"}

    def send():
        return client.post("/portal/new/", {**form, "attachments": SimpleUploadedFile("a.bin", b"y" * size)})

    answer = send()
    assert answer.status_code == 507
    assert "На сервере не осталось места" in answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert not Ticket.objects.exists()
    small(on=False)
    assert send().status_code == 302
    assert Ticket.objects.count() == 1
