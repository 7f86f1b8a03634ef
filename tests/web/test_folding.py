"""Templates compiled for each language: the same page as without, in the language of whoever reads."""

import pytest
from django.utils import translation

from helpdesk.web.jinja import environment


@pytest.fixture
def env():
    return environment(autoescape=True)


@pytest.mark.parametrize(("language", "word"), [("ru", "Отправить"), ("en", "Send")])
def test_constants_become_text_of_the_language(env, language, word):
    folded = env.of(language)
    source = '{% autoescape true %}{{ _("Send") }}{{ icon("plus") }}{% endautoescape %}'
    code = folded.compile(source, raw=True)
    assert word in code
    assert "gettext" not in code
    assert "resolve('icon')" not in code
    with translation.override(language):
        assert folded.from_string(source).render() == env.from_string(source).render()


def test_what_depends_on_values_is_asked_when_a_page_is_made(env):
    folded = env.of("ru")
    source = '{{ _("To: %(name)s", name=who) }} {{ icon(picture) }} {{ ngettext("%(num)d file", "%(num)d files", n) }}'
    with translation.override("ru"):
        values = {"who": "<b>", "picture": "plus", "n": 5}
        made = folded.from_string(source).render(values)
        assert made == env.from_string(source).render(values)
    assert "&lt;b&gt;" in made


def test_words_are_escaped_and_signs_kept_as_before(env):
    source = '{{ _("50%% <i>") }}|{{ _("Remove the file “%(name)s”", name="{name}") }}'
    with translation.override("en"):
        assert env.of("en").from_string(source).render() == env.from_string(source).render()


def test_each_reader_gets_the_template_of_their_language(env):
    env.loader = None
    ru, en = env.of("ru"), env.of("en")
    assert ru is not en
    assert env.of("ru") is ru
    assert ru.globals["icon"]("plus") == en.globals["icon"]("plus")
