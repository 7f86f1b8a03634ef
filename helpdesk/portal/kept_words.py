"""How a client's saved searches are told: where they lead, whom they may be shown to, why one cannot be kept."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from helpdesk.core.errors import Problem
from helpdesk.core.text.figures import whole
from helpdesk.search.saved import Saved


def sharing(companies: Sequence[tuple[int, str]]) -> list[tuple[str, str]]:
    """Whom a search of one's own may be shown to; nothing to choose where nobody else could see it."""
    if not companies:
        return []
    return [("", _("only me")), *((str(pk), _("colleagues in %(name)s") % {"name": name}) for pk, name in companies)]


def company_of(typed: str) -> int | None:
    """Whom a search is to be shared with; what is no company is one of nobody's."""
    typed = typed.strip()
    return whole(typed) if typed else None


def address_of(saved: Saved) -> str:
    """Where a saved search leads."""
    return f"/portal/search/saved/{saved.id}/"


def problem_words(problem: Problem) -> str:
    """Why a search cannot be kept or changed so, and what to do."""
    sentences = {
        ("name", "empty"): _("Give the search a name, by which you will know it again"),
        ("name", "too_long"): _("The name is longer than %(limit)s characters: shorten it"),
        ("name", "taken"): _("You have a search of this name already: choose another name"),
        ("name", "too_many"): _("You keep %(limit)s searches already: delete one that you do not need"),
        ("company", "of_others"): _("You cannot share with this company: choose one from the list"),
        ("conditions", "empty"): _("There is nothing to save: search for something first"),
    }
    return sentences[problem.field, problem.code] % problem.details
