"""The sentences of the domain's codes in the reader's language, for whichever front shows them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from helpdesk.core.errors import Problem, Refusal

# (field, code) or code → sentence: what happened, what to do
PROBLEMS = {
    ("subject", "empty"): lazy("The subject is empty: say in one line what it is about"),
    ("subject", "too_long"): lazy("The subject is longer than %(limit)s characters: move the details into the text"),
    ("body", "empty"): lazy("The text is empty: write it"),
    ("body", "too_long"): lazy("The text is longer than %(limit)s characters: attach it as a file"),
    ("attachments", "file_too_big"): lazy("%(name)s: over %(limit)s MB. Send pictures or a link"),
    ("attachments", "too_many"): lazy("More than %(limit)s files: pack them into one archive"),
    ("attachments", "refused"): lazy("%(names)s cannot be sent: take them out of the list or choose others"),
    ("attachments", "refused_one"): lazy("%(names)s cannot be sent: take it out of the list or choose another"),
    ("attachments", "gone"): lazy("The files were kept for two days only and are gone: choose them again"),
    ("until", "has_passed"): lazy("This time has passed: choose a later one"),
    ("queue", "empty"): lazy("Choose the recipient"),
    ("queue", "unknown_queue"): lazy("This recipient is not available: choose one from the list"),
    ("priority", "not_offered"): lazy("Choose a priority from the list"),
    ("next_state", "not_offered"): lazy("This state is not possible now: choose one from the list"),
    ("next_state", "unknown_state"): lazy("This state is not possible now: choose one from the list"),
    ("state", "unknown_state"): lazy("This state is not possible now: choose one from the list"),
    ("state", "not_offered"): lazy("This state is not possible now: choose one from the list"),
    ("until", "empty"): lazy("Say when to be reminded"),
    ("due_at", "has_passed"): lazy("This time has passed: choose a later one"),
    ("author", "unknown_person"): lazy("Choose the client from the list"),
    ("company", "not_a_member"): lazy("The client does not belong to this company"),
    ("owner", "cannot_own"): lazy("This colleague does not work in this queue"),
    ("responsible", "cannot_own"): lazy("This colleague does not work in this queue"),
    ("category", "unknown_category"): lazy("Choose a category from the list"),
    "empty": lazy("Fill in this field"),
    "too_long": lazy("Longer than %(limit)s characters: shorten it"),
    "not_offered": lazy("Choose a value from the list"),
    "not_a_number": lazy("Write a whole number"),
    "not_a_date": lazy("Write a date, for example 2026-11-24"),
    "not_a_month": lazy("Write a month and year, for example 2026-11"),
}

REFUSALS = {
    "not_found": lazy("No such request, or not visible to you"),
    "open": lazy("You may not send requests here. Ask the support service for access"),
    "reply": lazy("You may not answer this request"),
    "closed_for_good": lazy("The request is closed and takes no more answers. Create a new one and mention its number"),
    "note": lazy("You may not write notes in this queue"),
    "set_state": lazy("You may not change the state in this queue"),
    "remove": lazy("You may not remove requests of this queue"),
    "move": lazy("You may not move this request"),
    "move_into": lazy("You may not move requests into this queue"),
    "set_priority": lazy("You may not change the priority in this queue"),
    "set_category": lazy("You may not classify requests of this queue"),
    "promise": lazy("You may not promise a time in this queue"),
    "assign": lazy("You may not assign requests of this queue"),
    "upload": lazy("You may not attach files"),
    "sent_already": lazy(
        "You have just sent exactly this: see request No. %(number)s. To send it once more, press the button again"
    ),
    "form_used": lazy("This form was sent before, with another text. Nothing is lost: press the button once more"),
    "answered_meanwhile": lazy("%(name)s answered while you were writing. Read it above; your text is kept"),
    "changed_by": lazy("%(name)s has just changed this. See what stands there now and repeat if needed"),
    "changed_meanwhile": lazy("Somebody else has just changed this. Look at it and repeat if needed"),
}


def problem_text(problem: Problem) -> str:
    """The sentence of one problem; a general one for a code that has none."""
    sentence = PROBLEMS.get((problem.field, problem.code)) or PROBLEMS.get(problem.code)
    if sentence is None:
        return _("This value cannot be accepted")
    return str(sentence) % {name: _grouped(value) for name, value in problem.details.items()}


def _grouped(value: object) -> object:
    """«1 000 000»: long numbers in sentences are read in groups."""
    is_long = isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10_000
    return f"{value:,}".replace(",", "\u00a0") if is_long else value


def refusal_text(refusal: Refusal) -> str:
    """The sentence of a refusal."""
    sentence = REFUSALS.get(refusal.code)
    return str(sentence) % refusal.details if sentence else _("This is not possible")
