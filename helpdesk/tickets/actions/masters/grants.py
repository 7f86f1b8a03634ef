from collections.abc import Iterable

from django.db import transaction

from helpdesk.accounts.models import Role
from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.masters import record
from helpdesk.tickets.models import Grant, Queue, Right


def grant(role_code: str, rights: Iterable[str], *, queue_key: str | None) -> int:
    """Rights of a role in a queue and those below it, in all where `queue_key` is None. How many are new.

    Raises Invalid: `role`, `queue` unknown; `right` not accepted.
    """
    wanted = _known(rights)
    with transaction.atomic():
        role, queue = _role(role_code), _queue(queue_key)
        new = [right for right in wanted if Grant.objects.get_or_create(role=role, queue=queue, right=right)[1]]
    if new:
        record("role %s was given %s in %s", role_code, " ".join(new), queue_key or "all queues")
    return len(new)


def revoke(role_code: str, rights: Iterable[str], *, queue_key: str | None) -> int:
    """Take rights that were given for just this queue (for all where `queue_key` is None). How many there were.

    Raises Invalid as `grant` does.
    """
    wanted = _known(rights)
    with transaction.atomic():
        role, queue = _role(role_code), _queue(queue_key)
        held = list(Grant.objects.filter(role=role, queue=queue, right__in=wanted))
        for one in held:
            one.delete()
    if held:
        record("role %s lost %s in %s", role_code, " ".join(g.right for g in held), queue_key or "all queues")
    return len(held)


def _known(rights: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(rights))
    if wrong := [right for right in wanted if right not in Right.values]:
        raise Invalid(Problem("right", "unknown", {"value": wrong[0], "accepted": " ".join(Right.values)}))
    return wanted


def _role(code: str) -> Role:
    role = Role.objects.filter(code=code, inactive_at__isnull=True).first()
    if role is None:
        raise Invalid(Problem("role", "unknown", {"value": code}))
    return role


def _queue(key: str | None) -> Queue | None:
    queue = Queue.objects.filter(key=key).first() if key is not None else None
    if key is not None and queue is None:
        raise Invalid(Problem("queue", "unknown", {"value": key}))
    return queue
