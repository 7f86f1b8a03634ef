"""The one program, `helpdesk`: finds the subcommands, runs one, turns errors into one clear line and an exit code.

Exit codes: 0 success, 1 failure, 2 wrong usage. HELPDESK_TRACEBACK=1 shows where an error came from.
"""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import NoReturn

import helpdesk
from helpdesk.config.cli import commands, refusals


def parser() -> argparse.ArgumentParser:
    """The whole command line: every module of `commands` registers its subcommands."""
    whole = argparse.ArgumentParser(
        prog="helpdesk",
        description="HelpDesk: requests of client companies and their specialists.",
        epilog="Each has a --help of its own, and so have its parts (helpdesk queue create --help). Settings of the "
        "environment (HELPDESK_DATA, HELPDESK_URL, PORT, DATABASE_URL …) may each be given as NAME_FILE too, a file "
        "that holds the value; helpdesk check names wrong ones. Exit codes: 0 done, 1 failed, 2 wrong usage "
        "(mail receive: 75, the mail server keeps the letter).",
    )
    whole.add_argument("--version", action="version", version=f"helpdesk {helpdesk.__version__}")
    subparsers = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in sorted(pkgutil.iter_modules(commands.__path__), key=lambda found: found.name):
        importlib.import_module(f"{commands.__name__}.{module.name}").register(subparsers)
    return whole


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit code. Wrong usage raises SystemExit(2), as argparse does."""
    parsed = parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("HELPDESK_TRACEBACK"):
            raise
        print(f"helpdesk: {told(error)}", file=sys.stderr)
        return 1


def told(error: BaseException) -> str:
    """An error in one line (more only where it brings the lines of a log)."""
    text = str(error).strip() or type(error).__name__
    if problems := getattr(error, "problems", None):
        return refusals.told(problems)
    if type(error).__module__.startswith("helpdesk."):
        return f"{text}{refusals.figures(getattr(error, 'details', None))}"
    first = text.splitlines()[0]
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return f"{type(error).__name__}: {first} (HELPDESK_TRACEBACK=1 shows more)"


def main() -> NoReturn:
    """The entry of the program."""
    sys.exit(run())
