"""Trees by parent and stored path («/3/17/»), for queues and categories: where a row stands, and moving it."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from helpdesk.core import masters
from helpdesk.core.errors import Invalid, Problem
from helpdesk.tickets.models import Category, Queue

Node = TypeVar("Node", Queue, Category)


def lock(model: type[Node]) -> dict[str, Node]:
    """All nodes by key, locked in id order: two moves at once could close a circle. Trees are small."""
    return {node.key: node for node in model.objects.select_for_update().order_by("pk")}


def found_or_new(
    model: type[Node], key: str, columns: Mapping[str, object], *, required: Iterable[str]
) -> tuple[dict[str, Node], Node, bool]:
    """All nodes, locked; the one of this key, or a new one to stand last; whether it is new.

    Raises Invalid for a new one: `key` key_format; `required` names that are missing.
    """
    nodes = lock(model)
    if key in nodes:
        return nodes, nodes[key], False
    masters.check_key("key", key)
    if problems := masters.missing(columns, *sorted(required)):
        raise Invalid(*problems)
    last = max((one.position for one in nodes.values()), default=0)
    return nodes, model(key=key, path="/", position=last + 1), True


def parent_of(nodes: dict[str, Node], node: Node, parent_key: str) -> Node | None:
    """The new parent; None for the root (an empty key). Raises Invalid: `parent` unknown, off, cycle."""
    if not parent_key:
        return None
    parent = nodes.get(parent_key)
    if parent is None:
        raise Invalid(Problem("parent", "unknown", {"value": parent_key}))
    if node.pk is not None and parent.path.startswith(node.path):
        raise Invalid(Problem("parent", "cycle", {"value": parent_key}))
    if parent.inactive_at is not None:
        raise Invalid(Problem("parent", "off", {"value": parent_key}))
    return parent


def place(nodes: dict[str, Node], node: Node, parent: Node | None) -> bool:
    """Write where a saved node stands, and the paths of those below it. False if it stands there already."""
    path = f"{parent.path if parent else '/'}{node.pk}/"
    if node.path == path:
        return False
    before = node.path
    below = [one for one in nodes.values() if one.pk != node.pk and len(before) > 1 and one.path.startswith(before)]
    longest = max((len(one.path) for one in below), default=len(before)) - len(before) + len(path)
    if longest > 500:
        raise Invalid(Problem("parent", "deep", {"most": 500}))
    node.parent, node.path = parent, path
    node.save(update_fields=["parent", "path"])
    for one in below:
        one.path = path + one.path[len(before) :]
        one.save(update_fields=["path"])
    return True


def check_switch(nodes: dict[str, Node], node: Node, *, on: bool) -> None:
    """Raise Invalid: `key` below_on (nodes in use stand below it), above_off (the one above is switched off)."""
    if on and node.parent_id is not None and any(
        one.pk == node.parent_id and one.inactive_at is not None for one in nodes.values()
    ):  # fmt: skip
        raise Invalid(Problem("key", "above_off", {"value": node.key}))
    used = [one.key for one in nodes.values() if one.parent_id == node.pk and one.inactive_at is None]
    if not on and used:
        raise Invalid(Problem("key", "below_on", {"value": node.key, "below": " ".join(used)}))
