"""Parameters of MIME fields (RFC 2045, RFC 2231), also as broken programs write them; linear, never raises."""

import re
from urllib.parse import unquote_to_bytes

from helpdesk.mail.parse.charsets import decode, guess
from helpdesk.mail.parse.words import decode_words

Parameters = dict[str, str]

_PARAMETER = re.compile(r";\s*+([^\s=;\"]{1,100})\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)\"?|'?([^;]*+))", re.DOTALL)
_SECTION = re.compile(r"^([^*]+)\*(?:(\d{1,4})(\*)?|)$")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_MAX_PARAMETERS = 200


def parameters(raw: bytes, *, default: str = "") -> tuple[str, Parameters]:
    """Return the leading value in lower case and the parameters (names in lower case, values decoded)."""
    text = _to_text(raw)
    head, semicolon, tail = text.partition(";")
    value = _without_comment(head).strip().strip('"').lower().replace(" ", "")
    found: dict[str, list[tuple[int, bool, str]]] = {}
    plain: Parameters = {}
    for number, match in enumerate(_PARAMETER.finditer(semicolon + tail)):
        if number > _MAX_PARAMETERS:
            break
        name = match.group(1).lower()
        quoted, bare = match.group(2), match.group(3)
        said = _ESCAPE.sub(_unescaped, quoted) if quoted is not None else _without_comment(bare).strip().rstrip("'")
        section = _SECTION.match(name)
        if section:
            number_of = int(section.group(2)) if section.group(2) else 0
            is_encoded = name.endswith("*")
            found.setdefault(section.group(1), []).append((number_of, is_encoded, said))
        else:
            plain.setdefault(name, said)
    for name, sections in found.items():
        plain[name] = _joined(sections)
    return value or default, plain


def _to_text(raw: bytes) -> str:
    text = raw.replace(b"\r", b"").replace(b"\n", b"")
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return guess(text)[0]


def _unescaped(match: re.Match[str]) -> str:
    # A path of Windows («C:\Отчёт.xls») is not escaped: only what RFC 822 lets one escape loses its backslash.
    return match.group(1) if match.group(1) in '"\\' else match.group(0)


def _without_comment(text: str) -> str:
    return text.split(" (", 1)[0] if " (" in text and text.rstrip().endswith(")") else text


def _joined(sections: list[tuple[int, bool, str]]) -> str:
    """Put continuations together (RFC 2231 §3, §4): percent-encoded bytes first, then one charset for all."""
    sections.sort(key=lambda section: section[0])
    label = ""
    if sections[0][1]:
        label, quote, rest = sections[0][2].partition("'")
        if quote:
            sections[0] = (sections[0][0], True, rest.partition("'")[2])
        else:
            label = ""
    data = b"".join(
        unquote_to_bytes(said) if encoded else said.encode("utf-8", "surrogateescape") for _, encoded, said in sections
    )
    return decode(data, label)[0]


def named(params: Parameters, *names: str) -> str:
    """Return the first file name among parameters, with encoded words undone (which RFC 2047 forbids and all write)."""
    for name in names:
        if params.get(name, "").strip():
            return decode_words(params[name]).strip()
    return ""
