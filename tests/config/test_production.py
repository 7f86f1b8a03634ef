"""The settings of production themselves, which no other test runs with: hashes, cookies, the browser's orders, limits."""

import json
import os

import psycopg
import pytest

from tests import programs
from tests.config.checking import MIGRATED, database

pytestmark = pytest.mark.e2e

PASSWORD = "correct horse battery"
PUBLIC = "https://help.example.org"


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """The environment of an installation behind a proxy, where Carol may sign in."""
    kept = {k: v for k, v in os.environ.items() if k != "PORT" and not k.startswith(("HELPDESK_", "DJANGO_"))}
    home = tmp_path_factory.mktemp("production")
    with database("production", MIGRATED) as url:
        found = {**kept, "DATABASE_URL": url, "HELPDESK_DATA": str(home), "HELPDESK_URL": PUBLIC}
        create = ["user", "create", "--kind", "agent", "--login", "carol", "--name", "Carol"]
        for command, said in ((create, ""), (["user", "password", "carol"], f"{PASSWORD}\n")):
            programs.run([*programs.CLI, *command], env=found, input=said, text=True, check=True)
        collect = "from helpdesk.config.server import prepare; prepare.prepare(demo=False, schema=False)"
        programs.run(["-c", collect], env=found, check=True)
        yield found


def browse(installation, *asked, **environment):
    done = programs.run(
        ["-m", "tests.config.browsing"], env={**installation, **environment}, input=json.dumps(asked), text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def signing_in(password=PASSWORD, ip="192.0.2.1"):
    return {"path": "/login/", "form": {"login": "carol", "password": password}, "ip": ip}


def cookies(answers):
    """name → the words of each cookie that is set, of all answers."""
    found = [value for one in answers for name, value in one["headers"] if name.lower() == "set-cookie"]
    split = [[part.strip() for part in cookie.split(";")] for cookie in found]
    return {words[0].partition("=")[0]: set(words[1:]) for words in split if not words[0].endswith('=""')}


def test_passwords_are_kept_by_argon2id_at_the_figures_of_owasp(installation):
    with psycopg.connect(installation["DATABASE_URL"]) as looking:
        [(kept,)] = looking.execute("select password from accounts_person where login = 'carol'").fetchall()
    kind, name, version, figures, salt, digest = kept.split("$")
    assert (kind, name, version, figures) == ("argon2", "argon2id", "v=19", "m=19456,t=2,p=1")
    assert len(salt) >= 22 and len(digest) >= 43  # 128 and 256 bits
    wrong, right = browse(installation, {"path": "/login/"}, signing_in("wrong"), signing_in())[1:]
    assert (wrong["status"], right["status"]) == (422, 302)


def test_a_hash_of_another_kind_opens_nothing(installation):
    weak = "from django.contrib.auth.hashers import MD5PasswordHasher as M; print(M().encode('correct horse', 'salt'))"
    made = programs.run(["-c", weak], env={**installation, "DJANGO_SETTINGS_MODULE": "helpdesk.config.settings"},
                        text=True, check=True).stdout.strip()  # fmt: skip
    with psycopg.connect(installation["DATABASE_URL"]) as keeper:
        [(kept,)] = keeper.execute("select password from accounts_person where login = 'carol'").fetchall()
        keeper.execute("update accounts_person set password = %s where login = 'carol'", [made])
    try:
        asked = signing_in("correct horse", ip="192.0.2.2")
        assert browse(installation, {"path": "/login/"}, asked)[1]["status"] == 422
    finally:
        with psycopg.connect(installation["DATABASE_URL"]) as keeper:
            keeper.execute("update accounts_person set password = %s where login = 'carol'", [kept])


def test_behind_https_every_cookie_is_secure_and_bound_to_the_host(installation):
    answers = browse(installation, {"path": "/login/"}, signing_in(ip="192.0.2.3"), {"path": "/desk/"})
    assert [one["status"] for one in answers] == [200, 302, 200]
    found = cookies(answers)
    assert {"__Host-session", "__Host-csrf", "known"} <= set(found)
    for name, words in found.items():
        assert {"Secure", "SameSite=Lax"} <= words, name
        assert not [word for word in words if word.startswith("Domain")], name
    for name in ("__Host-session", "__Host-csrf"):
        assert {"HttpOnly", "Path=/"} <= found[name]
    assert {"HttpOnly", "Path=/login/"} <= found["known"]


def test_behind_https_browsers_are_told_to_come_by_https_alone_for_a_year(installation):
    for one in browse(installation, {"path": "/login/"}, {"path": "/healthz"}, {"path": "/nowhere/"}):
        headers = {name.lower(): value for name, value in one["headers"]}
        assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_at_a_plain_address_people_can_sign_in_as_well(installation):
    plain = {"HELPDESK_URL": "http://127.0.0.1:8000"}
    answers = browse(installation, {"path": "/login/"}, signing_in(ip="192.0.2.4"), {"path": "/desk/"}, **plain)
    assert [one["status"] for one in answers] == [200, 302, 200]
    assert "strict-transport-security" not in {name.lower() for one in answers for name, _ in one["headers"]}
    found = cookies(answers)
    assert {"session", "csrftoken"} <= set(found)
    assert not [name for name, words in found.items() if "Secure" in words]


def test_sixty_tries_to_sign_in_a_minute_of_an_address_are_counted_over_all_processes(installation):
    empty = {"path": "/login/", "form": {"login": "", "password": ""}, "ip": "192.0.2.9"}
    tries = [browse(installation, {"path": "/login/"}, *[empty] * 30)[1:] for _ in range(2)]
    assert {one["status"] for found in tries for one in found} == {422}
    late, other = browse(installation, {"path": "/login/"}, signing_in(ip="192.0.2.9"), signing_in(ip="192.0.2.10"))[1:]
    assert (late["status"], other["status"]) == (429, 302)
