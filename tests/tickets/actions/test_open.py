from datetime import timedelta

import pytest

from helpdesk.accounts import actions as accounts
from helpdesk.core import clock, files
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.db import entry
from helpdesk.core.errors import Conflict, Invalid, NotAllowed
from helpdesk.core.richtext import from_editor, from_plain
from helpdesk.tickets import actions
from helpdesk.tickets.actions import AutoAnswer, NewFile
from helpdesk.tickets.models import Channel, Right, Ticket
from tests.factories import (
    AgentFactory,
    CategoryFactory,
    ClientFactory,
    CompanyFactory,
    ContactFactory,
    IntakeFieldFactory,
    RoleFactory,
    actor_of,
    grant,
    open_request,
)

pytestmark = pytest.mark.django_db


def opens(person, queue, subject="Тема", text="Текст", cause=Cause.WEB, **options):
    with entry():
        return actions.open_ticket(
            by=actor_of(person, cause), queue_id=queue.pk, subject=subject, body=from_plain(text), **options
        )


def test_a_request_is_registered_with_its_article_history_and_news(cast, news):
    at = clock.now() - timedelta(hours=1)
    article = opens(cast.carol, cast.queue, "  Не сходится\n сальдо ", priority=4, at=at)
    ticket = Ticket.objects.get()
    assert (ticket.number, ticket.subject, ticket.state_id, ticket.phase, ticket.waits_for) == (
        "100001", "Не сходится сальдо", "new", "open", "desk",
    )  # fmt: skip
    assert (ticket.company, ticket.author, ticket.owner, ticket.priority_id) == (cast.company, cast.carol, None, 4)
    assert (ticket.created_at, ticket.last_client_at, ticket.last_agent_at, ticket.first_answer_at) == (
        at,
        at,
        None,
        None,
    )
    assert (ticket.articles_count, ticket.last_visible_seq, ticket.snippet) == (1, 1, "Текст")
    assert (article.sender, article.channel, article.visible_to_client, article.text) == (
        "client",
        "web",
        True,
        "Текст",
    )
    assert list(ticket.events.values_list("seq", "verb", "cause", "actor", "new", "article")) == [
        (1, "opened", "web", cast.carol.pk, {"queue": cast.queue.pk, "priority": 4}, article.pk)
    ]
    assert news.brief == [("article", "client", True, "opened", False)]


def test_the_automatic_answer_names_the_number_and_is_the_desks(cast, news):
    cast.queue.auto_reply_ru = "Заявка № {number} принята"
    cast.queue.save()
    opens(cast.carol, cast.queue)
    ticket = Ticket.objects.get()
    answer = ticket.articles.get(seq=2)
    assert (answer.text, answer.sender, answer.author) == ("Заявка № 100\u202f001 принята", "system", None)
    assert list(ticket.events.order_by("seq").values_list("verb", "actor", "cause")) == [
        ("opened", cast.carol.pk, "web"), ("auto_answered", None, "automation"),
    ]  # fmt: skip
    assert (ticket.waits_for, ticket.snippet, ticket.first_answer_at) == ("desk", "Текст", None)
    assert news.brief[1:] == [("article", "system", True, "auto_answered", True)]
    opens(cast.carol, cast.queue, auto_answer=AutoAnswer.NONE)
    assert Ticket.objects.latest("pk").articles_count == 1


def test_the_same_form_makes_one_request(cast, news):
    first = opens(cast.carol, cast.queue, once="key")
    assert opens(cast.carol, cast.queue, once="key") == first
    assert len(news.events) == Ticket.objects.count() == 1


@pytest.mark.parametrize("other", ["fields", "period", "priority", "category", "company", "file", "file added"])
def test_a_copy_that_differs_in_anything_typed_is_another_request(cast, other):
    for key, kind in (("account", "text"), ("months", "period")):
        IntakeFieldFactory(queue=cast.queue, key=key, kind=kind)
    second_company = CompanyFactory()
    accounts.join(cast.carol, second_company, {"sees": "own", "writes": True, "is_chief": False})
    values = {"account": "77", "months": "2026-05", "months.to": ""}
    sent = {"values": values, "priority": 3, "category_id": None, "company_id": cast.company.pk,
            "attachments": [NewFile(files.store(b"1"), "a.txt")]}  # fmt: skip
    opens(cast.carol, cast.queue, once="1", **sent)
    changed = {
        "fields": {"values": values | {"account": "78"}},
        "period": {"values": values | {"months.to": "2026-06"}},
        "priority": {"priority": 4},
        "category": {"category_id": CategoryFactory().pk},
        "company": {"company_id": second_company.pk},
        "file": {"attachments": [NewFile(files.store(b"2"), "a.txt")]},
        "file added": {"attachments": [*sent["attachments"], NewFile(files.store(b"2"), "b.txt")]},
    }[other]
    opens(cast.carol, cast.queue, once="2", **sent | changed)
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("how", ["as it was", "without its files", "with empty fields"])
def test_a_true_copy_is_stopped(cast, how):
    IntakeFieldFactory(queue=cast.queue, key="account")
    sent = {"values": {"account": "77"}, "priority": 4, "attachments": [NewFile(files.store(b"1"), "a.txt")]}
    opens(cast.carol, cast.queue, once="1", **sent)
    changed = {
        "as it was": {},
        "without its files": {"attachments": []},
        "with empty fields": {"values": {"account": " 77 ", "free": ""}},
    }[how]
    with pytest.raises(Conflict) as refused:
        opens(cast.carol, cast.queue, once="2", **sent | changed)
    assert refused.value.code == "sent_already"
    assert opens(cast.carol, cast.queue, once="3", again=True, **sent | changed).ticket != Ticket.objects.earliest("pk")


