"""The heads of a list's columns: each that has an order leads to the list in that order."""

from dataclasses import dataclass

from helpdesk.desk import columns
from helpdesk.desk.filters import Filters
from helpdesk.tickets.orders import ORDERS
from helpdesk.web.jinja import number_sign

_HIDDEN = frozenset({"priority"})  # too narrow for its word


@dataclass(frozen=True, slots=True)
class Head:
    """`sorted`: «ascending», «descending» or nothing, as readers aloud are told; `hidden`: its name is for them."""

    name: str
    css: str
    href: str = ""
    sorted: str = ""
    hidden: bool = False


def plain(shown: tuple[str, ...] = columns.STANDARD) -> tuple[Head, ...]:
    """Heads that lead nowhere."""
    names = columns.names()
    return tuple(Head(_name(names, code), columns.COLUMNS[code].css, hidden=code in _HIDDEN) for code in shown)


def of_list(wanted: Filters, path: str, shown: tuple[str, ...]) -> tuple[Head, ...]:
    """The heads of a list as it is sorted now."""
    names, order, heads = columns.names(), wanted.order.rpartition("/")[2], []
    for code in shown:
        column = columns.COLUMNS[code]
        href = wanted.address(path, sort=_next(column.sorts, order)) if column.sorts else ""
        way = _sorted(order) if order in column.sorts else ""
        heads.append(Head(_name(names, code), column.css, href, way, code in _HIDDEN))
    return tuple(heads)


def _name(names: dict[str, str], code: str) -> str:
    return number_sign() if code == "number" else names[code]


def _next(sorts: tuple[str, ...], order: str) -> str:
    """The order that a click gives: the other way where the list stands in it already."""
    return sorts[-1] if order == sorts[0] else sorts[0]


def _sorted(order: str) -> str:
    return "descending" if ORDERS[order][0][1] else "ascending"
