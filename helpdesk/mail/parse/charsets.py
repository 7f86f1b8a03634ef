"""Bytes to text whatever the label says: a closed list of codecs and a guess for Russian letters."""

import codecs
import re

_ALIASES = {
    "x-unknown": "", "unknown": "", "unknown-8bit": "", "binary": "", "default": "", "user-defined": "", "8bit": "",
    "us-ascii": "", "ascii": "", "ansi_x3.4-1968": "", "iso-8859-8-i": "iso8859-8", "iso-8859-6-i": "iso8859-6",
    "windows-31j": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "iso-gb2312": "gb18030",
    "hz-gb-2312": "hz", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "korean": "cp949",
    "big5": "big5hkscs", "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso-8859-9": "cp1254",
    "windows-874": "cp874", "tis-620": "cp874", "iso-8859-11": "cp874", "unicode-1-1-utf-7": "utf-7",
    "x-mac-cyrillic": "mac-cyrillic", "x-cp1251": "cp1251", "win-1251": "cp1251", "windows1251": "cp1251",
    "cp-1251": "cp1251", "koi8r": "koi8-r", "cp-866": "cp866", "utf8": "utf-8", "utf-8mb4": "utf-8", "x-utf-8": "utf-8",
    "iso-2022-jp": "iso2022_jp_ext", "utf": "utf-8", "unicode": "utf-16", "iso_8859-5": "iso8859-5",
}  # fmt: skip
# Python knows codecs that are no charsets (rot13, zip, idna, unicode_escape), some of them quadratic: a closed list.
_ALLOWED = frozenset(
    codecs.lookup(name).name
    for name in (  # noqa: SIM905 — a list of 70 literals reads worse
        "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be utf-7 cp1250 cp1251 cp1252 cp1253 "
        "cp1254 cp1255 cp1256 cp1257 cp1258 "
        "cp437 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 "
        "cp866 cp869 cp874 cp932 cp949 cp950 koi8-r koi8-u koi8-t ptcp154 kz1048 iso8859-2 iso8859-3 iso8859-4 "
        "iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 mac-roman "
        "mac-cyrillic mac-greek mac-latin2 euc_jp iso2022_jp iso2022_jp_ext iso2022_kr johab gb18030 hz big5 big5hkscs"
    ).split()
)
_OFTEN = frozenset("оеаинтсрвлкмдпу")
_CYRILLIC = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяё")
_LABEL = re.compile(r"[^a-z0-9_.:+-]")
_SAMPLE = 20_000


def codec_of(label: str) -> str | None:
    """Return the codec for a charset's label: "" where the label says nothing, None where it is unknown."""
    name = _LABEL.sub("", label.strip().lower())[:60]
    name = _ALIASES.get(name, name)
    if not name:
        return ""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if found in _ALLOWED else None


def decode(data: bytes, label: str = "") -> tuple[str, str | None]:
    """Return the text and a defect or None. Never raises; nothing of the bytes is left out of the text."""
    codec = codec_of(label)
    if codec is None:
        text, _ = guess(data)
        return text, f"unknown charset {label[:40]!r}"
    if not codec:
        return guess(data)
    if codec == "cp1252" and _is_utf8(data):
        return data.decode("utf-8"), None if data.isascii() else "utf-8 labelled as latin"
    try:
        text = data.decode(codec)
    except (UnicodeError, ValueError):
        return _despite(data, codec)
    if codec == "cp1252" and not data.isascii():
        # Old Russian mailers write windows-1251 bytes under the label of Latin-1.
        russian, share = _russian(data)
        if share > 0.9 and russian is not None:
            return russian, "Russian text labelled as latin"
    return text.removeprefix("\ufeff"), None


def _despite(data: bytes, codec: str) -> tuple[str, str]:
    """Decode where the label is not true: a few broken places are replaced, else the bytes themselves are asked."""
    replaced = data.decode(codec, "replace")
    broken = replaced.count("\ufffd")
    high = sum(byte > 127 for byte in data[:_SAMPLE])
    if codec == "utf-8" and high and broken * 5 > high * min(1, _SAMPLE / max(len(data), 1)):
        return guess(data)[0], "text is not in the charset it names"
    if broken * 50 <= len(replaced) or _is_multibyte(codec):
        return replaced.removeprefix("\ufeff"), f"broken bytes in {codec} text"
    return guess(data)[0], "text is not in the charset it names"


def _is_multibyte(codec: str) -> bool:
    return codec.startswith(("iso2022", "euc", "cp9", "gb", "big5", "utf", "hz"))


def guess(data: bytes) -> tuple[str, str | None]:
    """Decode bytes without a label: UTF-8, else the Russian charset whose letters look most like a text."""
    if data.isascii():
        return data.decode("ascii"), None
    if _is_utf8(data):
        return data.decode("utf-8").removeprefix("\ufeff"), "8-bit text without a charset"
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace"), "8-bit text without a charset"
    russian, share = _russian(data)
    if russian is not None and share > 0.6:
        return russian, "8-bit text without a charset"
    return data.decode("cp1252", "replace").replace("\ufffd", "?"), "8-bit text without a charset"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _russian(data: bytes) -> tuple[str | None, float]:
    """Return the best Russian reading and how much of its 8-bit characters look like Russian words (0…1)."""
    sample = data[:_SAMPLE]
    best, best_score = None, 0.0
    for codec in ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic"):
        text = sample.decode(codec, "replace")
        high = [character for character in text if character > "\x7f"]
        letters = sum(c.lower() in _CYRILLIC for c in high)
        often = sum(c in _OFTEN for c in high)
        small = sum(c in _CYRILLIC for c in high)
        score = (letters + small + often) / (3 * max(len(high), 1))
        # Words begin small or with one capital: koi8 read as 1251 shows its letters the other way round.
        if score > best_score + 0.01:
            best, best_score = codec, score
    if best is None:
        return None, 0.0
    high_count = sum(byte > 127 for byte in sample)
    text = sample.decode(best, "replace")
    share = sum(c.lower() in _CYRILLIC or c in "№«»—–…“”\xa0" for c in text if c > "\x7f") / max(high_count, 1)
    # One or two accents are a name of the West, a run of letters is a word.
    runs = re.search(r"[а-яё]{3}", text, re.IGNORECASE)
    return (data.decode(best, "replace"), share if runs else 0.0)
