"""Acts at the same time, each with a database connection of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from helpdesk.core.db import entry


def together(*acts, workers=0):
    """Run each act as an entry point does, in its own transaction; their results or exceptions, in order."""
    workers = workers or len(acts)
    start = threading.Barrier(workers)

    def one(act, wait):
        try:
            if wait:
                start.wait(timeout=30)
            with entry():
                return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        jobs = [pool.submit(one, act, place < workers) for place, act in enumerate(acts)]
        return [job.result(timeout=60) for job in jobs]
