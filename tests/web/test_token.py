"""Tokens of forms: what Django takes, under another mask each time."""

from collections import Counter

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, _does_token_match, get_token

from helpdesk.accounts.middleware import LONGEST
from helpdesk.web.token import token, token_input

SECRET = "aZ09" * 8


def asked(secret=SECRET):
    request = HttpRequest()
    if secret is not None:
        request.META["CSRF_COOKIE"] = secret
    return request


def test_a_token_is_one_that_django_takes_and_the_cookie_goes_along():
    request = asked()
    for made in (token(request), get_token(request)):
        assert len(made) == 64 and _does_token_match(made, SECRET)
        assert not _does_token_match(made, SECRET[::-1])
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]


def test_the_cookie_of_who_is_signed_in_is_not_sent_with_every_page():
    """Signing in gives a new one, which outlives the session."""
    request = asked()
    request.COOKIES["session"] = "x"
    assert _does_token_match(token(request), SECRET)
    assert "CSRF_COOKIE_NEEDS_UPDATE" not in request.META
    assert 10 * LONGEST.total_seconds() < settings.CSRF_COOKIE_AGE


def test_every_token_has_a_mask_of_its_own_with_all_signs_alike():
    request = asked()
    made = [token(request) for _ in range(2000)]
    assert len(set(made)) == len(made)
    for part in ("".join(one[:32] for one in made), "".join(one[32:] for one in made)):
        counted = Counter(part)
        assert set(counted) == set(CSRF_ALLOWED_CHARS)
        usual = len(part) / len(CSRF_ALLOWED_CHARS)
        assert all(usual * 0.75 < count < usual * 1.25 for count in counted.values())


def test_whoever_has_no_secret_yet_gets_one():
    request = asked(None)
    made = token(request)
    assert _does_token_match(made, request.META["CSRF_COOKIE"])


def test_the_field_is_the_one_that_django_reads():
    assert str(token_input(asked())).startswith('<input type="hidden" name="csrfmiddlewaretoken" value="')
