"""Every address × every kind of person. A new address without a row here fails."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Role
from helpdesk.core import files
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import NewFile, note, reply
from helpdesk.tickets.models import Attachment, Grant, Right
from tests.portal.conftest import World

PEOPLE = ["nobody", "carol", "dora", "dave", "alice", "bob", "admin"]
IN = "login"  # led to the sign-in page
CLIENT_ONLY = {"nobody": IN, "alice": "desk", "bob": "desk", "admin": "desk"}


def row(nobody, carol, dora, dave, alice, bob, admin):
    return dict(zip(PEOPLE, (nobody, carol, dora, dave, alice, bob, admin), strict=True))


# what a GET answers: a status, or where it leads («login», «desk», «portal», «moved»)
GET = {
    "/": row(IN, "portal", "portal", "portal", "desk", "desk", "desk"),
    "/favicon.ico": row(*["moved"] * 7),
    "/healthz": row(*[200] * 7),
    "/readyz": row(*[503] * 7),  # no worker runs in the tests
    "/portal/": row(IN, "portal", "portal", "portal", "desk", "desk", "desk"),
    "/portal/new/": row(IN, 200, 200, 200, "desk", "desk", "desk"),
    "/portal/new/fields/": row(IN, 200, 200, 200, "desk", "desk", "desk"),
    "/portal/mine/": row(IN, 200, 200, 200, "desk", "desk", "desk"),
    "/portal/company/": row(IN, 200, 200, 200, "desk", "desk", "desk"),
    "/portal/search/": row(IN, 200, 200, 200, "desk", "desk", "desk"),
    "/portal/uploads/<str:form_key>/": row(*[405] * 7),
    "/portal/tickets/<str:number>/": row(IN, 200, 404, 404, "desk", "desk", "desk"),
    "/portal/tickets/<str:number>/files/<int:attachment_id>/<str:name>": row(IN, 200, 404, 404, "desk", "desk", "desk"),
    "/desk/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/queues/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/search/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/conditions/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/density/": row(IN, 404, 404, 404, 405, 405, 405),
    "/desk/new/": row(IN, 404, 404, 404, 200, 403, 200),  # bob may create nowhere
    "/desk/new/fields/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/admin/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/admin/outbox/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/admin/outbox/<str:letter_id>/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/uploads/": row(*[405] * 7),
    "/desk/uploads/<str:staged_id>/drop/": row(*[405] * 7),
    "/desk/tickets/<str:number>/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/history/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/files/<str:attachment_id>/<str:filename>": row(IN, 404, 404, 404, 200, 404, 200),
    "/login/": row(200, "portal", "portal", "portal", "desk", "desk", "desk"),
    "/logout/": row("home", *[200] * 6),
    "/login/inactive/": row(*[403] * 7),
    "/password/reset/": row(*[200] * 7),
    "/password/reset/sent/": row(*[200] * 7),
    "/password/reset/done/": row(*[200] * 7),
    "/password/set/<uidb36>-<key>/": row(*[404] * 7),
    "/password/change/": row(IN, *[200] * 6),
    "/account/password/": row(IN, *[200] * 6),
    "/account/security/": row(IN, *[200] * 6),
    "/__ui__/": row(404, 404, 404, 404, 404, 404, 200),
    "/__ui__/upload/": row(*[405] * 7),
    "/__ui__/language/": row(*[405] * 7),
}
DESK_VERBS = {
    "state": {"state": "review"}, "take": {}, "owner": {"owner": ""}, "responsible": {"responsible": ""},
    "queue": {"queue": "0"}, "priority": {"priority": "4"}, "category": {"category": ""}, "due": {"due_at": ""},
    "close": {},
}  # fmt: skip


def patterns(resolver=None, prefix="/"):
    for entry in (resolver or get_resolver()).url_patterns:
        text = prefix + str(entry.pattern).lstrip("^").rstrip("$")
        if isinstance(entry, URLResolver):
            yield from patterns(entry, text)
        elif isinstance(entry, URLPattern):
            yield text.replace("(?P<uidb36>[0-9A-Za-z]{1,13})", "<uidb36>").replace("(?P<key>[^/]+)", "<key>")


def is_verb(text):
    return text.startswith("/desk/tickets/<str:number>/") and text not in GET


def test_every_address_has_a_row():
    assert {text for text in patterns() if not is_verb(text)} == set(GET)


@pytest.fixture
def cast(db):
    world = World()
    elsewhere = Role.objects.create(code="elsewhere", name_ru="Э", name_en="E")
    Grant.objects.create(role=elsewhere, queue=world.inbox, right=Right.ANSWER)
    chief = Role.objects.create(code="chief", name_ru="А", name_en="A", capabilities=["administer"])
    Grant.objects.create(role=chief, right=Right.FULL)
    world.bob = accounts.create_person("agent", "Боб Другой", login="bob", roles=[elsewhere])
    world.admin = accounts.create_person("agent", "Админ Главный", login="admin", roles=[chief])
    stored = files.store(b"content")
    ticket = world.ticket(world.carol, attachments=[NewFile(stored, "a.txt")])
    reply(ticket.pk, by=Actor(world.alice.pk, Cause.WEB), body=from_plain("Ответ"))
    note(ticket.pk, by=Actor(world.alice.pk, Cause.WEB), body=from_plain("Канарейка"))
    ticket.refresh_from_db()
    world.one = ticket
    return world


def concrete(text, cast):
    from helpdesk.mail.models import OutgoingLetter

    letter = OutgoingLetter.objects.order_by("pk").values_list("pk", flat=True).first()
    file = Attachment.objects.values_list("pk", flat=True).first()
    for name, value in {
        "<str:number>": cast.one.number, "<int:attachment_id>": file, "<str:attachment_id>": file, "<str:name>": "a.txt",
        "<str:filename>": "a.txt", "<str:form_key>": "k", "<str:letter_id>": letter, "<str:staged_id>": "1",
        "<uidb36>": "1", "<key>": "cut",
    }.items():  # fmt: skip
        text = text.replace(name, str(value))
    return text


def outcome(answer):
    if answer.status_code not in {301, 302}:
        return answer.status_code
    place = answer.url
    if place.startswith("/login/"):
        return IN
    if place.startswith("/portal/"):
        return "portal"
    return "desk" if place.startswith("/desk/") else "home" if place == "/" else "moved"


@pytest.mark.parametrize("who", PEOPLE)
def test_get_of_every_address(cast, client, who):
    if who != "nobody":
        client.force_login(getattr(cast, who), backend="helpdesk.accounts.backends.LoginOrAddress")
    expected = {text: answers[who] for text, answers in GET.items() if text != "/logout/"}
    found = {text: outcome(client.get(concrete(text, cast))) for text in expected}
    assert found == expected


@pytest.mark.parametrize("who", PEOPLE)
def test_verbs_of_the_desk(cast, client, who):
    if who != "nobody":
        client.force_login(getattr(cast, who), backend="helpdesk.accounts.backends.LoginOrAddress")
    before = cast.one.last_event_seq
    for text in filter(is_verb, patterns()):
        name = text.rstrip("/").rpartition("/")[2]
        answer = client.post(concrete(text, cast), DESK_VERBS[name])
        allowed = who in {"alice", "admin"}
        expected = {200, 302, 409, 422} if allowed else {302} if who == "nobody" else {404}
        assert answer.status_code in expected, (text, answer.status_code)
        assert allowed or who != "nobody" or outcome(answer) == IN
    cast.one.refresh_from_db()
    assert (cast.one.last_event_seq > before) == (who in {"alice", "admin"})


@pytest.mark.parametrize("who", ["carol", "dora", "dave", "bob"])
def test_canary_of_a_note_is_nowhere(cast, client, who):
    client.force_login(getattr(cast, who), backend="helpdesk.accounts.backends.LoginOrAddress")
    for text in GET:
        if "logout" in text:
            continue
        answer = client.get(concrete(text, cast))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert "Канарейка" not in content.decode(errors="ignore"), text
    for prefix in ("/portal/search/", "/desk/search/"):
        assert "Канарейка</mark>" not in client.get(prefix, {"q": "канарейка"}).content.decode()


def test_search_and_counts_of_others_are_empty(cast, client):
    client.force_login(cast.dave, backend="helpdesk.accounts.backends.LoginOrAddress")
    page = client.get("/portal/search/", {"q": "белая страница"}).content.decode()
    assert cast.one.number not in page
    page = client.get("/portal/company/", {"state": "all"}).content.decode()
    assert cast.one.number not in page
