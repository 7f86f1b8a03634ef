"""Every address of the desk × everybody who might ask."""

from datetime import timedelta

import pytest
from django.urls import get_resolver

from helpdesk.core import clock, files
from helpdesk.core.richtext import from_plain
from helpdesk.desk import addresses
from helpdesk.desk.urls import urlpatterns
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.banners import Wording, announce
from helpdesk.tickets import drafts, holding, shared_drafts
from helpdesk.tickets.actions import NewFile, add_items, bulk, merge, note, save_view
from helpdesk.tickets.actions.checklist import put_template
from helpdesk.tickets.actions.ready_text import Typed, put_text
from helpdesk.tickets.actions.signature import Typed as SignatureTyped
from helpdesk.tickets.actions.signature import put_signature
from helpdesk.tickets.drafts import Written
from helpdesk.tickets.models import Draft
from tests.desk.conftest import address, plain

CAST = ["nobody", "carol", "alice", "bob", "rita", "ada"]
LOGIN, HERE, ABSENT, REFUSED, DONE, WRONG = 302, 200, 404, 403, 302, 422
# address → what nobody, Carol (client), Alice (in the queue), Bob (elsewhere), Rita (reads), Ada (administers) get
GET = {
    "/desk/": [LOGIN, ABSENT, HERE, HERE, HERE, HERE],
    "/desk/queues/": [LOGIN, ABSENT, HERE, HERE, HERE, HERE],
    "/desk/search/": [LOGIN, ABSENT, HERE, HERE, HERE, HERE],
    "/desk/fresh/": [LOGIN, ABSENT, HERE, HERE, HERE, HERE],
    "/desk/views/": [LOGIN, ABSENT, HERE, HERE, HERE, HERE],
    "/desk/views/VIEW/": [LOGIN, ABSENT, HERE, ABSENT, ABSENT, ABSENT],
    "/desk/bulk/ACT/": [LOGIN, ABSENT, HERE, ABSENT, ABSENT, ABSENT],
    "/desk/drafts/": [LOGIN, ABSENT, HERE, HERE, HERE, HERE],
    "/desk/drafts/HELD/waits/": [LOGIN, ABSENT, 204, ABSENT, ABSENT, ABSENT],
    "/desk/drafts/DRAFT/": [LOGIN, ABSENT, HERE, ABSENT, REFUSED, HERE],  # shared with those who write there
    "/desk/conditions/": [LOGIN, ABSENT, HERE, HERE, HERE, HERE],
    "/desk/new/": [LOGIN, ABSENT, HERE, HERE, REFUSED, HERE],
    "/desk/new/fields/": [LOGIN, ABSENT, HERE, HERE, HERE, HERE],
    "/desk/admin/": [LOGIN, ABSENT, ABSENT, ABSENT, ABSENT, HERE],
    "/desk/admin/check/": [LOGIN, ABSENT, ABSENT, ABSENT, ABSENT, HERE],
    "/desk/admin/look/": [LOGIN, ABSENT, ABSENT, ABSENT, ABSENT, HERE],
    "/desk/admin/banners/": [LOGIN, ABSENT, ABSENT, ABSENT, ABSENT, HERE],
    "/desk/admin/banners/new/": [LOGIN, ABSENT, ABSENT, ABSENT, ABSENT, HERE],
    "/desk/admin/banners/BANNER/": [LOGIN, ABSENT, ABSENT, ABSENT, ABSENT, HERE],
    "/desk/admin/parked/": [LOGIN, ABSENT, ABSENT, ABSENT, ABSENT, HERE],
    "/desk/admin/outbox/": [LOGIN, ABSENT, ABSENT, ABSENT, ABSENT, HERE],
    "/desk/admin/outbox/LETTER/": [LOGIN, ABSENT, ABSENT, ABSENT, ABSENT, HERE],
    "/desk/tickets/NUMBER/": [LOGIN, ABSENT, HERE, ABSENT, HERE, HERE],
    "/desk/tickets/NUMBER/news/": [LOGIN, ABSENT, HERE, ABSENT, HERE, HERE],
    "/desk/tickets/NUMBER/history/": [LOGIN, ABSENT, HERE, ABSENT, HERE, HERE],
    "/desk/tickets/NUMBER/client/": [LOGIN, ABSENT, HERE, ABSENT, REFUSED, HERE],
    "/desk/tickets/NUMBER/link/": [LOGIN, ABSENT, HERE, ABSENT, REFUSED, HERE],
    "/desk/tickets/NUMBER/merge/": [LOGIN, ABSENT, HERE, ABSENT, REFUSED, HERE],
    "/desk/tickets/NUMBER/split/": [LOGIN, ABSENT, HERE, ABSENT, REFUSED, HERE],
    "/desk/tickets/NUMBER/pass/": [LOGIN, ABSENT, HERE, ABSENT, REFUSED, HERE],
    # whom everybody writes for; the requests on them are the reader's own sight
    "/desk/people/CLIENT/": [LOGIN, ABSENT, HERE, HERE, HERE, HERE],
    "/desk/companies/COMPANY/": [LOGIN, ABSENT, HERE, HERE, HERE, HERE],
    # bob looks after those of his own queue
    "/desk/signatures/": [LOGIN, ABSENT, HERE, HERE, REFUSED, HERE],
    "/desk/signatures/new/": [LOGIN, ABSENT, HERE, HERE, REFUSED, HERE],
    "/desk/signatures/SIGNATURE/": [LOGIN, ABSENT, HERE, ABSENT, ABSENT, HERE],
    "/desk/texts/": [LOGIN, ABSENT, HERE, HERE, REFUSED, HERE],
    "/desk/texts/new/": [LOGIN, ABSENT, HERE, HERE, REFUSED, HERE],
    "/desk/texts/TEXT/": [LOGIN, ABSENT, HERE, ABSENT, ABSENT, HERE],
    "/desk/tickets/NUMBER/texts/": [LOGIN, ABSENT, HERE, ABSENT, REFUSED, HERE],
    "/desk/checklists/": [LOGIN, ABSENT, HERE, HERE, REFUSED, HERE],
    "/desk/checklists/new/": [LOGIN, ABSENT, HERE, HERE, REFUSED, HERE],
    "/desk/checklists/LIST/": [LOGIN, ABSENT, HERE, ABSENT, ABSENT, HERE],
    # no letter: it was written here
    "/desk/tickets/NUMBER/letters/ARTICLE/": [LOGIN, *[ABSENT] * 5],
    "/desk/tickets/NUMBER/letters/ARTICLE/frame/": [LOGIN, *[ABSENT] * 5],
    "/desk/tickets/NUMBER/files/FILE/a.txt": [LOGIN, ABSENT, HERE, ABSENT, HERE, HERE],
}
POST = {
    "/desk/density/": ({"density": "comfortable"}, [LOGIN, ABSENT, DONE, DONE, DONE, DONE]),
    "/desk/bulk/": ({"do": "watch", "ticket": "NUMBER"}, [LOGIN, ABSENT, DONE, DONE, DONE, DONE]),
    "/desk/bulk/ACT/undo/": ({}, [LOGIN, ABSENT, DONE, ABSENT, ABSENT, ABSENT]),
    "/desk/drafts/save/?ticket=NUMBER": (
        {"body": "Начато", "form_key": "d"},
        [LOGIN, ABSENT, HERE, HERE, HERE, HERE],
    ),
    "/desk/drafts/DRAFT/discard/": ({}, [LOGIN, ABSENT, DONE, ABSENT, ABSENT, ABSENT]),
    "/desk/drafts/DRAFT/back/": ({}, [LOGIN, ABSENT, DONE, ABSENT, ABSENT, ABSENT]),
    "/desk/drafts/HELD/cancel/": ({}, [LOGIN, ABSENT, DONE, ABSENT, ABSENT, ABSENT]),
    "/desk/drafts/HELD/now/": ({}, [LOGIN, ABSENT, DONE, ABSENT, ABSENT, ABSENT]),
    "/desk/drafts/DRAFT/share/": ({"off": "1"}, [LOGIN, ABSENT, DONE, ABSENT, ABSENT, ABSENT]),
    "/desk/drafts/DRAFT/take/": ({}, [LOGIN, ABSENT, ABSENT, ABSENT, REFUSED, DONE]),
    "/desk/shape/": ({"list": "/desk/?priority=5", "show": "owner"}, [LOGIN, ABSENT, DONE, DONE, DONE, DONE]),
    "/desk/views/new/": ({"list": "/desk/?priority=5", "name": "Срочные"}, [LOGIN, ABSENT, DONE, DONE, DONE, DONE]),
    "/desk/queues/own/": ({"queue": "ERRORS", "own": "1"}, [LOGIN, ABSENT, DONE, ABSENT, DONE, DONE]),
    "/desk/admin/look/": ({"client": "CLIENT"}, [LOGIN, ABSENT, ABSENT, ABSENT, ABSENT, DONE]),
    "/desk/admin/look/end/": ({}, [LOGIN, ABSENT, ABSENT, ABSENT, ABSENT, DONE]),
    "/desk/uploads/?form_key=k": ({"file": "FILE"}, [LOGIN, ABSENT, HERE, HERE, HERE, HERE]),
    "/desk/uploads/1/drop/": ({"form_key": "k"}, [LOGIN, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT]),
    "/desk/new/": ({}, [LOGIN, ABSENT, WRONG, WRONG, REFUSED, WRONG]),
    "/desk/tickets/NUMBER/": (
        {"body": "Ответ", "checked": "answering"},
        [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE],
    ),
    "/desk/tickets/NUMBER/state/": ({"state": "open"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/here/": ({"writing": "answer"}, [LOGIN, ABSENT, HERE, ABSENT, HERE, HERE]),
    "/desk/tickets/NUMBER/take/": ({}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/owner/": ({"owner": ""}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/responsible/": ({"responsible": ""}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/queue/": ({"queue": "ADVICE"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/priority/": ({"priority": "4"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/category/": ({"category": ""}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/due/": ({"due_at": ""}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/type/": ({"type": ""}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/subject/": ({"subject": "Другая"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/tags/": ({"tags": "тарифы, льготы"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/lock/": ({}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/unlock/": ({}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/watch/": ({}, [LOGIN, ABSENT, DONE, ABSENT, DONE, DONE]),
    "/desk/tickets/NUMBER/unwatch/": ({}, [LOGIN, ABSENT, DONE, ABSENT, DONE, DONE]),
    "/desk/tickets/NUMBER/remove/": ({"why": "spam"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/back/": ({}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/undo/": ({"event": "2"}, [LOGIN, *[ABSENT] * 5]),
    "/desk/tickets/NUMBER/client/": ({"client": "CLIENT"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/link/": ({"to": "SECOND", "kind": "normal"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/unlink/": ({"to": "BESIDE", "kind": "normal"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/merge/": ({"into": "SECOND"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/unmerge/": ({"part": "PART"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/split/": (
        {"article": "NOTE", "subject": "Новая", "queue": "ADVICE"},
        [LOGIN, ABSENT, WRONG, ABSENT, REFUSED, WRONG],
    ),  # a note alone
    "/desk/tickets/NUMBER/pass/": (
        {"queue": "ADVICE", "body": "Передали"},
        [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE],
    ),
    "/desk/tickets/NUMBER/checklist/": ({"items": "Раз"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/tick/": ({"item": "ITEM", "done": "1"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/tickets/NUMBER/strike/": ({"item": "ITEM"}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
    "/desk/people/CLIENT/": ({"text": "Звонить", "seen": "0"}, [LOGIN, ABSENT, DONE, DONE, REFUSED, DONE]),
    "/desk/companies/COMPANY/": ({"text": "Звонить", "seen": "0"}, [LOGIN, ABSENT, DONE, DONE, REFUSED, DONE]),
    "/desk/signatures/new/": (
        {"queue": "ADVICE", "text_ru": "Т"},
        [LOGIN, ABSENT, DONE, REFUSED, REFUSED, DONE],
    ),
    "/desk/signatures/SIGNATURE/": (
        {"queue": "QUEUE", "text_ru": "Т"},
        [LOGIN, ABSENT, DONE, ABSENT, ABSENT, DONE],
    ),
    "/desk/texts/new/": (
        {"name": "Т", "queue": "QUEUE", "text_ru": "Т"},
        [LOGIN, ABSENT, DONE, REFUSED, REFUSED, DONE],
    ),
    "/desk/texts/TEXT/": ({"name": "Т", "queue": "QUEUE", "text_ru": "Т"}, [LOGIN, ABSENT, DONE, ABSENT, ABSENT, DONE]),
    "/desk/tickets/NUMBER/texts/": ({"body": "Т"}, [LOGIN, ABSENT, HERE, ABSENT, REFUSED, HERE]),
    "/desk/checklists/new/": (
        {"name": "Моё", "queue": "QUEUE", "items": "Раз"},
        [LOGIN, ABSENT, DONE, REFUSED, REFUSED, DONE],
    ),
    "/desk/checklists/LIST/": (
        {"name": "Моё", "queue": "QUEUE", "items": "Раз"},
        [LOGIN, ABSENT, DONE, ABSENT, ABSENT, DONE],
    ),
    "/desk/tickets/NUMBER/close/": ({}, [LOGIN, ABSENT, DONE, ABSENT, REFUSED, DONE]),
}


@pytest.fixture(scope="module")
def _filled(keep, _world):
    def fill():
        world = _world()
        ticket, second, part = (world.ticket() for _ in range(3))
        merge(part.pk, by=world.by(world.alice), into_id=ticket.pk)
        add_items(ticket.pk, by=world.by(world.alice), texts=["Раз"])
        ready = put_template(None, by=world.by(world.alice), name="Перенос", queue_id=world.errors.pk, items=["Раз"])
        text = put_text(
            None, by=world.by(world.alice), typed=Typed("Сверка", "сверка", world.errors.pk, "{greeting}", "")
        )
        sign = put_signature(None, by=world.by(world.alice), typed=SignatureTyped(world.errors.pk, "{agent}", ""))
        file = [NewFile(files.store(b"file"), "a.txt")]
        article = note(ticket.pk, by=world.by(world.alice), body=from_plain("см. файл"), attachments=file)
        words = Wording("Работы", clock.now(), clock.now() + timedelta(days=1), "Works", "С двадцати часов.")
        banner = announce(words, by=world.by(world.ada), key="k")
        letter = OutgoingLetter.objects.order_by("-pk").first()
        written = Written(Draft.Kind.REPLY, "d", {"body": "Начато"}, ticket_id=ticket.pk)
        draft_id = drafts.save(world.by(world.alice), written).id
        shared_drafts.share(world.by(world.alice), draft_id)
        waiting = Written(Draft.Kind.REPLY, "h", {"body": "Позже"}, ticket_id=ticket.pk)
        held = holding.hold(
            ticket.pk, by=world.by(world.alice), written=waiting, body=from_plain("Позже"),
            send_at=clock.now() + timedelta(days=1), is_timed=True,
        )  # fmt: skip
        return {
            "HELD": str(held.pk), "DRAFT": str(draft_id), "NUMBER": ticket.number, "FILE": str(article.attachments.get().pk), "ADVICE": str(world.advice.pk), "ERRORS": str(world.errors.pk),
            "LETTER": str(letter.pk), "CLIENT": str(world.carol.pk), "COMPANY": str(world.zarya.pk), "ARTICLE": str(article.pk), "BANNER": str(banner.pk),
            "VIEW": str(save_view(None, by=world.by(world.alice), name="Мой", query="priority=5").pk),
            "ACT": str(bulk.begin("watch", [second.pk], by=world.by(world.alice), values={}, key="k").pk),
            "SECOND": second.number, "BESIDE": str(second.pk), "PART": str(part.pk),
            "NOTE": str(article.pk), "ITEM": str(ticket.checklist.get().pk), "LIST": str(ready.pk), "TEXT": str(text.pk), "SIGNATURE": str(sign.pk), "QUEUE": str(world.errors.pk),
        }  # fmt: skip

    return keep(fill)


@pytest.fixture
def filled(_filled, db):
    return _filled()


def put_in(text, filled):
    for name, value in filled.items():
        text = text.replace(name, value)
    return text


def ask(client, world, who, method, path, data=None):
    if who != "nobody":
        client.force_login(getattr(world, who), backend="helpdesk.accounts.backends.LoginOrAddress")
    else:
        client.logout()
    return getattr(client, method)(path, data or {})


@pytest.mark.parametrize("path", GET)
def test_reading(world, filled, client, path):
    for who, expected in zip(CAST, GET[path], strict=True):
        answer = ask(client, world, who, "get", put_in(path, filled))
        assert answer.status_code == expected, (path, who)
        if expected == LOGIN:
            assert answer.headers["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("path", POST)
@pytest.mark.parametrize("who", CAST)
def test_doing(world, filled, client, path, who):
    from django.core.files.uploadedfile import SimpleUploadedFile

    data, results = POST[path]
    data = {name: put_in(value, filled) for name, value in data.items()}
    if "file" in data:
        data = {"file": SimpleUploadedFile("a.txt", b"x")}
    answer = ask(client, world, who, "post", put_in(path, filled), data)
    expected = results[CAST.index(who)]
    assert answer.status_code == expected, (path, who, answer.content[:500])
    if expected == REFUSED:
        assert "у вас нет прав" in plain(answer)


def test_every_address_stands_in_a_table(db):
    known = {path.split("?")[0].replace("HELD", "DRAFT") for path in [*GET, *POST]}
    for pattern in urlpatterns:
        shown = "/desk/" + str(pattern.pattern)
        for placeholder, name in [
            ("<str:number>", "NUMBER"), ("<int:act_id>", "ACT"), ("<int:view_id>", "VIEW"), ("<str:attachment_id>", "FILE"), ("<str:filename>", "a.txt"),
            ("<str:letter_id>", "LETTER"), ("<str:banner_id>", "BANNER"), ("<str:article_id>", "ARTICLE"), ("<str:staged_id>", "1"),
            ("<str:template_id>", "LIST"), ("<str:text_id>", "TEXT"), ("<int:draft_id>", "DRAFT"), ("<str:person_id>", "CLIENT"),
            ("<str:signature_id>", "SIGNATURE"),
            ("<str:company_id>", "COMPANY"),
        ]:  # fmt: skip
            shown = shown.replace(placeholder, name)
        assert shown in known, f"{shown} has no row in this table"


def test_addresses_built_by_hand_are_those_of_the_urls():
    resolver = get_resolver()
    for path in (
        addresses.HOME, addresses.QUEUES, addresses.SEARCH, addresses.CONDITIONS, addresses.DENSITY, addresses.NEW,
        addresses.NEW_FIELDS, addresses.UPLOADS, addresses.ADMIN, addresses.OUTBOX, addresses.of_ticket("100001"),
        addresses.of_ticket("100001", "history"), addresses.of_file("100001", 5, "счёт / №1.pdf"),
    ):  # fmt: skip
        assert resolver.resolve(path).app_name == "desk"


def test_page_offers_only_what_one_may(world, as_):
    ticket = world.ticket()
    page = as_(world.rita).get(address(ticket)).content.decode()
    for absent in (
        'name="body"',
        "/take/",
        "/state/",
        "/owner/",
        "/queue/",
        "/priority/",
        "/category/",
        "/due/",
        "/close/",
        "/subject/",
        "/tags/",
        "/lock/",
        "/remove/",
        "/client/",
        "/link/",
        "/merge/",
        "/split/",
        "/pass/",
        "/checklist/",
    ):
        assert absent not in page
    page = as_(world.alice).get(address(ticket)).content.decode()
    for present in (
        'name="body"',
        "/take/",
        "/state/",
        "/owner/",
        "/queue/",
        "/priority/",
        "/category/",
        "/due/",
        "/close/",
        "/subject/",
        "/tags/",
        "/lock/",
        "/watch/",
        "/remove/",
        "/client/",
        "/link/",
        "/merge/",
        "/split/",
        "/pass/",
        "/checklist/",
    ):
        assert present in page


def test_canary_of_another_queue_is_nowhere(world, as_):
    ticket = world.ticket(queue=world.cash, subject="КАНАРЕЙКА-касса", text="КАНАРЕЙКА-касса")
    note(ticket.pk, by=world.by(world.bob), body=from_plain("КАНАРЕЙКА-касса"))
    seen = world.ticket()
    client = as_(world.alice)
    for path in [
        "/desk/", "/desk/?view=all", "/desk/search/?q=КАНАРЕЙКА-касса", f"/desk/search/?q={ticket.number}",
        f"/desk/?queue={world.cash.pk}&view=all", address(seen), f"/desk/?view=all&company={world.zarya.pk}",
    ]:  # fmt: skip
        page = client.get(path)
        text = page.content.decode().replace("q=%D0%9A", "").replace('value="КАНАРЕЙКА-касса"', "")
        assert "КАНАРЕЙКА-касса" not in text, path
        assert f"/desk/tickets/{ticket.number}/" not in text, path
    assert client.get(f"/desk/tickets/{ticket.number}/").status_code == 404
    assert client.get("/desk/").content.decode().count("Кассовое") == 0
