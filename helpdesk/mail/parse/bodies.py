"""Which parts are the letter's text and which are attachments (RFC 2046, RFC 2183); each part is one or both."""

import hashlib
import re
from dataclasses import dataclass, field

from helpdesk.core.text.markup import strip_tags
from helpdesk.core.text.plain import from_html
from helpdesk.core.text.safe import file_name, storable
from helpdesk.core.text.sanitise import CleanHtml, clean, from_plain
from helpdesk.mail.parse.charsets import codec_of, decode
from helpdesk.mail.parse.letter import Part
from helpdesk.mail.parse.mime import MAX_DEPTH, Entity, Tree, decode_transfer, read_fields
from helpdesk.mail.parse.params import named, parameters
from helpdesk.mail.parse.words import decode_words, unfolded

_EXTENSIONS = {
    "message/rfc822": ".eml", "message/delivery-status": ".txt", "text/rfc822-headers": ".txt", "text/plain": ".txt",
    "text/html": ".html", "text/calendar": ".ics", "text/csv": ".csv", "text/vcard": ".vcf", "text/x-vcard": ".vcf",
    "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/webp": ".webp", "image/png": ".png", "image/gif": ".gif",
    "image/bmp": ".bmp", "image/tiff": ".tif",
    "application/pdf": ".pdf", "application/zip": ".zip", "application/ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc", "application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m", "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls", "audio/mpeg": ".mp3", "audio/ogg": ".ogg", "video/mp4": ".mp4",
}  # fmt: skip
_READABLE = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_DATA_IMAGE = re.compile(
    r"(<img\b[^<>]{0,300}?\bsrc\s{0,5}=\s{0,5}[\"']?)data:(image/(?:png|jpe?g|gif|webp|bmp));base64,([A-Za-z0-9+/=\s]*+)",
    re.IGNORECASE,
)
_MAX_DATA_IMAGES = 100
_ALSO_NAMES = ("content-location", "content-description")
_LIKE_FILE_NAME = re.compile(r"^[^?<>]{1,200}\.\w{2,5}$")
_USUAL_PREAMBLE = re.compile(rb"mime|multi-?part", re.IGNORECASE)
# What some programs put where the plain text belongs.
_PLACEHOLDER = re.compile(
    r"(?:html|браузер|не поддерживает|does not support|unable to|view this (?:message|email)|mime)", re.IGNORECASE
)
MAX_TEXT = 2_000_000
MAX_READ = 4 * MAX_TEXT  # octets of one letter that are read as text at all, pictures within the HTML included
"""Characters of readable text kept as text; a longer part is attached whole as well."""


@dataclass(slots=True)
class Block:
    """One readable part: its plain text, and its HTML where it has one."""

    plain: str
    html: str | None = None

    @property
    def text(self) -> str:
        """The plain text, made of the HTML where there is none (the dearest step, so only when asked for)."""
        if not self.plain.strip() and self.html is not None:
            self.plain = from_html(self.html[:MAX_TEXT])
        return self.plain


