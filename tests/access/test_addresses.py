"""Every address × every kind of person. A new address without a row here fails."""

import re

import pytest
from django.core.cache import cache
from django.http.request import HttpHeaders

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
    "/portal/drafts/": row(IN, 200, 200, 200, "desk", "desk", "desk"),
    "/portal/drafts/save/": row(*[405] * 7),
    "/portal/drafts/<int:draft_id>/": row(IN, 200, 404, 404, "desk", "desk", "desk"),
    "/portal/drafts/<int:draft_id>/discard/": row(*[405] * 7),
    "/portal/drafts/<int:draft_id>/back/": row(*[405] * 7),
    "/portal/mine/": row(IN, 200, 200, 200, "desk", "desk", "desk"),
    "/portal/company/": row(IN, 200, 200, 200, "desk", "desk", "desk"),
    "/portal/search/": row(IN, 200, 200, 200, "desk", "desk", "desk"),
    "/portal/people/": row(IN, 200, 403, 403, "desk", "desk", "desk"),  # for the company's chief
    "/portal/people/invite/": row(IN, 200, 403, 403, "desk", "desk", "desk"),
    "/portal/people/invitations/<int:invitation_id>/": row(*[405] * 7),
    "/portal/people/<int:member_id>/": row(IN, 200, 403, 403, "desk", "desk", "desk"),
    "/portal/news/": row(IN, 200, 200, 200, "desk", "desk", "desk"),
    "/portal/banners/<str:banner_id>/dismiss/": row(*[405] * 7),
    "/portal/help/": row(*[200] * 7),  # also for those who have no access yet
    "/portal/help/<str:slug>/": row(*[200] * 7),
    "/portal/search/saved/": row(IN, 200, 200, 200, "desk", "desk", "desk"),
    "/portal/search/saved/<int:saved_id>/": row(IN, "portal", 404, 404, "desk", "desk", "desk"),
    "/portal/blanks/<str:blank_file>": row(IN, *[200] * 6),
    "/portal/uploads/<str:form_key>/": row(IN, 404, 404, 404, "desk", "desk", "desk"),  # a picture of nobody's form
    "/portal/tickets/<str:number>/": row(IN, 200, 404, 404, "desk", "desk", "desk"),
    "/portal/tickets/<str:number>/pdf/": row(IN, 200, 404, 404, "desk", "desk", "desk"),
    "/portal/tickets/<str:number>/files.zip": row(IN, 200, 404, 404, "desk", "desk", "desk"),
    "/portal/tickets/<str:number>/letters/<int:article_id>/": row(IN, 200, 404, 404, "desk", "desk", "desk"),
    "/portal/tickets/<str:number>/letters/<int:article_id>/frame/": row(IN, 200, 404, 404, "desk", "desk", "desk"),
    "/portal/tickets/<str:number>/observers/": row(IN, 200, 404, 404, "desk", "desk", "desk"),
    "/portal/tickets/<str:number>/files/<int:attachment_id>/<str:name>": row(IN, 200, 404, 404, "desk", "desk", "desk"),
    "/desk/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/queues/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/search/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/conditions/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/density/": row(IN, 404, 404, 404, 405, 405, 405),
    "/desk/fresh/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/views/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/shape/": row(IN, 404, 404, 404, 404, 404, 404),  # of no list
    "/desk/views/new/": row(IN, 404, 404, 404, 404, 404, 404),  # of no list
    "/desk/views/<int:view_id>/": row(IN, 404, 404, 404, 200, 404, 404),
    "/desk/bulk/": row(IN, 404, 404, 404, 405, 405, 405),
    "/desk/bulk/<int:act_id>/": row(IN, 404, 404, 404, 200, 404, 404),
    "/desk/bulk/<int:act_id>/undo/": row(IN, 404, 404, 404, 405, 405, 405),
    "/desk/queues/own/": row(IN, 404, 404, 404, 405, 405, 405),
    "/desk/new/": row(IN, 404, 404, 404, 200, 403, 200),  # bob may create nowhere
    "/desk/new/fields/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/admin/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/admin/check/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/admin/look/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/admin/look/end/": row(*[405] * 7),
    "/desk/admin/parked/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/admin/banners/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/admin/banners/new/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/admin/banners/<str:banner_id>/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/admin/outbox/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/admin/outbox/<str:letter_id>/": row(IN, 404, 404, 404, 404, 404, 200),
    "/desk/drafts/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/drafts/save/": row(*[405] * 7),
    "/desk/drafts/<int:draft_id>/": row(IN, *[404] * 6),  # a client's
    "/desk/drafts/<int:draft_id>/discard/": row(*[405] * 7),
    "/desk/drafts/<int:draft_id>/back/": row(*[405] * 7),
    "/desk/drafts/<int:draft_id>/cancel/": row(*[405] * 7),
    "/desk/drafts/<int:draft_id>/now/": row(*[405] * 7),
    "/desk/drafts/<int:draft_id>/waits/": row(IN, *[404] * 6),
    "/desk/drafts/<int:draft_id>/share/": row(*[405] * 7),
    "/desk/drafts/<int:draft_id>/take/": row(*[405] * 7),
    "/desk/uploads/": row(IN, *[404] * 6),
    "/desk/uploads/<str:staged_id>/drop/": row(*[405] * 7),
    "/desk/tickets/<str:number>/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/news/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/here/": row(*[405] * 7),
    "/desk/tickets/<str:number>/history/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/client/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/link/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/split/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/pass/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/people/<str:person_id>/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/companies/<str:company_id>/": row(IN, 404, 404, 404, 200, 200, 200),
    "/desk/signatures/": row(IN, 404, 404, 404, 200, 403, 200),
    "/desk/signatures/new/": row(IN, 404, 404, 404, 200, 403, 200),
    "/desk/signatures/<str:signature_id>/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/texts/": row(IN, 404, 404, 404, 200, 403, 200),
    "/desk/texts/new/": row(IN, 404, 404, 404, 200, 403, 200),
    "/desk/texts/<str:text_id>/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/texts/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/checklists/": row(IN, 404, 404, 404, 200, 403, 200),
    "/desk/checklists/new/": row(IN, 404, 404, 404, 200, 403, 200),
    "/desk/checklists/<str:template_id>/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/merge/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/letters/<str:article_id>/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/letters/<str:article_id>/frame/": row(IN, 404, 404, 404, 200, 404, 200),
    "/desk/tickets/<str:number>/files/<str:attachment_id>/<str:filename>": row(IN, 404, 404, 404, 200, 404, 200),
    "/letters/pictures/<str:token>/": row(*[404] * 7),  # for whoever was given a signed one
    "/login/": row(200, "portal", "portal", "portal", "desk", "desk", "desk"),
    "/logout/": row(IN, *[200] * 6),
    "/login/inactive/": row(*[403] * 7),
    "/password/reset/": row(*[200] * 7),
    "/password/reset/sent/": row(*[200] * 7),
    "/password/reset/done/": row(*[200] * 7),
    "/password/set/<uidb36>-<key>/": row(*[404] * 7),
    "/password/change/": row(IN, *[200] * 6),
    "/invitation/<str:key>/": row(*[404] * 7),
    "/account/settings/": row(IN, *[200] * 6),
    "/account/language/<str:code>/": row(*[405] * 7),
    "/account/addresses/<str:key>/": row(IN, *[404] * 6),
    "/account/password/": row(IN, *[200] * 6),
    "/account/security/": row(IN, *[200] * 6),
    "/__ui__/": row(404, 404, 404, 404, 404, 404, 200),
    "/__ui__/upload/": row(*[405] * 7),
    "/__ui__/language/": row(*[405] * 7),
}
DESK_VERBS = {
    "state": {"state": "review"}, "take": {}, "owner": {"owner": ""}, "responsible": {"responsible": ""},
    "queue": {"queue": "0"}, "priority": {"priority": "4"}, "category": {"category": ""}, "due": {"due_at": ""},
    "close": {}, "type": {"type": ""}, "subject": {"subject": "Другая"}, "tags": {"tags": "метка"}, "lock": {}, "unlock": {},
    "watch": {}, "unwatch": {}, "remove": {"why": ""}, "back": {}, "undo": {"event": "0"},
    "unlink": {"to": "", "kind": "normal"}, "unmerge": {"part": ""}, "checklist": {"items": "Раз"}, "tick": {"item": ""},
    "strike": {"item": ""},
}  # fmt: skip


