"""Contents in a bucket of an S3 server, with copies at hand on this machine. Knows the addresses of objects, no rows.

An object is put whole before anybody hears of it; its name is the sha256, so putting it twice changes nothing.
"""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from obstore.store import S3Store

CACHE_BYTES = 1024 * 1024 * 1024  # copies at hand, together
_UNTOUCHED = 600.0  # seconds: a copy that was used since is not removed
_PRUNE_EVERY = 300.0
_YOUNG = timedelta(hours=6)  # a writer refers to what it stored long before the rest of a collector's day is over
_pruned_at = 0.0


class Unreachable(OSError):
    """The server of the bucket does not answer, or refuses; nothing is known of the content."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """What an address s3://[key:secret@]bucket[/prefix]?endpoint=…&region=… names."""

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    key: str = ""
    secret: str = ""

    @property
    def shown(self) -> str:
        """For messages: without the secret."""
        return f"the bucket {self.name}{f' at {self.endpoint}' if self.endpoint else ''}"


def parse(url: str) -> Bucket:
    """The bucket of an address. Raises ValueError where it is none."""
    parts = urlsplit(url)
    query = parse_qs(parts.query, strict_parsing=bool(parts.query))
    found = Bucket(
        name=parts.hostname or "",
        prefix=parts.path.strip("/"),
        endpoint=query.pop("endpoint", [""])[0].rstrip("/"),
        region=query.pop("region", [""])[0],
        key=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
    )
    good_endpoint = not found.endpoint or urlsplit(found.endpoint).scheme in {"http", "https"}
    if parts.scheme != "s3" or not found.name or parts.fragment or query or not good_endpoint:
        raise ValueError(url)
    if bool(found.key) != bool(found.secret):
        raise ValueError(url)
    return found


@functools.lru_cache(maxsize=4)
def _client(url: str) -> S3Store:
    """Made with the first use in a process: no other installation loads the library."""
    from obstore.store import S3Store  # noqa: PLC0415

    bucket = parse(url)
    options: dict[str, Any] = {"region": bucket.region or os.environ.get("AWS_REGION", "us-east-1")}
    if bucket.endpoint:
        options |= {"endpoint": bucket.endpoint, "virtual_hosted_style_request": False}
    if bucket.key:
        options |= {"access_key_id": bucket.key, "secret_access_key": bucket.secret}
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        client_options={"timeout": "60s", "connect_timeout": "5s", "allow_http": bucket.endpoint.startswith("http:")},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
        **options,
    )


@contextlib.contextmanager
def _asking(url: str) -> Iterator[None]:
    """Turns the library's errors into ours; a missing object is FileNotFoundError as with a folder."""
    from obstore.exceptions import BaseError  # noqa: PLC0415

    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, PermissionError) as error:
        first = str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
        raise Unreachable(f"{parse(url).shown} cannot be used: {first}") from error


def put(url: str, name: str, path: Path, *, size: int) -> None:
    """Put a whole file, unless its object is there in full size. Returns when the server has confirmed it.

    One that is some hours old is put anew: its time becomes young, so that no collector takes it away from a writer.
    """
    import obstore  # noqa: PLC0415

    with _asking(url):
        client = _client(url)
        with contextlib.suppress(FileNotFoundError):
            there = obstore.head(client, name)
            if there["size"] == size and there["last_modified"] > datetime.now(UTC) - _YOUNG:
                return
        obstore.put(client, name, path)
        if obstore.head(client, name)["size"] != size:
            raise Unreachable(f"{parse(url).shown} did not keep {name} whole")


def fetch(url: str, name: str) -> Iterator[bytes]:
    """An object piece by piece. Raises FileNotFoundError, Unreachable, both also in the middle."""
    import obstore  # noqa: PLC0415

    with _asking(url):
        for chunk in obstore.get(_client(url), name).stream(min_chunk_size=1024 * 1024):
            yield bytes(chunk)


class Object(NamedTuple):
    """What a bucket tells of an object."""

    name: str
    size: int
    changed_at: datetime


def about(url: str, name: str) -> Object | None:
    """Size and time of an object; None if there is none. Raises Unreachable."""
    import obstore  # noqa: PLC0415

    with _asking(url), contextlib.suppress(FileNotFoundError):
        facts = obstore.head(_client(url), name)
        return Object(name, facts["size"], facts["last_modified"])
    return None


def listed(url: str, folder: str) -> Iterator[Object]:
    """The objects whose names begin with «folder/». Raises Unreachable, also in the middle."""
    import obstore  # noqa: PLC0415

    with _asking(url):
        for page in obstore.list(_client(url), prefix=folder, chunk_size=1000):
            for facts in page:
                yield Object(facts["path"], facts["size"], facts["last_modified"])


def rename(url: str, name: str, to: str) -> None:
    """Give an object another name, over whatever has it. Raises FileNotFoundError, Unreachable."""
    import obstore  # noqa: PLC0415

    with _asking(url):
        obstore.rename(_client(url), name, to, overwrite=True)


def remove(url: str, name: str) -> None:
    """Remove an object; one that is not there is removed already. Raises Unreachable."""
    import obstore  # noqa: PLC0415

    with _asking(url), contextlib.suppress(FileNotFoundError):
        obstore.delete(_client(url), name)


def probe(url: str) -> None:
    """Write, read and remove a small object. Raises Unreachable: what the doctor tells."""
    import obstore  # noqa: PLC0415

    name = f"new/check-{secrets.token_hex(8)}"
    with _asking(url):
        client = _client(url)
        obstore.put(client, name, b"check")
        try:
            if bytes(obstore.get(client, name).bytes()) != b"check":
                raise Unreachable(f"{parse(url).shown} does not give back what it was given")
        except FileNotFoundError:
            raise Unreachable(f"{parse(url).shown} forgets what it was given") from None
        obstore.delete(client, name)


def prune(cache: Path, *, most: int = CACHE_BYTES) -> None:
    """Now and then: remove the copies used longest ago where all of them together are larger than `most` bytes."""
    global _pruned_at
    now = time.time()
    if now - _pruned_at < _PRUNE_EVERY:
        return
    _pruned_at = now
    copies = []
    for path in cache.glob("??/??/*"):
        with contextlib.suppress(OSError):
            facts = path.stat()
            copies.append((facts.st_mtime, facts.st_size, path))
    total = sum(size for _, size, _ in copies)
    for used_at, size, path in sorted(copies):
        if total <= most or now - used_at < _UNTOUCHED:
            return
        path.unlink(missing_ok=True)
        total -= size
