"""Every address × a POST of every kind of person: what is refused changes nothing, and without a token nothing works."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from helpdesk.accounts.models import Person
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.errors import NotFound
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import uploads
from helpdesk.tickets.actions import reply
from helpdesk.tickets.models import Article, Grant, StagedFile, Ticket, TicketEvent
from tests.access.conftest import CANARY, IN, MORE, PEOPLE, concrete, content_of, outcome, patterns

KINDS = [*PEOPLE, *MORE]
NOTICE = {"kind": "info", "title_ru": "Работы", "starts_at": "2026-11-24T09:00", "ends_at": "2199-01-01T09:00"}


def wanted(cast):
    """What is posted where; elsewhere nothing is."""
    return {
        "/portal/new/": {"queue": cast.errors.pk, "subject": "Новая", "body": "Текст", "priority": "3", "form_key": "n"},
        "/portal/tickets/<str:number>/": {"body": "Ответ клиента", "form_key": "r"},
        "/portal/drafts/save/": {"form_key": "d", "body": "Черновик", "subject": "Начато"},
        "/portal/people/invite/": {"name": "Новая", "address": "new@example.com", "sees": "own", "writes": "1"},
        "/portal/people/invitations/<int:invitation_id>/": {"do": "again"},
        "/portal/people/<int:member_id>/": {"do": "rights", "sees": "own", "writes": "1"},
        "/portal/tickets/<str:number>/observers/": {"do": "add", "observer": cast.dora.pk},
        "/account/settings/": {
            "do": "save", "name": "Новое Имя", "language": "ru", "time_zone": "Europe/Moscow", "theme": "system",
            "letters": "all",
        },
        "/portal/news/": {"upto": "1"},
        "/desk/admin/banners/new/": {**NOTICE, "form_key": "b"},
        "/desk/admin/banners/<str:banner_id>/": {**NOTICE, "title_ru": "Другое"},
        "/portal/uploads/<str:form_key>/": {"file": SimpleUploadedFile("b.txt", b"b")},
        "/desk/new/": {"client": cast.carol.pk, "company": cast.zarya.pk, "queue": cast.errors.pk, "subject": "Звонок",
                       "body": "Т", "priority": "3", "channel": "phone", "form_key": "d"},
        "/desk/tickets/<str:number>/": {"body": "Ответ специалиста", "kind": "answer", "form_key": "a"},
        "/desk/drafts/save/": {"body": "Начато", "form_key": "d"},
        "/desk/uploads/": {"form_key": "u", "file": SimpleUploadedFile("b.txt", b"b")},
        "/desk/uploads/<str:staged_id>/drop/": {"form_key": "mine"},
        "/desk/tickets/<str:number>/state/": {"state": "review"},
        "/desk/tickets/<str:number>/priority/": {"priority": "4"},
        "/desk/admin/look/": {"client": cast.carol.pk},
        "/desk/density/": {"density": "comfortable"},
        "/desk/shape/": {"list": "/desk/?priority=5", "show": "owner"},
        "/desk/views/new/": {"list": "/desk/?priority=5", "name": "Срочные"},
        "/desk/views/<int:view_id>/": {"name": "Иначе"},
        "/desk/bulk/": {"do": "watch", "ticket": cast.one.number},
        "/desk/queues/own/": {"queue": cast.errors.pk, "own": "1"},
        "/account/password/": {"current": "wrong", "password": "x", "password_again": "x"},
        "/account/security/": {"end": "others"},
    }  # fmt: skip


def row(nobody, carol, dora, dave, alice, bob, admin, reader):
    """In the order of KINDS; whoever is switched off or has no sign-in is nobody."""
    return dict(zip(KINDS, (nobody, carol, dora, dave, alice, bob, admin, reader, nobody, nobody), strict=True))


def all_(answer):
    return row(*[answer] * 8)


def clients(*, carol="portal", colleague="portal", other="portal", reader=403):
    return row(IN, carol, colleague, other, "desk", "desk", "desk", reader)


def agents(alice, bob, admin):
    return row(IN, 404, 404, 404, alice, bob, admin, 404)


NEVER = all_(405)  # nobody posts here
POST = {
    "/": row(IN, "portal", "portal", "portal", "desk", "desk", "desk", "portal"),
    "/favicon.ico": all_("moved"),
    "/healthz": NEVER,
    "/metrics": all_(404),
    "/readyz": NEVER,
    "/portal/": NEVER,
    "/portal/new/": clients(),
    "/portal/new/fields/": NEVER,
    "/portal/drafts/": NEVER,
    "/portal/drafts/save/": clients(carol=200, colleague=200, other=200, reader=200),
    "/portal/drafts/<int:draft_id>/": NEVER,
    "/portal/drafts/<int:draft_id>/discard/": clients(colleague=404, other=404, reader=404),
    "/portal/drafts/<int:draft_id>/back/": clients(colleague=404, other=404, reader=404),
    "/portal/mine/": NEVER,
    "/portal/company/": NEVER,
    "/portal/search/": clients(carol=422, colleague=422, other=422, reader=422),  # nothing to keep
    "/portal/people/": NEVER,
    "/portal/people/invite/": clients(colleague=403, other=403),
    "/portal/people/invitations/<int:invitation_id>/": clients(colleague=403, other=403),
    "/portal/people/<int:member_id>/": clients(colleague=403, other=403),
    "/portal/news/": clients(reader="portal"),
    "/portal/banners/<str:banner_id>/dismiss/": clients(reader="portal"),
    "/portal/help/": NEVER,
    "/portal/help/<str:slug>/": NEVER,
    "/portal/search/saved/": NEVER,
    "/portal/search/saved/<int:saved_id>/": clients(carol=422, colleague=404, other=404, reader=404),
    "/portal/blanks/<str:blank_file>": NEVER,
    "/portal/uploads/<str:form_key>/": clients(carol=200, colleague=200, other=200, reader=403),
    "/portal/tickets/<str:number>/": clients(colleague=404, other=404),
    "/portal/tickets/<str:number>/pdf/": NEVER,
    "/portal/tickets/<str:number>/files.zip": NEVER,
    "/portal/tickets/<str:number>/letters/<int:article_id>/": NEVER,
    "/portal/tickets/<str:number>/letters/<int:article_id>/frame/": NEVER,
    "/portal/tickets/<str:number>/observers/": row(IN, "portal", 404, 404, "desk", "desk", "desk", 403),
    "/portal/tickets/<str:number>/files/<int:attachment_id>/<str:name>": NEVER,
    "/desk/": agents(405, 405, 405),
    "/desk/queues/": agents(405, 405, 405),
    "/desk/search/": agents(405, 405, 405),
    "/desk/conditions/": agents(405, 405, 405),
    "/desk/density/": agents("desk", "desk", "desk"),
    "/desk/fresh/": agents(405, 405, 405),
    "/desk/views/": agents(405, 405, 405),
    "/desk/shape/": agents("desk", "desk", "desk"),
    "/desk/views/new/": agents("desk", "desk", "desk"),
    "/desk/views/<int:view_id>/": agents("desk", 404, 404),
    "/desk/bulk/": agents("desk", "desk", "desk"),  # whoever sees none of the chosen ones is told so
    "/desk/bulk/<int:act_id>/": agents(405, 405, 405),
    "/desk/bulk/<int:act_id>/undo/": agents("desk", 404, 404),
    "/desk/queues/own/": agents("desk", 404, "desk"),
    "/desk/new/": agents("desk", 403, "desk"),
    "/desk/new/fields/": NEVER,
    "/desk/admin/": NEVER,
    "/desk/admin/check/": NEVER,
    "/desk/admin/look/": row(IN, 404, 404, 404, 404, 404, "portal", 404),
    "/desk/admin/look/end/": row(IN, 404, 404, 404, 404, 404, "desk", 404),
    "/desk/admin/parked/": NEVER,
    "/desk/admin/banners/": NEVER,
    "/desk/admin/banners/new/": row(IN, 404, 404, 404, 404, 404, "desk", 404),
    "/desk/admin/banners/<str:banner_id>/": row(IN, 404, 404, 404, 404, 404, "desk", 404),
    "/desk/admin/outbox/": NEVER,
    "/desk/admin/outbox/<str:letter_id>/": row(IN, 404, 404, 404, 404, 404, "desk", 404),
    "/desk/drafts/": NEVER,
    "/desk/drafts/save/": agents(200, 200, 200),  # what is typed is kept, wherever it was meant for
    "/desk/drafts/<int:draft_id>/": NEVER,
    "/desk/drafts/<int:draft_id>/discard/": agents(404, 404, 404),  # a client's
    "/desk/drafts/<int:draft_id>/back/": agents(404, 404, 404),
    "/desk/drafts/<int:draft_id>/cancel/": agents(404, 404, 404),
    "/desk/drafts/<int:draft_id>/now/": agents(404, 404, 404),
    "/desk/drafts/<int:draft_id>/waits/": NEVER,
    "/desk/drafts/<int:draft_id>/share/": agents(404, 404, 404),
    "/desk/drafts/<int:draft_id>/take/": agents(404, 404, 404),
    "/desk/uploads/": agents(200, 200, 200),
    "/desk/uploads/<str:staged_id>/drop/": agents(404, 404, 404),  # somebody else's file
    "/desk/tickets/<str:number>/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/news/": NEVER,
    "/desk/tickets/<str:number>/here/": agents(200, 404, 200),
    "/desk/tickets/<str:number>/history/": NEVER,
    "/desk/tickets/<str:number>/letters/<str:article_id>/": NEVER,
    "/desk/tickets/<str:number>/letters/<str:article_id>/frame/": NEVER,
    "/letters/pictures/<str:token>/": NEVER,
    "/desk/tickets/<str:number>/files/<str:attachment_id>/<str:filename>": NEVER,
    "/desk/tickets/<str:number>/state/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/take/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/owner/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/responsible/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/queue/": agents(422, 404, 422),  # no queue named
    "/desk/tickets/<str:number>/priority/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/category/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/due/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/client/": agents(422, 404, 422),  # no client chosen
    "/desk/tickets/<str:number>/type/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/subject/": agents(422, 404, 422),  # an empty one
    "/desk/tickets/<str:number>/tags/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/lock/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/unlock/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/watch/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/unwatch/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/remove/": agents(422, 404, 422),  # no reason named
    "/desk/tickets/<str:number>/back/": agents("desk", 404, "desk"),
    "/desk/tickets/<str:number>/undo/": agents(404, 404, 404),  # nothing of theirs
    "/desk/tickets/<str:number>/link/": agents(422, 404, 422),  # no other named
    "/desk/tickets/<str:number>/unlink/": agents(422, 404, 422),
    "/desk/tickets/<str:number>/merge/": agents(422, 404, 422),
    "/desk/tickets/<str:number>/split/": agents(422, 404, 422),  # nothing chosen
    "/desk/tickets/<str:number>/pass/": agents(422, 404, 422),
    "/desk/tickets/<str:number>/checklist/": agents(422, 404, 422),
    "/desk/tickets/<str:number>/tick/": agents(422, 404, 422),
    "/desk/tickets/<str:number>/strike/": agents(422, 404, 422),
    "/desk/people/<str:person_id>/": agents("desk", 403, "desk"),
    "/desk/companies/<str:company_id>/": agents("desk", 403, "desk"),
    "/desk/signatures/": NEVER,
    "/desk/signatures/new/": agents(422, 403, 422),
    "/desk/signatures/<str:signature_id>/": agents(422, 404, 422),
    "/desk/texts/": NEVER,
    "/desk/texts/new/": agents(422, 403, 422),
    "/desk/texts/<str:text_id>/": agents(422, 404, 422),
    "/desk/tickets/<str:number>/texts/": agents(200, 404, 200),
    "/desk/checklists/": NEVER,
    "/desk/checklists/new/": agents(422, 403, 422),
    "/desk/checklists/<str:template_id>/": agents(422, 404, 422),
    "/desk/tickets/<str:number>/unmerge/": agents(422, 404, 422),
    "/desk/tickets/<str:number>/close/": agents("desk", 404, "desk"),
    "/__ui__/": NEVER,
    "/__ui__/upload/": row(404, 404, 404, 404, 404, 404, 422, 404),
    "/__ui__/language/": all_("home"),
    "/login/": row(422, "portal", "portal", "portal", "desk", "desk", "desk", "portal"),
    "/login/inactive/": NEVER,
    "/password/reset/": all_(422),
    "/password/reset/sent/": NEVER,
    "/password/reset/done/": NEVER,
    "/password/set/<uidb36>-<key>/": all_(404),
    "/password/change/": row(IN, *[422] * 7),
    "/invitation/<str:key>/": all_(404),
    "/account/settings/": row(IN, *["moved"] * 7),
    "/account/language/<str:code>/": row(IN, *["portal"] * 3, *["desk"] * 3, "portal"),
    "/account/addresses/<str:key>/": row(IN, *[404] * 7),
    "/account/password/": row(IN, *[422] * 7),
    "/account/security/": row(IN, *["moved"] * 7),
    "/logout/": all_(IN),
}


COUNTED = ", ".join(
    f"(SELECT count(*) FROM {model._meta.db_table})" for model in (Ticket, Article, TicketEvent, StagedFile)
)


def written():
    """How many requests, articles, events and kept files there are."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COUNTED}")
        return cursor.fetchone()


