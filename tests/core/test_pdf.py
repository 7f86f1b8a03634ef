"""Documents: what stands in the data stays text, and nothing takes longer than it may."""

import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.core import pdf
from tests.factories import sizes

SIGNS = "абвёЁЯ №«»—…₽ abcXYZ 0123 \n\t #$*_`@<>\\[](){}=-+/~\"'%&|^:;,.!?"
PLAIN = {"title": "Документ", "language": "ru"}


@pytest.fixture
def template(tmp_path):
    def write(source):
        path = tmp_path / "document.typ"
        path.write_text(source, encoding="utf-8")
        return path

    return write


def words(content):
    """The document's words, without what parts them."""
    read = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return "".join(read.replace("\u200b", "").split())


def test_a_document_holds_its_texts_and_knows_its_title_and_language(template):
    made = pdf.render(
        template("= #data.title\n#facts(data.facts)\n#lines(data.text)"),
        PLAIN | {"facts": [["Получатель", "Консультация"]], "text": "Раз\nДва", "foot": "Стр"},
    )
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert reader.metadata.title == "Документ"
    assert reader.trailer["/Root"]["/Lang"] == "ru"
    assert "ДокументПолучательКонсультацияРазДва" in words(made)


@given(st.lists(st.text(SIGNS, min_size=1, max_size=60), min_size=20, max_size=20))
@settings(max_examples=sizes.examples(3))
def test_whatever_stands_in_the_data_is_set_as_text(texts):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "document.typ"
        path.write_text("#for text in data.texts [ #par(lines(text)) #par[¶] ]", encoding="utf-8")
        made = words(pdf.render(path, PLAIN | {"texts": texts}))
    for text in texts:
        assert "".join(text.split()) in made


HOSTILE = [
    '#read("/etc/passwd")',
    '#import "@preview/a:1.0.0"',
    "$ x",
    "#sys.inputs",
    "*a",
    "\\",
    '"',
    "= a",
    "@a",
    "<a>",
]


@pytest.mark.parametrize("place", ["title", "foot"])
def test_markup_in_the_data_is_text(template, place):
    """Each as a paragraph that begins with it, and all of them where a document has one line."""
    source = template("#data.title #for text in data.texts [ #par(lines(text)) #par[¶] ]")
    read = words(pdf.render(source, PLAIN | {"texts": HOSTILE, "foot": "", place: " ".join(HOSTILE)}))
    bare = ["".join(text.split()) for text in HOSTILE]
    assert [text for text in bare if f"{text}¶" not in read] == []
    assert "".join(bare) in read


def test_signs_are_set_one_by_one(template):
    """A quotation mark and two angle brackets would share a sign of the font, and be read as the same."""
    written = ["»", "a>>b", "«", "a<<b", "a->b<-c"]
    made = pdf.render(template("#for text in data.texts [ #par(lines(text)) ]"), PLAIN | {"texts": written})
    assert "".join(written) in words(made)


def test_a_template_reads_no_file_and_no_package(template):
    for source in ('#read("/etc/passwd")', '#read("../../../etc/passwd")', '#import "@preview/cetz:0.2.0": *'):
        with pytest.raises(pdf.Failed) as failed:
            pdf.render(template(source), PLAIN)
        assert failed.value.code == "refused"


def test_a_document_that_takes_too_long_ends(template):
    with pytest.raises(pdf.Failed) as failed:
        pdf.render(template("#let n = 0\n#while true { n = calc.rem(n + 1, 7); if n > 9 { break } }"), PLAIN, seconds=1)
    assert failed.value.code in {"too_long", "refused"}


def test_whoever_comes_while_others_are_made_waits_and_then_is_told(template):
    with pdf._AT_ONCE, pytest.raises(pdf.Failed) as failed:
        pdf.render(template("a"), PLAIN, seconds=0.02)
    assert failed.value.code == "busy"
    assert pdf.render(template("a"), PLAIN)


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_printable_data_can_travel_and_break(value):
    kept = pdf.printable(value)
    json.dumps(kept, ensure_ascii=False).encode()
    if isinstance(value, str):
        assert not [run for run in kept.replace("\u200b", " ").split() if len(run) >= 80]


def test_printable_keeps_lines_and_drops_what_has_no_sign():
    assert pdf.printable("a\x00b\nc\td\x85\ud800") == "ab\nc\td"
    assert pdf.printable("x" * 70) == "x" * 30 + "\u200b" + "x" * 30 + "\u200b" + "x" * 10
