"""The box under a thread where an answer or a note is written."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from helpdesk.desk import addresses
from helpdesk.desk.sight import Can
from helpdesk.fronts.form import Form
from helpdesk.web.kept import KEY, TOKEN, Kept, macro, with_token


@dataclass(frozen=True, slots=True)
class Reply:
    """What the box is made of beside the form's own content. `seen`: the version that the writer has before them;
    `until`: the moment that is offered for a reminder."""

    base: str
    can: Can
    to: str
    choices: tuple[tuple[str, str], ...]
    until: str
    seen: str
    keep: str
    save: str  # where what is written is saved
    writer: str
    max_mb: int
    sendings: tuple[tuple[str, str], ...]  # words for when it is to be sent
    signature: str = ""  # under the letter
    locked: str = ""  # who else has locked the request


def dock(reply: Reply, form: Form, csrf: Any) -> Markup:
    """The box with a form in it."""
    if form.is_untouched:
        return with_token(_untouched(reply), csrf, key=form.key)
    return _made(reply, form, csrf)


@Kept
def _untouched(reply: Reply) -> Markup:
    return _made(reply, Form(key=KEY), TOKEN)


def _made(reply: Reply, form: Form, csrf: Any) -> Markup:
    upload_url = addresses.query(addresses.UPLOADS, form_key=form.key)
    return macro("desk/parts/dock.html", "dock", reply, form, upload_url, csrf)
