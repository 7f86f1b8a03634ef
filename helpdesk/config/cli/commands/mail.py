"""`helpdesk mail`: letters in and out for mail servers and operators. Django is imported only where needed."""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

TEMPFAIL = 75  # EX_TEMPFAIL: the mail server keeps the letter
PAUSE = 5.0  # seconds between rounds of `mail send`


class Verb(argparse.ArgumentParser):
    """The parser of one verb. Wrong usage of `receive` must not make a mail server throw a letter away."""

    def error(self, message: str) -> NoReturn:
        if not self.prog.endswith(" receive"):
            super().error(message)
        print(f"{self.prog}: {message}", file=sys.stderr)
        sys.exit(TEMPFAIL)

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        found, rest = super().parse_known_args(args, namespace)
        if rest:  # else the program's own parser would complain, with its own exit code
            self.error(f"unrecognized arguments: {' '.join(rest)}")
        return found, rest


def register(subparsers: Any) -> None:
    """Add `mail` with its own subcommands."""
    mail = subparsers.add_parser("mail", help="letters: receive, parse, send")
    verbs = mail.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=Verb)
    receive = verbs.add_parser("receive", help="take one letter from standard input, or every file of a folder")
    receive.add_argument("--mailbox", metavar="ADDRESS", help="the address that the letter was delivered for")
    receive.add_argument("--dir", metavar="DIR", help="take every file of a folder, in name order")
    receive.set_defaults(run=receive_letters)
    parse = verbs.add_parser("parse", help="show what letters say, without a database")
    parse.add_argument("files", nargs="+", metavar="FILE")
    parse.set_defaults(run=parse_letters)
    send = verbs.add_parser("send", help="send what is due in the outbox")
    send.add_argument("--once", action="store_true", help="send what is due now and end")
    send.set_defaults(run=send_letters)
    parked = verbs.add_parser("parked", help="letters that were laid aside; let one or all of them pass")
    parked.add_argument("--release", metavar="ID", help="the id of a letter, or «all»")
    parked.set_defaults(run=parked_letters)


def receive_letters(arguments: argparse.Namespace) -> int:
    """Exit code 0 only if every letter is safely stored."""
    try:
        return _receive(arguments)
    except (Exception, KeyboardInterrupt) as error:
        if os.environ.get("HELPDESK_TRACEBACK"):
            raise
        print(f"helpdesk mail receive: {_told(error)}", file=sys.stderr)
        return TEMPFAIL


def _receive(arguments: argparse.Namespace) -> int:
    if arguments.dir is None:
        sources: list[Path | None] = [None]
    else:
        sources = [path for path in sorted(Path(arguments.dir).iterdir(), key=lambda path: path.name) if path.is_file()]
    first = sys.stdin.buffer.read() if arguments.dir is None else b""
    try:
        return _received(sources, first, arguments.mailbox)
    except Exception as error:
        for path in sources:  # those that are left: each has its line, whatever happens
            if path is not None:
                _print(_unstored(path, error))
        raise


def _received(sources: list[Path | None], first: bytes, mailbox: str | None) -> int:
    """Take each, out of the list. None: what came by standard input, `first`."""
    from helpdesk.config.cli.database import joined  # noqa: PLC0415

    code = 0
    with joined(role="mail receive"):
        from django.db import close_old_connections  # noqa: PLC0415

        from helpdesk.mail import ingest  # noqa: PLC0415

        while sources:
            path = sources[0]
            try:
                octets = first if path is None else path.read_bytes()
                outcome = ingest.receive(octets, mailbox=mailbox)
            except Exception as error:
                if path is None:
                    raise
                print(f"helpdesk mail receive: {path}: {_told(error)}", file=sys.stderr)
                _print(_unstored(path, error))
                code = TEMPFAIL
                close_old_connections()  # it may have broken with this letter
            else:
                _print(outcome.as_json(None if path is None else str(path)))
            del sources[0]
    return code


def _unstored(path: Path, error: BaseException) -> dict[str, Any]:
    """The line of a letter that stays with whoever brought it: no outcome, since nothing became of it."""
    line = {"file": str(path), "trust": "unknown", "outcome": None, "ticket": None, "article": None}
    return {**line, "reason": f"not stored: {_told(error)}"}


def parse_letters(arguments: argparse.Namespace) -> int:
    """One line of JSON for each file, also for one that cannot be read."""
    from helpdesk.mail.parse import parse_file_json  # noqa: PLC0415

    for file in arguments.files:
        _print(parse_file_json(file))
    return 0


def send_letters(arguments: argparse.Namespace) -> int:
    """Send until the outbox has nothing due; without --once again every few seconds."""
    from helpdesk.config.cli.database import joined  # noqa: PLC0415

    with joined(role="mail send"):
        from django.db import close_old_connections  # noqa: PLC0415

        from helpdesk.mail import outbox  # noqa: PLC0415

        while True:
            close_old_connections()
            report = outbox.send_due(1_000_000)
            if not report.configured:
                print("No mail server is set (HELPDESK_EMAIL_URL): letters stay in the outbox.", file=sys.stderr)
                return 1
            if arguments.once or report.sent or report.failed or report.error:
                print(f"sent {report.sent}, failed {report.failed}, postponed {report.postponed}", flush=True)
            if report.error:
                print(f"helpdesk mail send: the mail server: {report.error}", file=sys.stderr)
            if arguments.once:
                return 1 if report.error else 0
            time.sleep(PAUSE)


def parked_letters(arguments: argparse.Namespace) -> int:
    """A line of JSON for each letter laid aside, or for each that was let pass."""
    wanted = arguments.release
    if wanted and wanted != "all" and not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        print("helpdesk mail parked: --release takes the id of a letter, or «all»", file=sys.stderr)
        return 2
    from helpdesk.config.cli.database import joined  # noqa: PLC0415

    with joined(role="mail parked"):
        from helpdesk.mail import ingest, queries  # noqa: PLC0415

        if not wanted:
            for row in queries.parked(limit=1000):
                _print({"id": row.pk, "received_at": row.received_at.isoformat(), "mailbox": row.destination,
                        "reason": row.reason})  # fmt: skip
            return 0
        ids = [row.pk for row in queries.parked(limit=100_000)] if wanted == "all" else [int(wanted)]
        for row_id in sorted(ids):
            outcome = ingest.release(row_id)
            if outcome is None:
                print(f"helpdesk mail parked: no letter {row_id} is laid aside", file=sys.stderr)
                return 1
            _print({"id": row_id, **outcome.as_json(None)})
    return 0


def _print(line: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _told(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
