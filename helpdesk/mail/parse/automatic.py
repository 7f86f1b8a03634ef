"""Tells letters that a machine sent and that must never be answered (RFC 3834 §2, §4); knows no requests."""

import re
from collections.abc import Mapping, Sequence

from helpdesk.mail.parse.letter import Mailbox

LOOP_HEADER = "X-HelpDesk-Loop"
"""The header that our own letters carry."""

_MACHINES = re.compile(
    r"^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mailerdaemon|post[-_]?master|majordomo|listserv|owner-.+|.+-request|"
    r"bounces?|bounces?[-+=_].+|.+-bounces?(?:[+-].*)?|no[-_.]?reply(?:[-+_.].*)?|.+[-_.]no-?reply|"
    r"do[-_.]?not[-_.]?reply.*|"
    r"noreply.*|nobody|daemon|news(?:letter)?|notification(?:s)?|robot|autoresponder|auto[-_.]?reply)$",
    re.IGNORECASE,
)
_ALONE = r"(?=\s*(?:$|[»:;.,!(\[–—-]))"  # «Вне офиса: …», not «Вне офиса не открывается почта», which a person writes
_AUTO_SUBJECT = re.compile(
    r"^\W{0,3}(?:авто-?ответ(?:чик:)?(?!\w)|автоматический ответ(?!\w)|"
    rf"(?:(?:я )?(?:сейчас )?вне офиса|нет (?:в офисе|на месте)|меня нет (?:в офисе|на месте)){_ALONE}|"
    r"(?:я )?вне офиса (?:с|до|по) \d|"
    r"auto(?:matic)?[ -]?(?:reply|response|responder|antwort)|autoreply|"
    r"automatische antwort|abwesenheits|out[ -]of[ -](?:the[ -])?office|отсутств\w+ (?:на работе|в офисе|"
    r"на рабочем месте)|"
    r"нет на рабочем месте|я в отпуске|в отпуске\b|vacation (?:reply|response)|réponse automatique|"
    r"respuesta automática|"
    r"risposta automatica|resposta automática|absence du bureau|delivery status notification|"
    r"complaint about message from|read:|прочтено:|"
    r"прочитано:|"
    r"уведомление о прочтении|отчет о прочтении)",
    re.IGNORECASE,
)
_PRESENCE = (
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply", "x-yandex-autoreply",
    "x-mailer-autoreply", "x-feedback-id-auto", "list-id", "list-post", "list-unsubscribe", "list-help",
    "list-owner", "list-archive", "x-mailing-list", "x-failed-recipients", "feedback-id", "x-mlserver", "x-ml-name",
    "x-abuse-reports-to",
)  # fmt: skip


def reason(headers: Mapping[str, Sequence[str]], *, sender: Mailbox | None, subject: str, content_type: str) -> str:
    """Return why a letter counts as sent by a machine, "" if by a person. Header names are in lower case."""
    auto = _first(headers, "auto-submitted").split(";")[0].strip().lower()
    if auto and auto != "no":
        return f"Auto-Submitted: {auto[:40]}"
    precedence = _first(headers, "precedence").strip().lower()
    if precedence in {"bulk", "junk", "list", "auto_reply", "auto-reply"}:
        return f"Precedence: {precedence}"
    suppress = _first(headers, "x-auto-response-suppress").lower()
    if any(word in suppress for word in ("all", "oof", "autoreply")):
        return "X-Auto-Response-Suppress"
    if LOOP_HEADER.lower() in headers:
        return LOOP_HEADER
    for name in _PRESENCE:
        if name in headers:
            return name.title()
    path = headers.get("return-path")
    if path and path[0].replace(" ", "") == "<>":
        return "null Return-Path"
    if content_type == "multipart/report":
        return "report"
    local = sender.address.split("@")[0] if sender else ""
    if local and _MACHINES.match(local[:100]):
        return f"sender {local[:40]}"
    return "subject" if _AUTO_SUBJECT.match(subject[:200]) else ""


def _first(headers: Mapping[str, Sequence[str]], name: str) -> str:
    values = headers.get(name)
    return values[0] if values else ""
