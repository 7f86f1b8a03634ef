"""A page of the clients' lists, kept as a whole under all that it shows."""

import json
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from markupsafe import Markup

from helpdesk.portal.asked import SIZES, Asked, columns_of
from helpdesk.portal.rows import bands_of, lines_of
from helpdesk.tickets.lists import Rows
from helpdesk.tickets.queries import Counts
from helpdesk.web import formats
from helpdesk.web.jinja import current_language, number_sign
from helpdesk.web.kept import Kept, macro, whole
from helpdesk.web.shell import PortalShell


class Link(NamedTuple):
    """A link of a menu or of a page that is empty."""

    label: str
    href: str
    current: bool = False
    icon: str = ""


class Head(NamedTuple):
    """The head of a column: where a click on it leads, and how the list is ordered by it (`aria-sort`)."""

    label: str
    href: str
    direction: str
    cls: str


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where no request does: what this is, what can be done."""

    title: str
    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """All that a page of a list shows. `companies`: the reader's own, where there are several; `colleagues`: JSON of
    tickets.lists."""

    asked: Asked
    counts: Counts
    rows: Rows
    promised: tuple[bool, ...]  # of each row
    may_open: bool
    may_answer: bool  # some of what it may hold
    pages: int
    companies: tuple[tuple[int, str], ...]
    colleagues: str

    @property
    def title(self) -> str:
        return _("My requests") if self.asked.tab == "mine" else _("Company requests")

    @property
    def is_table(self) -> bool:
        """Ordered by a column, a list has columns; in its own order it has groups."""
        return bool(self.asked.sort)

    @property
    def total(self) -> int:
        counted: int = getattr(self.counts, self.asked.state)
        return counted

    @property
    def range(self) -> str:
        first = (self.asked.number - 1) * self.asked.size
        return _("%(first)d–%(last)d of %(total)d") % {
            "first": first + 1, "last": min(first + self.asked.size, self.total), "total": self.total
        }  # fmt: skip

    @property
    def views(self) -> list[tuple[str, str, bool, int]]:
        """Open, closed, all: with what narrows the list."""
        names = {
            "open": pgettext("requests", "Open"),
            "closed": pgettext("requests", "Closed"),
            "all": pgettext("requests", "All"),
        }
        at, counts = self.asked, self.counts
        return [(name, at.address(state=key), at.state == key, getattr(counts, key)) for key, name in names.items()]

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Headings in the order of the rows' groups, with their counts."""
        counts = self.counts
        working = counts.open - counts.waiting - counts.finished
        # of colleagues' requests any of them may be asked, as of the own ones of somebody who only reads
        waiting = (
            _("Waiting for your answer")
            if self.asked.tab == "mine" and self.may_answer
            else _("Waiting for the company's answer")
        )
        return [
            (waiting, counts.waiting),
            (_("Done, waiting to be closed"), counts.finished),
            (_("With our specialists"), working),
            (pgettext("requests", "Closed"), counts.closed),
        ]

    @property
    def company(self) -> str:
        """Whose requests are shown, in words."""
        return dict(self.companies).get(self.asked.company or 0, "") or _("all companies")

    @property
    def company_links(self) -> list[Link]:
        """The companies to choose from; another company has other colleagues."""
        every = Link(_("All companies"), self._of_company(None), self.asked.company is None)
        return [every, *(Link(name, self._of_company(key), self.asked.company == key) for key, name in self.companies)]

    def _of_company(self, key: int | None) -> str:
        return self.asked.address(company=key, colleague=None)

    @property
    def order(self) -> str:
        """The name of the order that the list stands in."""
        return next(link.label for link in self.order_links if link.current)

    @property
    def order_links(self) -> list[Link]:
        """The orders to choose from, each in its usual direction; at the end the other direction of the chosen one."""
        at, name = self.asked, self.asked.sort.removeprefix("-")
        usual = {key: ("-" if key in _NEWEST_FIRST else "") + key for key in self._columns(by_name=True)}
        names = {"": pgettext("order", "what needs an answer first"), **self._columns(by_name=True)}
        found = [
            Link(label, at.address(sort=usual.get(key, "")), key == name) for key, label in names.items()
        ]  # fmt: skip
        if name:
            found.append(Link(_("The other way round"), at.address(sort=_turned(at.sort)), icon="refresh-cw"))
        return found

    @property
    def heads(self) -> list[Head]:
        """The columns of the table."""
        sort, name = self.asked.sort, self.asked.sort.removeprefix("-")
        found = []
        for key, label in self._columns().items():
            direction = "" if key != name else "descending" if sort.startswith("-") else "ascending"
            first = ("-" if key in _NEWEST_FIRST else "") + key
            found.append(
                Head(label, self.asked.address(sort=_turned(sort) if direction else first), direction, f"c-{key}")
            )
        return found

    def _columns(self, *, by_name: bool = False) -> dict[str, str]:
        """The columns by their keys; `by_name`: as an order is called, with those that are no column of the table."""
        found = {
            "number": (number_sign(), pgettext("order", "by number")),
            "subject": (_("Subject"), pgettext("order", "by subject")),
            "queue": (_("Recipient"), pgettext("order", "by recipient")),
            "state": (_("State"), pgettext("order", "by state")),
            "priority": (_("Priority"), pgettext("order", "by priority")),
            "staff": (_("Specialist"), pgettext("order", "by specialist")),
            "author": (_("Author"), pgettext("order", "by author")),
            "last": (_("Last message"), pgettext("order", "by last message")),
            "due": (_("Promised"), pgettext("order", "by promised time")),
            "created": ("", pgettext("order", "by date of creation")),
        }
        known = columns_of(self.asked.tab)
        return {key: names[by_name] for key, names in found.items() if key in known and names[by_name]}

    @property
    def sizes(self) -> list[tuple[str, str, bool, None]]:
        """How many rows a page may have; the first row of this one stays in sight."""
        if self.total <= SIZES[0]:
            return []
        first = (self.asked.number - 1) * self.asked.size
        return [
            (str(size), self.asked.address(size=size, number=first // size + 1), size == self.asked.size, None)
            for size in SIZES
        ]

    @property
    def page_href(self) -> str:
        """The address of a page, with {page} for its number."""
        return f"{self.asked.address()}&page={{page}}"

    @property
    def people(self) -> list[tuple[str, object]]:
        """Colleagues as options of a field: those who are with the company, then those who were."""
        found = json.loads(self.colleagues) if self.colleagues else []
        now = [(str(key), name) for key, name, is_member in found if is_member]
        gone = [(str(key), name) for key, name, is_member in found if not is_member]
        options: list[tuple[str, object]] = [("", pgettext("colleague", "anybody")), *now]
        return [*options, (_("No longer with the company"), gone)] if gone else options

    @property
    def queue_options(self) -> list[tuple[str, str]]:
        return [("", pgettext("recipient", "any")), *((str(key), name) for key, name in self.asked.queues)]

    @property
    def status_options(self) -> list[tuple[str, str]]:
        return [("", pgettext("state", "any")), *((one.code, one.name) for one in self.asked.statuses)]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form of conditions hands on as it is."""
        return [(name, value) for name, value in self.asked.pairs() if name not in {"colleague", "queue", "status"}]

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        """(name, value, address without it) of each condition that is set."""
        at, found = self.asked, []
        if at.colleague is not None:
            found.append((_("colleague"), self._person(at.colleague), at.address(colleague=None)))
        if at.queue is not None:
            found.append((_("recipient"), dict(at.queues)[at.queue], at.address(queue=None)))
        if at.status is not None:
            found.append((_("state"), at.status.name, at.address(status=None)))
        return found

    def _person(self, key: int) -> str:
        return next((str(name) for known, name, _is in json.loads(self.colleagues or "[]") if known == key), "")

    @property
    def unnarrowed(self) -> str:
        """The address without the conditions."""
        return self.asked.address(colleague=None, queue=None, status=None)

    @property
    def empty(self) -> Empty:
        """What to say and to do where nothing is shown."""
        if self.asked.is_narrowed:
            return self._nothing_fits()
        if not self.counts.all:
            return self._nothing_yet()
        if self.asked.state == "open":
            text = _("Have a new question? Create a new request.")
            seen = Link(_("Closed requests"), self.asked.address(state="closed"), icon="circle-check-big")
            return Empty(_("No open requests"), text, (*self._new_one, seen))
        text = _("A request appears here when its question is settled.")
        seen = Link(_("Open requests"), self.asked.address(state="open"), icon="file-text")
        return Empty(_("No closed requests"), text, (seen,))

    def _nothing_fits(self) -> Empty:
        reset = Link(_("Reset all"), self.unnarrowed, icon="x")
        if not self.counts.all:
            return Empty(_("Nothing found"), _("Remove a condition: each has its own ×."), (reset,))
        text = ngettext("%(num)s other request fits.", "%(num)s other requests fit.", self.counts.all)
        title = _("Nothing among the open ones") if self.asked.state == "open" else _("Nothing among the closed ones")
        others = Link(_("Show all that fit"), self.asked.address(state="all"), icon="search")
        count = formats.number(self.counts.all, language=current_language())
        return Empty(title, text % {"num": count}, (others, reset))

    def _nothing_yet(self) -> Empty:
        if self.asked.company is not None:
            every = Link(_("All companies"), self._of_company(None), icon="building-2")
            mine = self.asked.tab == "mine"
            title = _("You have no requests for “%(company)s” yet") if mine else _("No requests of “%(company)s” yet")
            title %= {"company": self.company}
            return Empty(title, _("Requests of your other companies are shown separately."), (*self._new_one, every))
        colleagues = Link(_("Company requests"), "/portal/company/", icon="building-2")
        links = self._new_one or ((colleagues,) if self.asked.tab == "mine" else ())
        text = (
            _("Your requests and our answers will appear here.")
            if self.asked.tab == "mine"
            else _("Requests of your company and our answers will appear here.")
        )
        return Empty(_("No requests yet"), text, links)

    @property
    def _new_one(self) -> tuple[Link, ...]:
        return (Link(_("New request"), "/portal/new/", icon="plus"),) if self.may_open else ()


_NEWEST_FIRST = {"number", "last", "created", "priority"}  # what a first click puts the highest of on top


def _turned(sort: str) -> str:
    return sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"


def html_of(listing: Listing) -> Markup:
    """The list as it stands in its page."""
    with_author = listing.asked.tab == "company"
    make = lines_of if listing.is_table else bands_of
    rows = make(listing.rows.lines, listing.promised, with_author=with_author)
    return macro("portal/parts/listing.html", "listing", listing, rows)


def _page(listing: Listing, shell: PortalShell, theme: str) -> Markup:
    return whole("portal/list.html", theme, shell=shell, title=listing.title, listing=html_of(listing))


page_of = Kept(_page, pieces=64)  # some hundred kB each
