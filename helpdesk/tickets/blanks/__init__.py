"""Forms to fill in and send along («бланки»): small files of the project, each as DOCX and as PDF."""

from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext_lazy as lazy

from helpdesk.core import files
from helpdesk.core.files import Stored
from helpdesk.tickets.blanks import forms, reading

_HINT = "Впишитездесь"  # where something is to be written; without its white space
_BEGINNINGS = (
    b"%PDF", b"PK", b"\xd0\xcf\x11\xe0", b"{\\rtf",  # DOCX and ODT are archives; DOC and RTF
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF",  # and HEIC, which says so later
)  # fmt: skip
_FOLDER = Path(__file__).parent
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Blank:
    """One form: its key, what it is called, and the name under which its files are saved."""

    key: str
    title: object  # a lazy text
    filename: str

    def path(self, kind: str) -> Path:
        """Its file of a kind of TYPES."""
        return _FOLDER / f"{self.key}.{kind}"


BLANKS = {
    blank.key: blank
    for blank in (
        Blank("training", lazy("Training request form"), "Бланк заявки на обучение"),
        Blank("access", lazy("Access request form"), "Бланк заявки на доступ"),
    )
}


def is_untouched(stored: Stored) -> bool:
    """Whether content is one of the blanks with nothing filled in: as it was handed out, or one that says the same, as
    a program writes every octet anew that saves it: a DOCX with no other words, a PDF with the same page and its fields
    empty. Of a PDF that is no form any more (printed, scanned) nothing is known."""
    if stored.sha256 in _digests():
        return True
    return 0 < stored.size <= reading.LARGEST and _says_nothing(stored.sha256)


def is_readable(stored: Stored) -> bool:
    """Whether content begins as a document or a picture does, as a blank that was filled in or scanned."""
    return stored.size > 0 and _begins_so(stored.sha256)


@lru_cache(maxsize=1_000)
def _begins_so(digest: str) -> bool:
    with files.open_file(digest) as content:
        begins = content.read(12)
    return begins.startswith(_BEGINNINGS) or begins[4:8] == b"ftyp"


@cache
def _digests() -> frozenset[str]:
    return frozenset(sha256(blank.path(kind).read_bytes()).hexdigest() for blank in BLANKS.values() for kind in TYPES)


@cache
def _texts() -> frozenset[str]:
    return frozenset(_bare(reading.words(blank.path("docx").read_bytes()) or "") for blank in BLANKS.values())


@lru_cache(maxsize=1_000)
def _says_nothing(digest: str) -> bool:
    """A form is looked at twice, before and in the transaction of its sending: its files are read once."""
    with files.open_file(digest) as content:
        begins = content.read(4)
        if begins == b"%PDF":
            return _is_empty_form(begins + content.read())
        if not begins.startswith(b"PK"):
            return False
        text = reading.words(begins + content.read())
    return text is not None and _bare(text) in _texts() - {""}


@cache
def _forms() -> dict[frozenset[bytes], bytes]:
    """The page of each blank by the names of its fields."""
    read = (forms.read(blank.path("pdf").read_bytes()) for blank in BLANKS.values())
    return {form.names: _page(form) for form in read if form is not None}


def _page(form: forms.Form) -> bytes:
    """What is written on a blank's page: of its streams the longest that sets text."""
    return next((one for one in form.streams if b"BT" in one and b"Tj" in one), b"")


def _is_empty_form(content: bytes) -> bool:
    form = forms.read(content)
    page = _forms().get(form.names, b"") if form is not None else b""
    return bool(page) and form is not None and not form.is_filled and any(page in one for one in form.streams)


def _bare(text: str) -> str:
    return text.replace(_HINT, "")
