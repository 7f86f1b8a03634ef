"""Collecting contents that nothing refers to. The row goes first, then the content; whoever stores it meanwhile wins.

A writer stores the content (which makes its time young), then makes the row young, then refers to it. So a row is
deleted only old and unreferenced, and a content is removed only old and without a row: from the folder, or from the
bucket together with its copy in the folder. Nothing is fetched for this.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, connection
from django.db.models import ForeignKey, ForeignObjectRel

from helpdesk.core import files, files_bucket
from helpdesk.core.db import entry, fetch
from helpdesk.core.models import Blob

KEPT_FOR = timedelta(days=1)
BATCH = 200
ASIDE = "dropped"  # where objects of a bucket wait for a day before they are gone for good


def collect(at: datetime) -> tuple[int, int]:
    """Remove what has been unreferenced for a day at `at`: how many contents, and their bytes together.

    Leftovers without a row (a transaction that failed) are looked for in a part of the folders each hour. While a
    backup reads the contents nothing is removed: the next hour comes.
    """
    with _nobody_reads_all() as free:
        return _collect(at) if free else (0, 0)


@contextmanager
def _nobody_reads_all() -> Iterator[bool]:
    """Within the block no backup begins to read; False where one reads already."""
    [[taken]] = fetch("SELECT pg_try_advisory_lock(%s)", [files.COLLECTING])
    try:
        yield bool(taken)
    finally:
        if taken:
            fetch("SELECT pg_advisory_unlock(%s)", [files.COLLECTING])


def _collect(at: datetime) -> tuple[int, int]:
    before = at - KEPT_FOR
    in_bucket = settings.FILES_URL.startswith("s3:")
    drop = _drop_object if in_bucket else _drop_file
    if in_bucket:
        _look_aside(before)
    count = size = 0
    while rows := _drop_rows(before):
        for sha256, length in rows:
            drop(sha256, before)
            count, size = count + 1, size + length
    for sha256, length in _objects(at, before) if in_bucket else _files(at, before):
        if drop(sha256, before):
            count, size = count + 1, size + length
    for path in _unfinished(before):
        length = path.stat().st_size
        path.unlink()
        count, size = count + 1, size + length
    return count, size


def referrers() -> list[tuple[str, str]]:
    """Table and column of every reference to a blob, of whichever room, now or to come."""
    return sorted(
        (relation.field.model._meta.db_table, relation.field.column)  # noqa: SLF001 (Django's documented API)
        for relation in Blob._meta.get_fields(include_hidden=True)  # noqa: SLF001
        if isinstance(relation, ForeignObjectRel) and isinstance(relation.field, ForeignKey)
    )


def _drop_rows(before: datetime) -> list[tuple[str, int]]:
    """One batch. Rows that a writer holds are skipped; one that was referred to all the same undoes the batch."""
    quoted = connection.ops.quote_name
    unreferenced = "".join(
        f" AND NOT EXISTS (SELECT 1 FROM {quoted(table)} r WHERE r.{quoted(column)} = b.sha256)"  # noqa: S608
        for table, column in referrers()
    )
    sql = f"""
        WITH due AS (SELECT b.sha256 FROM core_blob b WHERE b.created_at < %s {unreferenced}
                      ORDER BY b.sha256 LIMIT {BATCH} FOR UPDATE SKIP LOCKED)
        DELETE FROM core_blob b USING due WHERE b.sha256 = due.sha256 RETURNING b.sha256, b.size
    """  # noqa: S608 (names of our own tables)
    try:
        with entry(), connection.cursor() as cursor:
            cursor.execute(sql, [before])
            return list(cursor.fetchall())
    except IntegrityError:
        return []


def _name(sha256: str) -> str:
    """Under which name folder and bucket have a content."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _has_row(sha256: str) -> bool:
    return Blob.objects.filter(pk=sha256).exists()


def _drop_file(sha256: str, before: datetime) -> bool:
    """Remove an old file without a row. It is taken aside first: a writer sees the whole file or none."""
    path = files.root() / _name(sha256)
    aside = files.root() / "new" / f"{sha256}.dropped"
    aside.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.rename(aside)
    except FileNotFoundError:
        return False
    if aside.stat().st_mtime > before.timestamp() or _has_row(sha256):
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.replace(path)
        return False
    aside.unlink()
    return True


def _drop_object(sha256: str, before: datetime) -> bool:
    """Take an old object without a row aside, and remove its copy here. What was put or referred to in the moment
    between comes back with the next run (`_look_aside`)."""
    url, name = settings.FILES_URL, _name(sha256)
    there = files_bucket.about(url, name)
    if there is None or there.changed_at > before or _has_row(sha256):
        return False
    files_bucket.rename(url, name, f"{ASIDE}/{sha256}")
    (files.root() / name).unlink(missing_ok=True)
    return True


def _look_aside(before: datetime) -> None:
    """What was taken aside comes back where a row speaks of it after all, and goes for good after a day."""
    url = settings.FILES_URL
    for found in files_bucket.listed(url, ASIDE):
        sha256 = found.name.rpartition("/")[2]
        if _has_row(sha256) and files_bucket.about(url, _name(sha256)) is None:
            files_bucket.rename(url, found.name, _name(sha256))
        elif found.changed_at < before:
            files_bucket.remove(url, found.name)


def _objects(at: datetime, before: datetime) -> Iterator[tuple[str, int]]:
    """Old objects without a row, of a twenty-fourth of the names."""
    url = settings.FILES_URL
    for top in (f"{number:02x}" for number in range(256) if number % 24 == at.hour):
        contents = (
            (found.name.rpartition("/")[2], found.size)
            for found in files_bucket.listed(url, top) if found.changed_at < before
        )  # fmt: skip
        for batch in _batches(contents):
            yield from _without_row(batch)


def _batches(contents: Iterable[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    """Lists of at most BATCH."""
    rest = iter(contents)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _unfinished(before: datetime) -> Iterator[Path]:
    """What is left of old unfinished writing."""
    making = files.root() / "new"
    if making.is_dir():
        yield from (path for path in _old(making, before) if path.suffix != ".dropped")


def _files(at: datetime, before: datetime) -> Iterator[tuple[str, int]]:
    """Old files without a row, of a twenty-fourth of the folders."""
    root = files.root()
    for top in sorted(root.iterdir()) if root.is_dir() else ():
        if len(top.name) == 2 and int(top.name, 16) % 24 == at.hour:
            for folder in top.iterdir():
                yield from _without_row([(path.name, path.stat().st_size) for path in _old(folder, before)])


def _old(folder: Path, before: datetime) -> Iterator[Path]:
    with os.scandir(folder) as found:
        for item in found:
            if item.is_file() and item.stat().st_mtime < before.timestamp():
                yield Path(item.path)


def _without_row(contents: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Those names and sizes of which no row speaks."""
    names = [name for name, _ in contents]
    known = set(Blob.objects.filter(pk__in=names).values_list("pk", flat=True))
    return [(name, size) for name, size in contents if name not in known]
