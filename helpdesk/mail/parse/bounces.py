"""Recognises reports that a letter was not delivered: RFC 3464, RFC 5965 and the free forms of many mail systems."""

import re
from collections.abc import Iterator, Mapping, Sequence

from helpdesk.mail.parse.charsets import guess
from helpdesk.mail.parse.fields import message_ids
from helpdesk.mail.parse.letter import Bounce, Mailbox
from helpdesk.mail.parse.mime import Entity, Tree, read_fields
from helpdesk.mail.parse.words import decode_words, unfolded

_DAEMON = re.compile(
    r"mailer[-_ .]?daemon|mail[-_ ]?daemon|post_?master|mail delivery|delivery (?:system|subsystem|agent)|mdaemon|"
    r"mail administrator|mail system|mailadmin|bounces?\b|mail(?:ing)?[-_ ]?gate|system administrator|"
    r"message transfer|mmdf|"
    r"internet mail|mailsweeper|smtp gateway|email quarantine|qmail",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|non[- ]?deliver|not delivered|delivery (?:status|fail|notification|error|problem|report|delayed)|"
    r"fail(?:ed|ure)? (?:to deliver|delivery|mail|notice)|failure notice|returned (?:mail|message|to sender)|"
    r"mail failure|"
    r"mail delivery|message (?:status|delivery|notification|could not|not)|could ?n[o']t be delivered|"
    r"can ?not be delivered|"
    r"undelivered|bounce|unable to deliver|error sending|delivery has failed|mail could not|returned e?mail|"
    r"warning: could not|"
    r"dead letter|nondeliverable|unzustellbar|nicht zugestellt|fehlgeschlagen|échec|non remis|imposs[ií]vel|"
    r"não (?:foi )?entreg|"
    r"no se (?:ha )?p(?:udo|odido)|не доставлен|недоставлен|не удалось доставить|невозможно доставить|ошибка доставки|"
    r"недоставленное|письмо возвращено|сообщение возвращено|доставк\w+ не|"
    r"nu a fost|mislukt|niet (?:bezorgd|afgeleverd)|undelivery|配信|送信",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"could ?n[o']t be delivered|could not deliver|cannot deliver|was not delivered|not be delivered|"
    r"undeliverable|unable to deliver|"
    r"delivery (?:to|of|has|failed|attempt|failure)|failed (?:permanently|to deliver|recipient|address)|"
    r"permanent (?:fatal )?error|"
    r"user unknown|unknown user|no such (?:user|mailbox|address|recipient|local)|does(?: not|n't) exist|"
    r"mailbox (?:is )?(?:full|unavailable|not)|"
    r"over ?quota|quota exceeded|returned to (?:you|sender|the sender)|following (?:address|recipient|"
    r"destination|error)|"
    r"did not reach|rejected|bounced|unrouteable|host (?:or domain )?(?:name )?(?:not found|unknown)|"
    r"undelivered|invalid (?:recipient|user|address)|"
    r"relaying denied|recipient (?:address )?(?:rejected|unknown|not)|account (?:is |has been )?disabled|"
    r"not accept|transcript of session|"
    r"message (?:size|too)|this message was created automatically|exceeded|unknown (?:address|recipient|local)|delay|"
    r"не (?:может быть |было |был[ао]? )?доставлен|не удалось доставить|невозможно доставить|не существует|переполнен|"
    r"недоставлен|konnte nicht|nicht zugestellt|n'a pas pu|no se pudo|não pôde|5\d\d[ -]\d\.\d\.\d|\b55[0-4][ -]",
    re.IGNORECASE,
)
# Amazon tells of bounces by JSON.
_NOTICE = re.compile(r"(?:notificationType|eventType)\\?\"\s*:\s*\\?\"(?:Bounce|Complaint)\b")
_ENHANCED = re.compile(
    r"(?<![\d.])5\.\d\.\d{1,2}(?![\d.])|\b55\d[ -]|user unknown|unknown user|no such user|delivery failed",
    re.IGNORECASE,
)
_MACHINE = re.compile(r"exchange|network mail|robot", re.IGNORECASE)
_DELAY = re.compile(
    r"delayed|warning|deferred|will (?:be retried|continue|keep trying|retry)|still (?:being|trying)|задержан|temporar|"
    r"you do not need to resend|not yet been delivered|has not been delivered (?:yet|to)",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])([45])[0-5]\d(?=[ -])(?!-\d{4})")
