"""The floor: the same server and pool, one prepared statement, fixed bytes of a page's size."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.config.settings")
django.setup()

from django.db import close_old_connections, connection  # noqa: E402

BODY = b"x" * 30_000


def application(environ, start_response):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, subject FROM tickets_ticket WHERE id = %s", [1])
        cursor.fetchone()
    connection.close()
    close_old_connections()
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(BODY)))])
    return [BODY]
