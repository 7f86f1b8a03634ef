"""What can go wrong for a person, each with a stable code; fronts make the words in the reader's language."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


class Refusal(Exception):
    """The act is not done and nothing was written. `code` names the reason, `details` fill its sentence."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class NotAllowed(Refusal):
    """Visible, but this person may not do it (403)."""


class NotFound(Refusal):
    """Absent, or not visible to this person (404): the two cannot be told apart."""

    def __init__(self, code: str = "not_found", **details: object) -> None:
        super().__init__(code, **details)


class Conflict(Refusal):
    """Somebody else changed it since the writer looked (409)."""


@dataclass(slots=True)
class Problem:
    """What is wrong with one field: a code and the figures of its sentence."""

    field: str
    code: str
    details: dict[str, object] = dataclasses.field(default_factory=dict)


class Invalid(Refusal):
    """The data cannot be accepted (422): one or more problems, each with its field."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("invalid")
        self.problems = list(problems)


def in_page_order(told: Mapping[str, str], *fields: str) -> list[tuple[str, str]]:
    """What is said at each field of a form, by name, as its summary lists it: in the order of the page, which `fields`
    give; what stands at none of them last."""
    places = {name: place for place, name in enumerate(fields)}
    return sorted(told.items(), key=lambda one: places.get(one[0], len(places)))