_ADDRESS = re.compile(
    r"(?<![\w.+=@-])([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,100}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})"
)
_ORIGINAL_ID = re.compile(
    r"^[ \t>|]{0,6}Message-?Id:[ \t]{0,4}(?:\n[ \t]{1,8})?<?([^<>\s]{3,300}@?[^<>\s]{0,300})>?",
    re.IGNORECASE | re.MULTILINE,
)
_ORIGINAL_TO = re.compile(r"^[ \t>|]{0,6}To:[ \t]{0,4}([^\n]{1,500})", re.IGNORECASE | re.MULTILINE)
_COPY_BELOW = re.compile(
    r"^(?:[\s>#*-]*(?:original message|below this line|copy of the (?:message|header|original)|"
    r"message (?:header|text) follows|"
    r"included is a copy|the (?:original|header|beginning).{0,40}(?:message|follows)|unsent message|"
    r"your (?:message|mail) (?:is|was) (?:included|enclosed)|"
    r"original (?:mail|headers?)|исходное сообщение|текст исходного)|(?:received|return-path|message-id): )",
    re.IGNORECASE | re.MULTILINE,
)
_FAILED_LINE = re.compile(
    r"(?:final-recipient|original-recipient|failed (?:recipient|address)|recipient|to|<[^>\s]+@[^>\s]+>:|"
    r"user unknown|no such|unknown)",
    re.IGNORECASE,
)
_OURS = ("to", "from", "delivered-to", "return-path", "sender")
_MAX_READ = 300_000


def find(
    tree: Tree, headers: Mapping[str, Sequence[str]], *, sender: Mailbox | None, subject: str, text: str
) -> Bounce | None:
    """Return what a delivery report says, None where the letter is none. A report of success is none."""
    reports = list(_reports(tree))
    status_fields = [one for kind, one in reports if kind == "message/delivery-status"]
    complaint = [one for kind, one in reports if kind == "message/feedback-report"]
    spoken = text[:_MAX_READ]
    if status_fields and _is_success(status_fields):
        return None
    if not status_fields and not complaint and not _is_free_form(headers, sender=sender, subject=subject, text=spoken):
        return None
    failed = _failed(status_fields)
    original = list(_original_fields(tree))
    start = tree.root.start
    whole = guess(tree.raw[start : start + _MAX_READ])[0].replace("\r\n", "\n")
    recipient = _recipient(failed, complaint, headers, spoken, sender=sender, original=original)
    status = _status(failed, spoken, whole)
    delayed = any(one.get("action", "").lower().startswith("delayed") for one in failed)
    if status:
        permanent = status.startswith("5") and not delayed
    else:
        permanent = not delayed and not complaint and not _DELAY.search(subject + "\n" + spoken[:3000])
    return Bounce(recipient, _original_id(tree, headers, original, whole), status, permanent)


def _reports(tree: Tree) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the groups of fields of machine-readable parts."""
    for leaf in tree.leaves():
        kind = leaf.content_type
        if kind in {"message/delivery-status", "message/feedback-report", "message/global-delivery-status"}:
            kind = kind.replace("global-", "")
            content = tree.content(leaf)[:_MAX_READ].replace(b"\r\n", b"\n")
            groups = [group for group in re.split(rb"\n[ \t]*\n", content.strip(b"\n"))[:200] if group.strip()]
            for group in groups:
                yield kind, _as_fields(group)
            if not groups:
                yield kind, {}


def _as_fields(data: bytes) -> dict[str, str]:
    fields, _, _ = read_fields(data.lstrip(b"\n"), 0, len(data), [])
    out: dict[str, str] = {}
    for name, value in fields:
        out.setdefault(name.lower(), decode_words(unfolded(value)))
    return out


def _is_success(groups: list[dict[str, str]]) -> bool:
    actions = [one["action"].split("(")[0].strip().lower() for one in groups if "action" in one]
    return bool(actions) and all(action in {"delivered", "relayed", "expanded"} for action in actions)


def _failed(groups: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the recipients' groups, the failed ones first."""
    named = [one for one in groups if "final-recipient" in one or "original-recipient" in one or "action" in one]
    return sorted(named, key=lambda one: not one.get("action", "").lower().startswith("fail")) or groups


def _is_free_form(headers: Mapping[str, Sequence[str]], *, sender: Mailbox | None, subject: str, text: str) -> bool:
    """Weigh sender, subject and words: a clerk's «Возврат платежа, сумма 550» must not count as a report."""
    if "x-failed-recipients" in headers or subject.lower().startswith("complaint about message from"):
        return True
    if _NOTICE.search(text[:5000]):
        return True
    who = f"{sender.name} {sender.address.split('@')[0]}"[:200] if sender else ""
    path = (headers.get("return-path") or ["?"])[0].replace(" ", "")
    auto = (headers.get("auto-submitted") or [""])[0].lower()
    is_daemon = bool(_DAEMON.search(who)) or "MAILER-DAEMON" in path.upper()
    is_machine = is_daemon or path == "<>" or bool(auto and not auto.startswith("no")) or bool(_MACHINE.search(who))
    subject_says = bool(_SUBJECT.search(subject[:300]))
    if is_daemon:
        return subject_says or bool(_BODY.search(text[:20_000]))
    if not subject_says or not _BODY.search(text[:20_000]):
        return False
    if is_machine:
        return True
    is_answer = subject.lower().startswith(("re:", "fw:", "fwd:", "отв:", "на:"))
    return not is_answer and bool(_ADDRESS.search(text[:5000])) and bool(_ENHANCED.search(text[:20_000]))


