"""`helpdesk setting`: the settings that live in the database."""

import argparse
from typing import Any

from helpdesk.config.cli.database import joined


class SettingRefused(Exception):
    """A setting or value that is not accepted; the text says what is."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("setting", help="settings kept in the database: list, get, set")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="every setting with its value").set_defaults(run=run_list)
    get = actions.add_parser("get", help="the value of one")
    get.add_argument("key", metavar="KEY")
    get.set_defaults(run=run_get)
    change = actions.add_parser("set", help="set one, for example numbers.generator date")
    change.add_argument(
        "key", metavar="KEY", help="as `setting list` shows it; KEY.ru and KEY.en where it has languages"
    )
    change.add_argument("value", metavar="VALUE")
    change.set_defaults(run=run_set)


def run_list(arguments: argparse.Namespace) -> int:
    """One line a setting."""
    del arguments
    with joined(role="setting"):
        for key, option in sorted(_settable().items()):
            value = option.get()
            if isinstance(value, dict):
                for language, text in value.items():
                    print(f"{key}.{language} = {text}")
            else:
                print(f"{key} = {value}")
    return 0


def run_get(arguments: argparse.Namespace) -> int:
    """The value alone."""
    with joined(role="setting"):
        option, part = _option(arguments.key)
        value = option.get()
        print(value[part] if part else value)
    return 0


def run_set(arguments: argparse.Namespace) -> int:
    """Store a value of the setting's type."""
    with joined(role="setting"):
        option, part = _option(arguments.key)
        option.set({**option.get(), part: arguments.value} if part else _typed(option, arguments.value))
        print(f"{arguments.key} = {arguments.value}")
    return 0


def _settable() -> dict[str, Any]:
    from helpdesk.accounts import options as _accounts  # noqa: F401, PLC0415 (registers)
    from helpdesk.core import options  # noqa: PLC0415
    from helpdesk.mail import options as _mail  # noqa: F401, PLC0415 (registers)
    from helpdesk.portal import options as _portal  # noqa: F401, PLC0415 (registers)
    from helpdesk.tickets import numbers as _numbers  # noqa: F401, PLC0415 (registers)

    return {key: option for key, option in options.known().items() if not key.startswith("demo.")}


def _option(key: str) -> tuple[Any, str]:
    """The setting, and the language where the key names one."""
    known = _settable()
    if key in known and not isinstance(known[key].default, dict):
        return known[key], ""
    whole, _, part = key.rpartition(".")
    if whole in known and isinstance(known[whole].default, dict) and part in known[whole].default:
        return known[whole], part
    if key in known:
        raise SettingRefused(f"{key} has languages: accepted are {', '.join(f'{key}.{p}' for p in known[key].default)}")
    raise SettingRefused(f"{key!r} is no setting: accepted are {', '.join(sorted(known))}")


def _typed(option: Any, raw: str) -> str | int | bool:
    from helpdesk.tickets.models import Queue  # noqa: PLC0415
    from helpdesk.tickets.numbers import GENERATORS  # noqa: PLC0415

    if isinstance(option.default, bool):
        if raw.lower() not in {"true", "false"}:
            raise SettingRefused(f"{option.key}={raw!r}: accepted are true, false")
        return raw.lower() == "true"
    if isinstance(option.default, int):
        if not raw.isascii() or not raw.isdigit():
            raise SettingRefused(f"{option.key}={raw!r}: accepted is a whole number")
        return int(raw)
    if option.key == "numbers.generator" and raw not in GENERATORS:
        raise SettingRefused(f"{option.key}={raw!r}: accepted are {', '.join(GENERATORS)}")
    if option.key == "numbers.system_id" and not (raw.isascii() and raw.isdigit()):
        raise SettingRefused(f"{option.key}={raw!r}: accepted are digits")
    if option.key == "mail.inbox_queue" and not Queue.objects.filter(key=raw, inactive_at=None).exists():
        raise SettingRefused(f"{option.key}={raw!r}: accepted is the key of a queue, see helpdesk queue list")
    if option.key.endswith("address") and (raw.count("@") != 1 or not raw.isprintable() or " " in raw):
        raise SettingRefused(f"{option.key}={raw!r}: accepted is a mail address")
    return raw
