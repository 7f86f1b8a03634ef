"""Links that set a password: signed, good for one use and three days. Nothing is stored."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from helpdesk.accounts.models import Person

_LARGEST_ID = 2**63 - 1


class Generator(PasswordResetTokenGenerator):
    """Dies with a change of the password, with a sign-in, with switching off (and stays dead after switching on)."""

    key_salt = "helpdesk.accounts.tokens"

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        if not isinstance(user, Person):
            raise TypeError("links are made for people")
        seen = user.last_login.replace(microsecond=0, tzinfo=None) if user.last_login else ""
        return f"{user.pk}{user.password}{seen}{timestamp}{_iso(user.inactive_at)}{_iso(user.links_from)}"


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


generator = Generator()


def link(person: Person) -> str:
    """The complete address of the page where this person sets a password; never made of a Host header."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": int_to_base36(person.pk), "key": generator.make_token(person)},
    )
    return f"{settings.PUBLIC_URL}{path}"


def link_context(person: Person) -> dict[str, object]:
    """What a letter with such a link needs: url, login, hours."""
    return {"url": link(person), "login": person.login or "", "hours": settings.PASSWORD_RESET_TIMEOUT // 3600}


def person_of(uidb36: str, key: str, *, lock: bool = False) -> Person | None:
    """Who may set a password by this key now; None for every key that is wrong, old or used."""
    try:
        pk = base36_to_int(uidb36)
    except ValueError:
        return None
    if not 0 < pk <= _LARGEST_ID:
        return None
    people = Person.objects.select_for_update() if lock else Person.objects
    person = people.filter(pk=pk, inactive_at__isnull=True).exclude(kind=Person.Kind.CONTACT).first()
    return person if person is not None and generator.check_token(person, key) else None
