"""Our own addresses, the signed token in a Reply-To (it proves who got a letter of which request), Message-IDs."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from helpdesk.accounts.names import canonical_address
from helpdesk.core import db
from helpdesk.mail.options import FROM_ADDRESS

_TOKEN_LENGTH = 26  # 128 bits in base32
_TAGGED = re.compile(r"^[^@\s]{0,100}\+t\.([0-9a-z-]{1,50})\.([a-z2-7]{26})@[^@\s]{1,255}$")
_TAG = re.compile(r"\+[^@]*(?=@)")


@dataclass(frozen=True, slots=True)
class Tag:
    """The number and the token that stand in a recipient's address. Not yet believed."""

    number: str
    token: str


def bare(address: str) -> str:
    """An address as it is compared, without a +tag."""
    return _TAG.sub("", canonical_address(address))


def own(general: str | None = None) -> frozenset[str]:
    """The desk's own addresses: the general one and the queues'. One statement where the general one is known, else
    two."""
    queues = [row[0] for row in db.fetch("SELECT address FROM tickets_queue WHERE address <> ''")]
    return frozenset(bare(address) for address in [general or FROM_ADDRESS.get(), *queues] if address)


def _mac(purpose: str, *facts: object) -> bytes:
    text = "|".join([purpose, *(str(fact) for fact in facts)])
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()


def token(number: str, person_id: int) -> str:
    """The token of one request for one recipient: 128 bits, 26 lower-case letters and digits."""
    return base64.b32encode(_mac("mail.reply_to", number, person_id)[:16]).decode().rstrip("=").lower()


def reply_to(address: str, number: str, person_id: int) -> str:
    """The address that an answer of this recipient goes to: support+t.NUMBER.TOKEN@…"""
    local, _, domain = address.partition("@")
    return f"{local}+t.{number}.{token(number, person_id)}@{domain}"


def tag_of(address: str) -> Tag | None:
    """The tag in an address; None if there is none of our form."""
    found = _TAGGED.match(canonical_address(address))
    return Tag(found.group(1), found.group(2)) if found else None


def owner_of(tag: Tag, people: Iterable[int]) -> int | None:
    """Whom of these people the token was given to; compared in constant time."""
    found = None
    for person_id in people:
        if hmac.compare_digest(token(tag.number, person_id).encode(), tag.token.encode()):
            found = person_id
    return found


def loop_mark() -> str:
    """What our own letters carry in X-HelpDesk-Loop; no other installation's is the same."""
    return _mac("mail.loop").hex()[:24]


def new_message_id(address: str, number: str = "") -> str:
    """A Message-ID nobody can guess (128 bits), of the domain that the letter comes from."""
    domain = address.rpartition("@")[2] or "localhost"
    return f"<{secrets.token_hex(16)}{'.' if number else ''}{number}@{_ascii(domain)}>"


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return "localhost"