def _original_fields(tree: Tree) -> Iterator[dict[str, str]]:
    """Yield the header fields of the returned letter or its header."""
    for leaf in tree.leaves():
        if leaf.content_type in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global",
                                 "message/global-headers"}:  # fmt: skip
            yield _as_fields(tree.content(leaf)[:_MAX_READ].replace(b"\r\n", b"\n").lstrip(b"\n"))


def _recipient(
    failed: list[dict[str, str]],
    complaint: list[dict[str, str]],
    headers: Mapping[str, Sequence[str]],
    text: str,
    *,
    sender: Mailbox | None,
    original: list[dict[str, str]],
) -> str | None:
    for one in failed:
        for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
            found = _ADDRESS.search(one.get(name, "").replace("+AEA-", "@"))
            if found:
                return found.group(1)
    for one in complaint:
        for name in ("original-rcpt-to", "removal-recipient"):
            found = _ADDRESS.search(one.get(name, ""))
            if found:
                return found.group(1)
    for value in headers.get("x-failed-recipients", ()):
        found = _ADDRESS.search(value)
        if found:
            return found.group(1)
    ours = {box.lower() for name in _OURS for value in headers.get(name, ()) for box in _ADDRESS.findall(value)}
    ours |= {sender.address.lower()} if sender else set()
    said = _named_in(text, ours)
    if said:
        return said
    for one in original:
        found = _ADDRESS.search(one.get("x-hmxmroriginalrecipient", "")) or _ADDRESS.search(one.get("to", ""))
        if found:
            return found.group(1)
    copied = next((m for m in map(_ADDRESS.search, _ORIGINAL_TO.findall(text)) if m), None)
    return copied.group(1) if copied else None


def _named_in(text: str, ours: set[str]) -> str | None:
    """Return the address that the report's own words (above the copy) name, not ours nor a postmaster's."""
    copy = _COPY_BELOW.search(text, 1)
    spoken = text[: copy.start()] if copy and copy.start() > 40 else text
    usual = ("postmaster@", "mailer-daemon@", "abuse@", "support@", "helpdesk@", "admin@")
    fitting = [
        match for match in _ADDRESS.finditer(spoken)
        if match.group(1).lower() not in ours and not match.group(1).lower().startswith(usual)
    ]  # fmt: skip
    for match in fitting:
        line = spoken[spoken.rfind("\n", 0, match.start()) + 1 : match.end() + 60]
        if _FAILED_LINE.search(line):
            return match.group(1)
    return fitting[0].group(1).rstrip(".") if fitting else None


def _status(failed: list[dict[str, str]], text: str, whole: str) -> str | None:
    for one in failed:
        found = _STATUS.search(one.get("status", "")) or _STATUS.search(one.get("diagnostic-code", ""))
        if found:
            return found.group(1)
    copy = _COPY_BELOW.search(text, 1)
    spoken = text[: copy.start()] if copy else text
    found = _STATUS.search(spoken)
    if found and not found.group(1).startswith("2"):
        return found.group(1)
    code = _REPLY_CODE.search(spoken[:20_000])
    if code:
        return f"{code.group(1)}.0.0"
    late = re.search(r"^Status:\s*([245]\.\d{1,3}\.\d{1,3})", whole, re.MULTILINE)
    return late.group(1) if late else None


def _original_id(
    tree: Tree, headers: Mapping[str, Sequence[str]], original: list[dict[str, str]], whole: str
) -> str | None:
    for copy in original:
        for name in ("message-id", "original-message-id"):
            ids = message_ids(copy.get(name, ""))
            if ids:
                return ids[0]
    for text in (whole, *_decoded_texts(tree)):
        found = _ORIGINAL_ID.search(text)
        if found:
            return f"<{found.group(1).strip('<>')}>"
    for name in ("in-reply-to", "references", "x-original-message-id", "original-message-id"):
        for value in headers.get(name, ()):
            ids = message_ids(value)
            if ids:
                return ids[-1]
    return None


def _decoded_texts(tree: Tree) -> Iterator[str]:
    for leaf in tree.leaves():
        if leaf.content_type.startswith(("text/", "message/")) and leaf.first("content-transfer-encoding"):
            yield guess(_head(tree, leaf))[0].replace("\r\n", "\n")


def _head(tree: Tree, leaf: Entity) -> bytes:
    return tree.content(leaf)[:_MAX_READ]
