"""`helpdesk web`: the web server alone."""

import argparse
import signal
import subprocess
import sys

from helpdesk.config import address as served
from helpdesk.config.cli.commands.serve import port_number, port_of
from helpdesk.config.cli.database import address
from helpdesk.config.server import port as ports
from helpdesk.core import lifeline


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("web", help="the web server alone (several machines share one DATABASE_URL)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=port_number, default=None, help="port (PORT, else 8000)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Collect the assets, then serve until asked to stop. The schema is `helpdesk migrate`'s business."""
    from helpdesk.config.server import web  # noqa: PLC0415

    port = port_of(arguments)
    ports.refuse_taken(arguments.host, port)
    served.take(arguments.host, port)
    with address(role="web"):
        command = [sys.executable, "-m", "helpdesk.config.server.prepare", "--no-migrations"]
        ends_with_this = lifeline.before_exec(signal.SIGTERM)
        if code := subprocess.run(
            command, check=False, stdout=subprocess.DEVNULL, preexec_fn=ends_with_this
        ).returncode:
            return code
        web.serve(host=arguments.host, port=port)
    return 0
