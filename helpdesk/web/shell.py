"""What stands around a page: tabs of the clients' side, rail of the desk. The fronts fill it, the bases show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is signed in, as the head of a page shows them."""

    name: str
    initials: str
    company: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A place of the clients' side. `count` above zero is a badge, `count_label` its words for a screen reader."""

    label: str
    href: str
    icon: str
    current: bool = False
    count: int = 0
    count_label: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a menu: a link, or with `post` a button of a form (for what changes something)."""

    label: str
    href: str
    icon: str = ""
    post: bool = False
    key: str = ""
    danger: bool = False


@dataclass(frozen=True, slots=True)
class PortalShell:
    """`footer` is text of the installation; `links` stand beside it."""

    reader: Reader
    tabs: Sequence[Tab]
    menu: Sequence[Item] = ()
    footer: str = ""
    links: Sequence[Item] = ()
    home: str = "/"


@dataclass(frozen=True, slots=True)
class RailItem:
    """A list, queue or place in the rail; `late` reddens its count."""

    label: str
    href: str
    count: int | None = None
    icon: str = ""
    current: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class RailGroup:
    """Lines under a heading; without a title a group is set off by a line."""

    title: str
    items: Sequence[RailItem]


@dataclass(frozen=True, slots=True)
class Step:
    """A place of the bar at the foot of a phone; the design has five."""

    label: str
    href: str
    icon: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class DeskShell:
    """`shortcuts` off takes the single keys away; `density` is «» or «comfortable»."""

    reader: Reader
    groups: Sequence[RailGroup]
    bottom: Sequence[Step]
    menu: Sequence[Item] = ()
    home: str = "/desk/"
    new: str = ""
    search: str = ""
    query: str = ""
    density: str = ""
    shortcuts: bool = True
    keys: Sequence[tuple[str, str]] = field(default=())
