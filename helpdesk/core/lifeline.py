"""How a child process ends when its parent does, even by kill -9. Knows nothing of what the processes do.

Two ways at once: Linux signals the child itself (PR_SET_PDEATHSIG), and everywhere the child watches a pipe or its
parent's id.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def ask_signal_at_parents_death(signum: int, *, parent: int) -> None:
    """Let this process get `signum` when the thread that made it ends. Call after the change of uid, which resets it.

    `parent` is the process expected to be the parent: if it is gone already, this process ends at once.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def before_exec(signum: int) -> Callable[[], None]:
    """A `preexec_fn` for a child that shall get `signum` when this process ends."""
    parent = os.getpid()
    return lambda: ask_signal_at_parents_death(signum, parent=parent)


def exit_with_parent(*, parent: int, interval: float = 0.5) -> None:
    """From now on this process is killed as soon as its parent has gone. Nothing is flushed or said.

    `parent` is the parent's id as the parent itself told it: one that has died before this call is noticed only so.
    """
    ask_signal_at_parents_death(signal.SIGKILL, parent=parent)
    _watch(lambda: os._exit(1), parent=parent, interval=interval)


def signal_at_parents_death(signum: int, *, grace: float, parent: int = 0, interval: float = 0.5) -> Callable[[], bool]:
    """From now on this process gets `signum` once when its parent has gone, and ends anyway `grace` seconds later.

    `parent` is the parent's id where it is known from outside: one that died before this call is noticed only so.
    Gives a question that costs little and needs no signal: whether the parent has gone.
    """
    parent = parent or os.getppid()
    by_kernel = False
    if _libc is not None:
        by_kernel = _libc.prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0) == 0
    by_kernel = by_kernel and os.getppid() == parent  # else it had died before the kernel was asked

    def act() -> None:
        if not by_kernel:
            os.kill(os.getpid(), signum)
        time.sleep(grace)
        os._exit(1)

    _watch(act, parent=parent, interval=interval)
    return lambda: os.getppid() != parent


def watch_pipe(descriptor: int, *, grace: float) -> None:
    """When the other end of the pipe closes, this process gets SIGTERM, and `grace` seconds later it ends anyway."""

    def wait() -> None:
        while True:
            try:
                if os.read(descriptor, 1) == b"":
                    break
            except InterruptedError:
                continue
            except OSError:
                break
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace)
        os._exit(1)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()


def _watch(act: Callable[[], None], *, parent: int, interval: float) -> None:
    def wait() -> None:
        while os.getppid() == parent:
            time.sleep(interval)
        act()

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()