def test_every_address_has_a_row():
    assert set(patterns()) == set(POST)


@pytest.mark.parametrize("who", KINDS)
def test_post_to_every_address(cast, client, who):
    cache.clear()  # of how often links were tried within the minute
    cast.enter(client, who)
    posts, found = wanted(cast), {}
    for text in (*(text for text in POST if text != "/logout/"), "/logout/"):
        before = written()
        answer = client.post(concrete(text, cast), posts.get(text, {}))
        found[text] = outcome(answer)
        led_away = (who not in {"alice", "admin", "bob"} and found[text] == "desk") or found[text] == IN
        if led_away or answer.status_code in {403, 404, 405, 422}:
            assert written() == before, text
        if who not in {"alice", "admin"}:
            assert CANARY not in content_of(answer), text
    assert found == {text: answers[who] for text, answers in POST.items()}


@pytest.mark.parametrize(("who", "kind"), [("alice", "note"), ("admin", "note"), ("bob", "note"), ("carol", "note")])
def test_note_is_for_those_of_the_queue(cast, client, who, kind):
    cast.enter(client, who)
    before = written()
    answer = client.post(f"/desk/tickets/{cast.one.number}/", {"kind": kind, "body": "Между нами", "form_key": "z"})
    allowed = who in {"alice", "admin"}
    assert outcome(answer) == ("desk" if allowed else 404)
    assert (written() != before) == allowed
    assert not Article.objects.filter(text="Между нами", visible_to_client=True).exists()


