"""The demo world's content holds together: names exist, states add up, files open, Russian is typeset."""

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random
from xml.etree import ElementTree as ET

import pytest

from helpdesk.demo.content import AGENTS, CATEGORIES, CLIENTS, COMPANIES, CONVERSATIONS, QUEUES, placeholders
from helpdesk.demo.content.attachments import GENERATORS, build
from helpdesk.demo.content.people import CONTRACT_LOGINS, address_of
from helpdesk.demo.content.queues import ACCOUNT
from helpdesk.tickets.fields import definitions, rules
from helpdesk.tickets.models import IntakeField
from tests.factories.every import every

STATES = {
    "new",
    "open",
    "review",
    "clarify",
    "rework",
    "reminder",
    "done",
    "autoclose",
    "closed",
    "closed_unsolved",
    "removed",
}
CLIENT_CHOICES = {"done", "closed", "rework"}
RECIPIENTS = [
    "Консультация",
    "Обмен данными",
    "Ошибка",
    "Нововведение",
    "Обучение",
    "Заявка на доступ/закрытие к БО/ХД",
    "Изменение данных",
    "Кабинет Абонента",
    "Кассовое ПО",
    "Интернет-эквайринг",
]
FIELD_KEYS = {
    "account",
    "agent",
    "address",
    "topic",
    "period",
    "benefit_holder",
    "benefit_id",
    "error_code",
    "page",
    "steps",
    "purpose",
    "wanted_by",
    "register",
    "blank",
}
AUTOCLOSE = "Заявка выполнена и ожидает автозакрытия."

each_conversation = every(CONVERSATIONS, name=lambda conversation: conversation.key)
each_queue = pytest.mark.parametrize("queue", QUEUES, ids=lambda q: q.key)


def state_after(conversation):
    """The state the messages lead to by the rules of the contract."""
    state = "new"
    for message in conversation.messages:
        if message.state:
            state = message.state
        elif message.who == "agent" and state == "new":
            state = "open"
        elif message.who in {"client", "colleague", "client_mail"} and state in {"done", "autoclose", "closed"}:
            state = "rework"
    return state


def texts_of(conversation):
    return [conversation.subject, *conversation.fields.values(), *(m.said for m in conversation.messages)]


def filled(rng):
    person = rng.choice(CLIENTS)
    company = next(c for c in COMPANIES if c.key == person.company)
    return placeholders.values(rng, at=date(2026, 3, 31), company=company, client=person)


def test_size_of_the_world():
    assert len(COMPANIES) == 12
    assert len(CLIENTS) == 60
    assert len(AGENTS) == 9
    assert len(QUEUES) == 12
    assert len(CONVERSATIONS) >= 45
    assert len(CATEGORIES) >= 25


@pytest.mark.parametrize(
    "keys",
    [
        [c.key for c in COMPANIES],
        [q.key for q in QUEUES],
        [c.key for c in CATEGORIES],
        [c.key for c in CONVERSATIONS],
        [c.subject for c in CONVERSATIONS],
        [p.login for p in (*CLIENTS, *AGENTS)],
        [p.name for p in (*CLIENTS, *AGENTS)],
        [address_of(p) for p in (*CLIENTS, *AGENTS)],
    ],
)
def test_keys_are_unique(keys):
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_contract_people():
    people = {p.login: p for p in (*CLIENTS, *AGENTS)}
    assert people.keys() >= CONTRACT_LOGINS
    assert [people[login].company for login in ("client1", "client2", "client3")] == ["zarya", "zarya", "berezka"]
    assert people["client1"].chief
    assert people["client1"].sees == "company"
    assert people["agent3"].queues == ("cash",)
    assert "lead" in people["lead"].roles
    assert people["admin"].roles == ("admin",)
    assert {address_of(people[login]) for login in CONTRACT_LOGINS} == {
        f"{login}@example.com" for login in CONTRACT_LOGINS
    }


