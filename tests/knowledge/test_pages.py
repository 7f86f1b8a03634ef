"""Pages of help: what is shipped, what an administrator puts over it, and what becomes of their Markdown."""

import re

import pytest

from helpdesk.core import clock
from helpdesk.knowledge import markdown, queries, shipped
from helpdesk.knowledge.models import Page

LINK = re.compile(r"\]\(([a-z0-9-]+)\.md")


def written(slug, **more):
    values = {"title_ru": "Своё", "body_ru": "Свой *текст*.", "changed_at": clock.now()} | more
    return Page.objects.create(slug=slug, **values)


@pytest.mark.parametrize("language", shipped.LANGUAGES)
@pytest.mark.parametrize("slug", shipped.SLUGS)
def test_every_shipped_page_has_a_title_a_text_and_links_to_pages_that_exist(slug, language):
    text = shipped.source(slug, language)
    title, body = shipped.parts(text)
    assert title and len(body) > 200
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert set(LINK.findall(text)) <= set(shipped.SLUGS)
    assert not re.search("[А-Яа-яЁё]", text) if language == "en" else True


def test_files_and_slugs_are_the_same():
    for language in shipped.LANGUAGES:
        folder = shipped._FOLDER / language
        assert {path.stem for path in folder.glob("*.md")} == set(shipped.SLUGS)
    assert shipped.source("../ru/tabs", "ru") == shipped.source("tabs", "de") == ""


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("[Ответ](answer.md)", '<p><a href="/h/answer/" rel="noopener">Ответ</a></p>'),
        ("[сюда](states.md#if)", '<p><a href="/h/states/#if" rel="noopener">сюда</a></p>'),
        ("![Снимок](pictures/a.png)\n\nТекст", "<p>Текст</p>"),
        ("До ![Снимок](a.png) после", "<p>До  после</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](data:text/html,1)", '<p>[x](data:text/html,1)</p>'),
        ("| а | б |\n| --- | --- |\n| 1 | 2 |", "<table>"),
    ],
)  # fmt: skip
def test_markdown_becomes_harmless_html(text, made):
    html = markdown.html(text, "/h/").strip()
    assert html.startswith(made) if made == "<table>" else html == made


@pytest.mark.django_db
def test_an_administrator_s_page_stands_over_the_shipped_one():
    usual = [topic.slug for topic in queries.topics("ru")]
    assert usual == list(shipped.SLUGS)
    written("tabs")
    written("holidays", title_ru="Праздники", position=1)
    written("last", title_ru="Последнее")
    written("blanks", inactive_at=clock.now())
    found = {topic.slug: topic for topic in queries.topics("ru")}
    assert [*found] == ["sign-in", "holidays", *(s for s in usual[1:] if s != "blanks"), "last"]
    assert found["tabs"].title == "Своё"
    assert found["tabs"].html("/") == "<p>Свой <em>текст</em>.</p>\n"


@pytest.mark.django_db
def test_english_is_read_where_it_is_written(django_assert_num_queries):
    written("tabs")
    written("states", title_en="States", body_en="Text.")
    with django_assert_num_queries(1):
        found = {topic.slug: topic for topic in queries.topics("en")}
    assert (found["tabs"].title, found["states"].title, found["search"].title) == ("Своё", "States", "Search")
