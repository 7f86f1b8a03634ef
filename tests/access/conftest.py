"""The cast, the addresses and what an answer means, for everything that walks all addresses."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from helpdesk.accounts import actions as accounts
from helpdesk.accounts import chiefs
from helpdesk.accounts.models import Role
from helpdesk.core import clock, files
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.mail import raw
from helpdesk.mail.models import OutgoingLetter, RawLetter
from helpdesk.notices.banners import Wording, announce
from helpdesk.search import saved
from helpdesk.tickets import drafts
from helpdesk.tickets.actions import NewFile, bulk, note, reply, save_view, signature
from helpdesk.tickets.actions.checklist import put_template
from helpdesk.tickets.actions.ready_text import Typed, put_text
from helpdesk.tickets.drafts import Written
from helpdesk.tickets.models import Attachment, Draft, Grant, Right
from tests.factories.shared import undone
from tests.portal.conftest import World

BACKEND = "helpdesk.accounts.backends.LoginOrAddress"
PEOPLE = ["nobody", "carol", "dora", "dave", "alice", "bob", "admin"]
# reader: reads all of Carol's company, writes nothing; off: switched off while signed in; contact: has no sign-in
MORE = ["reader", "off", "contact"]
IN = "login"  # led to the sign-in page
CANARY = "Канарейка"
QUIET = "Молчунья"  # a word of a note's file name


class Cast(World):
    """The portal's world; an agent elsewhere, an administrator, and those who may do less than it seems."""

    def __init__(self):
        super().__init__()
        elsewhere = Role.objects.create(code="elsewhere", name_ru="Э", name_en="E")
        Grant.objects.create(role=elsewhere, queue=self.inbox, right=Right.ANSWER)
        chief = Role.objects.create(code="chief", name_ru="А", name_en="A", capabilities=["administer"])
        Grant.objects.create(role=chief, right=Right.FULL)
        self.bob = accounts.create_person("agent", "Боб Другой", login="bob", roles=[elsewhere])
        self.admin = accounts.create_person("agent", "Админ Главный", login="admin", roles=[chief])
        self.reader = accounts.create_person("client", "Рита Читатель", login="reader", company=self.zarya,
                                             sees="company", writes=False)  # fmt: skip
        self.off = accounts.create_person("client", "Ушла Совсем", login="off", company=self.zarya, sees="company")
        self.carol.memberships.update(is_chief=True)
        self.place = self.dora.memberships.get().pk
        asked = {"name": "Звана Пока", "address": "asked@example.com"}
        self.asked = chiefs.invite(self.zarya.pk, chiefs.Standing(), by=Actor(self.carol.pk), typed=asked).pk
        self.contact = accounts.create_person("contact", "Писал Письмо", address="contact@example.com",
                                              company=self.zarya, sees="company")  # fmt: skip
        ticket = self.ticket(self.carol, attachments=[NewFile(files.store(b"content"), "a.txt")])
        reply(ticket.pk, by=Actor(self.alice.pk, Cause.WEB), body=from_plain("Ответ"))
        hidden = NewFile(files.store(CANARY.encode()), f"{QUIET}.txt")
        note(ticket.pk, by=Actor(self.alice.pk, Cause.WEB), body=from_plain(f"{CANARY} молчит"), attachments=[hidden])
        ticket.refresh_from_db()
        self.one = ticket
        self.banner = announce(Wording("Плановые работы", clock.now(), clock.now() + timedelta(days=1), "Planned works",
                                       "С двадцати часов."), by=Actor(self.admin.pk), key="k").pk  # fmt: skip
        self.ready = put_template(
            None, by=Actor(self.admin.pk), name="24/7", queue_id=self.errors.pk, items=["24"]
        ).pk  # fmt: skip
        greeting = Typed("24/7", "24", self.errors.pk, "24/7", "")
        self.text = put_text(None, by=Actor(self.admin.pk), typed=greeting).pk
        signed = signature.Typed(self.errors.pk, "24/7", "")
        self.signature = signature.put_signature(None, by=Actor(self.admin.pk), typed=signed).pk
        self.saved = saved.save(Actor(self.carol.pk), name="4512", conditions=[saved.Kept("q", "4512", "4512")])
        self.view = save_view(None, by=Actor(self.alice.pk), name="4512", query="priority=5").pk
        self.act = bulk.begin("watch", [ticket.pk], by=Actor(self.alice.pk), values={}, key="many").pk
        ticket.refresh_from_db()
        self.letter = OutgoingLetter.objects.order_by("pk").values_list("pk", flat=True).first()
        self.article = ticket.articles.order_by("seq").first().pk
        stored = raw.keep(b"From: carol@example.com\r\nSubject: a\r\n\r\nb\r\n", at=ticket.created_at)
        RawLetter.objects.filter(pk=stored.row_id).update(article=self.article, state="done")
        self.draft = drafts.save(
            Actor(self.carol.pk, Cause.WEB),
            Written(Draft.Kind.REPLY, "half", {"body": "4512"}, ticket_id=ticket.pk),
        ).id
        self.file = Attachment.objects.order_by("pk").values_list("pk", flat=True).first()

    def enter(self, client, who):
        """Sign somebody in as far as they can be."""
        if who != "nobody":
            client.force_login(getattr(self, who), backend=BACKEND)
        if who == "off":
            accounts.deactivate(self.off)


