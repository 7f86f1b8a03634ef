"""The guide for clients: the same pages as the help, pictures that exist and are small, labels that the product has."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import helpdesk
from helpdesk.demo import content
from helpdesk.knowledge import guide, shipped
from helpdesk.tickets.models import Priority, State

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "ru"
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
LABEL = re.compile("«([^»]+)»")
MOST = 150_000  # bytes


def labels():
    """All Russian texts of the product, and the names of its recipients, categories, states and priorities."""
    found = set()
    for path in Path(helpdesk.__file__).parent.glob("*/locale/ru/LC_MESSAGES/django.po"):
        for message in read_po(path.open("rb"), locale="ru"):
            texts = message.string if isinstance(message.string, tuple) else [message.string]
            found.update(texts)
    found.update(queue.name_ru for queue in content.QUEUES)
    for state in State.objects.all():
        found.update({state.name_ru, state.client_name_ru})
    found.update(priority.name_ru for priority in Priority.objects.all())
    return {text.replace("\u00a0", " ") for text in found} | CLIENTS_NAMES


CLIENTS_NAMES = {"Получена", "В работе"}  # of states, as the demo world calls them for clients


@pytest.mark.django_db
def test_every_label_in_quotation_marks_is_one_of_the_product():
    known = labels()
    assert len(known) > 500
    missing = {
        (path.name, label)
        for path in sorted(GUIDE.glob("*.md"))
        for label in LABEL.findall(path.read_text(encoding="utf-8"))
        if label not in known and f"{label}…" not in known
    }
    assert missing == set()


def test_the_guide_is_made_of_the_pages_of_help():
    written = {path.name: path.read_text(encoding="utf-8") for path in GUIDE.glob("*.md")}
    assert written == guide.files(), "python -m helpdesk.knowledge.guide docs/ru"


def test_pictures_exist_are_named_and_small():
    named = set()
    for path in GUIDE.glob("*.md"):
        for words, place in PICTURE.findall(path.read_text(encoding="utf-8")):
            assert words and place.startswith("pictures/"), (path.name, place)
            named.add(GUIDE / place)
    kept = set((GUIDE / "pictures").iterdir())
    assert named == kept and len(named) >= 8
    for picture in kept:
        assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n" and picture.stat().st_size <= MOST, picture


def test_every_topic_of_the_source_has_its_page():
    """R8–R21 and who may begin (R10), as a client meets them."""
    text = {slug: shipped.source(slug, "ru") for slug in shipped.SLUGS}
    for slug, words in {
        "sign-in": ["логин и пароль", "Служба сопровождения"],
        "tabs": ["«Новая заявка»", "«Мои заявки»", "«Заявки компании»", "«Поиск»"],
        "recipients": [f"«{queue.name_ru}»" for queue in content.QUEUES if queue.client_chooses],
        "wording": ["агента", "номер счёта", "период", "ФИО льготника", "Ctrl", "сверке платежей", "шапк"],
        "blanks": ["«Обучение»", "«Заявка на доступ/закрытие к БО/ХД»"],
        "new-request": ["«Отправить»", "Одна заявка — один вопрос", "заранее", "автоматический ответ"],
        "my-requests": ["любая сторона", "обращение абонента", "на общую почту", "объявлением"],
        "drafts": ["«Продолжить»", "«Сделать новой заявкой»", "«Удалить»"],
        "answer": ["«Ответить»", "«Следующее состояние»", "«Выполнена»", "«Закрыта»", "«На уточнении»"],
        "states": ["автозакрытия", "через сутки"],
    }.items():
        assert [word for word in words if word not in text[slug]] == [], slug
