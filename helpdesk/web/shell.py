"""What stands around a page: tabs of the clients' side, rail of the desk. The fronts fill it, the bases show it."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from helpdesk.web.kept import TOKEN, Kept, macro, with_token


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
    lang: str = ""  # of the label, where it is not the page's


def other_language(spoken: str) -> Item:
    """The way to the language that is not shown, in its own word: whoever needs it cannot read the others."""
    name, code = ("English", "en") if spoken.startswith("ru") else ("Русский", "ru")
    return Item(name, f"/account/language/{code}/", "globe", post=True, lang=code)


@dataclass(frozen=True, slots=True)
class Bell:
    """News: the page that lists them, the figure at the bell («», «3», «99+»), the bell's name for a screen reader."""

    href: str
    count: str
    label: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A banner above every page, until the reader closes it at `href` (a form). `html` is harmless."""

    href: str
    kind: str
    title: str
    html: Markup


@dataclass(frozen=True, slots=True)
class PortalShell:
    """`footer` is text of the installation; `links` stand beside it. `search`: where the field of the head leads, «»
    where the page has one of its own; `help`: the page that tells about this one."""

    reader: Reader
    tabs: tuple[Tab, ...]
    menu: tuple[Item, ...] = ()
    footer: str = ""
    links: tuple[Item, ...] = ()
    home: str = "/"
    search: str = ""
    bell: Bell | None = None
    help: str = ""
    notices: tuple[Notice, ...] = ()
    enter: Item | None = None  # for a page that is shown without a sign-in

    def head(self, csrf: Any) -> Markup:
        """The head of the page, with the reader's token in its forms."""
        return with_token(_head(self), csrf)

    def told(self, csrf: Any) -> Markup:
        """The banners above the page's own content; nothing where there are none."""
        return with_token(_told(self.notices), csrf) if self.notices else Markup()


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
    items: tuple[RailItem, ...]


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
    groups: tuple[RailGroup, ...]
    bottom: tuple[Step, ...]
    menu: tuple[Item, ...] = ()
    home: str = "/desk/"
    new: str = ""
    search: str = ""
    query: str = ""
    density: str = ""
    shortcuts: bool = True
    keys: tuple[tuple[str, str], ...] = ()

    def rail(self, csrf: Any) -> Markup:
        """The rail at the left, with the reader's token in its forms."""
        return with_token(_rail(self), csrf)

    def foot(self) -> Markup:
        """The bar of a phone and the list of keys."""
        return _foot(self)


@Kept
def _head(shell: PortalShell) -> Markup:
    return macro("web/parts/portal_head.html", "head", shell, TOKEN)


@Kept
def _told(notices: tuple[Notice, ...]) -> Markup:
    return macro("web/parts/portal_head.html", "told", notices, TOKEN)


@Kept
def _rail(shell: DeskShell) -> Markup:
    return macro("web/parts/desk_rail.html", "rail", shell, TOKEN)


@Kept
def _foot(shell: DeskShell) -> Markup:
    return macro("web/parts/desk_rail.html", "foot", shell)
