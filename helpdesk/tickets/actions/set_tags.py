from collections.abc import Collection, Sequence
from datetime import datetime

from helpdesk.accounts.names import sort_key
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.text.safe import one_line
from helpdesk.tickets import policies
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Tag, Ticket, TicketEvent, TicketTag

MOST = 20  # of one request: more tell nothing
LONGEST = 50  # characters of a name


def set_tags(
    ticket_id: int, *, by: Actor, to: Collection[int], named: Sequence[str] = (), seen: int | None = None,
    at: datetime | None = None,
) -> TicketEvent | None:  # fmt: skip
    """Give the request exactly these tags: ids, and names, of which those that nobody wrote before become tags.

    One line with the ids before and after; None if they stand so. Raises NotFound, NotAllowed, Conflict; Invalid:
    `tags` unknown_tag, too_many, tag_too_long.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_set_tags(act.access, act.ticket), "set_tags")
        before = tags_of(act.ticket)
        wanted = _known(set(to), before) | {_by_name(name).pk for name in _names(named)}
        if wanted == set(before):
            return None
        if len(wanted) > MOST:
            raise Invalid(Problem("tags", "too_many_tags", {"limit": MOST}))
        base.refuse_stale(act, seen, fields=["tags"])
        write(act.ticket, wanted)
        return act.finish(act.event("tags_set", field="tags", old=before, new=sorted(wanted)))


def tags_of(ticket: Ticket) -> list[int]:
    """The ids of its tags, in order."""
    return sorted(ticket.tagged.values_list("tag_id", flat=True))


def write(ticket: Ticket, wanted: Collection[int]) -> None:
    """The rows of exactly these tags. The caller holds the request."""
    ticket.tagged.exclude(tag_id__in=wanted).delete()
    missing = set(wanted) - set(tags_of(ticket))
    TicketTag.objects.bulk_create(TicketTag(ticket=ticket, tag_id=pk) for pk in sorted(missing))


def _known(ids: set[int], before: Collection[int]) -> set[int]:
    """These ids, if all are tags that can be given, or stand already."""
    fresh = ids - set(before)
    if fresh and Tag.objects.filter(pk__in=[pk for pk in fresh if 0 < pk < 2**63], inactive_at=None).count() < len(
        fresh
    ):
        raise Invalid(Problem("tags", "unknown_tag"))
    return ids


def _names(typed: Sequence[str]) -> list[str]:
    """The names in what was typed, which may hold several between commas; each once, however it is written."""
    lines = [one_line(name, 1000).strip("# ") for text in typed for name in text.split(",")]
    if long := next((line for line in lines if len(line) > LONGEST), None):
        raise Invalid(Problem("tags", "tag_too_long", {"name": long[:LONGEST], "limit": LONGEST}))
    found: dict[str, str] = {}
    for line in lines:
        if key := sort_key(line):
            found.setdefault(key, line)
    if len(found) > MOST:  # before any of them becomes a tag
        raise Invalid(Problem("tags", "too_many_tags", {"limit": MOST}))
    return list(found.values())


def _by_name(name: str) -> Tag:
    """The tag of a name; a new one, or one that is offered again. Two who write it at once get the same."""
    tag, _created = Tag.objects.get_or_create(key=sort_key(name)[:LONGEST], defaults={"name": name})
    if tag.inactive_at is not None:
        raise Invalid(Problem("tags", "tag_off", {"name": tag.name}))
    return tag
