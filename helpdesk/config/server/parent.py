"""How the parts of an installation end with the program that started them."""

import os
import signal

from helpdesk.core import lifeline

PIPE = "HELPDESK_LIFELINE"  # the number of the pipe's end that a part watches
WITH_PARENT = "HELPDESK_STOP_WITH_PARENT"  # set by make, so that a killed make leaves nothing


def follow(*, grace: float) -> None:
    """End when the supervisor ends (its pipe closes), or where it was asked for when the parent does."""
    if pipe := os.environ.pop(PIPE, ""):
        lifeline.watch_pipe(int(pipe), grace=grace)
    if os.environ.pop(WITH_PARENT, ""):
        lifeline.signal_at_parents_death(signal.SIGTERM)