@pytest.fixture(scope="module")
def _cast(keep):
    return keep(Cast)


@pytest.fixture
def cast(_cast, db):
    return _cast()


def patterns(resolver=None, prefix="/"):
    for entry in (resolver or get_resolver()).url_patterns:
        text = prefix + str(entry.pattern).lstrip("^").rstrip("$")
        if isinstance(entry, URLResolver):
            yield from patterns(entry, text)
        elif isinstance(entry, URLPattern):
            yield text.replace("(?P<uidb36>[0-9A-Za-z]{1,13})", "<uidb36>").replace("(?P<key>[^/]+)", "<key>")


def concrete(text, cast):
    for name, value in {
        "<str:number>": cast.one.number, "<int:attachment_id>": cast.file, "<str:attachment_id>": cast.file, "<str:name>": "a.txt",
        "<int:article_id>": cast.article, "<str:article_id>": cast.article, "<str:token>": "cut",
        "<str:banner_id>": cast.banner, "<str:person_id>": cast.carol.pk, "<str:company_id>": cast.zarya.pk, "<str:slug>": "sign-in", "<str:template_id>": cast.ready, "<str:text_id>": cast.text, "<str:signature_id>": cast.signature,
        "<str:filename>": "a.txt", "<str:form_key>": "k", "<str:letter_id>": cast.letter, "<str:staged_id>": "1",
        "<int:draft_id>": cast.draft, "<int:act_id>": cast.act, "<int:view_id>": cast.view, "<int:saved_id>": cast.saved, "<str:blank_file>": "training.pdf", "<str:code>": "en",
        "<uidb36>": "1", "<key>": "cut", "<str:key>": "cut", "<int:member_id>": cast.place, "<int:invitation_id>": cast.asked,
    }.items():  # fmt: skip
        text = text.replace(name, str(value))
    return text


def outcome(answer):
    """A status, or where it leads: login, desk, portal, home, moved."""
    if answer.status_code not in {301, 302}:
        return answer.status_code
    place = answer.url
    if place.startswith("/login/"):
        return IN
    if place.startswith("/portal/"):
        return "portal"
    return "desk" if place.startswith("/desk/") else "home" if place == "/" else "moved"


def content_of(answer):
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return whole.decode(errors="ignore")


@pytest.fixture(scope="module")
def walked(_cast):
    """`walked(who)` asks for every address once for the whole module: address → (outcome, text) of a GET.

    To be called before the test writes anything. The way out comes last: there is nobody after it.
    """
    found = {}

    def walk(who):
        if who not in found:
            with undone():
                cast, client = _cast(), Client()
                cast.enter(client, who)
                answers = {text: client.get(concrete(text, cast)) for text in sorted(patterns(), key="/logout/".__eq__)}
                found[who] = {text: (outcome(answer), content_of(answer)) for text, answer in answers.items()}
        return found[who]

    return walk
