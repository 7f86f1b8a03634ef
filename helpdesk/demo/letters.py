"""Letters of the demo world as mail programs write them (RFC 5322 octets), and their way through the mail room."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from html import escape
from zlib import crc32

from helpdesk.core import files
from helpdesk.core.plain import insert, update
from helpdesk.core.text.plain import from_html
from helpdesk.demo.content.attachments import Built
from helpdesk.mail import addresses, mailboxes, raw, sorting, writing
from helpdesk.mail.flood import Limits
from helpdesk.mail.models import RawLetter
from helpdesk.mail.parse import parse
from helpdesk.tickets.models import Article

_POLICY = compat32.clone(linesep="\r\n")
_PROGRAMS = ("outlook", "webmail", "plain")
_MAILERS = {
    "outlook": "Microsoft Outlook 16.0",
    "webmail": "Yamail [ http://mail.example ] 5.0",
    "plain": "Mozilla Thunderbird",
}
_FOUND_OUT = ("state", "outcome", "reason", "from_address", "message_id", "content_key", "queue", "ticket", "article")


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a letter answers: whose words, written when."""

    who: str
    address: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What somebody writes: either `text`, or `html` with perhaps a picture below it."""

    name: str
    address: str
    to: str
    subject: str
    at: datetime  # in the writer's zone
    text: str = ""
    html: str = ""
    picture: Built | None = None
    attached: Sequence[Built] = ()
    quoted: Quoted | None = None
    references: Sequence[str] = field(default_factory=tuple)

    @property
    def program(self) -> str:
        """The mail program of this person: always the same."""
        return _PROGRAMS[crc32(self.address.encode()) % len(_PROGRAMS)]

    @property
    def message_id(self) -> str:
        domain = self.address.rpartition("@")[2]
        figure = crc32(f"{self.subject}{self.text}{self.html}".encode())
        return f"<{self.at:%Y%m%d%H%M%S}.{figure:08x}@{domain}>"


def octets(sheet: Sheet) -> bytes:
    """The letter as the writer's program sends it: Outlook in windows-1251, a web mail in UTF-8, or plain text."""
    body = _body(sheet)
    if sheet.attached:
        whole = MIMEMultipart("mixed", _boundary("mixed", sheet))
        whole.attach(body)
        for built in sheet.attached:
            whole.attach(_file(built, "attachment"))
        body = whole
    _head(body, sheet)
    return body.as_bytes(policy=_POLICY)


def _body(sheet: Sheet) -> MIMEBase:
    plain = _plain(sheet)
    if sheet.program == "plain" and not sheet.html:
        text = MIMENonMultipart("text", "plain", charset="utf-8", format="flowed")
        text.set_payload(plain.encode().decode("ascii", "surrogateescape"))
        text["Content-Transfer-Encoding"] = "8bit"
        return text
    charset = "windows-1251" if sheet.program == "outlook" and _fits(plain) else "utf-8"
    markup: MIMEBase = MIMEText(_html(sheet), "html", "utf-8")
    if sheet.picture is not None:
        related = MIMEMultipart("related", _boundary("related", sheet))
        related.attach(markup)
        picture = _file(sheet.picture, "inline")
        picture["Content-ID"] = "<picture1>"
        related.attach(picture)
        markup = related
    both = MIMEMultipart("alternative", _boundary("alternative", sheet))
    both.attach(MIMEText(plain, "plain", charset))
    both.attach(markup)
    return both


def _boundary(kind: str, sheet: Sheet) -> str:
    """The same in every demo world, and in none of the parts."""
    return f"----=_{kind}_{sheet.message_id[1:24]}"


def _file(built: Built, disposition: str) -> MIMEBase:
    """A part with a file; its name in UTF-8 (RFC 2231)."""
    name, content_type, content = built
    part = MIMEBase(*content_type.split("/", 1))
    part.set_payload(content)
    encode_base64(part)
    part.add_header("Content-Disposition", disposition, filename=("utf-8", "", name))
    return part


