"""What the log says of what is no error of ours: a sender's mistake and a database that is away are one line each,
without a traceback. Errors of ours keep theirs."""

import logging

from django.http import UnreadablePostError

from helpdesk.core.away import is_away

_SENDERS = {
    "django.security.RequestDataTooBig",
    "django.security.TooManyFieldsSent",
    "django.security.TooManyFilesSent",
    "django.security.SuspiciousFileOperation",
    "django.security.SuspiciousMultipartForm",
    "django.security.BadRequest",
}


class SendersMistakes(logging.Filter):
    """On a handler: turns what a sender did wrong into one line, and leaves out Django's second line about it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """False for a line that says again what was said."""
        request = getattr(record, "request", None)
        error = record.exc_info[1] if record.exc_info else None
        if record.name in _SENDERS or isinstance(error, UnreadablePostError):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            if request is not None:
                record.msg, record.args = f"{record.getMessage()} ({request.method} {request.path})", ()
                request.senders_mistake_told = True
        elif record.name == "django.request" and record.levelno < logging.ERROR:
            if getattr(request, "senders_mistake_told", False):
                return False
        else:
            return True
        record.exc_info = record.exc_text = None  # whose fault it is, the line says
        return True


class DatabaseAway(logging.Filter):
    """On a handler: leaves out what libraries say of a lost database; the page's line and the worker's tell it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """False for a line that says again what is said in ours."""
        if not record.name.startswith(("django.request", "procrastinate")) or not record.exc_info:
            return True
        if not is_away(record.exc_info[1]):
            return True
        if getattr(record, "action", "").startswith("job_"):
            record.msg, record.args = " ".join(record.getMessage().split()), ()
            record.exc_info = record.exc_text = None
            return True
        return False