@pytest.mark.parametrize("who", ["nobody", "carol", "alice", "admin"])
def test_nothing_is_posted_without_the_token_of_the_form(cast, who):
    browser = Client(enforce_csrf_checks=True)
    cast.enter(browser, who)
    before, posts = written(), wanted(cast)
    for text, answers in POST.items():
        if answers[who] != 405:
            answer = browser.post(concrete(text, cast), posts.get(text, {}))
            assert answer.status_code == 403 or outcome(answer) == IN, (text, answer.status_code)
    assert written() == before


def test_somebody_else_s_kept_file_is_neither_sent_nor_dropped(cast, client):
    kept, _ = uploads.keep(Actor(cast.alice.pk), "mine", [SimpleUploadedFile("secret.txt", b"s")])
    for who in ("bob", "admin"):
        cast.enter(client, who)
        assert client.post(f"/desk/uploads/{kept[0].pk}/drop/", {"form_key": "mine"}).status_code == 404
    for who in ("carol", "dave"):
        cast.enter(client, who)
        client.post("/portal/uploads/mine/", {"drop": str(kept[0].pk)})
        client.post("/portal/new/", {**wanted(cast)["/portal/new/"], "form_key": "mine", "staged": str(kept[0].pk)})
    assert StagedFile.objects.filter(pk=kept[0].pk).exists()
    assert not Article.objects.filter(attachments__filename="secret.txt").exists()


