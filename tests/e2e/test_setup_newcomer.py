"""`make run` as a newcomer meets it: a fresh clone, a bare environment, no question; quick again; nothing left behind."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from tests.e2e.installation import ROOT, free_port

# how a machine reaches its package index is its own business, also on a bare one
NETWORK = ("PIP_INDEX_URL", "PIP_CONFIG_FILE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
           "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HELPDESK_POSTGRES_BIN")  # fmt: skip
FIRST, AGAIN = 120, 8  # seconds on two idle cores


def idle_seconds(seconds):
    """The bound on this machine as busy as it is now: other work takes its share of the two cores."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class Newcomer:
    """One clone and what is run in it."""

    def __init__(self):
        self.home = Path(tempfile.mkdtemp(prefix="helpdesk-newcomer-", dir="/tmp"))
        self.home.chmod(0o755)
        self.clone = self.home / "product"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(self.clone)], check=True)
        self.port = free_port()
        cache = subprocess.run(
            [shutil.which("python3"), "-m", "pip", "cache", "dir"], capture_output=True, text=True, check=False
        )
        self.environment = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "PORT": str(self.port),
        }
        self.environment |= {name: os.environ[name] for name in NETWORK if name in os.environ}
        if cache.returncode == 0:
            self.environment["PIP_CACHE_DIR"] = cache.stdout.strip()
        self.log = self.home / "run.log"
        self.process = None

    def run(self):
        """`make run`; how long until it is ready."""
        begun, self.said_before = time.monotonic(), len(self.said())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(["make", "run"], cwd=self.clone, env=self.environment, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, start_new_session=True)  # fmt: skip
        while not self.is_ready():
            assert self.process.poll() is None, self.said()[-3000:]
            assert time.monotonic() - begun < 900, self.said()[-3000:]
            time.sleep(0.1)
        return time.monotonic() - begun

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def said(self):
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def announced(self):
        """The last lines of this start, once they are there."""
        end = time.monotonic() + 60
        while "Password of all" not in self.said()[self.said_before :]:
            assert time.monotonic() < end, self.said()[-2000:]
            time.sleep(0.1)
        return self.said()[self.said_before :].strip().splitlines()

    def left(self):
        """Living processes that work in the clone."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if str(self.home) in line or str((folder / "cwd").readlink()).startswith(str(self.home)):
                    found[int(folder.name)] = line
            except OSError:
                continue
        return found

    def stop(self):
        """SIGTERM to make, as a service manager does; what is left after it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        end = time.monotonic() + 20
        while self.left() and time.monotonic() < end:
            time.sleep(0.1)
        return self.left()

    def remove(self):
        if self.process and self.process.poll() is None:
            self.stop()
        for pid in self.left():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.home, ignore_errors=True)


@pytest.fixture
def newcomer():
    newcomer = Newcomer()
    yield newcomer
    newcomer.remove()


def test_make_run_alone_is_enough_in_a_fresh_clone(newcomer):
    took = newcomer.run()
    assert took < idle_seconds(FIRST), newcomer.said()
    lines = newcomer.announced()
    last = " ".join(lines[-5:])
    assert (
        f"http://127.0.0.1:{newcomer.port}/" in last
        and "client1" in last
        and "agent1" in last
        and "demo-helpdesk" in last
    )
    assert len(lines) > 6  # it says what it does meanwhile
    assert newcomer.stop() == {}
    again = newcomer.run()
    assert again < idle_seconds(AGAIN), newcomer.said()
    lines = newcomer.announced()
    assert not any("Installing" in line or "first start" in line for line in lines), lines
    assert newcomer.stop() == {}
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=newcomer.clone, capture_output=True, text=True, check=True
    )
    assert status.stdout == ""  # what is made is ignored
    print(f"\n  ready after {took:.0f} s, again after {again:.1f} s")
