"""The web server: granian, two processes of four threads. This process itself loads no Django."""

import argparse
import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from helpdesk.config import env
from helpdesk.config.cli.database import home
from helpdesk.config.metrics import places
from helpdesk.config.server import parent


def serve(*, host: str, port: int, target: str = "helpdesk.config.server.application:application") -> None:
    """Serve until SIGTERM or SIGINT; running requests get some seconds to end. DATABASE_URL must be set.

    `target` is what each web process loads, as "module:name".
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.config.settings")
    parent.follow(grace=4)
    places.begin(home(), port=port)
    Granian(
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
