"""What a page costs the database, whenever it is asked: counted, since times change from machine to machine."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.core import clock, options


def statements_of(client, path, status=200):
    """The statements of a page that has just been asked for.

    The rail's figures are kept for ten seconds of the clock, settings for half a minute: on a busy machine either runs
    out between two openings that are compared. Here both are fresh, and the clock stands until the page is there.
    """
    with clock.stopped(clock.now()):
        options.forget()
        client.get(path)  # connects, loads templates
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(path)
    assert answer.status_code == status
    return [query["sql"] for query in caught]
