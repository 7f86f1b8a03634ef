"""Talking to the mail server that takes our letters (RFC 5321). Knows octets and addresses, no letters as rows."""

import smtplib
import ssl
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

TIMEOUT = 30  # seconds for each step
_FORMS = "smtp://user:password@host:port, smtps://… or smtp+starttls://…"


class SettingError(ValueError):
    """HELPDESK_EMAIL_URL cannot be understood."""


class Refused(Exception):
    """The server did not take this letter. The text is what it said."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code} {words}".strip())
        self.permanent = 500 <= code < 600


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters are handed in."""

    host: str
    port: int
    user: str
    password: str
    security: Literal["none", "starttls", "tls"]


def server_of(url: str) -> Server:
    """Read HELPDESK_EMAIL_URL. Raises SettingError; the password is not in its text."""
    parts = urlsplit(url)
    kinds: dict[str, tuple[Literal["none", "starttls", "tls"], int]] = {
        "smtp": ("none", 25), "smtps": ("tls", 465), "smtp+starttls": ("starttls", 587),
    }  # fmt: skip
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in kinds or not parts.hostname or port == -1:
        raise SettingError(f"HELPDESK_EMAIL_URL={parts.scheme}://…: accepted is {_FORMS}.")
    security, usual = kinds[parts.scheme]
    return Server(parts.hostname, port or usual, unquote(parts.username or ""), unquote(parts.password or ""), security)


def connect(server: Server, *, timeout: float = TIMEOUT) -> smtplib.SMTP:
    """An open conversation, encrypted and signed in as the address says. Certificates are checked, always.

    Raises OSError, ssl.SSLError, smtplib.SMTPException. There is no falling back to plain text.
    """
    trust = ssl.create_default_context()
    trust.minimum_version = ssl.TLSVersion.TLSv1_2
    talk: smtplib.SMTP
    if server.security == "tls":
        talk = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=trust)
    else:
        talk = smtplib.SMTP(server.host, server.port, timeout=timeout)
    try:
        if server.security == "starttls":
            talk.starttls(context=trust)
        talk.ehlo_or_helo_if_needed()
        if server.user:
            talk.login(server.user, server.password)
    except BaseException:
        talk.close()
        raise
    return talk


def deliver(talk: smtplib.SMTP, content: bytes, *, sender: str, recipient: str) -> str:
    """Hand one letter in; returns the server's words when it took it. Empty sender: the null path (RFC 5321 §4.5.5).

    Raises Refused for its answers 4xx and 5xx, OSError or smtplib.SMTPServerDisconnected when the line broke.
    """
    wide = not recipient.isascii()
    if wide and not talk.has_extn("smtputf8"):
        raise Refused(553, "The mail server takes no addresses beyond ASCII (SMTPUTF8)")
    options = ["SMTPUTF8", "BODY=8BITMIME"] if wide else []
    _want(talk, *talk.mail(sender, options))
    _want(talk, *talk.rcpt(recipient))
    try:
        code, words = talk.data(content)
    except smtplib.SMTPDataError as error:
        code, words = error.smtp_code, _octets(error.smtp_error)
    _want(talk, code, words)
    return f"{code} {_text(words)}"


def close(talk: smtplib.SMTP) -> None:
    """End a conversation; a line that is broken already is no matter."""
    try:
        talk.quit()
    except (OSError, smtplib.SMTPException):
        talk.close()


def said(error: BaseException) -> str:
    """What went wrong with the server, in one line for the operator."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(_octets(error.smtp_error))}"
    return f"{type(error).__name__}: {error}"


def _want(talk: smtplib.SMTP, code: int, words: bytes) -> None:
    if code == -1 or code == 421:  # noqa: PLR1714
        raise smtplib.SMTPServerDisconnected(f"{code} {_text(words)}")
    if not 200 <= code < 300:
        talk.rset()
        raise Refused(code, _text(words))


def _octets(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


def _text(words: bytes) -> str:
    return words.decode("utf-8", "replace").replace("\n", " ")