def test_every_company_has_people_and_a_chief():
    keys = {company.key for company in COMPANIES}
    assert {person.company for person in CLIENTS} == keys
    assert {person.company for person in CLIENTS if person.chief} == keys
    assert all(len([p for p in CLIENTS if p.company == key]) >= 2 for key in keys)


def test_logins_and_domains_are_plain():
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", person.login) for person in (*CLIENTS, *AGENTS))
    assert all(re.fullmatch(r"[a-z0-9-]+\.example", company.domain) for company in COMPANIES)


def test_queues_are_those_of_the_contract():
    chosen = [queue.name_ru for queue in sorted(QUEUES, key=lambda q: q.position) if queue.client_chooses]
    assert chosen == RECIPIENTS
    assert [queue.name_ru for queue in QUEUES if not queue.client_chooses] == ["Входящая почта", "Обращения абонентов"]
    known = {queue.key for queue in QUEUES}
    assert all(set(agent.queues) <= known for agent in AGENTS)
    assert {key for agent in AGENTS for key in agent.queues} == known


@each_queue
def test_queue_is_complete_in_both_languages(queue):
    assert 3 <= len(queue.guidance_ru) <= 4
    assert len(queue.guidance_ru) == len(queue.guidance_en)
    assert all((queue.purpose_ru, queue.purpose_en, queue.name_en))
    assert "5" in queue.auto_reply_ru.format(number="5")
    assert "5" in queue.auto_reply_en.format(number="5")


# what the requirement wants written beside the form (R12), by the recipient's key: in Russian and in English
GUIDANCE = {
    "consultation": [
        ("«шапку» страницы", "heading of the billing page"), ("Назовите период", "Name the period"),
        ("ФИО льготника и его идентификатор", "holder's name and identifier"),
        ("что вы сделали перед тем", "what you did before"),
    ],
    "exchange": [("Без файла сверку не начать", "A check cannot begin without it"), ("файл-запрос или файл-ответ", "request or answer file")],
    "error": [
        ("код и текст ошибки", "code and text of the error"), ("Опишите шаги", "Describe the steps"),
        ("выберите получателя «Консультация»", "choose the recipient “Advice”"),
    ],
    "feature": [("просите заранее", "ask well ahead")],
    "training": [("Скачайте бланк заявки на обучение", "Download the training form")],
    "access": [("Скачайте бланк в этой форме", "Download the blank from this form")],
    "changes": [("с правами «Администратор»", "with administrator's rights")],
    "cabinet": [("лицевой счёт и почту абонента", "the account and the address")],
    "cash": [("номер кассы и версию PyKasso", "the cash desk and PyKasso's version")],
    "acquiring": [("лицевой счёт, дату, время и сумму", "account, date, time and amount")],
}  # fmt: skip
WITHOUT_HEADING = {"training", "access"}  # about people, whom a blank names


@pytest.mark.parametrize("queue", [one for one in QUEUES if one.client_chooses], ids=lambda one: one.key)
def test_a_recipients_guidance_says_what_the_requirement_wants(queue):
    for ru, en in GUIDANCE[queue.key]:
        assert [ru in line for line in queue.guidance_ru].count(True) == 1, ru
        assert [en in line for line in queue.guidance_en].count(True) == 1, en
    for heading in (queue.example_ru, queue.example_en):
        assert (heading.count(" · ") >= 3) == (queue.key not in WITHOUT_HEADING)
    needed = {one.key for one in queue.fields if one.required or one.required_when}
    if queue.key in {"consultation", "exchange", "error", "changes"}:
        assert needed >= {"period", "benefit_holder", "benefit_id", "register"}
    assert ("blank" in needed) == (queue.key in WITHOUT_HEADING)


def test_each_rule_for_answers_to_closed_requests_can_be_met():
    assert {one.follow_up for one in QUEUES if one.client_chooses} == {"reopen", "new", "refuse"}
    rules_of = {one.key: one.follow_up for one in QUEUES}
    for conversation in CONVERSATIONS:  # all of them go on in one request
        if rules_of[conversation.queue] != "reopen":
            for place, message in enumerate(conversation.messages):
                before = state_after(replace(conversation, messages=conversation.messages[:place]))
                assert not (before == "closed" and message.who in {"client", "colleague", "client_mail"})


