"""The tool that keeps the catalogues complete."""

import gettext

import pytest

from helpdesk.web import messages

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"
"Language: ru\\n"
"""


@pytest.fixture
def app(tmp_path):
    room = tmp_path / "room"
    (room / "jinja2" / "room").mkdir(parents=True)
    (room / "__init__.py").write_text("")
    (room / "views.py").write_text(
        'from x import _, ngettext\n_("Mine")\nngettext("%(num)d file", "%(num)d files", 3)\n'
    )
    (room / "jinja2" / "room" / "a.html").write_text('{{ _("Hello %(name)s", name=n) }}{{ pgettext("verb", "Open") }}')
    return messages.App(room)


def write(app, text):
    app.po.parent.mkdir(parents=True, exist_ok=True)
    app.po.write_text(PO + text, encoding="utf-8")


GOOD = """
msgid "Mine"
msgstr "В работе у меня"

msgid "Hello %(name)s"
msgstr "Здравствуйте, %(name)s"

msgctxt "verb"
msgid "Open"
msgstr "Открыть"

msgid "%(num)d file"
msgid_plural "%(num)d files"
msgstr[0] "%(num)d файл"
msgstr[1] "%(num)d файла"
msgstr[2] "%(num)d файлов"
"""


def test_extract_finds_python_and_templates(app):
    assert messages.extract(app)
    text = app.po.read_text(encoding="utf-8")
    assert all(part in text for part in ('msgid "Mine"', 'msgid "Hello %(name)s"', 'msgctxt "verb"', "msgstr[2]"))
    assert not messages.extract(app), "a second run changes nothing"


def test_extract_keeps_translations_and_drops_what_is_gone(app):
    write(app, GOOD + '\nmsgid "Gone"\nmsgstr "Нет"\n')
    messages.extract(app)
    text = app.po.read_text(encoding="utf-8")
    assert "В работе у меня" in text
    assert "%(num)d файлов" in text
    assert "Gone" not in text


def test_check_accepts_a_complete_catalogue(app):
    write(app, GOOD)
    assert list(messages.problems(app)) == []


@pytest.mark.parametrize(
    ("old", "new", "flaw"),
    [
        ('msgstr "В работе у меня"', 'msgstr ""', "no Russian translation"),
        ('msgid "Mine"', 'msgid "Other"', "no Russian translation"),
        ('msgstr[2] "%(num)d файлов"', 'msgstr[2] ""', "lacks a plural form"),
        ("Здравствуйте, %(name)s", "Здравствуйте, %(nam)s", "placeholders"),
        ("Здравствуйте, %(name)s", "Здравствуйте", "placeholders"),
        ('msgid "Mine"', '#, fuzzy\nmsgid "Mine"', "fuzzy"),
        ("В работе", "В\u00a0работе", "no-break"),
    ],
)
def test_check_names_each_flaw(app, old, new, flaw):
    write(app, GOOD.replace(old, new))
    (line,) = messages.problems(app)
    assert flaw in line


def test_compile_sets_no_break_spaces_and_skips_what_is_unchanged(app):
    write(app, GOOD)
    assert messages.compile_app(app)
    assert not messages.compile_app(app)
    with app.mo.open("rb") as file:
        known = gettext.GNUTranslations(file)
    assert known.gettext("Mine") == "В\u00a0работе у\u00a0меня"
    assert known.pgettext("verb", "Open") == "Открыть"
    assert [known.ngettext("%(num)d file", "%(num)d files", n) for n in (1, 2, 5)] == [
        "%(num)d\u00a0файл",
        "%(num)d\u00a0файла",
        "%(num)d\u00a0файлов",
    ]


def test_own_catalogue_is_complete():
    (web,) = [app for app in messages.apps() if app.folder.name == "web"]
    assert list(messages.problems(web)) == []


def test_two_apps_may_not_translate_one_text_differently(app, tmp_path):
    write(app, GOOD)
    other = messages.App(tmp_path / "other")
    write(other, GOOD.replace("В работе у меня", "Мои"))
    (line,) = messages.conflicts([app, other])
    assert "'Mine'" in line
    assert list(messages.conflicts([app, app])) == []
