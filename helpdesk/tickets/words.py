"""The sentences of the domain's codes in the reader's language, for whichever front shows them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from helpdesk.core.errors import Problem, Refusal
from helpdesk.core.text.sizes import size

_UNKNOWN_VARIABLE = lazy("There is no such variable: %(names)s. Those that there are stand below the text")
# (field, code) or code → sentence: what happened, what to do
PROBLEMS = {
    ("subject", "empty"): lazy("The subject is empty: say in one line what it is about"),
    ("subject", "too_long"): lazy("The subject is longer than %(limit)s characters: move the details into the text"),
    ("body", "empty"): lazy("The text is empty: write it"),
    ("body", "no_rework"): lazy("The text is empty: write what is still to be done"),
    ("body", "too_long"): lazy("The text is longer than %(limit)s characters: attach it as a file"),
    ("attachments", "file_too_big"): lazy("%(name)s: over %(limit)s MB. Send pictures or a link"),
    ("attachments", "too_many"): lazy("More than %(limit)s files: pack them into one archive"),
    ("attachments", "too_much"): lazy(
        "The files are over %(limit)s MB together: choose fewer, and send the others in further answers"
    ),
    ("attachments", "no_space"): lazy(
        "%(name)s does not fit: your unsent texts hold %(limit)s MB of files already. Throw away drafts you do not need"
    ),
    ("draft", "too_many_drafts"): lazy("You have %(limit)s drafts: throw away those you do not need"),
    ("attachments", "refused"): lazy("%(names)s are not attached: choose other files, or send without them"),
    ("attachments", "refused_one"): lazy("%(names)s is not attached: choose another file, or send without it"),
    ("attachments", "gone"): lazy("Some of the files are not kept here any more: choose them again"),
    ("queue", "same_queue"): lazy("The request is in this queue already: choose another one"),
    ("until", "has_passed"): lazy("This time has passed: choose a later one"),
    ("until", "before_sending"): lazy("The reminder would come before the answer leaves: choose a later time"),
    ("send_at", "has_passed"): lazy("This time has passed: choose a later one"),
    ("send_at", "empty"): lazy("Say when the answer is to be sent"),
    ("queue", "empty"): lazy("Choose the recipient"),
    ("queue", "unknown_queue"): lazy("This recipient is not available: choose one from the list"),
    ("priority", "not_offered"): lazy("Choose a priority from the list"),
    ("next_state", "not_offered"): lazy("This state is not possible now: choose one from the list"),
    ("next_state", "unknown_state"): lazy("This state is not possible now: choose one from the list"),
    ("state", "unknown_state"): lazy("This state is not possible now: choose one from the list"),
    ("state", "not_offered"): lazy("This state is not possible now: choose one from the list"),
    ("until", "empty"): lazy("Say when to be reminded"),
    ("due_at", "has_passed"): lazy("This time has passed: choose a later one"),
    ("observer", "unknown_person"): lazy("Choose a colleague from the list"),
    ("author", "unknown_person"): lazy("Choose the client from the list"),
    ("company", "not_a_member"): lazy("The client does not belong to this company"),
    ("owner", "cannot_own"): lazy("This colleague does not work in this queue"),
    ("responsible", "cannot_own"): lazy("This colleague does not work in this queue"),
    ("category", "unknown_category"): lazy("Choose a category from the list"),
    ("type", "unknown_type"): lazy("Choose a type from the list"),
    ("client", "unknown_person"): lazy("Choose the client from the list"),
    ("tags", "unknown_tag"): lazy("Choose tags from the list, or write new ones"),
    ("tags", "too_many_tags"): lazy("More than %(limit)s tags: leave those that tell most"),
    ("tags", "tag_too_long"): lazy("The tag “%(name)s…” is longer than %(limit)s characters: shorten it"),
    ("tags", "tag_off"): lazy("The tag “%(name)s” is not used any more: choose another one"),
    ("to", "empty"): lazy("Write the number of the other request, or words to look for"),
    ("to", "no_request"): lazy("No request of this number, or not visible to you"),
    ("to", "to_itself"): lazy("A request cannot be linked with itself: choose another one"),
    ("to", "link_circle"): lazy("This request already belongs to that one: a circle of parents is not possible"),
    ("into", "no_request"): lazy("No request of this number, or not visible to you"),
    ("into", "to_itself"): lazy("A request cannot be merged with itself: choose another one"),
    ("into", "merge_circle"): lazy("Request No. %(number)s is merged with this one already"),
    ("into", "merged_already"): lazy("Request No. %(number)s is merged with another one itself: choose that one"),
    ("into", "into_removed"): lazy("This request has been removed: bring it back first, or choose another one"),
    ("into", "other_company"): lazy("These are requests of different clients: confirm that you mean it"),
    ("articles", "none_chosen"): lazy("Tick what becomes a request of its own"),
    ("articles", "none_visible"): lazy("Tick at least one message that the client sees: notes alone are no request"),
    ("items", "empty"): lazy("Write what is to be done, a line each"),
    ("items", "item_too_long"): lazy("An item is longer than %(limit)s characters: shorten it"),
    ("items", "too_many_items"): lazy("More than %(limit)s items: leave those that matter"),
    ("template", "unknown_template"): lazy("Choose a checklist from the list"),
    ("shortcut", "shortcut_form"): lazy("Letters, figures and hyphens only, without spaces, 30 at most"),
    ("shortcut", "shortcut_taken"): lazy("Another text has this shortcut: choose another one"),
    ("queue", "signature_taken"): lazy("These requests have a signature already: change that one"),
    ("text_ru", "empty"): lazy("Write the text"),
    ("text_ru", "text_too_long"): lazy("Longer than %(limit)s characters: shorten the text"),
    ("text_en", "text_too_long"): lazy("Longer than %(limit)s characters: shorten the text"),
    ("text_ru", "unknown_variable"): lazy(
        "There is no such variable: %(names)s. Those that there are stand below the text"
    ),
    ("text_en", "unknown_variable"): lazy(
        "There is no such variable: %(names)s. Those that there are stand below the text"
    ),
    ("why", "no_reason"): lazy("Say why the request is removed"),
    ("body", "mention_unclear"): lazy(
        "“@%(name)s” may be several colleagues: write the sign-in name of the one you mean: %(logins)s"
    ),
    ("name", "taken"): lazy("You have a list of this name already: choose another name"),
    ("name", "view_too_long"): lazy("This list has too many conditions to be kept: leave some out"),
    ("name", "too_many_views"): lazy("You have kept %(limit)s lists: delete those you do not need"),
    "empty": lazy("Fill in this field"),
    "too_long": lazy("Longer than %(limit)s characters: shorten it"),
    "not_offered": lazy("Choose a value from the list"),
    "not_a_number": lazy("Write a whole number"),
    "not_a_date": lazy("Write a date, for example 24.11.2026"),
    "not_a_moment": lazy("Write a date and time from 01.01.%(first)s to 31.12.%(last)s, for example 24.11.2026, 09:00"),
    "not_a_month": lazy("Write a month and year, for example November 2026"),
    "not_a_period": lazy("Write a month, or the first and the last one, for example May 2026 – July 2026"),
    "no_first_month": lazy("Name the first month as well"),
    "far_year": lazy("Check the year: from %(first)s to %(last)s"),
    "period_too_long": lazy("Longer than %(limit)s months: change the first or the last one"),
    "day_has_passed": lazy("This day has passed: choose %(first)s or later"),
    "too_early": lazy("Too early: choose %(first)s or later"),
    "too_late": lazy("Too late: choose %(last)s or earlier"),
    "too_small": lazy("Write %(first)s or more"),
    "too_large": lazy("Write %(last)s or less"),
    "one_month": lazy("One month is needed here: leave the last one out"),
    "period_order": lazy("The last month lies before the first: change one of them"),
    "not_ticked": lazy("Tick this box"),
    "empty_file": lazy("There is nothing in the file (0 B): save it once more and choose it again"),
    "untouched_blank": lazy("The blank is not filled in: fill it in, save it and choose it again"),
    "not_a_blank": lazy("This is no filled blank: attach it as a DOCX or PDF file, a scan or a photo"),
    "no_file": lazy("Attach the file: nothing can be done without it"),
    "pattern": lazy("This looks different from what is needed (%(expected)s)"),
}

# why a value is needed that is not always: (what is said without the reason) with it
BECAUSE = {
    "chosen": lazy("%(needed)s, because “%(of)s” is “%(because)s”"),
    "ticked": lazy("%(needed)s, because “%(of)s” is ticked"),
    "not_ticked": lazy("%(needed)s, because “%(of)s” is not ticked"),
}

REFUSALS = {
    "not_found": lazy("No such request, or not visible to you"),
    "open": lazy("You may not send requests here. Ask the support service for access"),
    ("open", "reader"): lazy(
        "You only read here. Ask your company's chief or the support service for access to write requests"
    ),
    "no_recipient": lazy("No recipient takes new requests just now. Ask the support service"),
    "reply": lazy("You may not answer this request"),
    "closed_for_good": lazy("The request is closed and takes no more answers. Create a new one and mention its number"),
    "note": lazy("You may not write notes in this queue"),
    "set_state": lazy("You may not change the state in this queue"),
    "remove": lazy("You may not remove requests of this queue"),
    "move": lazy("You may not move this request"),
    "move_into": lazy("You may not move requests into this queue"),
    "set_priority": lazy("You may not change the priority in this queue"),
    "set_category": lazy("You may not classify requests of this queue"),
    "save_view": lazy("You may not keep lists here"),
    "set_type": lazy("You may not classify requests of this queue"),
    "set_tags": lazy("You may not tag requests of this queue"),
    "set_subject": lazy("You may not change the subject of this request"),
    "change_client": lazy("You may not change the client of this request"),
    "lock": lazy("You may not lock this request: only who could own it locks it while it is open"),
    "unlock": lazy("You may not unlock this request: it is somebody else's lock"),
    "watch": lazy("You may not watch this request"),
    "link": lazy("You may not link this request"),
    "merge": lazy("You may not merge these requests: it takes the right to answer in the queues of both"),
    "unmerge": lazy("You may not take this request out: it takes the right to answer in the queues of both"),
    "merge_across": lazy(
        "These are requests of different clients: only somebody with all rights in both queues may merge them"
    ),
    "merged_meanwhile": lazy(
        "Request No. %(number)s has been merged with another one meanwhile. Nothing was done yet; repeat it where it"
        " belongs now"
    ),
    "open_children": lazy("Requests that belong to this one are still open: No. %(numbers)s"),
    "split": lazy("You may not make a new request of a part of this one"),
    "checklist": lazy("You may not change the checklist of this request"),
    "template": lazy("You may not look after checklists of this queue: it takes all rights there"),
    "client_note": lazy("You may not write notes about clients: it takes the right to write notes in a queue"),
    "signature": lazy("You may not look after signatures of this queue: it takes all rights there"),
    "ready_text": lazy("You may not look after ready texts of this queue: it takes all rights there"),
    "pass_on": lazy("You may not move this request with an answer to its client"),
    "undo": lazy("This cannot be undone"),
    "undo_newer": lazy("Not undone: %(name)s has gone on from it meanwhile. See what stands there now"),
    "locked_by": lazy("%(name)s has locked the request already"),
    "locked_meanwhile": lazy(
        "%(name)s has locked the request meanwhile, and may be working on it. Nothing was done yet; repeat it if it is"
        " still right"
    ),
    "promise": lazy("You may not promise a time in this queue"),
    "assign": lazy("You may not assign requests of this queue"),
    "left_company": lazy(
        "You no longer write for this company, so the request was not sent. Ask its chief or the support service"
    ),
    "manage_people": lazy("Only the company's chief looks after its people. Ask your chief or the support service"),
    "saved_search": lazy("Only the colleague who saved this search and the company's chief may change it"),
    "hand_over": lazy("Only the company's chief hands requests over. Ask your chief or the support service"),
    "set_observers": lazy("Only the author, the chief or who sees all of the company's requests chooses observers"),
    "upload": lazy("You may not attach files"),
    "drafts": lazy("You may not keep drafts here"),
    "drafts_often": lazy("Too many savings at once: the draft will be saved in a minute"),
    "client_first": lazy("The client %(name)s wrote before it was sent. Read the letter"),
    "draft_taken": lazy("%(name)s has taken this draft over already"),
    "sent_already": lazy(
        "You have just sent exactly this: see request No. %(number)s. To send it once more, press the button again"
    ),
    "form_used": lazy(
        "This was already sent before, perhaps from another window: “%(said)s” (request No. %(number)s). The text below"
        " has not been sent. To send it as well, press the button again"
    ),
    ("sent_already", "closed"): lazy(
        "You have just sent exactly this: see request No. %(number)s. It was not sent once more: this request is closed"
        " and takes no more answers"
    ),
    ("form_used", "closed"): lazy(
        "This was already sent before, perhaps from another window: “%(said)s” (request No. %(number)s). The request is"
        " closed and takes no more answers: the text below has not been sent"
    ),
    "answered_meanwhile": lazy(
        "%(name)s answered while you were writing. Read it below; your answer was not sent and is kept"
    ),
    ("answered_meanwhile", "note"): lazy(
        "%(name)s added a note while you were writing. Read it below; your answer was not sent and is kept"
    ),
    ("answered_meanwhile", "letter"): lazy(
        "The client %(name)s wrote while you were writing. Read the letter below; your answer was not sent and is kept"
    ),
    "not_closed": lazy(
        "The request was not closed: %(name)s has answered meanwhile. Read it below and close again if nothing is left"
    ),
    ("not_closed", "letter"): lazy(
        "The request was not closed: the client %(name)s has written meanwhile. Read the letter below and close again"
        " if nothing is left"
    ),
    "not_settled": lazy(
        "The state was not changed: %(name)s has answered meanwhile. Read it below and repeat if it still holds"
    ),
    "changed_by": lazy("%(name)s has just changed this. See what stands there now and repeat if needed"),
    "changed_meanwhile": lazy("Somebody else has just changed this. Look at it and repeat if needed"),
}

DRAFT_SAVED = lazy("Draft saved %(when)s")
DRAFT_APART = lazy("This draft was changed on another device: both are kept")
DRAFT_GONE = lazy("This text has been sent already")
DRAFT_SENT = lazy(
    "Sent from another device meanwhile. What you have here was not sent: it is kept as a draft of its own"
)
DRAFT_ANSWERED = lazy("%(name)s answered while you were writing. Read it before you send; your text is kept")


def problem_text(problem: Problem) -> str:
    """The sentence of one problem; a general one for a code that has none."""
    sentence = PROBLEMS.get((problem.field, problem.code)) or PROBLEMS.get(problem.code)
    if sentence is None:
        return _("This value cannot be accepted")
    details = {name: _grouped(_read(value)) for name, value in problem.details.items()}
    said = str(sentence) % details
    if "because" not in details:
        return said
    why = BECAUSE.get(str(details["because"])) or BECAUSE["chosen"]
    return str(why) % {**details, "needed": said}


def _read(value: object) -> object:
    """Of a text in several languages the reader's."""
    return value.get(get_language() or "ru", "") if isinstance(value, dict) else value


