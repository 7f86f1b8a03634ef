"""What somebody typed into a form when their session had ended: kept in the new session until they have signed in.

Given back only to the person for whom the form was made, and only once; it outlives the sign-out of anybody else
(accounts.adapter).
"""

from typing import Any

from django.core import signing
from django.http import HttpRequest

from helpdesk.web import left_out

_KEY = "typed"
_LIMIT = 1_200_000  # characters: the longest text that a request takes, and its fields
_SALT = "helpdesk.web.stash"


def writer_mark(person_id: int | None) -> str:
    """The value of a form's hidden field `writer`: whose form it is."""
    return signing.Signer(salt=_SALT).sign(str(person_id))


def keep(request: HttpRequest) -> bool:
    """Put aside what an expired session posted, if the form says whose it is; whether that was done."""
    try:
        person = signing.Signer(salt=_SALT).unsign(request.POST.get("writer", ""))
    except signing.BadSignature:
        return False
    typed: dict[str, Any] = {
        name: values for name, values in request.POST.lists() if name not in {"csrfmiddlewaretoken", "writer"}
    }
    if sum(len(value) for values in typed.values() for value in values) > _LIMIT:
        return False
    with_files = left_out.told(request) or bool(request.FILES)
    request.session[_KEY] = {"person": person, "path": request.path, "typed": typed, "files": with_files}
    return True


def waits(request: HttpRequest | None) -> bool:
    """Whether something was put aside that waits for a sign-in."""
    return request is not None and _KEY in getattr(request, "session", {})


def take(request: HttpRequest) -> tuple[dict[str, list[str]], bool] | None:
    """What this person had typed into the form of this very address, and whether files were with it; then forget it.
    Another's stays for them."""
    kept = request.session.get(_KEY)
    if not kept or kept["path"] != request.path or kept["person"] != str(request.user.pk):
        return None
    del request.session[_KEY]
    return kept["typed"], kept["files"]
