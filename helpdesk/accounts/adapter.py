"""What allauth asks of us: no letters and no messages of its own, our log, our limits, our addresses."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from helpdesk.accounts import looking, queries, sign_in_log, throttle
from helpdesk.accounts.access import home_of
from helpdesk.accounts.models import Person, SignInAttempt
from helpdesk.accounts.origin import ip_of

Outcome = SignInAttempt.Outcome
_WRONG = _("Wrong login or password. Check the keyboard layout")
# what stands in a session for somebody else, and waits for them: text typed as their session had ended (web.stash)
SURVIVORS = ("typed",)
_NOWHERE = ("/login/", "/logout/", "/password/")  # not places to come back to


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by allauth, the rest of an account by our own actions."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _WRONG,
        "email_password_mismatch": _WRONG,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody makes an account for themselves."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Pages only: the forms' inner data are not for scripts."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:  # noqa: ARG002
        """No letter of allauth goes out here: ours are asked for by LetterWanted. Raises for one that would."""
        raise RuntimeError(f"no letter {template_prefix} goes round the outbox")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Signing in and out need no banner: the page itself shows it."""

    def is_safe_url(self, url: str | None) -> bool:
        """Only a path on this site, whatever Host header the request carried; not the pages of sign-in themselves."""
        if not url or not url.startswith("/") or url.startswith(_NOWHERE) or "\\" in url or not url.isprintable():
            return False
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Clients and agents land on their own sides."""
        return home_of(request.user) if isinstance(request.user, Person) else "/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return "/login/"

    def get_client_ip(self, request: HttpRequest) -> str:
        """By TRUSTED_PROXIES; those whose address is unknown share one."""
        return ip_of(request) or "::"

    def get_login_stages(self) -> list[str]:
        """One step; a second factor would add its own."""
        return []

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return throttle.key_of(request, _typed(credentials))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try; raises ValidationError `throttled` with the seconds to wait."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refused:
            typed = _typed(credentials)
            sign_in_log.record(request, Outcome.THROTTLED, typed, queries.may_sign_in_as(typed))
            seconds = throttle.seconds_left(request, "login_failed", throttle.key_of(request, typed))
            raise ValidationError(too_many(seconds), code="throttled", params={"seconds": seconds}) from refused

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Log it; whether the account exists or is switched off stands in the log alone."""
        typed = _typed(credentials)
        # both are asked for always: as many statements for accounts that exist as for those that do not
        person, holder = queries.may_sign_in_as(typed), queries.find_by_login(typed)
        inactive = person is None and holder is not None and not holder.is_active
        sign_in_log.record(request, Outcome.INACTIVE if inactive else Outcome.WRONG, typed, person or holder)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        if isinstance(user, Person):
            sign_in_log.record(request, Outcome.OK, user.login or queries.primary_address(user), user)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Person):
            looking.stop(request)
            sign_in_log.record(request, Outcome.SIGNED_OUT, request.user.login or "", request.user)
        kept = {key: request.session[key] for key in SURVIVORS if key in request.session}
        super().logout(request)
        request.session.update(kept)


def _typed(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username") or credentials.get("email") or "")


def too_many(seconds: int) -> str:
    """The sentence for whoever has to wait."""
    minutes = -(-seconds // 60)
    return ngettext(
        "Too many attempts. Try again in %(num)d minute, or set a new password by email",
        "Too many attempts. Try again in %(num)d minutes, or set a new password by email",
        minutes,
    ) % {"num": minutes}
