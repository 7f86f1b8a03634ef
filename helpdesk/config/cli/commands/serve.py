"""`helpdesk serve`: everything in one process tree."""

import argparse

from helpdesk.config import env


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("serve", help="everything in one process tree (the small installation)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=port_number, default=None, help="port (PORT, else 8000)")
    parser.add_argument("--demo", action="store_true", help="load the demo world on the first start")
    parser.set_defaults(run=run)


def port_number(text: str) -> int:
    """A TCP port. Raises what argparse turns into wrong usage."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: accepted is 1 to 65535")
    return int(text)


def port_of(arguments: argparse.Namespace) -> int:
    """The port given, else that of the environment, else 8000."""
    return arguments.port or env.whole("PORT", 8000, high=65535)


def run(arguments: argparse.Namespace) -> int:
    """Serve until asked to stop."""
    from helpdesk.config.server.serving import serve  # noqa: PLC0415

    return serve(host=arguments.host, port=port_of(arguments), demo=arguments.demo)
