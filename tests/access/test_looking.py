"""An administrator looks as a client: sees what the client sees, changes nothing at all, and all of it is written down."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import InternalError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.looking import LONGEST
from helpdesk.accounts.models import Look, Person, SignInAttempt
from helpdesk.core import clock, db
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.notices.models import Notice
from helpdesk.tickets.actions import reply
from tests.access.conftest import BACKEND, concrete, content_of, outcome, patterns
from tests.access.test_posts import wanted
from tests.config.keeping.places import rows

START, END = "/desk/admin/look/", "/desk/admin/look/end/"
MARK, REFUSED = "ничего не меняется", "отправить или изменить здесь ничего нельзя"
MINE = "/portal/mine/"
PORTAL = sorted(text for text in patterns() if text.startswith("/portal/"))
# what lists, forms and pages look like when more is asked of them
MORE = ["/portal/mine/?state=all&sort=-number", "/portal/company/?state=closed", "/portal/search/?q=белая",
        "/portal/search/?q={number}", "/portal/new/?queue={queue}", "/portal/new/fields/?queue={queue}"]  # fmt: skip


@pytest.fixture
def eyes(cast, client):
    """The administrator's browser, looking as Carol, who has something unread."""
    reply(cast.one.pk, by=Actor(cast.alice.pk, Cause.WEB), body=from_plain("Ещё ответ"))
    assert Notice.objects.filter(person=cast.carol, read_at=None).exists()
    client.force_login(cast.admin, backend=BACKEND)
    assert client.post(START, {"client": cast.carol.pk}).url == MINE
    return client


def everything():
    """All rows of all tables."""
    with connection.cursor() as cursor:
        return rows(cursor.connection)


def text_of(answer):
    return content_of(answer).replace("\N{NO-BREAK SPACE}", " ")


def all_places(cast):
    words = {"number": cast.one.number, "queue": cast.errors.pk}
    return [concrete(text, cast) for text in PORTAL] + [text.format(**words) for text in MORE]


def test_every_page_shows_what_the_client_sees_is_marked_and_changes_no_row(cast, eyes):
    own = Client()
    own.force_login(cast.carol, backend=BACKEND)
    before = everything()
    shown = {place: eyes.get(place) for place in all_places(cast)}
    assert everything() == before
    for place, answer in shown.items():
        expected = own.get(place)
        if place == concrete("/portal/drafts/<int:draft_id>/", cast):
            assert (outcome(answer), outcome(expected)) == (404, 200)  # its writer alone sees it
            continue
        assert outcome(answer) == outcome(expected), place
        if answer.status_code == 200 and "<html" in text_of(answer) and not place.endswith("/frame/"):
            assert MARK in text_of(answer) and "Закончить" in text_of(answer), place
            assert "Карол" in text_of(answer) or "Carol" in text_of(answer), place
            assert answer["Cache-Control"].startswith(("private", "max-age=0")), place
        assert MARK not in text_of(expected), place
    assert text_of(eyes.get(concrete("/portal/tickets/<str:number>/files/<int:attachment_id>/<str:name>", cast)))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_every_unsafe_method_of_every_address_is_refused_in_words(cast, eyes, method):
    before = everything()
    for text in PORTAL:
        given = {"data": wanted(cast).get(text, {"body": "Т"})} if method == "post" else {}
        answer = getattr(eyes, method)(concrete(text, cast), **given)
        assert answer.status_code == 403, text
        assert REFUSED in text_of(answer), text
        by_script = getattr(eyes, method)(concrete(text, cast), headers={"HX-Request": "true"}, **given)
        assert by_script.status_code == 403, text
    assert everything() == before


@pytest.mark.parametrize("place", ["/portal/drafts/", "/portal/new/", "/portal/tickets/<str:number>/"])
def test_half_written_texts_are_seen_by_their_writer_alone(cast, eyes, place):
    page = text_of(eyes.get(concrete(place, cast)))
    assert "4512" not in page
    assert 'id="reply"' not in page  # and an answer is not begun


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_tables_are_made_while_looking(cast, eyes, settings, kind):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}
    before = everything()
    answer = eyes.get("/portal/search/", {"format": kind})
    assert answer.status_code == 200 and b"".join(answer.streaming_content if answer.streaming else [answer.content])
    assert everything() == before


def test_a_file_sent_while_looking_is_not_kept(cast, eyes):
    before = everything()
    file = SimpleUploadedFile("b.txt", b"b" * 5_000)
    assert eyes.post("/portal/uploads/k/", {"file": file}).status_code == 403
    assert everything() == before


def test_a_page_that_would_write_is_stopped_by_the_database(db):
    del db
    with pytest.raises(InternalError), transaction.atomic():
        _write_while_reading()