def is_verb(text):
    return text.startswith("/desk/tickets/<str:number>/") and text not in GET


def test_every_address_has_a_row():
    assert {text for text in patterns() if not is_verb(text)} == set(GET)


@pytest.mark.parametrize("who", PEOPLE)
def test_get_of_every_address(cast, walked, who):
    expected = {text: answers[who] for text, answers in GET.items()}
    assert {text: walked(who)[text][0] for text in expected} == expected


@pytest.mark.parametrize("who", PEOPLE)
def test_verbs_of_the_desk(cast, client, who):
    cast.enter(client, who)
    before = cast.one.last_event_seq
    for text in filter(is_verb, patterns()):
        name = text.rstrip("/").rpartition("/")[2]
        answer = client.post(concrete(text, cast), DESK_VERBS[name])
        allowed = who in {"alice", "admin"}
        done = {404} if name == "undo" else {200, 302, 409, 422}  # nothing of theirs
        expected = done if allowed else {302} if who == "nobody" else {404}
        assert answer.status_code in expected, (text, answer.status_code)
        assert allowed or who != "nobody" or outcome(answer) == IN
    cast.one.refresh_from_db()
    assert (cast.one.last_event_seq > before) == (who in {"alice", "admin"})


@pytest.mark.parametrize(("who", "like"), [("reader", "carol"), ("off", "nobody"), ("contact", "nobody")])
def test_get_of_those_who_may_less(cast, walked, who, like):
    expected = {text: answers[like] for text, answers in GET.items()}
    if who == "reader":
        expected["/portal/new/"] = 403  # whoever writes for nobody is told so before they write
        expected["/portal/drafts/<int:draft_id>/"] = 404  # carol's own
        expected |= {text: 403 for text in expected if "/people/" in text and expected[text] == 200}
        expected["/portal/search/saved/<int:saved_id>/"] = 404  # what Carol has saved is hers
    assert {text: walked(who)[text][0] for text in expected} == expected


