"""Moments that are chosen by a word: when an answer is to leave, when to be reminded. In the reader's zone."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.core.errors import Problem
from helpdesk.fronts.form import Form

HOUR, TOMORROW, MONDAY, THREE_DAYS, CHOSEN = "hour", "tomorrow", "monday", "three", "chosen"
SATURDAY = 5  # as weekday() counts
_MORNING = 9


def sendings() -> tuple[tuple[str, str], ...]:
    """When an answer may leave, by the words of a button."""
    return (
        (HOUR, _("in an hour")), (TOMORROW, _("tomorrow, 9:00")), (MONDAY, _("on Monday, 9:00")),
    )  # fmt: skip


def of_word(word: str, now: datetime) -> datetime | None:
    """The moment that a word means; None for no such word."""
    if word == HOUR:
        return now + timedelta(hours=1)
    if word == TOMORROW:
        return _morning(now, 1)
    if word == MONDAY:
        return _morning(now, 7 - timezone.localtime(now).weekday())
    if word == THREE_DAYS:
        return _morning(now, _days_until_worked(now, 3))
    return None


def _morning(now: datetime, days: int) -> datetime:
    day = timezone.localtime(now).date() + timedelta(days=days)
    return timezone.make_aware(datetime(day.year, day.month, day.day, _MORNING))  # noqa: DTZ001  the reader's zone follows


def _days_until_worked(now: datetime, working: int) -> int:
    """After how many days so many working ones have begun."""
    day, days = timezone.localtime(now).date(), 0
    while working:
        days += 1
        if (day + timedelta(days=days)).weekday() < SATURDAY:
            working -= 1
    return days


def sending(form: Form, now: datetime) -> datetime | None:
    """When the answer of a form is to leave, if not at once: by the button that sent it. A problem is added where the
    moment is missing."""
    word = form.get("later")
    if word != CHOSEN:
        return of_word(word, now)
    chosen = form.moment("send_at")
    if chosen is None and not form.problems:
        form.problems.append(Problem("send_at", "empty"))
    return chosen
