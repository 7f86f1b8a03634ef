"""The disk is full: whoever sends is told so, what was accepted stays, and with room everything goes on."""

import contextlib
import os
import re
import resource
import subprocess
import time

import pytest

from tests.e2e.installation import ORDINARY, Installation
from tests.e2e.plain import Visitor
from tests.e2e.test_kill import facts

LETTER = (
    b"From: Petr <petr-full@example.org>\r\nTo: support@example.com\r\nSubject: %s\r\nMessage-ID: <%s@example.org>\r\n"
    b"Date: Wed, 25 Nov 2026 12:00:00 +0300\r\n\r\n" + b"word " * 40 + b"\r\n" + b"0123456789 " * 30_000
)


class Disk:
    """The data folder, and its files, as small disks where this user may mount them; else files may not grow."""

    def __init__(self, installation):
        self.installation = installation
        self.home, self.files = installation.home, installation.home / "files"
        self.mounted = os.geteuid() == 0 and self._mount(self.home, "450m")
        if self.mounted:
            self.files.mkdir(mode=0o700)
            assert self._mount(self.files, "20m")

    def _mount(self, place, size):
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    def fill(self, place):
        if not self.mounted:
            self._limit(100_000)
            return
        for size in (65536, 512):
            with contextlib.suppress(OSError), (place / f"filler-{size}").open("wb", buffering=0) as filler:
                while True:
                    filler.write(b"\0" * size)

    def free(self):
        if not self.mounted:
            self._limit(resource.RLIM_INFINITY)
            return
        for place in (self.home, self.files):
            for filler in place.glob("filler-*"):
                filler.unlink()

    def _limit(self, size):
        for pid in self.installation.part("web process"):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def remove(self):
        for place in (self.files, self.home) if self.mounted else ():
            subprocess.run(["umount", "-l", str(place)], check=False)

    def receive(self, key, *, full):
        """`helpdesk mail receive` of a letter: its result."""
        command = self.installation.command("mail", "receive")
        if full and not self.mounted:
            command = ["/bin/sh", "-c", 'ulimit -f 100; exec "$@"', "sh", *command]
        return subprocess.run(command, cwd="/tmp", env=self.installation.environment(), check=False, timeout=120,
                              input=LETTER % (key.encode(), key.encode()), capture_output=True)  # fmt: skip


@pytest.fixture(scope="module")
def disk(demo_world):
    installation = Installation("root" if os.geteuid() == 0 else "")
    assert installation.user != ORDINARY
    disk = Disk(installation)
    try:
        installation.begin_as(demo_world)
        installation.start("--demo", HELPDESK_URL=installation.url)
        installation.wait_until_ready(seconds=240)
        yield disk
    finally:
        disk.free()
        if installation.process.poll() is None:
            installation.stop()
        disk.remove()
        installation.remove()


class Sender:
    """A client who sends forms and letters, and what of them was accepted."""

    def __init__(self, disk, tag):
        self.disk, self.tag = disk, f"{tag}-{time.time_ns()}"
        self.client = Visitor(disk.installation.url, "client1")
        _, page = self.client.get("/portal/new/")
        self.queue = re.search(r'<option value="(\d+)">Ошибка<', page).group(1)
        self.accepted = set()

    def send(self, key, *files):
        """Status and text of the answer; 0 where the server gave none."""
        fields = {"queue": self.queue, "subject": f"Проба {self.tag} {key}", "body": "Текст", "priority": "3",
                  "form_key": f"{self.tag}-{key}"}  # fmt: skip
        try:
            status, place, text = self.client.post("/portal/new/", fields, files)
        except OSError:
            return 0, ""
        if status == 302 and "/tickets/" in place:
            self.accepted.add(key)
        return status, text

    def check(self, *possible):
        """What was accepted is there once; nothing else but what may have been, unheard."""
        rows = facts(self.disk.installation, f"Проба {self.tag}")
        found = [subject.removeprefix(f"Проба {self.tag} ") for _, subject, *_ in rows]
        assert len(found) == len(set(found))
        assert self.accepted <= set(found) <= self.accepted | set(possible)


BIG = ("attachments", "big.bin", os.urandom(400_000))


def test_a_full_disk_of_files_is_told_to_whoever_sends_and_loses_nothing(disk):
    sender = Sender(disk, "файлы")
    assert sender.send("до", BIG)[0] == 302
    disk.fill(disk.files)
    other = ("attachments", "other.bin", os.urandom(400_000))
    status, text = sender.send("файл", other)
    assert status == 507, disk.installation.said()[-3000:]
    assert "На сервере не осталось места" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert sender.send("слова")[0] == 302  # the database has room
    letter = disk.receive(f"files-{time.time_ns()}", full=True)
    said = letter.stderr.decode()
    assert (letter.returncode, letter.stdout) == (75, b"")
    assert "no room for files" in said
    assert len(said.splitlines()) == 1
    disk.free()
    assert sender.send("файл", other)[0] == 302
    assert disk.receive(f"files-{time.time_ns()}", full=False).returncode == 0
    assert sender.accepted == {"до", "файл", "слова"}
    sender.check()


def test_a_full_disk_of_the_whole_installation_loses_nothing_and_is_over_when_there_is_room(disk):
    sender = Sender(disk, "всё")
    assert sender.send("до")[0] == 302
    disk.fill(disk.files)
    disk.fill(disk.home)
    statuses = {sender.send(f"полно-{i}", *[BIG][: i % 2])[0] for i in range(4)}
    assert statuses <= {0, 302, 500, 503, 507}, statuses
    letter = disk.receive(f"whole-{time.time_ns()}", full=True)
    assert (letter.returncode, letter.stdout) == (75, b"")
    disk.free()
    disk.installation.wait_until_ready(seconds=60)
    for i in range(4):
        assert sender.send(f"полно-{i}", *[BIG][: i % 2])[0] == 302
    assert disk.receive(f"whole-{time.time_ns()}", full=False).returncode == 0
    sender.check()
