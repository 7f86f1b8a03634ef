"""The web server as a process of its own, with an application of the tests."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests import room
from tests.e2e.installation import free_port

ROOT = Path(__file__).resolve().parents[2]
SERVE = """
import sys
from helpdesk.config.server import web
web.serve(host="127.0.0.1", port=int(sys.argv[1]), target=sys.argv[2])
"""


@contextlib.contextmanager
def begun(application, *, port=0, **environment):
    port = port or free_port()
    folder = tempfile.mkdtemp(prefix=room.PREFIX, dir=room.place())
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port), application], cwd=ROOT, stderr=subprocess.PIPE,
                               text=True, env={**os.environ, "DATABASE_URL": "postgresql://nowhere/none", "PYTHONPATH": str(ROOT),
                                    "HELPDESK_DATA": folder, **environment})  # fmt: skip
    process.url = f"http://127.0.0.1:{port}"
    process.port = port
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stderr.close()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def serving():
    with begun("tests.config.slow_application:application") as process:
        until_it_answers(process)
        yield process


def until_it_answers(process):
    end = time.monotonic() + 30
    while True:
        try:
            return get(process, "/")
        except OSError:
            assert time.monotonic() < end, process.poll()
            time.sleep(0.1)


def get(server, path):
    with urllib.request.urlopen(server.url + path, timeout=20) as answer:
        return answer.read()
