"""What is done before serving, each step only where something has changed. A process of its own: the supervisor
that starts it stays small.

Steps are told on standard error; the result is one JSON line on standard output.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from helpdesk.config.cli import told
from helpdesk.config.cli.database import say, set_up
from helpdesk.config.server import parent
from helpdesk.core.errors import Refusal


def stale_messages(package: Path) -> bool:
    """Whether a catalogue has not been compiled since it was changed."""
    for source in package.glob("*/locale/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
            return True
    return False


def prepare(*, demo: bool, schema: bool = True) -> dict[str, object]:
    """Messages, schema, assets, demo world. Says each step it takes; returns {"demo": whether its logins exist}."""
    import helpdesk  # noqa: PLC0415

    set_up()
    if stale_messages(Path(helpdesk.__file__).parent):
        from helpdesk.web import messages  # noqa: PLC0415 (Django is ready only now)

        say("Compiling the messages of both languages")
        messages.compile_all()
    from helpdesk.config.server import assets, migrations  # noqa: PLC0415

    if not schema:
        migrations.refuse_missing()
    elif missing := migrations.missing():
        say(f"Bringing the database up to date ({len(missing)} steps)")
        migrations.apply()
    if assets.collect():
        say("Collected styles, scripts and pictures")
    return {"demo": demo and _load_demo(say)}


def _load_demo(tell: Callable[[str], None]) -> bool:
    from helpdesk.demo.load import load  # noqa: PLC0415

    tell("Seeing to the demo world (about 20 seconds when it is made)")
    try:
        load()
    except Refusal as refusal:
        tell(f"The demo world is not loaded: {told(refusal)}")
        return False
    return True


def main() -> int:
    """The entry for the supervisor."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--no-migrations", action="store_true")
    arguments = parser.parse_args()
    parent.follow(grace=2)
    try:
        result = prepare(demo=arguments.demo, schema=not arguments.no_migrations)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        print(f"helpdesk: {told(error)}", file=sys.stderr)
        return 1
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