@pytest.mark.parametrize("who", [*PEOPLE, "reader", "off", "contact"])
def test_head_and_options_tell_no_more_than_a_get(cast, client, walked, who):
    got = walked(who)
    cache.clear()  # of how often links were tried within the minute
    cast.enter(client, who)
    for text, (answer, _) in got.items():
        address = concrete(text, cast)
        head, options = client.head(address), client.options(address)
        assert content_of(head) == "", text
        assert outcome(head) in {answer, 405}, text
        assert outcome(options) in {200, 405, answer}, text
        if options.status_code == 200 and answer != 200:
            assert content_of(options) == "", text
        assert CANARY not in content_of(options), text


@pytest.mark.parametrize("who", ["carol", "dora", "dave", "bob", "reader", "off", "contact", "nobody"])
def test_canary_of_a_note_is_nowhere(cast, client, walked, who):
    for text, (_, page) in walked(who).items():
        assert CANARY not in page and QUIET not in page, text
    cast.enter(client, who)
    hidden = Attachment.objects.get(filename=f"{QUIET}.txt")
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


ADDRESSES_SENT = {"referer", "hx-current-url"}
BAD = ["http://[bad", "//a]b/", "http://x:99999999/", "\x00", "%", "http://\u0660/"]


class Noted(dict):
    """What a server hands over, noting in `read` whether somebody looked at an address that the browser sent."""

    read = False

    def __getitem__(self, name):
        self._note(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self._note(name)
        return super().get(name, default)

    def _note(self, name):
        Noted.read |= str(name).lower().removeprefix("http_").replace("_", "-") in ADDRESSES_SENT


@pytest.fixture
def noting(client, monkeypatch):
    """A browser whose requests note whether an address that it sends is read: from the headers or beside them."""

    class Headers(HttpHeaders):
        def __getitem__(self, name):
            Noted.read |= name.lower() in ADDRESSES_SENT
            return super().__getitem__(name)

    monkeypatch.setattr("django.http.request.HttpHeaders", Headers)
    bare = client._base_environ
    monkeypatch.setattr(client, "_base_environ", lambda **request: Noted(bare(**request)))
    return client


@pytest.mark.parametrize("who", ["nobody", "carol", "alice"])
def test_headers_that_are_no_address_break_nothing(cast, noting, who):
    """Where none of them is read, what stands in them is all one."""
    cast.enter(noting, who)
    reading = set()
    for text in GET:
        for more in ({}, {"HX-Request": "true"}):
            for bad in BAD:
                Noted.read = False
                answer = noting.get(concrete(text, cast), headers={"Referer": bad, "HX-Current-URL": bad, **more})
                assert answer.status_code < 500 or text == "/readyz", (text, bad)
                if not Noted.read:
                    break
                reading.add(text)
    for text in ("/portal/new/", "/desk/new/", "/account/security/"):
        for bad in BAD:
            assert noting.post(text, {"x": "1"}, headers={"Referer": bad, "HX-Current-URL": bad}).status_code < 500
    assert who != "alice" or "/desk/tickets/<str:number>/" in reading  # leads back to the list it was opened from