def take(content: bytes, *, at: datetime, boxes: mailboxes.Mailboxes, mailbox: str) -> Article:
    """Let a letter become what it becomes, as `mail.ingest` does, within the transaction of the demo world.

    Flood limits do not count, since a year passes in seconds. Raises Refusal where the request refuses it.
    """
    stored = files.store(content)
    files.ensure_rows([stored])
    row = RawLetter(
        blob_id=stored.sha256, size=stored.size, destination=addresses.bare(mailbox), received_at=at
    )  # fmt: skip
    insert(row)
    letter = parse(content)
    name, address = sorting.sender_of(letter)
    row.from_address, row.message_id = address, letter.message_id or ""
    row.queue_id = boxes.queue_of(sorting.recipients(letter, row.destination))
    form = "\n".join(value for key, value in letter.headers if key.lower().startswith("content-"))
    row.content_key = raw.content_key(
        content, message_id=letter.message_id, sender=address, subject=letter.subject, form=form
    )
    kept = writing.keep_files(letter)
    result = writing.write(row, letter, kept, name=name, address=address, refused="", limits=Limits())
    if result.article is None:
        raise ValueError(f"a letter of the demo world came to nothing: {result.outcome} {result.reason}")
    row.state, row.outcome, row.reason = RawLetter.State.DONE, result.outcome, result.reason
    row.article, row.ticket = result.article, result.article.ticket
    update(row, [f"{name}_id" if name in {"queue", "ticket", "article"} else name for name in _FOUND_OUT])
    return result.article


def _head(message: MIMEBase, sheet: Sheet) -> None:
    host = sheet.address.rpartition("@")[2]
    written = format_datetime(sheet.at)
    message["Return-Path"] = f"<{sheet.address}>"
    message["Received"] = f"from mx.{host} (mx.{host} [192.0.2.25]) by mail.example.com; {written}"
    message["From"] = formataddr((sheet.name, sheet.address), "utf-8")
    message["To"] = formataddr(("Служба сопровождения", sheet.to), "utf-8")
    message["Subject"] = Header(sheet.subject, "utf-8").encode()
    message["Date"] = written
    message["Message-ID"] = sheet.message_id
    if sheet.references:
        message["In-Reply-To"] = sheet.references[-1]
        message["References"] = " ".join(sheet.references)
    message["X-Mailer"] = _MAILERS[sheet.program]


def _fits(text: str) -> bool:
    try:
        text.encode("windows-1251")
    except UnicodeEncodeError:
        return False
    return True


def _plain(sheet: Sheet) -> str:
    text = from_html(sheet.html) if sheet.html else sheet.text
    if sheet.quoted is None:
        return text + "\n"
    return f"{text}\n\n{_introduction(sheet)}\n{_lines(sheet)}\n"


def _lines(sheet: Sheet) -> str:
    assert sheet.quoted is not None
    mark = "" if sheet.program == "outlook" else "> "
    return "\n".join(f"{mark}{line}".rstrip() for line in sheet.quoted.text.split("\n"))


def _introduction(sheet: Sheet) -> str:
    """The line, or the head, that a program puts above what it quotes."""
    quoted = sheet.quoted
    assert quoted is not None
    if sheet.program == "outlook":
        return (
            "-----Исходное сообщение-----\n"
            f"От: {quoted.who} <{quoted.address}>\nОтправлено: {quoted.at:%d.%m.%Y %H:%M}\n"
            f"Кому: {sheet.name} <{sheet.address}>\nТема: {sheet.subject}\n"
        )
    return f"{quoted.at:%d.%m.%Y, %H:%M}, {quoted.who} <{quoted.address}> пишет:"


def _html(sheet: Sheet) -> str:
    word = ' class="MsoNormal"' if sheet.program == "outlook" else ""
    paragraphs = "".join(f"<p{word}>{_broken(part)}</p>" for part in sheet.text.split("\n\n")) if sheet.text else ""
    body = f"{paragraphs}{sheet.html}"
    if sheet.picture is not None:
        body += '<p><img src="cid:picture1" alt="Снимок экрана"></p>'
    if sheet.quoted is not None:
        head = _broken(_introduction(sheet).strip())
        quoted = _broken(sheet.quoted.text)
        if sheet.program == "outlook":
            body += f'<div style="border-top:solid 1pt"><p{word}>{head}</p></div><p{word}>{quoted}</p>'
        else:
            body += f'<div>{head}</div><blockquote type="cite">{quoted}</blockquote>'
    style = "<style>p.MsoNormal{margin:0;font-family:Calibri}</style>" if word else ""
    return f"<html><head>{style}</head><body>{body}</body></html>"


def _broken(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")
