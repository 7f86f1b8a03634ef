"""Whether a blank is filled in, told by its words: a word processor writes every octet anew."""

import io
import re
import zipfile
import zlib

import pypdf
import pytest
from pypdf.annotations import FreeText

from helpdesk.core import files
from helpdesk.tickets.blanks import BLANKS, forms, is_untouched, reading

DOCX = [blank.path("docx") for blank in BLANKS.values()]
BODY = "word/document.xml"


@pytest.fixture(autouse=True)
def _files(own_files):
    pass


def rewritten(content, change=lambda xml: xml, **more):
    """As a word processor saves it: other order, other parts, the same words in other runs."""
    whole = zipfile.ZipFile(io.BytesIO(content))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("docProps/app.xml", "<Properties><Application>Microsoft Office Word</Application></Properties>")
        made.writestr("docProps/thumbnail.jpeg", b"\xff\xd8")
        made.writestr("word/theme/theme1.xml", "<a/>")
        for name in reversed(whole.namelist()):
            body = whole.read(name).decode()
            if name == BODY:
                split = r'<w:t>\1</w:t></w:r><w:r w:rsidR="1"><w:t xml:space="preserve"> '
                body = re.sub(r"<w:t [^>]*>(\w+) (?=\w)", split, change(body))
            made.writestr(name, body)
        for name, part in more.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), part)
    return out.getvalue()


def untouched(content):
    return is_untouched(files.store(content))


@pytest.mark.parametrize("path", DOCX, ids=lambda path: path.stem)
def test_a_blank_saved_again_unfilled_is_untouched(path):
    again = rewritten(path.read_bytes())
    assert again != path.read_bytes()
    assert untouched(again) and untouched(path.read_bytes())


@pytest.mark.parametrize("path", DOCX, ids=lambda path: path.stem)
def test_a_blank_whose_hints_alone_were_taken_out_is_untouched(path):
    assert untouched(rewritten(path.read_bytes(), lambda xml: xml.replace("Впишите здесь", " ")))


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace("Впишите здесь", "УК Заря", 1),
        lambda xml: xml.replace("☐", "☒", 1),
        lambda xml: xml.replace("</w:body>", "<w:p><w:r><w:t>Готово</w:t></w:r></w:p></w:body>"),
        lambda xml: xml.replace("Заявка", "ЗАЯВКА", 1),
    ],
)
@pytest.mark.parametrize("path", DOCX, ids=lambda path: path.stem)
def test_a_blank_with_a_word_or_a_tick_is_filled_in(path, change):
    assert not untouched(rewritten(path.read_bytes(), change))


@pytest.mark.parametrize(
    "part", ["word__media__image1_dot_png", "word__ink__ink1_dot_xml", "word__embeddings__a_dot_bin"]
)
def test_a_blank_filled_in_by_hand_or_with_a_picture_is_filled_in(part):
    assert not untouched(rewritten(DOCX[0].read_bytes(), **{part: b"1"}))


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"PK\x03\x04" + b"x" * 500, b"%PDF-1.4 x", DOCX[0].read_bytes()[:-40], "текст".encode()],
)
def test_what_is_no_document_is_no_blank(content):
    assert not untouched(content)


def test_another_archive_and_a_document_that_unpacks_to_much_are_no_blanks():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.txt", "1")
    assert not untouched(out.getvalue())
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(BODY, b" " * (reading.UNPACKED + 1) + zipfile.ZipFile(DOCX[0]).read(BODY))
    assert not untouched(bomb.getvalue())


PDF = [blank.path("pdf") for blank in BLANKS.values()]
PACKED = ["as it is", "unpacked", "packed anew", "added to"]


def saved_again(path, how="as it is", change=lambda writer: None):
    """As another program saves a form."""
    writer = pypdf.PdfWriter(io.BytesIO(path.read_bytes()), incremental=how == "added to")
    if how != "added to":
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(path.read_bytes()))
    page = writer.pages[0]
    if how == "packed anew":
        page.compress_content_streams(level=1)
    if how == "unpacked":
        page[pypdf.generic.NameObject("/Contents")] = writer._add_object(
            pypdf.generic.DecodedStreamObject.initialize_from_dictionary(
                {"__streamdata__": page.get_contents().get_data()}
            )
        )
    writer.add_metadata({"/Producer": "Another program"})
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def put(name, value):
    def change(writer):
        for one in writer.pages[0]["/Annots"]:
            field = one.get_object()
            if field["/T"] == name:
                field[pypdf.generic.NameObject("/V")] = value
                if isinstance(value, pypdf.generic.NameObject):
                    field[pypdf.generic.NameObject("/AS")] = value

    return change


@pytest.mark.parametrize("how", PACKED)
@pytest.mark.parametrize("path", PDF, ids=lambda path: path.stem)
def test_a_form_saved_again_unfilled_is_untouched(path, how):
    again = saved_again(path, how)
    assert again != path.read_bytes()
    assert untouched(again)


@pytest.mark.parametrize("how", PACKED)
@pytest.mark.parametrize("kind", ["word", "russian", "tick"])
@pytest.mark.parametrize("path", PDF, ids=lambda path: path.stem)
def test_a_form_with_a_word_or_a_tick_is_filled_in(path, kind, how):
    fields = pypdf.PdfReader(path).get_fields()
    name = next(name for name, one in fields.items() if one["/FT"] == ("/Btn" if kind == "tick" else "/Tx"))
    value = {
        "word": pypdf.generic.TextStringObject("Zarya"), "russian": pypdf.generic.TextStringObject("УК «Заря» (2)"),
        "tick": pypdf.generic.NameObject("/Yes"),
    }[kind]  # fmt: skip
    assert not untouched(saved_again(path, how, put(name, value)))


@pytest.mark.parametrize("kind", ["Ink", "FreeText", "Stamp"])
def test_a_form_written_upon_by_hand_is_filled_in(kind):
    def draw(writer):
        note = FreeText(text="Готово", rect=(50, 550, 200, 650))
        note[pypdf.generic.NameObject("/Subtype")] = pypdf.generic.NameObject(f"/{kind}")
        writer.add_annotation(page_number=0, annotation=note)

    assert not untouched(saved_again(PDF[0], change=draw))


def test_another_form_a_printed_one_and_a_broken_one_are_no_blanks():
    other = saved_again(PDF[0], change=put("f9", pypdf.generic.TextStringObject("")))
    assert untouched(other)
    assert not untouched(other.replace(b"/T (f9)", b"/T (g9)"))
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(PDF[0].read_bytes()))
    writer.remove_annotations(subtypes="/Widget")
    printed = io.BytesIO()
    writer.write(printed)
    assert not untouched(printed.getvalue())
    for cut in (10, 5_000, len(other) // 2):
        assert untouched(other[:cut]) is False
    for hostile in (b"stream\n", b"/T (", b"/V <", b"/V \\(", b"obj stream\nendstream "):
        assert forms.read(b"%PDF-1.4 " + hostile * (reading.LARGEST // len(hostile))) is None
    bomb = b"%PDF-1.4 /T (f1) stream\n" + zlib.compress(b" " * (forms.UNPACKED + 9)) + b"endstream"
    assert not untouched(bomb)


def test_a_large_file_is_not_read_at_all():
    nowhere = "0" * 64
    assert not is_untouched(files.Stored(nowhere, reading.LARGEST + 1))
