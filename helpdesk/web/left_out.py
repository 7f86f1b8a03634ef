"""Files of a form that were not taken because all of them together were too much for one request."""

from dataclasses import dataclass, field

from django.http import HttpRequest


@dataclass(slots=True)
class LeftOut:
    """Their names as they came; `told`: whoever sent them reads of it, with what else they sent."""

    names: list[str] = field(default_factory=list)
    told: bool = False


def told(request: HttpRequest) -> bool:
    """Whether files of this request were left out; whoever asks says so in the answer."""
    found: LeftOut | None = getattr(request, "left_out", None)
    if found is not None:
        found.told = True
    return found is not None
