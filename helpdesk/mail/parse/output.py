"""A letter as the JSON that `mail parse` prints (contract): names others rely on; knows no database."""

from pathlib import Path
from typing import Any

from helpdesk.mail.parse.letter import Letter, Mailbox
from helpdesk.mail.parse.parser import parse

_PART = ("filename", "content_type", "size", "sha256", "content_id", "inline")
MAX_FILE = 200 * 1024 * 1024


def to_json(letter: Letter, *, file: str) -> dict[str, Any]:
    """Return the letter in the shape of the contract: plain values, no attachment's bytes."""
    bounce = letter.bounce
    return {
        "file": file,
        "ok": True,
        "message_id": letter.message_id,
        "in_reply_to": letter.in_reply_to,
        "references": letter.references,
        "date": letter.date.isoformat() if letter.date else None,
        "from": _mailbox(letter.from_),
        "sender": _mailbox(letter.sender),
        "reply_to": [_mailbox(box) for box in letter.reply_to],
        "to": [_mailbox(box) for box in letter.to],
        "cc": [_mailbox(box) for box in letter.cc],
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "visible_text": letter.visible_text,
        "folded_text": letter.folded_text,
        "segments": [{"kind": one.kind, "text": one.text} for one in letter.segments],
        "attachments": [{name: getattr(part, name) for name in _PART} for part in letter.attachments],
        "auto_submitted": letter.auto_submitted,
        "bounce": bounce is not None
        and {
            "recipient": bounce.recipient,
            "original_message_id": bounce.original_message_id,
            "status": bounce.status,
            "permanent": bounce.permanent,
        },
        "defects": letter.defects,
    }


def _mailbox(box: Mailbox | None) -> dict[str, str] | None:
    return {"name": box.name, "address": box.address} if box else None


def parse_file_json(path: str | Path) -> dict[str, Any]:
    """Parse one file for the command line; a file that cannot be read gives `ok: false` and the reason."""
    try:
        size = Path(path).stat().st_size
        if size > MAX_FILE:
            return {"file": str(path), "ok": False, "reason": f"larger than {MAX_FILE // 2**20} MB"}
        raw = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return {"file": str(path), "ok": False, "reason": str(reason)}
    if not raw:
        return {"file": str(path), "ok": False, "reason": "the file is empty"}
    return to_json(parse(raw), file=str(path))
