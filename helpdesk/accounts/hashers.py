"""Password hashes: argon2id at the figures that OWASP names (19 MiB, two passes), a few at a time."""

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

# a burst of sign-ins must not take the memory of the machine
_at_once = threading.BoundedSemaphore(2)


class Argon2(Argon2PasswordHasher):
    """argon2id, 19 MiB, t = 2, p = 1 (OWASP password storage)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _at_once:
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        with _at_once:
            return bool(super().verify(password, encoded))
