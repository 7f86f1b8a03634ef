"""Programs of ours as processes, quickly: forks of one interpreter that has the libraries loaded, but nothing of ours.

A program has its own environment, folder, standard streams and exit code, reads the settings and makes Django ready
as ever; only the interpreter's start and the libraries are spared. What is about starting itself runs `sys.executable`.
"""

import array
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import room

_ROOT = Path(__file__).resolve().parent.parent
CLI = ["-m", "helpdesk.config.cli"]
_servers = {}


def run(arguments, *, env, input=None, text=False, cwd=None, timeout=120, check=False):  # noqa: A002  as subprocess
    """Like `subprocess.run([sys.executable, *arguments], capture_output=True, …)`; arguments begin with -m or -c."""
    with contextlib.ExitStack() as stack:
        streams = [stack.enter_context(tempfile.TemporaryFile(dir=room.place())) for _ in range(3)]
        streams[0].write(input.encode() if isinstance(input, str) else input or b"")
        streams[0].seek(0)
        code = _ask(arguments, env, cwd or Path.cwd(), streams, timeout)
        said = []
        for stream in streams[1:]:
            stream.seek(0)
            said.append(stream.read().decode() if text else stream.read())
    done = subprocess.CompletedProcess([sys.executable, *arguments], code, *said)
    if check:
        done.check_returncode()
    return done


def _ask(arguments, env, cwd, streams, timeout):
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(timeout)
        line.connect(_server())
        order = json.dumps({"arguments": [str(one) for one in arguments], "env": env, "cwd": str(cwd)}).encode()
        descriptors = array.array("i", [stream.fileno() for stream in streams])
        line.sendmsg([len(order).to_bytes(8, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
        line.sendall(order)
        answer = line.recv(16)
    assert answer, "the program's keeper has died"
    return int(answer)


def _server():
    """The socket of this process's own server, which starts with the first program and ends with this process."""
    pid = os.getpid()
    if pid not in _servers:
        folder = tempfile.mkdtemp(prefix=room.PREFIX, dir=room.place())
        bare = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "HELPDESK_", "DATABASE_"))}
        process = subprocess.Popen([sys.executable, "-m", "tests.warm", f"{folder}/socket"], cwd=_ROOT, env=bare,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)  # fmt: skip
        assert process.stdout.readline() == b"ready\n"
        _servers[pid] = (process, folder)
    return f"{_servers[pid][1]}/socket"


def end():
    """End this process's server."""
    if found := _servers.pop(os.getpid(), None):
        process, folder = found
        process.stdin.close()
        process.wait(20)
        process.stdout.close()
        Path(folder, "socket").unlink(missing_ok=True)
        Path(folder).rmdir()
