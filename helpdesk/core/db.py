"""Transactions. An entry point (a view, a letter, a job) opens one; verbs join it."""

from django.db import transaction
from django.db.transaction import Atomic


def entry() -> Atomic:
    """The single transaction of an entry point; raises if one is open already. Nothing slow inside."""
    return transaction.atomic(durable=True)


def verb() -> Atomic:
    """What a verb runs in: joins the entry point's transaction, or is one of its own."""
    return transaction.atomic(savepoint=False)
