"""What this room tells the rooms above it, through core.bus."""

from dataclasses import dataclass, field
from typing import Literal

LetterKind = Literal["password_reset", "invitation", "password_changed"]


@dataclass(frozen=True, slots=True)
class LetterWanted:
    """A letter to a person about their sign-in; published inside a transaction, to become an outbox row in it.

    `context` by kind: `password_reset` and `invitation` hold `url` (complete, made of PUBLIC_URL), `login` and
    `hours` (how long the link is good), `invitation` also `by` (name of who invites, perhaps empty);
    `password_changed` holds `at` (ISO 8601), `ip` and `device` (both perhaps empty). `address` is the person's own.
    """

    person_id: int
    address: str
    kind: LetterKind
    context: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonDeactivated:
    """Someone may no longer use the desk; their sessions are over."""

    person_id: int