def test_a_contact_and_the_switched_off_have_no_way_in(cast, client):
    for who in ("contact", "off"):
        person = getattr(cast, who)
        person.set_password("correct horse battery")
        person.save()
        cast.enter(client, who)
        answer = client.post("/login/", {"login": person.login or "contact@example.com",
                                         "password": "correct horse battery"})  # fmt: skip
        # whoever is switched off and knows the password reads whom to ask; a contact has no password to know
        assert (answer.status_code, answer.get("Location")) == {
            "contact": (422, None), "off": (302, "/login/inactive/")
        }[who]  # fmt: skip
        assert outcome(client.get("/portal/mine/")) == IN


def test_switched_off_between_two_requests(cast, client):
    cast.enter(client, "carol")
    assert client.get(f"/portal/tickets/{cast.one.number}/").status_code == 200
    Person.objects.filter(pk=cast.carol.pk).update(inactive_at=cast.one.created_at)
    assert outcome(client.post(f"/portal/tickets/{cast.one.number}/", {"body": "Ещё", "form_key": "x"})) == IN


def test_right_to_write_taken_between_two_requests(cast, client):
    cast.enter(client, "carol")
    assert client.get(f"/portal/tickets/{cast.one.number}/").status_code == 200
    cast.carol.memberships.update(writes=False)
    assert client.post(f"/portal/tickets/{cast.one.number}/", {"body": "Ещё", "form_key": "x"}).status_code == 403
    assert client.post("/portal/new/", wanted(cast)["/portal/new/"]).status_code == 403
    assert client.get(f"/portal/tickets/{cast.one.number}/").status_code == 200


