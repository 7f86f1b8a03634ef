"""How far a long piece of work has come, told every few seconds."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

_EVERY = 5.0


@dataclass(slots=True)
class Progress:
    """Counts steps and says now and then how many are done: "Saved files: 1200 of 5000". `whole` 0: unknown."""

    say: Callable[[str], None]
    what: str
    whole: int
    done: int = 0
    told_at: float = field(default_factory=time.monotonic)

    def step(self, count: int = 1) -> None:
        """So many more are done."""
        self.done += count
        if time.monotonic() - self.told_at >= _EVERY:
            self.told_at = time.monotonic()
            self.say(f"{self.what}: {self.done}{f' of {self.whole}' if self.whole else ''}")
