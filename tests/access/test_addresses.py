"""Every address × every kind of person. A new address without a row here fails."""

import re

import pytest

from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import StateMove, reply
from helpdesk.tickets.models import Attachment
from tests.access.conftest import CANARY, IN, PEOPLE, QUIET, concrete, content_of, outcome, patterns


def row(nobody, carol, dora, dave, alice, bob, admin):
    return dict(zip(PEOPLE, (nobody, carol, dora, dave, alice, bob, admin), strict=True))


# what a GET answers: a status, or where it leads («login», «desk», «portal», «moved»)
GET = {
    "/": row(IN, "portal", "portal", "portal", "desk", "desk", "desk"),
    "/favicon.ico": row(*["moved"] * 7),
    "/healthz": row(*[200] * 7),
    "/readyz": row(*[503] * 7),  # no worker runs in the tests
    "/metrics": row(*[404] * 7),  # for configured addresses and the token alone
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
    "/desk/admin/check/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/admin/parked/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/admin/outbox/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/admin/outbox/<str:letter_id>/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/uploads/": row(*[405] * 7),
    "/desk/uploads/<str:staged_id>/drop/": row(*[405] * 7),
    "/desk/tickets/<str:number>/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/news/": row(IN, 404, 404, 404, 200, 404, 200),
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


def is_verb(text):
    return text.startswith("/desk/tickets/<str:number>/") and text not in GET


def test_every_address_has_a_row():
    assert {text for text in patterns() if not is_verb(text)} == set(GET)


@pytest.mark.parametrize("who", PEOPLE)
def test_get_of_every_address(cast, client, who):
    cast.enter(client, who)
    expected = {text: answers[who] for text, answers in GET.items() if text != "/logout/"}
    found = {text: outcome(client.get(concrete(text, cast))) for text in expected}
    assert found == expected


@pytest.mark.parametrize("who", PEOPLE)
def test_verbs_of_the_desk(cast, client, who):
    cast.enter(client, who)
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


@pytest.mark.parametrize(("who", "like"), [("reader", "carol"), ("off", "nobody"), ("contact", "nobody")])
def test_get_of_those_who_may_less(cast, client, who, like):
    cast.enter(client, who)
    expected = {text: answers[like] for text, answers in GET.items() if text != "/logout/"}
    if who == "reader":
        expected["/portal/new/"] = 403  # whoever writes for nobody is told so before they write
    assert {text: outcome(client.get(concrete(text, cast))) for text in expected} == expected


@pytest.mark.parametrize("who", [*PEOPLE, "reader", "off", "contact"])
def test_head_and_options_tell_no_more_than_a_get(cast, client, who):
    cast.enter(client, who)
    for text in (*GET, *filter(is_verb, patterns())):
        address = concrete(text, cast)
        head, options = client.head(address), client.options(address)
        assert content_of(head) == "", text
        got = client.get(address)
        assert outcome(head) in {outcome(got), 405}, text
        assert outcome(options) in {200, 405, outcome(got)}, text
        if options.status_code == 200 and got.status_code != 200:
            assert content_of(options) == "", text
        assert CANARY not in content_of(options), text


@pytest.mark.parametrize("who", ["carol", "dora", "dave", "bob", "reader", "off", "contact", "nobody"])
def test_canary_of_a_note_is_nowhere(cast, client, who):
    cast.enter(client, who)
    hidden = Attachment.objects.get(filename=f"{QUIET}.txt")
    for text in GET:
        if "logout" in text:
            continue
        page = content_of(client.get(concrete(text, cast)))
        assert CANARY not in page and QUIET not in page, text
    for side in ("portal", "desk"):
        for asked in ("канарейка", "канарейка молчит", "молчунья", "канар*"):
            page = client.get(f"/{side}/search/", {"q": asked}).content.decode()
            # what was typed stands in the field, the title and the sentence; no row, snippet or mark may
            assert cast.one.number not in page and cast.one.subject not in page, (side, asked)
            assert "<mark" not in page, (side, asked)
            assert "молчит" not in page or "молчит" in asked, (side, asked)
        for name in (f"{QUIET}.txt", "a.txt"):
            got = client.get(f"/{side}/tickets/{cast.one.number}/files/{hidden.pk}/{name}")
            assert got.status_code in {302, 404} and CANARY not in content_of(got), side


def test_a_note_is_found_by_whom_it_is_for(cast, client):
    cast.enter(client, "alice")
    hidden = Attachment.objects.get(filename=f"{QUIET}.txt")
    assert cast.one.subject in client.get("/desk/search/", {"q": "канарейка"}).content.decode()
    assert CANARY in client.get(f"/desk/tickets/{cast.one.number}/").content.decode()
    assert content_of(client.get(f"/desk/tickets/{cast.one.number}/files/{hidden.pk}/a.txt")) == CANARY


def figures(page):
    """All numbers that a page shows, in their order, without times."""
    text = re.sub(r"<(script|style|time|input)[^>]*>|<[^>]+>", " ", page.decode())
    return re.findall(r"\d+", re.sub(r"\d{1,2}:\d{2}", " ", text))


@pytest.mark.parametrize(
    ("who", "places"),
    [
        ("dora", ["/portal/mine/?state=all", "/portal/company/?state=all", "/portal/search/?q=белая"]),
        ("dave", ["/portal/mine/?state=all", "/portal/company/?state=all", "/portal/search/?q=белая"]),
        ("bob", ["/desk/", "/desk/?view=all", "/desk/queues/", "/desk/search/?q=белая"]),
    ],
)
def test_figures_do_not_count_what_is_not_seen(cast, client, who, places):
    cast.enter(client, who)
    before = [figures(client.get(place).content) for place in places]
    cast.ticket(cast.carol, subject="Ещё одна")
    reply(cast.one.pk, by=Actor(cast.alice.pk, Cause.WEB), body=from_plain("Белая"), then=StateMove("review"))
    assert [figures(client.get(place).content) for place in places] == before
    seeing = "carol" if who != "bob" else "alice"
    cast.enter(client, seeing)
    seen = [figures(client.get(place).content) for place in places]
    cast.ticket(cast.carol, subject="Третья")
    assert [figures(client.get(place).content) for place in places] != seen


def test_search_and_counts_of_others_are_empty(cast, client):
    cast.enter(client, "dave")
    page = client.get("/portal/search/", {"q": "белая страница"}).content.decode()
    assert cast.one.number not in page
    page = client.get("/portal/company/", {"state": "all"}).content.decode()
    assert cast.one.number not in page


@pytest.mark.parametrize("who", ["nobody", "carol", "alice"])
@pytest.mark.parametrize("bad", ["http://[bad", "//a]b/", "http://x:99999999/", "\x00", "%", "http://\u0660/"])
def test_headers_that_are_no_address_break_nothing(cast, client, who, bad):
    cast.enter(client, who)
    sent = {"Referer": bad, "HX-Current-URL": bad}
    for text in GET:
        for more in ({}, {"HX-Request": "true"}):
            assert client.get(concrete(text, cast), headers=sent | more).status_code < 500 or text == "/readyz"
    for text in ("/portal/new/", "/desk/new/", "/account/security/"):
        assert client.post(text, {"x": "1"}, headers=sent).status_code < 500
