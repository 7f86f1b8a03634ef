"""Collecting contents that nothing refers to. The row goes first, then the file; whoever stores it meanwhile wins.

A writer stores the file (which makes its time young), then makes the row young, then refers to it. So a row is
deleted only old and unreferenced, and a file is removed only old and without a row.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, connection
from django.db.models import ForeignKey, ForeignObjectRel

from helpdesk.core import files
from helpdesk.core.db import entry
from helpdesk.core.models import Blob

KEPT_FOR = timedelta(days=1)
BATCH = 200


def collect(at: datetime) -> tuple[int, int]:
    """Remove what has been unreferenced for a day at `at`: how many contents, and their bytes together.

    Leftovers without a row (a transaction that failed) are looked for in a part of the folders each hour.
    """
    before = at - KEPT_FOR
    count = size = 0
    while rows := _drop_rows(before):
        for sha256, length in rows:
            _drop_file(files.path_of(sha256), before)
            count, size = count + 1, size + length
    for path in _leftovers(at, before):
        length = path.stat().st_size
        if _drop_file(path, before):
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


def _drop_file(path: Path, before: datetime) -> bool:
    """Remove an old file without a row. It is taken aside first: a writer sees the whole file or none."""
    aside = files.root() / "new" / f"{path.name}.dropped"
    aside.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.rename(aside)
    except FileNotFoundError:
        return False
    if aside.stat().st_mtime > before.timestamp() or Blob.objects.filter(pk=path.name).exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.replace(path)
        return False
    aside.unlink()
    return True


def _leftovers(at: datetime, before: datetime) -> Iterator[Path]:
    """Old files without a row: of unfinished writing, and of a twenty-fourth of the folders."""
    root = files.root()
    if not root.is_dir():
        return
    if (root / "new").is_dir():
        yield from (path for path in _old(root / "new", before) if path.suffix != ".dropped")
    for top in sorted(root.iterdir()):
        if len(top.name) == 2 and int(top.name, 16) % 24 == at.hour:
            for folder in top.iterdir():
                yield from _without_row(list(_old(folder, before)))


def _old(folder: Path, before: datetime) -> Iterator[Path]:
    with os.scandir(folder) as found:
        for item in found:
            if item.is_file() and item.stat().st_mtime < before.timestamp():
                yield Path(item.path)


def _without_row(paths: Sequence[Path]) -> list[Path]:
    known = set(Blob.objects.filter(pk__in=[path.name for path in paths]).values_list("pk", flat=True))
    return [path for path in paths if path.name not in known]
