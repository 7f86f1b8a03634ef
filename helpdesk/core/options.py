"""Settings that live in the database: a typed registry here, values as rows. Environment wins where it names one."""

import time
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from helpdesk.core import clock, db
from helpdesk.core.models import OptionRow

T = TypeVar("T", str, int, bool, dict[str, str])
KEPT_FOR = 30  # seconds
_lately: dict[str, tuple[float, Any]] = {}
_known: dict[str, "Option[object]"] = {}  # type: ignore[type-var]


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """A setting with its default; the type of the default is the type of its values."""

    key: str
    default: T

    def __post_init__(self) -> None:
        _known[self.key] = self  # type: ignore[assignment]

    def get(self) -> T:
        """The stored value, else the default. One statement."""
        return cast("T", _stored([self.key]).get(self.key, self.default))

    def lately(self) -> T:
        """The value as of the last half minute: for what stands on every page. One statement now and then."""
        now = time.monotonic()
        read_at, value = _lately.get(self.key, (-KEPT_FOR, None))
        if now - read_at >= KEPT_FOR:
            value = self.get()
            _lately[self.key] = (now, value)
        return cast("T", value)

    def set(self, value: T) -> None:
        """Store a value. Raises TypeError for another type than the default's."""
        if type(value) is not type(self.default):
            raise TypeError(f"{self.key} takes {type(self.default).__name__}, not {type(value).__name__}")
        OptionRow.objects.update_or_create(key=self.key, defaults={"value": value, "changed_at": clock.now()})
        forget()


def _stored(keys: list[str]) -> dict[str, Any]:
    return dict(db.fetch("SELECT key, value FROM core_option WHERE key = ANY(%s)", [keys]))


def forget() -> None:
    """Read what was kept of settings anew."""
    _lately.clear()


def known() -> dict[str, "Option[object]"]:  # type: ignore[type-var]
    """All settings that the loaded rooms registered."""
    return dict(_known)


def texts_and_more(*options: "Option[Any]") -> dict[str, Any]:
    """Several settings of any type in one statement: key → value."""
    stored = _stored([o.key for o in options])
    return {o.key: stored.get(o.key, o.default) for o in options}


def texts(*options: "Option[str]") -> dict[str, str]:
    """Several text settings in one statement: key → value."""
    stored = _stored([o.key for o in options])
    return {o.key: cast("str", stored.get(o.key, o.default)) for o in options}
