"""Who may be answered automatically, and when again (RFC 3834 §2)."""

from datetime import datetime, timedelta

from django.db import connection

from helpdesk.mail import addresses
from helpdesk.mail.models import AutoAnswerLog

PERIOD = timedelta(days=1)


def claim(address: str, *, at: datetime) -> bool:
    """Take the one automatic answer of a day to this address (whatever its +tag). Atomic: of two, one gets it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mail_autoanswerlog (address, at) VALUES (%s, %s)"
            " ON CONFLICT (address) DO UPDATE SET at = excluded.at WHERE mail_autoanswerlog.at <= %s",
            [addresses.bare(address), at, at - PERIOD],
        )
        return bool(cursor.rowcount)


def recent(address: str, *, at: datetime) -> bool:
    """Whether this address was answered automatically within the period."""
    return AutoAnswerLog.objects.filter(address=addresses.bare(address), at__gt=at - PERIOD).exists()
