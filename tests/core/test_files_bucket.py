"""Files in a bucket, against a real S3 server: the same promises as in a folder."""

import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from helpdesk.config.health import doctor
from helpdesk.core import files, files_bucket
from tests import programs
from tests.e2e.installation import free_port
from tests.portal.conftest import World

pytestmark = pytest.mark.e2e

SECRET = "se cret/+@"
IDENTITIES = (
    '{"identities": [{"name": "t", "credentials": [{"accessKey": "key", "secretKey": "%s"}], "actions": ["Admin"]}]}'
)


class Server:
    """SeaweedFS as processes of its own."""

    def __init__(self, folder):
        (folder / "data").mkdir()
        (folder / "s3.json").write_text(IDENTITIES % SECRET)
        ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
        inner = {f"{name}.port.grpc": free_port() for name in ports}
        options = {"dir": folder / "data", "ip": "127.0.0.1", "ip.bind": "127.0.0.1", "s3.config": folder / "s3.json",
                   "s3.port.iceberg": 0, "s3.port.lance": 0, "master.volumeSizeLimitMB": 64, "volume.max": 20,
                   "master.telemetry": "false", "master.electionTimeout": "1s", "filer": "true", "s3": "true", **inner}  # fmt: skip
        options |= {f"{name}.port": port for name, port in ports.items()}
        self.command = [Path(sys.executable).with_name("weed"), "server", *(f"-{k}={v}" for k, v in options.items())]
        self.folder = folder
        self.at = f"http://127.0.0.1:{ports['s3']}"
        self.process = None

    def url(self, *, key="key", secret=SECRET, bucket="helpdesk"):
        return f"s3://{key}:{quote(secret, safe='')}@{bucket}/files?endpoint={self.at}"

    def start(self):
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=log)
        end = time.monotonic() + 60
        while True:
            try:
                return files_bucket.probe(self.url())
            except OSError:
                assert time.monotonic() < end, (self.folder / "log").read_text()[-2000:]
                time.sleep(0.2)

    def stop(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("weed"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def bucket(server, settings, tmp_path):
    """An installation whose files lie in the bucket; nothing is at hand yet."""
    settings.DATA_DIR = tmp_path
    settings.FILES_URL = server.url()
    return server


def at_hand():
    return [path for path in files.root().rglob("*") if path.is_file()]


def forget_copies():
    for path in at_hand():
        path.unlink()


def objects(server):
    import obstore

    return {entry["path"] for page in obstore.list(files_bucket._client(server.url())) for entry in page}


def test_what_is_stored_lies_in_the_bucket_before_the_answer_and_comes_back(bucket):
    content = os.urandom(3_000_000)
    stored = files.store(content[i : i + 100_000] for i in range(0, len(content), 100_000))
    assert stored.size == len(content)
    assert f"{stored.sha256[:2]}/{stored.sha256[2:4]}/{stored.sha256}" in objects(bucket)
    forget_copies()
    assert files.read(stored.sha256) == content
    assert [path.name for path in at_hand()] == [stored.sha256]
    whole = [files.root(), *files.root().rglob("*")]  # for the server's user alone, as its folder of files is
    assert {stat.S_IMODE(path.stat().st_mode) for path in whole if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in whole if path.is_file()} == {0o600}
    with files.open_file(stored.sha256) as file:
        file.seek(1_000_000)
        assert file.read(10) == content[1_000_000:1_000_010]


def test_large_content_goes_in_parts_and_empty_content_is_content(bucket):
    large = os.urandom(1_000_000) * 24
    for content in (large, b""):
        stored = files.store(content)
        forget_copies()
        assert files.read(stored.sha256) == content


def test_storing_again_changes_nothing(bucket):
    first = files.store(b"the same")
    before = objects(bucket)
    forget_copies()
    assert files.store(b"the same") == first
    assert objects(bucket) == before


def test_missing_content_is_a_clear_error(bucket):
    with pytest.raises(FileNotFoundError):
        files.read("0" * 64)
    assert not files.path_of("0" * 64).exists()
    with pytest.raises(ValueError, match="not a sha256"):
        files.path_of("../../etc/passwd")
    assert at_hand() == []


def test_another_content_under_the_name_is_not_believed(bucket):
    import obstore

    name = "ab" * 32
    obstore.put(files_bucket._client(bucket.url()), f"ab/ab/{name}", b"forged")
    with pytest.raises(files_bucket.Unreachable, match="another content"):
        files.read(name)
    assert at_hand() == []


@pytest.mark.django_db(transaction=True)
def test_a_form_with_files_is_sent_and_its_file_is_handed_out(bucket, client):
    from helpdesk.tickets.models import Attachment, Ticket

    world = World()
    client.force_login(world.carol, backend="helpdesk.accounts.backends.LoginOrAddress")
    content = os.urandom(200_000)
    form = {"queue": world.errors.pk, "subject": "С файлом", "body": "Т", "priority": "3", "form_key": "k",
            "attachments": SimpleUploadedFile("a.bin", content)}  # fmt: skip
    assert client.post("/portal/new/", form).status_code == 302
    number = Ticket.objects.get().number
    attachment = Attachment.objects.get()
    forget_copies()
    answer = client.get(f"/portal/tickets/{number}/files/{attachment.pk}/a.bin")
    assert answer.status_code == 200
    assert answer.streaming
    assert b"".join(answer) == content


@pytest.mark.django_db(transaction=True)
def test_without_the_server_nothing_is_accepted_and_what_is_at_hand_is_given(bucket, client):
    from helpdesk.tickets.models import Ticket

    world = World()
    client.force_login(world.carol, backend="helpdesk.accounts.backends.LoginOrAddress")
    client.raise_request_exception = False
    kept, other = files.store(b"at hand").sha256, files.store(b"not at hand").sha256
    files.path_of(other).unlink()
    bucket.stop()
    try:
        assert files.read(kept) == b"at hand"
        with pytest.raises(files_bucket.Unreachable, match="the bucket helpdesk at http"):
            files.read(other)
        with pytest.raises(files_bucket.Unreachable):
            files.store(b"new content")
        form = {"queue": world.errors.pk, "subject": "С файлом", "body": "Т", "priority": "3", "form_key": "k",
                "attachments": SimpleUploadedFile("a.bin", b"lost?")}  # fmt: skip
        assert client.post("/portal/new/", form).status_code == 500
        assert not Ticket.objects.exists()
    finally:
        bucket.start()
    form["attachments"].seek(0)
    assert client.post("/portal/new/", form).status_code == 302
    assert files.read(other) == b"not at hand"


def test_the_doctor_tells_what_is_wrong_with_the_bucket(bucket, settings):
    assert list(doctor._bucket()) == []
    for url in (
        bucket.url(secret="wrong"),
        bucket.url(key="who"),
        bucket.url().replace(bucket.at, "http://127.0.0.1:9"),
    ):
        settings.FILES_URL = url
        with translation.override("en"):
            [finding] = doctor._bucket()
        assert "the bucket helpdesk at http" in finding.wrong
        assert "wrong" not in finding.wrong.partition("cannot be used")[0]
        assert "correct bucket, endpoint, key and secret" in finding.cure


def test_copies_used_longest_ago_are_removed_when_they_are_too_many(tmp_path, monkeypatch):
    for index, minutes in enumerate((30, 20, 15, 1)):
        path = tmp_path / "aa" / "bb" / str(index)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 100)
        os.utime(path, (time.time() - minutes * 60,) * 2)
    monkeypatch.setattr(files_bucket, "_pruned_at", 0.0)
    files_bucket.prune(tmp_path, most=250)
    assert sorted(path.name for path in tmp_path.rglob("?")) == ["2", "3"]
    monkeypatch.setattr(files_bucket, "_pruned_at", 0.0)
    files_bucket.prune(tmp_path, most=0)
    assert [path.name for path in tmp_path.rglob("?")] == ["3"]  # somebody may be reading it


@pytest.mark.parametrize(
    "url",
    ["s3://", "s3:///path", "s3://b?endpoint=ftp://h", "s3://b?endpoint", "s3://b?other=1", "s3://key@b", "s3://b#f",
     "http://b/p"],
)  # fmt: skip
def test_wrong_addresses_are_refused(url):
    with pytest.raises(ValueError):
        files_bucket.parse(url)


def test_addresses_are_read_whole():
    found = files_bucket.parse("s3://k%2Fy:s%40t@bucket/a/b/?endpoint=https://s3.example.org:9000/&region=ru-1")
    assert found == files_bucket.Bucket("bucket", "a/b", "https://s3.example.org:9000", "ru-1", "k/y", "s@t")


def test_the_library_costs_nothing_where_files_lie_in_a_folder(tmp_path):
    program = (
        "import sys, django; django.setup(); from helpdesk.core import files; "
        "from helpdesk.config.server import application; files.read(files.store(b'x').sha256); "
        "assert not [name for name in sys.modules if name.startswith('obstore')]"
    )
    environment = {**os.environ, "HELPDESK_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "helpdesk.config.settings",
                   "DATABASE_URL": "postgresql://127.0.0.1:9/none"}  # fmt: skip
    environment.pop("HELPDESK_FILES_URL", None)
    root = Path(__file__).resolve().parents[2]
    programs.run(["-c", program], env=environment, cwd=root, check=True)
