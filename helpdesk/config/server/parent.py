"""How the parts of an installation end with the program that started them."""

import os
import signal
from collections.abc import Callable

from helpdesk.core import lifeline

PIPE = "HELPDESK_LIFELINE"  # the number of the pipe's end that a part watches
# set by make, so that a killed make leaves nothing: 1, or the parent's id, which also tells of one that died early
WITH_PARENT = "HELPDESK_STOP_WITH_PARENT"


_followed: dict[str, str] = {}


def handed_on() -> dict[str, str]:
    """What the environment must hold where this process becomes another program that is to follow the same ones."""
    return dict(_followed)


def follow(*, grace: float) -> Callable[[], bool]:
    """End when the supervisor ends (its pipe closes), or where it was asked for when the parent does.

    `grace` is how many seconds this process gets to end by itself. Gives the question whether the parent has gone,
    always False where nobody asked to follow it.
    """
    if pipe := os.environ.pop(PIPE, ""):
        _followed[PIPE] = pipe
        lifeline.watch_pipe(int(pipe), grace=grace)
    if wish := os.environ.pop(WITH_PARENT, ""):
        known = int(wish) if wish.isascii() and wish.isdigit() else 0
        # by its id also where 1 was given: the next program may begin after the parent's death
        _followed[WITH_PARENT] = str(known if known > 1 else os.getppid())
        return lifeline.signal_at_parents_death(signal.SIGTERM, grace=grace, parent=known if known > 1 else 0)
    return lambda: False
