"""A cluster kept between runs that holds a migrated database: made anew when a migration or a package changes."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests import room

NAME = "migrated"
_ROOT = Path(__file__).resolve().parent.parent
_DAY = 86_400


def folder(cache, way):
    """The folder for `Way.template`. `way(template)` makes the Way to run a cluster by."""
    kept = cache / f"{NAME}-{_key()}"
    if not kept.is_dir():
        _forget_old(cache)
        _make(cache, kept, way)
    kept.touch()
    return kept


def _key():
    """Of all that decides what a migrated database holds: the migrations, what they import, the packages' versions."""
    found = hashlib.sha256()
    migrations = sorted(_ROOT.glob("helpdesk/*/migrations/*.py"))
    imported = {
        _ROOT / f"{name.replace('.', '/')}.py"
        for path in migrations
        for name in re.findall(r"^from (helpdesk\.[\w.]+) import", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    for path in [*migrations, *sorted(imported), _ROOT / "requirements/base.txt", Path(__file__)]:
        found.update(str(path.relative_to(_ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    found.update(sys.version.encode() + os.environ.get("HELPDESK_POSTGRES_BIN", "").encode())
    return found.hexdigest()[:16]


def _make(cache, kept, way):
    from helpdesk.core.postgres import Cluster

    home = Path(tempfile.mkdtemp(prefix=room.PREFIX, dir=room.place()))
    try:
        cluster = Cluster(home, way(cache))
        url = cluster.start()
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {NAME}")
            subprocess.run(
                [sys.executable, "-W", "ignore", "-m", "django", "migrate", "--verbosity", "0"], cwd=_ROOT, check=True,
                env={**os.environ, "DATABASE_URL": urlsplit(url)._replace(path=f"/{NAME}").geturl(),
                     "DJANGO_SETTINGS_MODULE": "helpdesk.config.test_settings"},
            )  # fmt: skip
        finally:
            cluster.stop()
        half = Path(tempfile.mkdtemp(prefix="half-", dir=cache))
        shutil.copytree(cluster.places.data, half / f"cluster-{cluster.binaries.version}")
        try:
            half.rename(kept)
        except OSError:  # another run has made it meanwhile
            shutil.rmtree(half)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _forget_old(cache):
    """Those that no run of the last day has used."""
    for path in (*cache.glob(f"{NAME}-*"), *cache.glob("half-*")):
        if path.stat().st_mtime < time.time() - _DAY:
            shutil.rmtree(path, ignore_errors=True)
