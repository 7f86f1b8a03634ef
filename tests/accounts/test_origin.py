import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.accounts.origin import device_name, ip_of, user_agent_of


@pytest.mark.parametrize(
    ("trusted", "forwarded", "peer", "expected"),
    [
        (0, "198.51.100.7", "10.0.0.1", "10.0.0.1"),
        (1, "198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (1, "6.6.6.6, 198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (2, "6.6.6.6, 198.51.100.7, 10.0.0.2", "10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.1", "10.0.0.1"),
        (1, "", "10.0.0.1", "10.0.0.1"),
        (1, "rubbish", "10.0.0.1", None),
        (1, "[2001:db8::1]:443", "10.0.0.1", "2001:db8::1"),
        (1, "198.51.100.7:5000", "10.0.0.1", "198.51.100.7"),
        (0, "", "::ffff:192.0.2.9", "192.0.2.9"),
        (0, "", "", None),
    ],
)
def test_forwarded_addresses_are_believed_as_far_as_our_proxies_wrote_them(
    settings, trusted, forwarded, peer, expected
):
    settings.TRUSTED_PROXIES = trusted
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert ip_of(RequestFactory().get("/", REMOTE_ADDR=peer, **headers)) == expected


@given(st.text(max_size=100))
def test_any_forwarded_header_gives_an_address_or_none(text):
    from django.test import override_settings

    with override_settings(TRUSTED_PROXIES=1):
        ip_of(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126 YaBrowser/24.7 Safari/537.36", "Yandex, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", "curl"),
        ("Robot/1.0 (whatever)", "Robot/1.0"),
        ("", ""),
    ],
)  # fmt: skip
def test_device_names(text, expected):
    assert device_name(text) == expected


def test_user_agent_is_one_short_line():
    request = RequestFactory().get("/", HTTP_USER_AGENT="a\x00b\x1bc" + "x" * 1000)
    assert user_agent_of(request).startswith("a b c")
    assert len(user_agent_of(request)) == 300
