"""Requests in flight, and the end of a web process: as soon as they are answered, whatever the browsers keep open.

The server itself waits for every connection on which a request has begun to arrive, be it for ever.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

LINGER = 1.5  # seconds after the last answer: its bytes travel, the server ends by itself unless a connection hangs
LONGEST = 6.0  # seconds that running requests get; below what the master and the supervisor wait


class Flights:
    """A WSGI application around another that counts what it has not yet answered wholly."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self._inner = inner
        self._lock = threading.Lock()
        self._flying = 0
        self._landed = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self._lock:
            self._flying += 1
        try:
            answer = self._inner(environ, start_response)
            if getattr(answer, "streaming", not isinstance(answer, list)):
                return _Streamed(answer, self._end)
            body = b"".join(answer)
            if close := getattr(answer, "close", None):
                close()  # gives the database's connection back before the bytes travel
        except BaseException:
            self._end()
            raise
        self._end()
        return [body]

    def _end(self) -> None:
        with self._lock:
            self._flying -= 1
            self._landed = time.monotonic()

    @property
    def flying(self) -> int:
        """How many requests are not yet answered."""
        return self._flying

    def end_after_sigterm(self) -> None:
        """From now on this process ends at most LONGEST seconds after a SIGTERM, sooner if nothing is in flight.

        Called in the main thread. The signal is heard beside the handler that the server installs later.
        """
        hears, speaks = os.pipe()
        os.set_blocking(speaks, False)
        signal.set_wakeup_fd(speaks, warn_on_full_buffer=False)
        threading.Thread(target=self._wait_and_end, args=(hears,), name="end-after-sigterm", daemon=True).start()

    def _wait_and_end(self, hears: int) -> None:
        while signal.SIGTERM not in os.read(hears, 64):
            pass
        begun = time.monotonic()
        while time.monotonic() < begun + LONGEST:
            # answered is not yet sent: the last bytes are the server's for a while
            if not self.flying and time.monotonic() > max(begun, self._landed) + LINGER:
                break
            time.sleep(0.05)
        flying = self.flying
        if flying:
            print(f"A web process ended, requests unanswered after {LONGEST:.0f} s: {flying}", file=sys.stderr)
        os._exit(0)


class _Streamed:
    """An answer that is sent piece by piece; it counts until it is closed."""

    def __init__(self, answer: Iterable[bytes], end: Callable[[], None]) -> None:
        self._answer = answer
        self._end: Callable[[], None] | None = end

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        try:
            if close := getattr(self._answer, "close", None):
                close()
        finally:
            if end := self._end:
                self._end = None
                end()
