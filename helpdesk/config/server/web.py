"""The web server: granian, two processes of four threads. They begin as copies of a master that has loaded the product.

Loaded once, not by each of them: that is most of what a start costs, and on a busy machine most of what it takes.
"""

import argparse
import gc
import importlib
import os
import signal
from collections.abc import Callable
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from helpdesk.config import env
from helpdesk.config.cli.database import home
from helpdesk.config.metrics import places
from helpdesk.config.server import parent
from helpdesk.core import lifeline

APPLICATION = "helpdesk.config.server.application:application"


def lives(process: BaseProcess) -> bool:
    """Whether a child lives; also where another thread has taken its exit code and not yet written it down.

    multiprocessing takes such a child for a living one: the server would kill it and complain that it did not stop.
    """
    if process.pid is None or not process.is_alive():
        return False
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _hear_signals_plainly() -> None:
    """What is still loading ends by a signal at once; as a copy of the master it would only take note of it."""
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, signal.SIG_DFL)


def _with_master(master: int, target: Callable[..., None], *arguments: Any) -> None:
    """What a web process does: first of all it binds its life to its master's, then it loads and serves.

    One whose master was killed would keep the port and the database's connections, and answer beside the next one.
    """
    lifeline.exit_with_parent(parent=master)
    target(*arguments)


class Server(Granian):  # type: ignore[misc, valid-type]
    """Granian, asking rightly whether its processes live; none of them outlives it."""

    def _spawn_worker(self, *arguments: Any, target: Callable[..., None], **more: Any) -> Any:
        target = partial(_with_master, os.getpid(), target)
        worker = super()._spawn_worker(*arguments, target=target, **more)
        worker.is_alive = lambda: lives(worker.inner)
        return worker


def _load() -> None:
    """Everything that a web process needs, short of connections and threads: those are each process's own."""
    importlib.import_module("helpdesk.config.wsgi")
    from django.urls import get_resolver  # noqa: PLC0415 (Django is ready only now)

    _ = get_resolver().url_patterns  # with them all views
    gc.collect()
    gc.freeze()  # the copies share what their collectors leave alone


def serve(*, host: str, port: int, target: str = APPLICATION) -> None:
    """Serve until SIGTERM or SIGINT; running requests get some seconds to end. DATABASE_URL must be set.

    `target` is what each web process loads, as "module:name".
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.config.settings")
    os.register_at_fork(after_in_child=_hear_signals_plainly)
    parent.follow(grace=4)
    places.begin(home(), port=port)
    if target == APPLICATION:
        _load()
    Server(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=env.whole("HELPDESK_PROCESSES", 2, high=64),
        blocking_threads=env.whole("HELPDESK_THREADS", 4, high=64),
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=7,  # above what a web process gives itself (flights.LONGEST)
        log_level=LogLevels.warning,
    ).serve()


def main() -> None:
    """The entry for the supervisor, which gives the arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    serve(host=arguments.host, port=arguments.port)


if __name__ == "__main__":
    main()
