import pytest

from helpdesk.web.filenames import file_name, file_names


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("отчёт.xlsx", "отчёт", ".xlsx"), ("Акт 01.2026.pdf", "Акт 01.2026", ".pdf"), ("a.tar.gz", "a.tar", ".gz"),
        ("опись.дбф", "опись", ".дбф"), ("<b>.txt", "&lt;b&gt;", ".txt"),
    ],
)  # fmt: skip
def test_the_ending_of_a_name_stands_in_one_piece(name, start, end):
    assert file_name(name) == f'<span>{start}</span><span class="nowrap">{end}</span>'


@pytest.mark.parametrize("name", ["README", ".htaccess", "ул. Ленина", "x.", "a.очень-длинное", "", "x.слишкомдолго"])
def test_a_name_without_an_ending_stands_as_it_is(name):
    assert file_name(name) == name


def test_several_names_stand_in_a_line():
    assert file_names(["a.b", "<"]) == '<span>a</span><span class="nowrap">.b</span>, &lt;'