def _write_while_reading():
    with db.reading(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_person SET job = 'x'")


def test_a_page_that_would_write_says_so(cast, eyes, monkeypatch):
    from helpdesk.portal.views import ticket

    real = ticket.look_at

    def writing(actor, found):
        Person.objects.filter(pk=actor.person_id).update(job="x")
        return real(actor, found)

    monkeypatch.setattr(ticket, "look_at", writing)
    answer = eyes.get(f"/portal/tickets/{cast.one.number}/")
    assert answer.status_code == 403
    assert REFUSED in text_of(answer)
    cast.carol.refresh_from_db()
    assert cast.carol.job == ""


def test_it_is_written_down_who_looked_as_whom_from_when_to_when(cast, eyes):
    look = Look.objects.get()
    assert (look.administrator_id, look.client_id, look.ended_at) == (cast.admin.pk, cast.carol.pk, None)
    assert look.until - look.begun_at == LONGEST
    page = text_of(eyes.get(START))
    assert "смотрит сейчас" in page and cast.admin.name in page
    assert eyes.post(END).url == START
    look.refresh_from_db()
    assert look.begun_at <= look.ended_at <= clock.now()
    assert "смотрит сейчас" not in text_of(eyes.get(START))
    assert outcome(eyes.get(MINE)) == "desk"
    assert eyes.post(END).status_code == 302  # a second time changes nothing
    assert Look.objects.get().ended_at == look.ended_at


def test_the_desk_stays_the_administrators_own(cast, eyes):
    page = text_of(eyes.get("/desk/"))
    assert MARK not in page and cast.admin.name in page
    assert eyes.post(f"/desk/tickets/{cast.one.number}/priority/", {"priority": "4"}).status_code == 302
    assert cast.admin.name in text_of(eyes.get("/account/security/"))
    assert outcome(eyes.get("/")) == "desk"


def test_looking_as_another_ends_the_look_before(cast, eyes):
    assert eyes.post(START, {"client": cast.dave.pk, "number": cast.one.number}).url == (
        f"/portal/tickets/{cast.one.number}/"
    )
    first, second = Look.objects.order_by("pk")
    assert (first.ended_at is not None, second.client_id, second.ended_at) == (True, cast.dave.pk, None)
    assert eyes.get(f"/portal/tickets/{cast.one.number}/").status_code == 404  # Dave does not see it


@pytest.mark.parametrize("who", ["alice", "bob", "admin", "contact", "off"])
def test_nobody_but_a_client_is_looked_as(cast, client, who):
    other = accounts.create_person("agent", "Второй Админ", login="admin2", roles=list(cast.admin.roles.all()))
    accounts.deactivate(cast.off)
    client.force_login(other, backend=BACKEND)
    answer = client.post(START, {"client": getattr(cast, who).pk})
    assert answer.status_code == 403
    assert getattr(cast, who).name in text_of(answer)
    assert not Look.objects.exists()
    assert outcome(client.get(MINE)) == "desk"


@pytest.mark.parametrize("client_id", ["", "0", "-1", "x", "9" * 30, "\x00", "999999"])
def test_a_client_that_is_none_is_absent(cast, client, client_id):
    client.force_login(cast.admin, backend=BACKEND)
    assert client.post(START, {"client": client_id, "number": "../x"}).status_code == 404
    assert not Look.objects.exists()


def test_it_ends_after_half_an_hour(cast, eyes):
    look = Look.objects.get()
    Look.objects.update(begun_at=look.begun_at - LONGEST, until=clock.now() - timedelta(seconds=1))
    assert outcome(eyes.get(MINE)) == "desk"
    look.refresh_from_db()
    assert look.ended_at == look.until
    assert outcome(eyes.post("/portal/new/", wanted(cast)["/portal/new/"])) == "desk"


def test_it_ends_when_the_role_is_taken(cast, eyes):
    role = cast.admin.roles.get()
    role.capabilities = []
    role.save()
    assert outcome(eyes.get(MINE)) == "desk"
    assert Look.objects.get().ended_at is not None
    role.capabilities = ["administer"]
    role.save()
    assert outcome(eyes.get(MINE)) == "desk"  # and does not come back


def test_it_ends_with_the_sign_out(cast, eyes):
    sessions = Session.objects.count()
    assert outcome(eyes.post("/logout/")) == "login"
    assert Look.objects.get().ended_at is not None
    assert Session.objects.count() == sessions - 1
    last = SignInAttempt.objects.order_by("-pk").first()
    assert (last.person_id, last.outcome) == (cast.admin.pk, "signed_out")
    assert outcome(eyes.get(MINE)) == "login"


def test_it_ends_when_the_client_is_switched_off_and_when_its_row_is_closed(cast, eyes):
    accounts.deactivate(cast.carol)
    assert outcome(eyes.get(MINE)) == "desk"
    eyes.post(START, {"client": cast.dave.pk})
    assert eyes.get(MINE).status_code == 200
    Look.objects.filter(ended_at=None).update(ended_at=clock.now())
    assert outcome(eyes.get(MINE)) == "desk"


def test_the_clients_own_sessions_stay(cast, eyes):
    own = Client()
    own.force_login(cast.carol, backend=BACKEND)
    eyes.get(MINE)
    eyes.post(END)
    assert own.get(MINE).status_code == 200
    assert MARK not in text_of(own.get(MINE))


def test_a_session_that_names_anothers_look_sees_nothing(cast, eyes):
    other = accounts.create_person("agent", "Второй Админ", login="admin2", roles=list(cast.admin.roles.all()))
    thief = Client()
    thief.force_login(other, backend=BACKEND)
    session = thief.session
    session["looking"] = {"look": Look.objects.get().pk, "end": END}
    session.save()
    assert outcome(thief.get(MINE)) == "desk"


def test_who_does_not_look_pays_nothing(cast, client):
    client.force_login(cast.carol, backend=BACKEND)
    client.get(MINE)
    with CaptureQueriesContext(connection) as caught:
        client.get(MINE)
    assert not [query for query in caught if "look" in query["sql"].lower()]
    assert len(caught) <= 8


def test_a_request_s_page_leads_administrators_to_its_author(cast, client):
    client.force_login(cast.admin, backend=BACKEND)
    page = text_of(client.get(f"/desk/tickets/{cast.one.number}/"))
    assert f"/desk/admin/look/?q=carol&amp;number={cast.one.number}" in page
    found = text_of(client.get(f"/desk/admin/look/?q=carol&number={cast.one.number}"))
    assert cast.carol.name in found and cast.dave.name not in found and "Писал Письмо" not in found
    client.force_login(cast.alice, backend=BACKEND)
    assert "/desk/admin/look/" not in text_of(client.get(f"/desk/tickets/{cast.one.number}/"))
