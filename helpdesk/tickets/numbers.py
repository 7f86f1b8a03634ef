"""Ticket numbers: the short running number, and OTRS's four generators for those who move in. Numbers are text.

The counter's row is taken right before the insert, so that creations wait for one another as short as can be.
"""

import re
import secrets
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from helpdesk.core import db
from helpdesk.core.options import Option

GENERATOR = Option("numbers.generator", "short")
SYSTEM_ID = Option("numbers.system_id", "10")
FIRST_SHORT = 100_001


def check_digit(digits: str) -> int:
    """OTRS's DateChecksum: digits times 1 and 2 in turn, summed, ten minus the last digit; ten becomes one."""
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(digits))
    rest = 10 - total % 10
    return 1 if rest == 10 else rest


def short(count: int, *, day: date, system_id: str) -> str:  # noqa: ARG001
    return str(FIRST_SHORT - 1 + count)


def auto_increment(count: int, *, day: date, system_id: str) -> str:  # noqa: ARG001
    return f"{system_id}{count:05d}"


def by_date(count: int, *, day: date, system_id: str) -> str:
    return f"{day:%Y%m%d}{system_id}{count}"


def date_checksum(count: int, *, day: date, system_id: str) -> str:
    body = f"{day:%Y%m%d}{system_id}{count:05d}"
    return f"{body}{check_digit(body)}"


def random(count: int, *, day: date, system_id: str) -> str:  # noqa: ARG001
    return f"{system_id}{secrets.randbelow(10**10):010d}"


GENERATORS: dict[str, Callable[..., str]] = {
    "short": short,
    "auto_increment": auto_increment,
    "date": by_date,
    "date_checksum": date_checksum,
    "random": random,
}
# a word before a number alone; «заявки 5» are two words
_ORNAMENTS = re.compile(
    r"^(?:(?:заявк[аиуе]|request|ticket|no\.?|n)(?=[#№]*[0-9]{5})|ticket(?=#))?[#№]*", re.IGNORECASE
)
_BY_DAY = {"date", "date_checksum"}


def take(at: datetime) -> str:
    """The next number of the chosen generator, unique among tickets and aliases. Holds the counter until the commit."""
    name = GENERATOR.get()
    make = GENERATORS[name]
    system_id = SYSTEM_ID.get() if name != "short" else ""
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    counter = f"{name}:{day:%Y%m%d}" if name in _BY_DAY else name
    while True:
        number = make(_count(counter), day=day, system_id=system_id)
        if not _taken(number):
            return number


def _count(counter: str) -> int:
    found = db.fetch(
        "INSERT INTO tickets_numbercounter (name, value) VALUES (%s, 1)"
        " ON CONFLICT (name) DO UPDATE SET value = tickets_numbercounter.value + 1 RETURNING value",
        [counter],
    )
    return int(found[0][0])


def _taken(number: str) -> bool:
    found = db.fetch(
        "SELECT EXISTS (SELECT 1 FROM tickets_ticket WHERE number = %s)"
        " OR EXISTS (SELECT 1 FROM tickets_numberalias WHERE number = %s)",
        [number, number],
    )
    return bool(found[0][0])


def shown(number: str) -> str:
    """A number as people read it: «100001» as «100 001» with a no-break thin space (U+202F). Long numbers, and such
    with letters, stay as they are. `typed` takes it back."""
    if not number.isascii() or not number.isdigit() or not 4 <= len(number) <= 9:
        return number
    head = len(number) % 3
    return "\u202f".join(filter(None, [number[:head], *(number[at : at + 3] for at in range(head, len(number), 3))]))


def typed(text: str) -> str:
    """What somebody typed as a number («№ 100 001», «заявка 100001», «[Ticket#2026…]»), without its ornaments; empty
    if it is none."""
    bare = _ORNAMENTS.sub("", "".join(text.split()).strip(".,;:[](){}«»\"'"))
    return bare if bare.isascii() and bare.isdigit() and len(bare) <= 50 else ""
