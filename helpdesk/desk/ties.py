"""The part of a request's panel that tells which others it is tied to."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.core.actor import Actor
from helpdesk.desk import addresses
from helpdesk.tickets import policies, ties
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Link, Phase, Ticket
from helpdesk.web.jinja import ticket as web_number

CHILD = "child"  # in forms: the other is the parent of this one's


@dataclass(frozen=True, slots=True)
class Tied:
    """A request in the panel; `kind`: what its link is called in forms, empty where it stays."""

    id: int
    number: str
    href: str
    subject: str
    about: str
    look: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Requests that stand to this one in the same way."""

    title: str
    rows: tuple[Tied, ...]


@dataclass(frozen=True, slots=True)
class Ties:
    """Groups of linked requests, merged ones (`loose`: whether each may be taken out), how many in all; kinds to
    choose from."""

    groups: tuple[Group, ...]
    parts: tuple[tuple[Tied, bool], ...]
    count: int
    kinds: tuple[tuple[str, str], ...]


def kinds() -> dict[str, str]:
    """What this request may be to another one, by the word of the form."""
    return {
        Link.Kind.NORMAL: _("is linked with"),
        Link.Kind.PARENT: _("has as its child"),
        CHILD: _("is a child of"),
        Link.Kind.DUPLICATE: _("repeats"),
    }


def _titles() -> dict[tuple[str, bool], str]:
    return {
        (Link.Kind.PARENT, False): _("Parent request"), (Link.Kind.PARENT, True): _("Child requests"),
        (Link.Kind.DUPLICATE, True): _("Repeats"), (Link.Kind.DUPLICATE, False): _("Repeated by"),
        (Link.Kind.FOLLOW_UP, False): _("Continues"), (Link.Kind.FOLLOW_UP, True): _("Continued in"),
        (Link.Kind.NORMAL, True): _("Linked"),
    }  # fmt: skip


def ties_of(actor: Actor, found: ties.Ties, language: str, *, may_merge: bool) -> Ties:
    """The ties of a request, as its panel shows them."""
    groups: dict[tuple[str, bool], list[Tied]] = {key: [] for key in _titles()}
    for one in found.links:
        out = one.out or one.kind == Link.Kind.NORMAL
        groups[one.kind, out].append(_tied(one, language))
    access = access_of(actor)
    parts = tuple(
        (
            Tied(one.id, one.number, addresses.of_ticket(one.number, "history"), one.subject,
                 f"{web_number(one.number)} · {one.author}"),
            may_merge and policies.may_merge(access, Ticket(queue_id=one.queue_id, phase=Phase.MERGED)),
        )
        for one in found.parts
    )  # fmt: skip
    shown = tuple(Group(_titles()[key], tuple(rows)) for key, rows in groups.items() if rows)
    return Ties(shown, parts, len(found.links) + len(parts), tuple(kinds().items()))


def _tied(one: ties.Tie, language: str) -> Tied:
    kind = one.kind
    if kind == Link.Kind.PARENT and not one.out:
        kind = CHILD
    elif kind == Link.Kind.DUPLICATE and not one.out:
        kind = "repeated"
    state = one.state_ru if language == "ru" else one.state_en
    return Tied(
        one.id, one.number, addresses.of_ticket(one.number), one.subject, f"{web_number(one.number)} · {state.lower()}",
        one.state, "" if kind == Link.Kind.FOLLOW_UP else kind,
    )  # fmt: skip


def direction(kind: str, this: int, other: int) -> tuple[int, int, Link.Kind] | None:
    """Source, target and kind of the link that a form means by its word; None for no such word."""
    if kind in {CHILD, "repeated"}:
        return other, this, Link.Kind.PARENT if kind == CHILD else Link.Kind.DUPLICATE
    if kind in {Link.Kind.NORMAL, Link.Kind.PARENT, Link.Kind.DUPLICATE}:
        return this, other, Link.Kind(kind)
    return None
