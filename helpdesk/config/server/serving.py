"""`helpdesk serve`: the small installation, everything in one tree of processes."""

import errno
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from helpdesk.config import address, env
from helpdesk.config.cli import database
from helpdesk.config.keeping import marks
from helpdesk.config.server import parent
from helpdesk.config.server.supervisor import Patience, Stopped, Supervisor
from helpdesk.core import postgres

DEMO_LOGINS = (
    "client1, client2 (УК Заря) · client3 (ТСЖ Берёзка)",
    "agent1, agent2 (support) · agent3 (cash desks) · lead · admin",
)
DEMO_PASSWORD = "demo-helpdesk"  # noqa: S105 (the demo world's, printed at each start)


class ServeError(Exception):
    """The installation could not be started."""


def say(text: str) -> None:
    """One step, told to the operator."""
    print(text, flush=True)


def serve(*, host: str, port: int, demo: bool) -> int:
    """Start everything, say so, keep it running until asked to stop. Returns the exit code."""
    orphaned = parent.follow(grace=Patience().whole + 1)
    _refuse_taken_port(host, port)
    served = address.take(host, port)
    home = database.home()
    marks.refuse_unfinished(home)
    postgres.make_home(home)
    if env.text("DATABASE_URL"):
        address.publish(home, served)
        try:
            return _serve(Supervisor(say=say, orphaned=orphaned), host=host, port=port, demo=demo)
        finally:
            address.withdraw(home)
    ownership = _take(home)
    try:
        cluster = postgres.Cluster(home, database.way(say=say))
        supervisor = Supervisor(say=say, cluster=cluster, orphaned=orphaned)
        say("Starting the database")
        try:
            url = cluster.start()
            os.environ["DATABASE_URL"] = url
            postgres.publish_url(home, url)
            address.publish(home, served)
        except BaseException:
            supervisor.stop()
            raise
        try:
            return _serve(supervisor, host=host, port=port, demo=demo)
        finally:
            address.withdraw(home)
            postgres.withdraw_url(home)
    finally:
        ownership.release()


def _take(home: Path) -> postgres.Ownership:
    """The folder; a command that has the database for a moment is waited for, another `serve` is not."""
    end = time.monotonic() + 60
    told = False
    while True:
        try:
            return postgres.Ownership.take(home, role="serve")
        except postgres.AlreadyRunning:
            role, pid = postgres.owner_of(home)
            if role == "serve" or time.monotonic() > end:
                raise
            if not told:
                say(f"Waiting for helpdesk {role} (process {pid}) to finish")
                told = True
            time.sleep(0.2)


def _serve(supervisor: Supervisor, *, host: str, port: int, demo: bool) -> int:
    try:
        supervisor.check_orders()
        result = _prepare(supervisor, demo=demo)
        say("Starting the web server and the worker")
        web = [sys.executable, "-m", "helpdesk.config.server.web", "--host", host, "--port", str(port)]
        supervisor.add("The web server", web)
        supervisor.add("The worker", [sys.executable, "-m", "helpdesk.config.cli", "worker"])
        _wait_until_it_answers(supervisor, host=host, port=port)
        _announce(host=host, port=port, demo=bool(result.get("demo")))
        while True:
            supervisor.tick()
    except Stopped:
        say("Stopping")
        return 0
    finally:
        supervisor.stop()


def _prepare(supervisor: Supervisor, *, demo: bool) -> dict[str, object]:
    command = [sys.executable, "-m", "helpdesk.config.server.prepare", *(["--demo"] if demo else [])]
    process = supervisor.spawn(command, stdout=subprocess.PIPE, stderr=sys.stdout)
    code = supervisor.wait_for(process)
    output = process.stdout.read() if process.stdout else b""
    if code != 0:
        raise ServeError("the start was given up; what went wrong stands above")
    return dict(json.loads(output.splitlines()[-1]))


def _refuse_taken_port(host: str, port: int) -> None:
    """The web server shares its port with any other that allows it, so ask first."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ServeError(f"port {port} of {host} is taken: choose another, PORT={port + 1}") from error
            raise ServeError(f"{host}:{port} cannot be served: {error.strerror}") from error


def _wait_until_it_answers(supervisor: Supervisor, *, host: str, port: int) -> None:
    """Until /healthz does; a minute at most."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        supervisor.tick()
        try:
            with urllib.request.urlopen(f"{address.of(host, port)}/healthz", timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            raise ServeError(f"the web server answers, but with an error ({error.code}); see above") from error
        except OSError:
            continue
    raise ServeError("the web server does not answer; what went wrong stands above")


def _announce(*, host: str, port: int, demo: bool) -> None:
    say("")
    say(f"HelpDesk is ready: {address.of(host, port)}/")
    if demo:
        say("Demo logins:")
        for line in DEMO_LOGINS:
            say(f"  {line}")
        say(f"Password of all: {DEMO_PASSWORD}")
