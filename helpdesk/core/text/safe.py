"""Strings that PostgreSQL stores and a line of a page shows without surprises; knows nothing of where they go."""

import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

# PostgreSQL refuses NUL, UTF-8 has no lone surrogates; the other C0 controls show as nothing and break XML exports.
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85|\x0b|\x0c")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Overrides and isolates turn the order of a name round («exe.gpj» for «jpg.exe»).
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"
_SPACES = re.compile(r"\s+")
_UNFIT_IN_NAMES = re.compile(r'[<>:"|?*]')
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}(?:\.[A-Za-z0-9]{1,4})?$")

# Between two columns of a table laid out as text (plain.py), where no sentence ends: some type two spaces there.
_COLUMNS = re.compile(r"(?<=[^\s.,;:!?…])[ \t]{2,}(?=\S)")

# A line of a list, as plain.py and people write it: a mark that tells nothing, or a number.
_ITEM = re.compile(r"[ \t]*(?:[-–—*+•·▪][ \t]+|([0-9]{1,3}[.)][ \t]+))(?=\S)")

FILE_NAME_LENGTH = 150


def storable(text: str) -> str:
    """Return the text as PostgreSQL takes it, with LF line ends.

    NUL, C0 controls (tab and line ends apart), lone surrogates and U+FFFE/U+FFFF go; halves of a surrogate pair
    are put together first. All else stays.
    """
    if not text:
        return ""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _UNSTORABLE.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str, limit: int = 200) -> str:
    """Return a subject or name: one line without control and direction characters, at most `limit` characters.

    Runs of white space become one space; zero-width characters go at the ends and where they make up the whole
    text, and stay within a word, where some scripts and emoji need them. A cut text ends with «…».
    """
    head = storable(text[: limit * 8 + 1000]) if len(text) > limit * 8 + 1000 else storable(text)
    line = _SPACES.sub(" ", _CONTROLS.sub(" ", _BIDI.sub("", head)))
    line = line.strip(" " + _INVISIBLE)
    if len(line) <= limit:
        return line
    return _trim_marks(line[: max(limit - 1, 0)]).rstrip() + "…"


def uploaded_name(name: str) -> str:
    """The label of a file that a form brought: browsers write three characters of a name as %22, %0D, %0A, so that it
    stands in the header of its part (WHATWG HTML, multipart/form-data); everything else, «%» as well, as it is."""
    return file_name(name.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n"))


def file_name(name: str, *, fallback: str = "file") -> str:
    """Return a label for a file of a stranger: no folder, control or direction characters; never empty.

    At most FILE_NAME_LENGTH characters with the extension kept. It is only a label: what lies on disk is named by
    hash. Names that some system keeps for devices (CON, NUL) stay, since no file is opened by them.
    """
    base = storable(name[:10_000]).replace("\\", "/").rstrip("/ ").rsplit("/", 1)[-1]
    base = _BIDI.sub("", _CONTROLS.sub(" ", base))
    for invisible in _INVISIBLE:
        base = base.replace(invisible, "")
    base = _SPACES.sub(" ", _UNFIT_IN_NAMES.sub("_", base)).strip(" ")
    if not base.strip(". "):
        return fallback
    if len(base) <= FILE_NAME_LENGTH:
        return base
    ending = _EXTENSION.search(base)
    kept = ending.group(0) if ending else ""
    return _trim_marks(base[: FILE_NAME_LENGTH - 1 - len(kept)]) + "…" + kept


def cells_apart(text: str) -> str:
    """The text with « · » between the cells of its tables and «;» between their rows and the items of its lists, which
    one line would run together. Rows are lines in columns, items marked lines, that stand below one another."""
    return _items_apart(_cells_apart(text))


def _items_apart(text: str) -> str:
    """A mark stays where it is a number: «1. …; 2. …»."""
    if "\n" not in text:
        return text
    lines = text.split("\n")
    marks = [_ITEM.match(line) for line in lines] + [None]
    for place, line in enumerate(lines):
        mark = marks[place]
        if mark and (marks[place + 1] or (place and marks[place - 1])):
            item = (mark.group(1) or "") + line[mark.end() :].rstrip()
            lines[place] = f"{item};" if marks[place + 1] and item[-1:] not in ";,:.!?…" else item
    return "\n".join(lines)


def _cells_apart(text: str) -> str:
    if "  " not in text and "\t" not in text:
        return text
    lines = text.split("\n")
    is_row = [bool(_COLUMNS.search(line)) for line in lines] + [False]
    for place, line in enumerate(lines):
        if is_row[place] and (is_row[place + 1] or (place and is_row[place - 1])):
            row = _COLUMNS.sub(" · ", line.rstrip())
            lines[place] = f"{row};" if is_row[place + 1] else row
    return "\n".join(lines)


def snippet(text: str, length: int = 160) -> str:
    """Return the beginning of a text as one line of at most `length` characters, cut at a word where one is near."""
    line = one_line(cells_apart(text[: length * 10 + 2000]), length * 4)
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    space = cut.rfind(" ")
    if space > length * 2 // 3:
        cut = cut[:space]
    return _trim_marks(cut).rstrip(" ,.;:–—-") + "…"


def _trim_marks(text: str) -> str:
    """Drop combining marks and joiners which a cut has left without what follows them."""
    while text and (text[-1] in _INVISIBLE or unicodedata.category(text[-1]) == "Cs"):
        text = text[:-1]
    return text


def split_address(text: str) -> SplitResult:
    """The parts of an address that a browser sent; of one that is none (RFC 3986), the parts of an empty one."""
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")
