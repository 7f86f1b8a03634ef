"""What a draft without subject and text is called by: its recipient and what its fields hold. Reads no request."""

from collections.abc import Mapping, Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helpdesk.core.actor import Actor
from helpdesk.core.text.figures import whole
from helpdesk.core.text.safe import one_line
from helpdesk.fronts import intake
from helpdesk.fronts.form import FIELD
from helpdesk.tickets import queries
from helpdesk.tickets.draft_lines import Line

LENGTH = 200


def named(actor: Actor, lines: Sequence[Line]) -> list[Line]:
    """The lines, each with something to know it by as its subject. One statement where some line has fields alone."""
    if not any(line.chosen for line in lines):
        return list(lines)
    queues, language = queries.queues_once_offered(actor), get_language() or "ru"
    asked = [_own(line.chosen or {}) for line in lines]
    words = intake.Words(queues, {key for own in asked for key in own}, language)
    names = {queue.pk: queue.name(language) for queue in queues}
    return [
        line._replace(subject=_name(names, words, line.chosen, own)) if line.chosen else line
        for line, own in zip(lines, asked, strict=True)
    ]


def _own(values: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(FIELD): text for name, text in values.items() if name.startswith(FIELD)}


def _name(names: Mapping[int, str], words: intake.Words, values: Mapping[str, str], own: Mapping[str, str]) -> str:
    queue_id = whole(values.get("queue", ""))
    told = [f"{label}: {text}" if label else text for label, text in words.of(queue_id, own)]
    known = [name for name in (names.get(queue_id, ""), *told) if name]
    return one_line(" · ".join([*(known[:1] or [_("Without text")]), *known[1:]]), LENGTH)
