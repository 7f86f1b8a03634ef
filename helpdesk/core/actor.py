"""Who acts, and through which door. Rights are not here: each room's policies look them up."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Cause(StrEnum):
    """The door that an act came through; stored in the history."""

    WEB = "web"
    MAIL = "mail"
    PHONE = "phone"
    API = "api"
    AUTOMATION = "automation"
    IMPORT = "import"
    CLI = "cli"
    LOOK = "look"  # an administrator's eyes: nothing is done through it


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the system itself (person_id None)."""

    person_id: int | None
    cause: Cause = Cause.WEB
    # what rooms found out about this actor, for the time of one request
    known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def person(self) -> int:
        """The person's id where a person must have acted. Raises for the system."""
        if self.person_id is None:
            raise ValueError("the system is no person")
        return self.person_id

    @property
    def is_system(self) -> bool:
        return self.person_id is None


def system(cause: Cause = Cause.AUTOMATION) -> Actor:
    """The desk itself: automatic answers, automatic closing."""
    return Actor(None, cause)