def rows_of(queue):
    """The queue's fields as the tables hold them, unsaved."""
    return [
        IntakeField(
            key=one.key, kind=one.kind, label_ru=one.label_ru, label_en=one.label_en, required=one.required,
            choices=[list(choice) for choice in one.choices], blank=one.blank, instead=one.instead,
            instead_ru=one.instead_ru, instead_en=one.instead_en, pattern=one.pattern,
            pattern_hint_ru=one.pattern_hint_ru, pattern_hint_en=one.pattern_hint_en, bounds=dict(one.bounds), **{
                name: {"field": when[0], "in": list(when[1])} if (when := getattr(one, name)) else {}
                for name in ("shown_when", "required_when")
            },
        )
        for one in queue.fields
    ]  # fmt: skip


@each_queue
def test_queue_fields(queue):
    keys = [field.key for field in queue.fields]
    assert {"account", "agent", "address"} <= set(keys) <= FIELD_KEYS
    assert len(keys) == len(set(keys))
    rows = rows_of(queue)
    assert [definitions.flaws(row, [other for other in rows if other is not row]) for row in rows] == [[]] * len(rows)


@pytest.mark.parametrize(
    ("typed", "fits"),
    [("4500123871", True), ("4500 123 871", True), ("ЛС 4500-123-871", True), ("12", True), ("А-17/2", True),
     ("4500123871, 4500123872", True), ("нет", False)],
)  # fmt: skip
def test_an_account_is_taken_as_people_write_it(typed, fits):
    field = IntakeField(kind="text", pattern=ACCOUNT.pattern, pattern_hint_ru=ACCOUNT.pattern_hint_ru)
    if fits:
        assert rules.canonical(field, typed)
        return
    with pytest.raises(rules.Unacceptable) as refused:
        rules.canonical(field, typed)
    assert "номер цифрами" in refused.value.details["expected"]["ru"]


@pytest.mark.parametrize("key", ["consultation", "exchange", "error", "changes"])
@pytest.mark.parametrize(
    ("topic", "needed"),
    [
        ("charges", {"period"}),
        ("recalculation", {"period"}),
        ("benefits", {"benefit_holder", "benefit_id"}),
        ("reconciliation", {"register"}),
        ("benefit_exchange", {"register"}),
        ("other", set()),
        ("", set()),
    ],
)
def test_the_topic_says_what_is_needed(key, topic, needed):
    (queue,) = (queue for queue in QUEUES if queue.key == key)
    stand = rules.standing(rows_of(queue), {"topic": topic})
    always = set() if key == "error" else {"topic"}  # an error may be about none of these
    assert {key for key, one in stand.items() if one.required} == always | needed


@each_conversation
def test_what_is_opened_through_a_form_satisfies_it(conversation):
    (queue,) = (queue for queue in QUEUES if queue.key == conversation.queue)
    values = {key: text.format(**filled(Random(1))) for key, text in conversation.fields.items()}
    files = [rules.Sent(name) for name in conversation.messages[0].files]
    if conversation.channel != "mail":
        assert rules.take(rows_of(queue), values, files, today=date(2026, 3, 31))[1] == []


def test_fields_of_the_contract_all_occur():
    assert {field.key for queue in QUEUES for field in queue.fields} == FIELD_KEYS


def test_every_field_is_filled_somewhere_as_people_fill_it():
    """A demo without a benefit holder would show no client what becomes of one."""
    filled_in = Counter(key for one in CONVERSATIONS for key, text in one.fields.items() if text.strip())
    files = {field.key for queue in QUEUES for field in queue.fields if field.kind == "file"}
    assert {key for key in FIELD_KEYS - files if not filled_in[key]} == set()
    benefits = [one for one in CONVERSATIONS if one.fields.get("topic") == "benefits"]
    assert len(benefits) >= 3
    for one in benefits:
        assert one.fields["benefit_holder"] and one.fields["benefit_id"], one.key


