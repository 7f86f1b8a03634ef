"""A letter of ours as octets (RFC 5322, 2045, 3834). Each header is one line: nothing a stranger wrote folds it."""

import re
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from helpdesk.core import files
from helpdesk.core.text.safe import file_name, one_line
from helpdesk.mail import addresses
from helpdesk.mail.models import OutgoingLetter
from helpdesk.mail.parse.automatic import LOOP_HEADER
from helpdesk.tickets import rows


class _Ids(UnstructuredHeader):
    """Message-IDs are folded between them and never encoded, however long."""

    max_count = 1
    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: " + f"{policy.linesep} ".join(str(self).split()) + policy.linesep


def _policy() -> "EmailPolicy[EmailMessage]":
    registry = HeaderRegistry()
    for name in ("message-id", "in-reply-to", "references", "content-id"):
        registry.map_to_type(name, _Ids)  # type: ignore[arg-type]
    return SMTP.clone(header_factory=registry)


_ADDRESS = re.compile(r"^[^\s<>@\"\\,;:()\[\]]{1,64}@[^\s<>@\"\\,;:()\[\]]{1,255}$")
_POLICY = _policy()
_WIDE = _POLICY.clone(utf8=True)


def _line(text: str, limit: int) -> str:
    """One line in which no encoded word stands: the library would decode it, line breaks and all (RFC 2047)."""
    return one_line(text, limit).replace("=?", "= ?")


def envelope_sender(letter: OutgoingLetter) -> str:
    """The return path: none for automatic answers (RFC 3834 §3.3), so that nothing can come back to them."""
    return "" if letter.kind == OutgoingLetter.Kind.AUTO_ANSWER else letter.from_address


def recipient(letter: OutgoingLetter) -> str:
    """The address for the mail server: a domain in another script as servers without SMTPUTF8 know it (RFC 5891)."""
    local, _, domain = letter.address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return letter.address


def octets(letter: OutgoingLetter) -> bytes:
    """The whole letter with CRLF line ends.

    Raises ValueError for an address that cannot stand in a header, OSError if a file's content cannot be read.
    """
    message = EmailMessage(policy=_POLICY if recipient(letter).isascii() else _WIDE)
    _head(message, letter)
    message.set_content(letter.text, charset="utf-8", cte="base64")
    attached = rows.files_of_letter(letter.article_id, letter.attachment_ids)
    shown = [one for one in attached if one.inline and one.content_id and f"cid:{one.content_id}" in letter.html]
    if letter.html:
        message.add_alternative(letter.html, subtype="html", charset="utf-8", cte="base64")
        body = message.get_payload()[-1]  # type: ignore[index]
        for one in shown:
            main, sub = _type(one.content_type)
            body.add_related(  # type: ignore[union-attr]
                files.read(one.blob_id),
                main,
                sub,
                cid=f"<{_line(one.content_id, 300)}>",
                filename=_line(file_name(one.filename), 200),
            )
    for one in attached:
        if one not in shown:
            main, sub = _type(one.content_type)
            message.add_attachment(
                files.read(one.blob_id), maintype=main, subtype=sub, filename=_line(file_name(one.filename), 200)
            )
    return message.as_bytes()


def _head(message: EmailMessage, letter: OutgoingLetter) -> None:
    message["From"] = _address(letter.from_name, letter.from_address)
    message["To"] = _address(letter.name, letter.address)
    if letter.reply_to:
        message["Reply-To"] = _address(letter.from_name, letter.reply_to)
    message["Subject"] = _line(letter.subject, 350)
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = letter.message_id
    if answered := letter.headers.get("in_reply_to"):
        message["In-Reply-To"] = _line(answered, 998)
    if references := letter.headers.get("references"):
        message["References"] = " ".join(references)
    message[LOOP_HEADER] = addresses.loop_mark()
    if automatic := letter.headers.get("auto_submitted"):
        message["Auto-Submitted"] = automatic
        message["X-Auto-Response-Suppress"] = "All"
    if letter.kind == OutgoingLetter.Kind.AUTO_ANSWER:
        message["Precedence"] = "auto_reply"


def _address(name: str, address: str) -> Address:
    if not _ADDRESS.match(address):
        raise ValueError(f"{address[:100]!r} is no address")
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode()
    return Address(_line(name, 100), username=local, domain=domain)


def _type(content_type: str) -> tuple[str, str]:
    """What a file says it is, where that may stand in a letter."""
    main, _, sub = content_type.split(";", maxsplit=1)[0].strip().lower().partition("/")
    plain = main.isascii() and sub.isascii() and main.isalpha() and all(c.isalnum() or c in ".+-" for c in sub)
    if not plain or not sub or main in {"message", "multipart"}:
        return "application", "octet-stream"
    return main, sub
