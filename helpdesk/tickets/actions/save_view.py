from datetime import datetime

from helpdesk.accounts.models import Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, NotAllowed, NotFound, Problem
from helpdesk.core.text.safe import one_line
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import SavedView

NAME_LIMIT, QUERY_LIMIT, MOST = 60, 1000, 50
EVERYBODY = "all"


def save_view(
    view_id: int | None, *, by: Actor, name: str, query: str = "", share: str = "", at: datetime | None = None
) -> SavedView:
    """Keep a list of requests under a name, or change one's own: its name, and who else has it. `share`: empty for
    nobody, EVERYBODY, or the id of a role that one holds. It gives no right: each sees of it what they may see.

    Raises NotAllowed for whoever is no agent, NotFound, Invalid: `name` empty, too_long, taken, too_many; `share`
    not_offered; `query` too_long.
    """
    if not access_of(by).is_agent:
        raise NotAllowed("save_view")
    with verb():
        Person.objects.select_for_update().get(pk=by.person)  # so that two at once are counted
        mine = SavedView.objects.filter(person_id=by.person)
        view = SavedView(person_id=by.person, query=query, created_at=at or clock.now())
        if view_id is not None:
            view = mine.filter(pk=view_id).first() or _none()
        view.name = one_line(name, NAME_LIMIT + 1)
        _check(view, others=list(mine.exclude(pk=view.pk).values_list("name", flat=True)))
        view.is_shared, view.role_id = share == EVERYBODY, _role(by, share)
        view.save()
        return view


def drop_view(view_id: int, *, by: Actor) -> None:
    """Take one's own saved list away, also from those it is shared with. Raises NotFound."""
    with verb():
        if not SavedView.objects.filter(pk=view_id, person_id=by.person_id or 0).delete()[0]:
            raise NotFound


def _none() -> SavedView:
    raise NotFound


def _check(view: SavedView, *, others: list[str]) -> None:
    if not view.name:
        raise Invalid(Problem("name", "empty"))
    if len(view.name) > NAME_LIMIT:
        raise Invalid(Problem("name", "too_long", {"limit": NAME_LIMIT}))
    if len(view.query) > QUERY_LIMIT:
        raise Invalid(Problem("name", "view_too_long"))
    if view.name.casefold() in {name.casefold() for name in others}:
        raise Invalid(Problem("name", "taken"))
    if len(others) >= MOST:
        raise Invalid(Problem("name", "too_many_views", {"limit": MOST}))


def _role(by: Actor, share: str) -> int | None:
    if share in {"", EVERYBODY}:
        return None
    held = Person.objects.get(pk=by.person).roles.filter(inactive_at=None).values_list("pk", flat=True)
    if share not in {str(pk) for pk in held}:
        raise Invalid(Problem("share", "not_offered"))
    return int(share)
