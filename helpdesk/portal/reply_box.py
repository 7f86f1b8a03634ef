"""The form under a thread where a client answers."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from helpdesk.fronts.form import Form
from helpdesk.web.kept import KEY, TOKEN, Kept, macro, with_token


@dataclass(frozen=True, slots=True)
class Reply:
    """What the form is made of beside its content. `seen`: the version that the writer has before them; `is_finished`:
    the request waits only to be closed, and an answer would put it back to work; `may_settle`, `may_rework`: whether
    «the question is settled» and «more work is needed» say anything here;
    `may_open`: whether a new request can be sent instead."""

    choices: tuple[tuple[str, str], ...]
    is_finished: bool
    may_settle: bool
    may_rework: bool
    answers: str
    seen: str
    keep: str
    writer: str
    max_mb: int
    post_mb: int
    room_mb: int
    number: str
    draft_days: int
    may_open: bool


def reply_box(reply: Reply, form: Form, csrf: Any) -> Markup:
    """The form as it stands in the page."""
    if form.is_untouched:
        return with_token(_untouched(reply), csrf, key=form.key)
    return macro("portal/parts/reply.html", "reply_box", reply, form, csrf)


@Kept
def _untouched(reply: Reply) -> Markup:
    return macro("portal/parts/reply.html", "reply_box", reply, Form(key=KEY), TOKEN)
