"""What a list without rows says: what belongs here or that all is well, and one step on."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.desk import addresses
from helpdesk.desk.filters import Filters
from helpdesk.desk.shell import Figures


@dataclass(frozen=True, slots=True)
class Empty:
    """The words of an empty list, and where its one button leads."""

    title: str
    text: str
    icon: str = "inbox"
    step: str = ""
    href: str = ""


def of_list(wanted: Filters, known: Figures, path: str) -> Empty:
    """What an empty list says; a list of nothing but a view says what belongs there."""
    if path == addresses.SEARCH or not wanted.is_bare:
        return _nothing_found(wanted, path)
    if wanted.queue is not None:
        return _queue(wanted, known)
    return _view(wanted.view)


def _nothing_found(wanted: Filters, path: str) -> Empty:
    if wanted.client and not wanted.words and wanted.view != "all":
        return Empty(
            _("Nothing found"), _("This view holds no request of such a client."), "search", _("Show all of theirs"),
            addresses.query(addresses.HOME, view="all", client=wanted.client),
        )  # fmt: skip
    if wanted.client and not wanted.words:
        text = _("Nobody of that name, login or address has written here. Try a part of the surname.")
    elif wanted == Filters(view=wanted.view, words=wanted.words, sort=wanted.sort):
        text = _("Try another word, a part of the number, or the client's mail address.")
    else:
        text = _("Remove one condition.")
    return Empty(_("Nothing found"), text, "search", _("Reset all"), path)


def _queue(wanted: Filters, known: Figures) -> Empty:
    queue = known.queue(wanted.queue)
    if queue is None:
        text = _("This queue does not exist, or you may not see it.")
        return Empty(_("No such queue"), text, "inbox", _("All queues"), addresses.QUEUES)
    if wanted.view == "closed":
        return Empty(_("Nothing closed here yet"), _("Requests of this queue that were closed stand here."))
    return Empty(
        _("Nothing open in this queue"), _("All is answered here."), "circle-check", _("Show the closed ones"),
        addresses.query(addresses.HOME, view="closed", queue=queue.id),
    )  # fmt: skip


def _view(view: str) -> Empty:
    free = addresses.query(addresses.HOME, view="unassigned")
    views = {
        "mine": Empty(
            _("Nothing in your work"), _("Take a request from the common list."), "user", _("Without an owner"), free
        ),
        "waiting": Empty(
            _("No client is waited for"), _("Requests of yours stand here while the client has to answer."),
            "message-circle-question-mark", _("In my work"), addresses.MINE,
        ),
        "unassigned": Empty(
            _("Every request has its owner"), _("New ones stand here until somebody takes them."), "circle-check",
            _("All open"), addresses.HOME,
        ),
        "overdue": Empty(_("Nothing overdue"), _("All promised times are kept."), "circle-check"),
        "closed": Empty(_("Nothing closed yet"), _("Closed requests stand here, the newest first.")),
    }  # fmt: skip
    start = Empty(
        _("No requests yet"), _("Clients send them from their pages and by mail; you can write one for a client."),
        "inbox", _("New request"), addresses.NEW,
    )  # fmt: skip
    return views.get(view, start)