@dataclass(slots=True)
class Bodies:
    """What was chosen, in the order of the letter."""

    blocks: list[Block] = field(default_factory=list)
    attachments: list[Part] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The plain text of all readable parts."""
        return "\n\n".join(block.text.strip("\n") for block in self.blocks if block.text.strip())

    @property
    def raw_html(self) -> str | None:
        """The HTML of all readable parts as it came, None where none is HTML."""
        if not any(block.html is not None for block in self.blocks):
            return None
        return "\n".join(block.html if block.html is not None else from_plain(block.text) for block in self.blocks)


def choose(tree: Tree) -> Bodies:
    """Sort all parts of a letter into readable blocks and attachments; each part appears."""
    bodies = Bodies()
    _Chooser(tree, bodies).visit(tree.root)
    if not bodies.blocks:
        _show_first_text(tree, bodies)
    for start, end in tree.rest:
        bodies.attachments.append(_part(tree.raw[start:end], "application/octet-stream", "rest-of-letter.eml"))
    return bodies


class _Chooser:
    """Walks the tree. Its depth is bounded by the splitter, what is read as text by `room`; the rest is attached."""

    def __init__(self, tree: Tree, bodies: Bodies) -> None:
        self.tree = tree
        self.bodies = bodies
        self.room = MAX_READ

    def visit(self, entity: Entity, *, related: bool = False) -> None:
        if entity.cut_header:
            start, end = entity.cut_header
            self.bodies.attachments.append(_part(self.tree.raw[start:end], "text/rfc822-headers", "headers.txt"))
        if not entity.children:
            self._leaf(entity, related=related)
            return
        before = len(self.bodies.blocks)
        kind = entity.content_type
        if kind == "multipart/alternative":
            self._alternative(entity)
        elif kind == "multipart/related":
            self._related(entity)
        elif kind == "multipart/encrypted":
            for child in entity.children:
                self._attach(child)
        else:
            for child in entity.children:
                self.visit(child, related=related)
        if len(self.bodies.blocks) == before:
            self._beside(entity)

    def _beside(self, entity: Entity) -> None:
        """Show what stands outside the parts where they hold no text; the usual sentence for old programs is none."""
        for start, end in filter(None, (entity.preamble, entity.epilogue)):
            said = self.tree.raw[start:end]
            if said.strip() and not (len(said) < 1000 and _USUAL_PREAMBLE.search(said)):
                if len(said) > MAX_TEXT:
                    self.bodies.attachments.append(_part(said, "text/plain", "beside-the-parts.txt"))
                self.bodies.blocks.append(Block(storable(decode(said[: 4 * MAX_TEXT])[0])[:MAX_TEXT]))

    def _alternative(self, entity: Entity) -> None:
        """Take the plain text and the HTML of one alternative as one block; the other forms are listed."""
        before = len(self.bodies.blocks)
        forms: list[Bodies] = []
        for child in entity.children:
            start = len(self.bodies.blocks)
            self.visit(child)
            forms.append(Bodies(self.bodies.blocks[start:]))
        del self.bodies.blocks[before:]
        rich = [form for form in forms if form.raw_html is not None]
        text = "\n\n".join(form.text for form in forms if form.raw_html is None and form.text.strip())
        if not rich:
            self.bodies.blocks.append(Block(text))
            return
        if _is_placeholder(text) and len(rich[-1].text) > 2 * len(text.strip()):
            text = rich[-1].text
        self.bodies.blocks.append(Block(text, rich[-1].raw_html))
        for other in rich[:-1]:
            content = (other.raw_html or "").encode()
            self.bodies.attachments.append(_part(content, "text/html", "alternative.html"))

    def _related(self, entity: Entity) -> None:
        wanted = entity.params.get("start", "").strip("<>")
        root = entity.children[0]
        for child in entity.children:
            if wanted and _content_id(child) == wanted:
                root = child
        self.visit(root)
        for child in entity.children:
            if child is not root:
                self.visit(child, related=True)

    def _leaf(self, entity: Entity, *, related: bool) -> None:
        disposition, params = parameters(entity.first("content-disposition") or b"")
        named_file = bool(named(params, "filename") or named(entity.params, "name"))
        shown = entity.content_type in _READABLE and disposition != "attachment" and not named_file
        if related and entity.content_type != "text/plain" and _content_id(entity):
            shown = False
        if entity.content_type.startswith("multipart/") and entity.depth < MAX_DEPTH and entity.end > entity.start:
            shown = True  # no boundary was found: all there is is text
        size = entity.end - entity.start
        if shown and self.room > 0:
            self.bodies.blocks.append(_block(self.tree, entity, self.room))
            if size > min(MAX_TEXT, self.room):
                # Only its beginning is shown as text; the whole can be had as a file.
                self._attach(entity)
            self.room -= size
        elif named_file or self.tree.body(entity).strip():
            self._attach(entity)

    def _attach(self, entity: Entity) -> None:
        if entity.children:
            # A multipart that is not opened stays whole, with its boundary lines.
            content = self.tree.body(entity)
        else:
            content = self.tree.content(entity)
        self.bodies.attachments.append(_attachment(entity, content))


def _block(tree: Tree, entity: Entity, most: int) -> Block:
    data = _beginning(tree.content(entity), most)
    label = entity.params.get("charset", "")
    if entity.content_type == "text/html":
        if not codec_of(label):
            meta = _META_CHARSET.search(data[:2048])
            label = meta.group(1).decode("ascii") if meta else label
        text, defect = decode(data, label)
        html = storable(text)
        if defect:
            tree.defects.append(defect)
        return Block("", html)
    text, defect = decode(data, label)
    if defect:
        tree.defects.append(defect)
    text = storable(text)
    if entity.content_type in {"text/enriched", "text/richtext"}:
        return Block(strip_tags(text.replace("\n\n", "<br>").replace("<<", "&lt;")))
    if entity.params.get("format", "").lower() == "flowed":
        text = _unflowed(text, joins_words=entity.params.get("delsp", "").lower() == "yes")
    return Block(text.expandtabs(8) if text.count("\t") < 1000 else text)


def _beginning(data: bytes, most: int) -> bytes:
    """At most so many octets, ending with a line where there are lines, so that no character is cut."""
    if len(data) <= most:
        return data
    line_end = data.rfind(b"\n", max(0, most - 10_000), most) + 1
    return data[: line_end or most]


def _unflowed(text: str, *, joins_words: bool) -> str:
    """Join the soft line breaks of RFC 3676 within one depth of quotation."""
    out: list[str] = []
    pieces: list[str] = []
    depth = 0
    for line in text.split("\n"):
        bare = line.lstrip(">")
        marks = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        if pieces and (marks != depth or bare == "-- "):
            out.append(_flowed_line(depth, pieces))
            pieces = []
        depth = marks
        soft = bare.endswith(" ") and bare != "-- "
        pieces.append(bare[:-1] if soft and joins_words else bare)
        if not soft:
            out.append(_flowed_line(depth, pieces))
            pieces = []
    if pieces:
        out.append(_flowed_line(depth, pieces))
    return "\n".join(out)


def _flowed_line(depth: int, pieces: list[str]) -> str:
    return (">" * depth + " " if depth else "") + "".join(pieces)


def _is_placeholder(text: str) -> bool:
    short = " ".join(text.split())
    return len(short) < 300 and (not short or bool(_PLACEHOLDER.search(short)))


def _show_first_text(tree: Tree, bodies: Bodies) -> None:
    """Show a text that only looks like an attachment (a name, no disposition) where the letter has no other."""
    for entity in tree.leaves():
        disposition, _ = parameters(entity.first("content-disposition") or b"")
        if entity.content_type in _READABLE and disposition != "attachment" and entity.end > entity.start:
            bodies.blocks.append(_block(tree, entity, MAX_READ))
            return


def _content_id(entity: Entity) -> str | None:
    value = unfolded(entity.first("content-id") or b"").strip().strip("<>").strip()
    return storable(value)[:500] or None


def _attachment(entity: Entity, content: bytes) -> Part:
    disposition, params = parameters(entity.first("content-disposition") or b"")
    name = named(params, "filename", "name") or named(entity.params, "name", "filename")
    if not name and entity.content_type == "message/rfc822":
        name = _subject_of(content)
        name = name and name + ".eml"
    if not name:
        named_elsewhere = (decode_words(unfolded(entity.first(one) or b"")) for one in _ALSO_NAMES)
        name = next((said for said in named_elsewhere if _LIKE_FILE_NAME.search(said)), "")
    if not name:
        stem = entity.content_type.replace("/", "-") if entity.content_type.startswith("message/") else "part"
        name = stem + _EXTENSIONS.get(entity.content_type, ".bin")
    cid = _content_id(entity)
    inline = disposition == "inline" or (cid is not None and disposition != "attachment")
    return _part(content, entity.content_type, name, cid=cid, inline=inline)


def _subject_of(content: bytes) -> str:
    fields, _, _ = read_fields(content, 0, min(len(content), 300_000), [])
    value = next((value for key, value in fields if key.lower() == "subject"), b"")
    return decode_words(unfolded(value[:2000]))[:100].replace("/", "-").replace("\\", "-").strip(". ")


def _part(content: bytes, content_type: str, name: str, *, cid: str | None = None, inline: bool = False) -> Part:
    digest = hashlib.sha256(content).hexdigest()
    return Part(file_name(name), content_type, content, digest, len(content), cid, inline)


def sanitised(raw_html: str | None) -> tuple[CleanHtml | None, list[Part]]:
    """Return harmless HTML, and the pictures that stood in it as `data:` addresses as inline parts."""
    if raw_html is None:
        return None, []
    parts: list[Part] = []

    def moved(match: re.Match[str]) -> str:
        content = decode_transfer(match.group(3).encode("ascii"), "base64", [])
        if len(parts) >= _MAX_DATA_IMAGES or not content:
            return match.group(0)
        kind = match.group(2).lower()
        cid = f"data-{hashlib.sha256(content).hexdigest()[:24]}"
        if all(part.content_id != cid for part in parts):
            name = f"picture-{len(parts) + 1}{_EXTENSIONS.get(kind, '.img')}"
            parts.append(_part(content, kind, name, cid=cid, inline=True))
        return f"{match.group(1)}cid:{cid}"

    return clean(_DATA_IMAGE.sub(moved, raw_html)), parts