def test_category_parents_come_before_their_children():
    seen = {""}
    for category in CATEGORIES:
        assert category.parent in seen
        seen.add(category.key)


def test_every_queue_has_conversations_and_endings_differ():
    assert {c.queue for c in CONVERSATIONS} == {q.key for q in QUEUES}
    assert {c.final_state for c in CONVERSATIONS} == STATES
    assert {c.channel for c in CONVERSATIONS} == {"web", "mail", "phone"}
    assert set(GENERATORS) == {name for c in CONVERSATIONS for m in c.messages for name in m.files}


@each_conversation
def test_conversation_names_what_exists(conversation):
    queue = next(q for q in QUEUES if q.key == conversation.queue)
    fields = {field.key: field for field in queue.fields}
    assert conversation.category in {category.key for category in CATEGORIES}
    assert set(conversation.fields) <= set(fields)
    assert conversation.priority in range(1, 6)
    assert 1 <= len(conversation.messages) <= 8
    for key, value in conversation.fields.items():
        if fields[key].kind == "choice":
            assert value in {choice[0] for choice in fields[key].choices}
    for message in conversation.messages:
        assert {*message.files, *filter(None, [message.picture])} <= set(GENERATORS)
        assert bool(message.text) != bool(message.html)
        assert message.state is None or message.state in STATES


@each_conversation
def test_conversation_goes_as_people_may(conversation):
    first, *rest = conversation.messages
    assert first.after_hours == 0
    assert first.who == ("client_mail" if conversation.channel == "mail" else "client")
    assert first.state is None
    assert all(message.after_hours > 0 for message in rest)
    for message in conversation.messages:
        if message.who in {"client", "colleague"}:
            assert message.state is None or message.state in CLIENT_CHOICES
        if message.who == "client_mail":
            assert message.state is None
        assert (message.state == "reminder") == (message.pending_hours is not None)
        assert message.state not in {"autoclose", "removed", "clarify", "review"} or message.who in {"agent", "note"}


@each_conversation
def test_client_sends_back_only_what_was_done_and_in_time(conversation):
    for place, message in enumerate(conversation.messages[1:], 1):
        before = state_after(replace(conversation, messages=conversation.messages[:place]))
        if message.state == "rework" and message.who in {"client", "colleague"}:
            assert before in {"done", "autoclose", "closed"}
        if before == "autoclose":
            assert message.after_hours < 24


@each_conversation
def test_final_state_follows_from_the_messages(conversation):
    reached = state_after(conversation)
    assert conversation.final_state == reached or (conversation.final_state, reached) == ("closed", "autoclose")


@each_conversation
def test_autoclose_is_announced(conversation):
    for message in conversation.messages:
        if message.state == "autoclose":
            assert message.said.endswith(AUTOCLOSE)
        else:
            assert AUTOCLOSE not in message.said


@each_conversation
def test_placeholders_are_known_and_fill(conversation):
    values = filled(Random(1))
    for text in texts_of(conversation):
        assert set(re.findall(r"\{(\w*)\}", text)) <= placeholders.KEYS
        assert not re.search(r"[{}]", text.format(**values))
        assert ".." not in text.format(**values)
    assert len(conversation.subject.format(**values)) <= 120


def test_values_cover_the_keys_and_repeat_by_seed():
    assert filled(Random(7)).keys() == placeholders.KEYS
    assert filled(Random(7)) == filled(Random(7))


def test_values_are_relative_to_the_day():
    values = filled(Random(3))
    assert values["period"] == "февраль 2026"
    assert values["period_iso"] == "2026-02"
    assert (values["of_month"], values["in_month"], values["this_of_month"]) == ("февраля", "феврале", "марта")
    assert (values["today"], values["yesterday"], values["in_week"]) == ("31 марта", "30 марта", "7 апреля")
    assert re.fullmatch(r"\d{10}", values["account"])
    assert placeholders.month_before(date(2026, 1, 15)) == date(2025, 12, 1)
    assert placeholders.money(128_460) == "1\u00a0284,60"


