"""The form of sign-in. Its page draws the fields itself; this checks and signs in."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts.actions import LONGEST_PASSWORD


class SignIn(LoginForm):  # type: ignore[misc]
    """Fields `login` (a login or an address) and `password`, taken as typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "login": forms.CharField(max_length=320, error_messages=_messages(_("Type your login"))),
            "password": forms.CharField(
                strip=False, max_length=LONGEST_PASSWORD, error_messages=_messages(_("Type your password"))
            ),
        }

    def user_credentials(self) -> dict[str, Any]:
        """Under the name that allauth knows; our backend tells logins from addresses."""
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data["password"]}

    @property
    def seconds_to_wait(self) -> int:
        """Above zero when there were too many tries."""
        for error in self.errors.as_data().get("__all__", []):
            if error.code == "throttled" and error.params:
                return int(error.params["seconds"])
        return 0


def _messages(required: object) -> dict[str, Any]:
    wrong = _("Wrong login or password. Check the keyboard layout")
    return {"required": required, "max_length": wrong, "null_characters_not_allowed": wrong}