def test_sight_of_the_company_taken_between_two_requests(cast, client):
    cast.enter(client, "reader")
    address = f"/portal/tickets/{cast.one.number}/"
    assert client.get(address).status_code == 200
    cast.reader.memberships.update(sees="own")
    assert client.get(address).status_code == 404
    assert cast.one.number not in client.get("/portal/company/?state=all").content.decode()


def test_grants_taken_between_two_requests(cast, client):
    cast.enter(client, "alice")
    address = f"/desk/tickets/{cast.one.number}/"
    assert client.get(address).status_code == 200
    Grant.objects.filter(role__code="support").exclude(right="read").delete()
    assert client.get(address).status_code == 200
    assert client.post(address, {"body": "Ответ", "form_key": "x"}).status_code == 403
    Grant.objects.filter(role__code="support").delete()
    assert client.get(address).status_code == 404
    assert client.post(f"{address}take/").status_code == 404
    assert cast.one.number not in client.get("/desk/?view=all").content.decode()


def test_administrator_s_capability_taken_between_two_requests(cast, client):
    cast.enter(client, "admin")
    assert client.get("/desk/admin/outbox/").status_code == 200
    role = cast.admin.roles.get()
    role.capabilities = []
    role.save()
    assert client.get("/desk/admin/outbox/").status_code == 404


def test_whoever_moves_to_another_company_leaves_its_requests_behind(cast, client):
    cast.enter(client, "carol")
    number = cast.one.number
    cast.carol.memberships.update(company=cast.other)
    pages = {place: client.get(place).content.decode()
             for place in ("/portal/mine/?state=all", "/portal/company/?state=all", "/portal/search/?q=белая")}  # fmt: skip
    assert not [place for place, page in pages.items() if number in page]
    assert client.get(f"/portal/tickets/{number}/").status_code == 404
    assert client.post(f"/portal/tickets/{number}/", {"body": "Я", "form_key": "x"}).status_code == 404
    with pytest.raises(NotFound), transaction.atomic():
        reply(cast.one.pk, by=Actor(cast.carol.pk, Cause.WEB), body=from_plain("Я"))
    cast.carol.memberships.update(inactive_at=cast.one.created_at)
    assert client.get(f"/portal/tickets/{number}/").status_code == 404
    assert outcome(client.post("/portal/new/", wanted(cast)["/portal/new/"])) in {"portal", 403}
    assert not Ticket.objects.filter(subject="Новая", company__in=[cast.zarya, cast.other]).exists()
