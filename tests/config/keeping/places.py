"""Installations for tests of backups: a database of its own in the tests' cluster, a folder for its data, commands."""

import hashlib
import itertools
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from tests import programs, room

ROOT = Path(__file__).resolve().parents[3]
_numbers = itertools.count()

# requests with files, answers, letters, a session: something in most tables
FILL = """
from helpdesk.config.cli.database import joined
with joined():
    from django.test import Client
    from helpdesk.core import files
    from helpdesk.core.actor import Actor, Cause
    from helpdesk.core.richtext import from_plain
    from helpdesk.tickets.actions import NewFile, reply
    from tests.portal.conftest import World
    world = World()
    for i in range(12):
        content = [NewFile(files.store(f'{i}-{j}'.encode() * 20_000 * j), f'ведомость-{j}.xls') for j in range(3)]
        ticket = world.ticket(subject=f"Сальдо {i} \\\\ 'не' сходится\\t№", attachments=content)
        reply(ticket.pk, by=Actor(world.alice.pk, Cause.WEB), body=from_plain(f'Ответ {i}: ёлка, 100 %, \\\\N'))
    Client().force_login(world.carol, backend='helpdesk.accounts.backends.LoginOrAddress')
"""


class Place:
    """One installation."""

    def __init__(self, like=None):
        """`like`: a place whose database is copied; else «migrated» has an empty schema, «» no tables at all."""
        self.more = {}  # settings beside the usual
        self.name = f"keeping_{os.getpid()}_{next(_numbers)}"
        self.home = Path(tempfile.mkdtemp(prefix=room.PREFIX, dir=room.place()))
        template = like.name if isinstance(like, Place) else like or "template1"
        with server() as connection:
            connection.execute(
                SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(self.name), Identifier(template))
            )
        if isinstance(like, Place):
            shutil.copytree(like.home, self.home, dirs_exist_ok=True)

    @property
    def url(self):
        return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}").geturl()

    def environment(self, **more):
        return {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": self.url,
            "HELPDESK_DATA": str(self.home), "HELPDESK_SECRET_KEY": "only-for-tests-only-for-tests-only",
            "HELPDESK_POSTGRES_BIN": os.environ.get("HELPDESK_POSTGRES_BIN", ""), "TMPDIR": room.place(), **self.more, **more,
        }  # fmt: skip

    def run(self, *arguments, **environment):
        """A subcommand: exit code, standard output, standard error."""
        done = programs.run([*programs.CLI, *map(str, arguments)], env=self.environment(**environment), text=True,
                            cwd=ROOT, timeout=300)  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    def python(self, code):
        done = programs.run(["-c", code], env=self.environment(), text=True, cwd=ROOT, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def connect(self):
        return psycopg.connect(self.url, autocommit=True)

    def rows(self):
        with self.connect() as connection:
            return rows(connection)

    def files(self):
        return contents(self.home / "files")

    def remove(self):
        with server() as connection:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(self.name)))
        shutil.rmtree(self.home)


def server():
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def rows(connection, *, without=()):
    """Each table of a database: how many rows, and a hash over all of them in order, each with all its columns."""
    found = {}
    for (name,) in connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    ).fetchall():
        if name not in without:
            table = Identifier(name)
            [found[name]] = connection.execute(
                SQL(
                    "SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY t::text COLLATE \"C\")) FROM {} t"
                ).format(table)
            ).fetchall()
    sequences = SQL("SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences ORDER BY 1")
    return found | {"sequences": connection.execute(sequences).fetchall()}


def contents(root):
    """Each file below a folder: its path, and a hash of its content."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
