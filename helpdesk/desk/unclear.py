"""What an address asks of a list and the list cannot do, in words: nothing is left out without a word."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from helpdesk.desk import addresses, finer_words, found, keyset
from helpdesk.desk.filters import Filters
from helpdesk.desk.shell import Figures


def known_states_only(wanted: Filters, known: Figures) -> Filters:
    """The conditions without a state that does not exist."""
    return replace(wanted, state="") if wanted.state and wanted.state not in known.all_states else wanted


def said(values: Mapping[str, str], wanted: Filters, known: Figures, path: str) -> str:
    """The sentences about the conditions of an address that the list is shown without; empty where there are none.

    A queue that is out of the reader's sight is spoken of like one that does not exist.
    """
    sentences = []
    if names := ", ".join(_names(values, wanted)):
        sentences.append(_("Not understood and left out: %(names)s.") % {"names": names})
    if wanted.queue is not None and known.queue(wanted.queue) is None and not wanted.is_bare:
        sentences.append(_("There is no such queue, or you may not see it."))
    if values.get("page") or _is_no_place(values, wanted, path):
        sentences.append(_("This list has no such page: the first one is shown."))
    return " ".join(sentences)


def _names(values: Mapping[str, str], wanted: Filters) -> Iterator[str]:
    """The names of what stands in the address and not among the conditions."""
    asked = {
        "view": _("view"), "state": _("state"), "priority": _("priority"), "company": _("company"),
        "owner": _("owner"), "responsible": _("responsible"), "created_from": _("created"), "created_to": _("created"),
        "type": _("type"), "tag": _("tag"), "waits": _("turn"), "changed_from": _("changed"),
        "changed_to": _("changed"), "sort": _("order"),
    }  # fmt: skip
    taken = wanted.values()
    unclear = (name for key, name in asked.items() if values.get(key, "").strip() and _is_lost(values[key], taken[key]))
    yield from dict.fromkeys(unclear)
    set_ones = finer_words.names_of(wanted.finer)
    labels = finer_words.known_names().items()
    lost = (label for key, label in labels if values.get(key, "").strip() and key not in set_ones)
    yield from dict.fromkeys(lost)


def _is_lost(text: str, taken: object) -> bool:
    """Whether nothing came of a text; a view falls back to another one."""
    return taken in (None, "") or (isinstance(taken, str) and taken != text.strip()[:30])


def _is_no_place(values: Mapping[str, str], wanted: Filters, path: str) -> bool:
    after, before = values.get("after", ""), values.get("before", "")
    if found.serves(wanted) or path == addresses.SEARCH:
        return bool(after) and not found.place(after)[1]
    return bool(after or before) and keyset.read(before or after, wanted.order) is None
