"""What this room tells the rooms above it, through core.bus."""

from dataclasses import dataclass, field
from typing import Literal

LetterKind = Literal[
    "password_reset",
    "invitation",
    "password_changed",
    "invited",
    "address_check",
    "primary_changed",
    "handed_over",
    "handed_away",
]


@dataclass(frozen=True, slots=True)
class LetterWanted:
    """A letter to a person about their sign-in; published inside a transaction, to become an outbox row in it.

    `context` by kind: `password_reset` and `invitation` hold `url` (complete, made of PUBLIC_URL), `login` and
    `hours` (how long the link is good), `invitation` also `by` (name of who invites, perhaps empty);
    `password_changed` holds `at` (ISO 8601), `ip` and `device` (both perhaps empty). `address` is the person's own.
    `invited` goes to somebody who is nobody here yet: `person_id` is None, `to` has name, language and time_zone,
    `context` also `company`. `address_check` holds `url`, `hours`, `login` and goes to an address that is not proved
    yet; `primary_changed` holds `address`, the new one; `handed_over` and `handed_away` hold `by`, `leaver`, `to`,
    `count`, `url`.
    """

    person_id: int | None
    address: str
    kind: LetterKind
    context: dict[str, object] = field(default_factory=dict)
    to: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonDeactivated:
    """Someone may no longer use the desk; their sessions are over."""

    person_id: int