def _grouped(value: object) -> object:
    """«1 000 000»: long numbers in sentences are read in groups."""
    is_long = isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10_000
    return f"{value:,}".replace(",", "\u00a0") if is_long else value


def refusal_text(refusal: Refusal) -> str:
    """The sentence of a refusal."""
    kind = refusal.details.get("kind")
    sentence = REFUSALS.get((refusal.code, str(kind))) or REFUSALS.get(refusal.code)
    return str(sentence) % refusal.details if sentence else _("This is not possible")


# what is asked before an answer leaves, by the code of `send_gate.Finding`
FINDINGS = {
    "answering": lazy("%(name)s is writing an answer to this request as well."),
    "no_file": lazy("The text says “%(said)s”, but no file is attached."),
    "unfilled": lazy("Something is not filled in: “%(said)s”."),
    "other_company": lazy("The text names another company: %(name)s."),
    "other_account": lazy("The text names an account that nobody has mentioned in this request: %(account)s."),
    "heavy": lazy(
        "The files are %(size)s together: a letter takes %(limit)s, the rest is on the request's page alone."
    ),
}


def finding_text(code: str, details: Mapping[str, object]) -> str:
    """The sentence of something that was found before sending."""
    spoken = get_language() or "ru"
    told = [(name, details[at]) for name, at in (("size", "octets"), ("limit", "limit")) if at in details]
    sizes = {name: size(int(str(octets)), language=spoken) for name, octets in told}
    return str(FINDINGS[code]) % {**details, **sizes}


def stopped_text(stopped: Mapping[str, Any]) -> str:
    """Why an answer that waited was not sent (`holding.why`); empty for one that was not stopped."""
    if not stopped:
        return ""
    if stopped["problems"]:
        return ". ".join(problem_text(Problem(field, code, details)) for field, code, details in stopped["problems"])
    return refusal_text(Refusal(stopped["code"], **stopped["details"]))
