"""Settings that live in the database: a typed registry here, values as rows. Environment wins where it names one."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.core.cache import cache

from helpdesk.core import clock
from helpdesk.core.models import OptionRow

T = TypeVar("T", str, int, bool, dict[str, str])
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
        row = OptionRow.objects.filter(key=self.key).values_list("value", flat=True).first()
        return self.default if row is None else cast("T", row)

    def set(self, value: T) -> None:
        """Store a value. Raises TypeError for another type than the default's."""
        if type(value) is not type(self.default):
            raise TypeError(f"{self.key} takes {type(self.default).__name__}, not {type(value).__name__}")
        OptionRow.objects.update_or_create(key=self.key, defaults={"value": value, "changed_at": clock.now()})
        cache.delete(f"option:{self.key}")


def known() -> dict[str, "Option[object]"]:  # type: ignore[type-var]
    """All settings that the loaded rooms registered."""
    return dict(_known)


def texts_and_more(*options: "Option[Any]") -> dict[str, Any]:
    """Several settings of any type in one statement: key → value."""
    stored = dict(OptionRow.objects.filter(key__in=[o.key for o in options]).values_list("key", "value"))
    return {o.key: stored.get(o.key, o.default) for o in options}


def texts(*options: "Option[str]") -> dict[str, str]:
    """Several text settings in one statement: key → value."""
    stored = dict(OptionRow.objects.filter(key__in=[o.key for o in options]).values_list("key", "value"))
    return {o.key: cast("str", stored.get(o.key, o.default)) for o in options}
