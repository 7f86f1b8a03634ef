"""The macros as a browser and a screen reader get them."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.template import engines
from django.utils import translation
from jinja2.exceptions import UndefinedError
from markupsafe import Markup

from helpdesk.core import clock

NOW = datetime(2026, 11, 25, 7, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"), clock.stopped(NOW):
        yield


def show(source, **context):
    return _env().from_string(source).render(**context)


def _env():
    from django.template.backends.jinja2 import Jinja2

    return next(engine.env for engine in engines.all() if isinstance(engine, Jinja2))


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def one(self, tag, **wanted):
        (found,) = [a for t, a in self.found if t == tag and all(a.get(k.rstrip("_")) == v for k, v in wanted.items())]
        return found


def test_field_with_error_is_marked_and_described():
    tags = Tags(
        show(
            '{% from "web/parts/field.html" import input_field %}{{ input_field("subject", "Subject", "<x>", hint="one line", error="empty") }}'
        )
    )
    control = tags.one("input", name="subject")
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"] == "subject-error subject-hint"
    assert control["value"] == "<x>"
    assert tags.one("label", for_="subject")
    assert {a["id"] for _, a in tags.found if "id" in a} == {
        "subject",
        "subject-label",
        "subject-error",
        "subject-hint",
    }


def test_field_without_error_is_not():
    control = Tags(
        show('{% from "web/parts/field.html" import input_field %}{{ input_field("subject", "Subject") }}')
    ).one("input")
    assert "aria-invalid" not in control
    assert "aria-describedby" not in control


def test_passwords_are_never_written_back():
    html = show(
        '{% from "web/parts/field.html" import input_field %}{{ input_field("password", "Password", "secret", type="password") }}'
    )
    assert "secret" not in html


def test_select_marks_the_chosen_one_as_text():
    html = show(
        '{% from "web/parts/field.html" import select_field %}{{ select_field("q", "Queue", [(1, "A"), ("more", [(2, "B")])], "2") }}'
    )
    assert '<option value="2" selected>B</option>' in html
    assert html.count("selected") == 1
    assert '<optgroup label="more">' in html


def test_strip_is_a_fieldset_of_radios_with_numbers_said():
    html = show(
        '{% from "web/parts/field.html" import strip_field %}{{ strip_field("priority", "Priority", [(3, "Normal"), (4, "High")], "4", urgent_from=4, warning_title="W") }}'
    )
    tags = Tags(html)
    assert tags.one("input", value="4").keys() >= {"checked"}
    assert "strip--urgent" in html
    assert 'High<span class="vh">&nbsp;– 4</span>' in html
    assert "<legend" in html


def test_error_summary_is_an_alert_that_links_to_fields():
    html = show(
        '{% from "web/parts/message.html" import error_summary %}{{ error_summary("Not sent", [("subject", "Empty"), ("", "Late")]) }}{{ error_summary("x", []) }}'
    )
    tags = Tags(html)
    assert tags.one("div", role="alert")["tabindex"] == "-1"
    assert tags.one("a")["href"] == "#subject"
    assert html.count("banner--bad") == 1
    assert "autofocus" not in html


def test_the_first_wrong_field_takes_the_focus_and_what_belongs_to_no_field_the_summary():
    summary = '{% from "web/parts/message.html" import error_summary %}{{ error_summary("Not sent", [("", "Late")]) }}'
    assert "autofocus" in Tags(show(summary)).one("div", role="alert")
    field = '{% from "web/parts/field.html" import input_field %}{{ input_field("a", "A", error=e) }}'
    assert "autofocus" in Tags(show(field, e="Empty")).one("input", name="a")
    assert "autofocus" not in show(field, e="")


def test_pictures_are_silent_or_named():
    html = show('{{ icon("mail") }}{{ icon("mail", "by <mail>") }}{{ icon("no-such") }}')
    assert 'aria-hidden="true"' in html
    assert 'aria-label="by &lt;mail&gt;"' in html
    assert "#i-circle-dot" in html


def test_names_with_markup_are_text():
    evil = "<script>alert(1)</script>"
    html = show(
        '{% from "web/parts/thread.html" import article %}{% from "web/parts/marks.html" import person, chip, badge %}'
        '{% from "web/parts/files.html" import attachment, file_line %}'
        '{{ article("client", e, e, none, e, plain=True, folded=e) }}{{ person(e) }}{{ chip(e, e, "#") }}{{ badge(e, "new") }}'
        "{{ attachment(e, '/x', 5) }}{{ file_line(e, 5, token=e) }}",
        e=evil,
    )
    assert "<script" not in html


def test_article_of_a_note_says_who_does_not_see_it():
    html = show(
        '{% from "web/parts/thread.html" import article %}{{ article("note", "Anna", at=at, body="x") }}',
        at=NOW - timedelta(days=1),
    )
    assert "Internal note · hidden from the client" in html
    assert '<time datetime="2026-11-24T07:12:00Z" title="24' in html
    assert ">yesterday, 10:12</time>" in html


def test_composer_buttons_name_what_they_do():
    tags = Tags(show('{% from "web/parts/composer.html" import composer %}{{ composer(mode="note") }}'))
    buttons = [a["value"] for t, a in tags.found if t == "button" and a.get("name") == "kind"]
    assert buttons == ["answer", "note"]
    assert tags.one("label", for_="body")


def test_composer_without_the_right_to_answer_has_one_button():
    html = show('{% from "web/parts/composer.html" import composer %}{{ composer(may_answer=False) }}')
    assert 'value="answer"' not in html
    assert "composer--note" in html


def test_pager_names_the_current_page_and_its_neighbours():
    html = show(
        '{% from "web/parts/list.html" import pager %}{{ pager(6, 41, "?a=1&page={page}") }}{{ pager(1, 1, "?") }}'
    )
    assert '<span aria-current="page">6</span>' in html
    assert 'href="?a=1&amp;page=5" rel="prev"' in html
    assert html.count("…") == 2
    assert html.count("<nav") == 1


def test_file_field_works_without_script_and_keeps_staged_files():
    html = show(
        '{% from "web/parts/files.html" import file_field %}{{ file_field("Files", staged=[{"name": "a.pdf", "size": 5, "token": "t1"}], max_mb=25) }}'
    )
    tags = Tags(html)
    assert "multiple" in tags.one("input", type="file", name="attachments")
    assert tags.one("input", type="hidden", name="staged")["value"] == "t1"
    assert 'name="add_file"' in html
    assert tags.one("button", name="unstage")["value"] == "t1"


def test_what_is_missing_may_be_tested_but_not_printed():
    assert show("{% if x %}1{% else %}0{% endif %}{{ x or 2 }}{% if d.y %}3{% endif %}", d={}) == "02"
    with pytest.raises(UndefinedError):
        show("{{ x }}")
    with pytest.raises(UndefinedError):
        show("{% for a in x %}{% endfor %}")


def test_texts_escape_their_values():
    assert show('{{ _("Remove the file “%(name)s”", name="<b>") }}') == "Remove the file “&lt;b&gt;”"


def test_found_words_are_marked_whatever_the_yo():
    assert show('{{ "Перерасчёт <b>"|marked(["перерасчет"]) }}') == "<mark>Перерасчёт</mark> &lt;b&gt;"


def test_kept_marks_do_not_confuse_text_with_markup():
    source = '{% from "web/parts/marks.html" import badge %}{{ badge(a, "new") }}{{ badge(b, "new") }}'
    html = show(source, a=Markup("<b>x</b>"), b="<b>x</b>")
    assert html.count("<b>x</b>") == 1
    assert html.count("&lt;b&gt;x&lt;/b&gt;") == 1