def test_files_and_fields_come_with_it(cast):
    IntakeFieldFactory(queue=cast.queue, key="account")
    article = opens(
        cast.carol, cast.queue, values={"account": "77"}, attachments=[NewFile(files.store(b"1"), "../a.txt")]
    )
    assert article.ticket.fields == {"account": {"value": "77", "version": 1}}
    assert [(f.filename, f.size, f.position) for f in article.attachments.all()] == [("a.txt", 1, 0)]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"subject": " \u200b"}, "subject", "empty"),
        ({"subject": "я" * 201}, "subject", "too_long"),
        ({"text": " \n"}, "body", "empty"),
        ({"text": "я" * 1_000_001}, "body", "too_long"),
        ({"priority": 1}, "priority", "not_offered"),
        ({"priority": 6}, "priority", "not_offered"),
        ({"category_id": 10**6}, "category", "unknown_category"),
        ({"company_id": 10**6}, "company", "not_a_member"),
        ({"author_id": 10**6}, "author", "unknown_person"),
    ],
)
def test_what_cannot_be_accepted_is_a_problem_and_nothing_is_written(cast, news, change, field, code):
    with pytest.raises(Invalid) as refused:
        opens(cast.carol, cast.queue, once="key", **change)
    assert [(p.field, p.code) for p in refused.value.problems] == [(field, code)]
    assert not Ticket.objects.exists()
    assert news.events == []
    assert opens(cast.carol, cast.queue, once="key").ticket.number == "100001"  # the form's key and number are free


def test_who_may_open(cast):
    contact = ContactFactory()
    colleague = ClientFactory(company=cast.company, writes=False)
    hidden = type(cast.queue).objects.create(key="hidden", path="/9/", client_chooses=False, name_ru="h", name_en="h")
    reader = AgentFactory(roles=[role := RoleFactory()])
    grant(role, cast.queue, Right.READ, Right.ANSWER)
    for person, queue in ((contact, cast.queue), (colleague, cast.queue), (cast.carol, hidden), (reader, cast.queue),
                          (cast.bob, cast.queue)):  # fmt: skip
        with pytest.raises(NotAllowed, match="open"):
            opens(person, queue)
    with pytest.raises(NotAllowed, match="open"):
        opens(cast.carol, cast.queue, author_id=cast.dora.pk)
    cast.queue.inactive_at = clock.now()
    cast.queue.save()
    with pytest.raises(NotAllowed, match="open"):
        opens(cast.carol, cast.queue)


def test_a_letter_of_a_contact_opens_where_the_mailbox_says(cast):
    hidden = type(cast.queue).objects.create(key="inbox", path="/9/", client_chooses=False, name_ru="h", name_en="h")
    article = opens(ContactFactory(), hidden, "", "", cause=Cause.MAIL, channel=Channel.MAIL)
    assert (article.ticket.company, article.channel) == (None, "mail")


def test_an_agent_opens_on_behalf_of_a_client(cast):
    category = CategoryFactory()
    article = opens(cast.alice, cast.queue, author_id=cast.dave.pk, priority=1, category_id=category.pk,
                    channel=Channel.PHONE)  # fmt: skip
    ticket = article.ticket
    assert (ticket.author, ticket.company, ticket.category, ticket.channel) == (
        cast.dave,
        cast.other,
        category,
        "phone",
    )
    assert (article.sender, article.author) == ("client", cast.dave)
    assert ticket.events.get().actor == cast.alice


def test_markup_of_a_text_is_cleaned(cast):
    with entry():
        article = actions.open_ticket(by=Actor(cast.carol.pk), queue_id=cast.queue.pk, subject="<b>x</b>",
                                      body=from_editor("<p>да<script>alert(1)</script></p>"))  # fmt: skip
    assert "script" not in article.html
    assert article.text == "да"
    assert article.ticket.subject == "<b>x</b>"
    assert open_request(cast.carol, cast.queue, "a\x00b\ud800c").subject == "a bc".replace(" ", " ").replace(
        "a b", "ab"
    )