def test_people_are_addressed_and_sign():
    marina = next(person for person in CLIENTS if person.login == "client1")
    assert marina.polite == "Марина Викторовна"
    assert marina.signature == "Соколова М. В."


def russian_texts():
    for queue in QUEUES:
        yield from (queue.name_ru, queue.purpose_ru, *queue.guidance_ru, queue.auto_reply_ru)
        yield from (text for f in queue.fields for text in (f.label_ru, f.help_ru, *(c[1] for c in f.choices)))
    for conversation in CONVERSATIONS:
        yield from texts_of(conversation)
    yield from (company.name for company in COMPANIES)
    yield from (person.job for person in (*CLIENTS, *AGENTS))


def test_russian_typography():
    for text in russian_texts():
        assert '"' not in text, text
        assert "..." not in text, text
        assert " - " not in text, text
        assert not re.search(r"  | [,.;:!?)»]|« |[ \n]$|^[ \n]", text), text
        assert not re.search(r"№\d|\d[₽%]|\d%", text), text
        assert text.count("«") == text.count("»"), text
        assert not re.search(r"[А-Яа-яё][A-Za-z]|[A-Za-z][А-Яа-яё]", text), f"mixed alphabets: {text}"


def test_no_registry_or_real_domain_in_texts():
    for conversation in CONVERSATIONS:
        for text in texts_of(conversation):
            assert all(domain.endswith(".example") for domain in re.findall(r"@([\w.-]+\w)", text))


@pytest.mark.parametrize("name", sorted(GENERATORS))
def test_file_is_small_repeats_and_is_what_it_says(name):
    filename, content_type, content = build(name, Random(11))
    assert build(name, Random(11)) == (filename, content_type, content)
    assert 0 < len(content) < 20_000
    assert not re.search(r'[/\\:*?"<>|]', filename)
    CHECKS[content_type](content)


def check_zip(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {"[Content_Types].xml", "_rels/.rels"} <= set(archive.namelist())
        for name in archive.namelist():
            ET.fromstring(archive.read(name))


def check_png(content):
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    place, pixels, size = 8, b"", (0, 0)
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind, body = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        assert struct.unpack(">I", content[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            size = struct.unpack(">II", body[:8])
        pixels += body if kind == b"IDAT" else b""
        place += 12 + length
    assert 200 <= size[0] <= 400
    assert len(zlib.decompress(pixels)) == size[1] * (1 + 3 * size[0])


def check_pdf(content):
    assert content.startswith(b"%PDF-1.4\n")
    assert content.endswith(b"%%EOF\n")
    table = int(re.search(rb"startxref\n(\d+)", content).group(1))
    assert content[table:].startswith(b"xref\n0 6\n")
    for number, offset in enumerate(re.findall(rb"(\d{10}) 00000 n ", content), 1):
        assert content[int(offset) :].startswith(b"%d 0 obj\n" % number)
    length, stream = re.search(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", content, re.DOTALL).groups()
    assert int(length) == len(stream)


def check_text(content):
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251")
    assert re.search(r"[А-Яа-я]", text)


CHECKS = {
    "text/csv": check_text,
    "text/plain": check_text,
    "application/pdf": check_pdf,
    "image/png": check_png,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": check_zip,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": check_zip,
}


def test_a_register_comes_in_the_encoding_of_its_name():
    cp1251 = build("register_bank", Random(5))[2]
    with pytest.raises(UnicodeDecodeError):
        cp1251.decode("utf-8")
    assert build("register_bank_utf8", Random(5))[2].startswith(b"\xef\xbb\xbf")


def test_unknown_file_is_refused():
    with pytest.raises(KeyError):
        build("nothing", Random(1))
