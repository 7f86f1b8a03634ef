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
            _("Nothing found"), _("This view has no requests from this client."), "search",
            _("Show all their requests"),
            addresses.query(addresses.HOME, view="all", client=wanted.client),
        )  # fmt: skip
    if wanted.client and not wanted.words:
        text = _("Nobody with that name, login or address has written here. Try part of the surname.")
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
        return Empty(_("Nothing closed here yet"), _("Closed requests of this queue appear here."))
    return Empty(
        _("Nothing open in this queue"), _("Everything here has been answered."), "circle-check",
        _("Show the closed ones"), addresses.query(addresses.HOME, view="closed", queue=queue.id),
    )  # fmt: skip


def _view(view: str) -> Empty:
    start = Empty(
        _("No requests yet"), _("Clients send them from their pages or by mail; you can also create one for a client."),
        "inbox", _("New request"), addresses.NEW,
    )  # fmt: skip
    return (_own() | _shared()).get(view, start)


def _own() -> dict[str, Empty]:
    """The views of what concerns the reader."""
    return {
        "mine": Empty(
            _("Nothing is assigned to you"), _("Take a request from the shared list."), "user",
            _("Without an owner"), addresses.query(addresses.HOME, view="unassigned"),
        ),
        "answered": Empty(
            _("No new answers"), _("Requests of yours appear here when the client has had the last word."),
            "circle-check", _("Assigned to me"), addresses.MINE,
        ),
        "mine-overdue": Empty(_("Nothing of yours is overdue"), _("Every promise has been kept."), "circle-check"),
        "reminders": Empty(
            _("No reminder has come"), _("“Remind” in the state of a request brings it back here at its time."),
            "alarm-clock",
        ),
        "pending": Empty(_("You have put off nothing"), _("Requests with a reminder wait here for their time.")),
        "done": Empty(
            _("Nothing to be closed"), _("Requests of yours appear here when the client says that they are done."),
            "circle-check",
        ),
        "responsible": Empty(_("You are responsible for nothing open"), _("The panel of a request names who is.")),
        "waiting": Empty(
            _("Not waiting for any client"), _("Your requests appear here while they wait for the client."),
            "message-circle-question-mark", _("Assigned to me"), addresses.MINE,
        ),
        "watched": Empty(
            _("You watch no open request"), _("“Watch” in a request's fields brings its news to you."), "eye",
        ),
        "mentioned": Empty(
            _("Nobody has mentioned you"), _("Requests appear here where a note names you by “@”."), "at-sign",
        ),
        "locked": Empty(_("You have locked nothing"), _("Requests that you lock appear here."), "lock"),
    }  # fmt: skip


def _shared() -> dict[str, Empty]:
    """The views of what concerns everybody in a queue."""
    free = addresses.query(addresses.HOME, view="unassigned")
    return {
        "my-queues": Empty(
            _("Nothing open in your queues"), _("Everything here has been answered."), "circle-check",
            _("Choose my queues"), addresses.QUEUES,
        ),
        "removed": Empty(_("Nothing has been removed"), _("Spam and mistakes appear here; they can be brought back.")),
        "my-unassigned": Empty(
            _("Every request in your queues has an owner"), _("New requests stay here until somebody takes them."),
            "circle-check", _("Without an owner"), free,
        ),
        "unassigned": Empty(
            _("Every request has an owner"), _("New requests stay here until somebody takes them."), "circle-check",
            _("All open"), addresses.LIST,
        ),
        "overdue": Empty(_("Nothing overdue"), _("Every promise has been kept."), "circle-check"),
        "closed": Empty(_("Nothing closed yet"), _("Closed requests appear here, newest first.")),
    }  # fmt: skip
