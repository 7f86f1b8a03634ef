"""News between rooms: a room publishes what happened, rooms above subscribed when the apps became ready.

Handlers run at once, in the same transaction; they may only write their own rows or defer a job.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")
_handlers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event: type[E], handler: Callable[[E], None]) -> None:
    """Call `handler` with every `event` published from now on. The same handler is added once."""
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


def publish(event: object) -> None:
    """Tell the subscribers of this very type, in the order in which they subscribed."""
    for handler in _handlers[type(event)]:
        handler(event)
