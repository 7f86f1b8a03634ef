"""`helpdesk check` as a process, and databases of one test's own to look at."""

import os
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from django.conf import settings

from tests import migrated, programs


def check(**given):
    """Run it with these settings alone."""
    kept = {k: v for k, v in os.environ.items() if k != "PORT" and not k.startswith(("HELPDESK_", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    return programs.run([*programs.CLI, "check"], env={**kept, **given}, text=True, timeout=60)


@contextmanager
def database(name, how):
    """A database of the tests' cluster, made by `how` («template x», «encoding …»); gives its DATABASE_URL."""
    found = settings.DATABASES["default"]
    secret = f":{found['PASSWORD']}" if found["PASSWORD"] else ""
    query = f"host={found['HOST']}" + (f"&port={found['PORT']}" if found["PORT"] else "")
    url = f"postgresql://{found['USER']}{secret}@/postgres?{query}"
    name = f"{name}_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as keeper:
        keeper.execute(f"drop database if exists {name} with (force)")
        keeper.execute(f"create database {name} {how}")
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            keeper.execute(f"drop database {name} with (force)")


MIGRATED = f"template {os.environ.get('HELPDESK_TEST_TEMPLATE') or migrated.NAME}"
