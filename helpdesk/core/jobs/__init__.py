"""Work for later: queued with the rows it belongs to, run by the worker. The only room that knows procrastinate.

@jobs.task(retries=8)                      # in an app's tasks.py; its name is "mail.send"
def send(letter_id: int) -> None: ...

jobs.defer("mail.send", letter_id=7)       # in an action, inside its transaction
"""

from helpdesk.core.jobs.queue import Waiting, last_seen, run_waiting, waiting
from helpdesk.core.jobs.registry import RetryLater, defer, defer_many, periodic, task

__all__ = ["RetryLater", "Waiting", "defer", "defer_many", "last_seen", "periodic", "run_waiting", "task", "waiting"]
