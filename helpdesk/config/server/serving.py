"""`helpdesk serve`: the small installation, everything in one tree of processes."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from helpdesk.config import address, env
from helpdesk.config.cli import database
from helpdesk.config.keeping import marks
from helpdesk.config.server import parent
from helpdesk.config.server import port as ports
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
    home = database.home()
    marks.refuse_unfinished(home)
    postgres.make_home(home)
    if env.text("DATABASE_URL"):
        ports.refuse_taken(host, port)
        address.publish(home, address.take(host, port))
        try:
            return _serve(Supervisor(say=say, orphaned=orphaned), host=host, port=port, demo=demo)
        finally:
            address.withdraw(home)
    ownership = _take(home)  # before the port: whose folder this is tells more than that its port is taken
    try:
        ports.refuse_taken(host, port)
        return _serve_with_database(home, orphaned, host=host, port=port, demo=demo)
    finally:
        ownership.release()


def _serve_with_database(home: Path, orphaned: Callable[[], bool], *, host: str, port: int, demo: bool) -> int:
    """The same with the embedded database, whose folder is ours by now."""
    served = address.take(host, port)
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


def _take(home: Path) -> postgres.Ownership:
    """The folder; a command that has the database for a moment is waited for, one that stays is not."""
    end = time.monotonic() + 60
    told = False
    while True:
        try:
            return postgres.Ownership.take(home, role="serve")
        except postgres.AlreadyRunning:
            role, pid = postgres.owner_of(home)
            if role in postgres.STAY or time.monotonic() > end:
                raise postgres.AlreadyRunning(home, role, pid, at=address.told(home)) from None
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
