"""What a text asks of its reader, sentence by sentence: said of what is settled, nothing is asked but «if»."""

import html
import re

_ASKS = {
    "ru": re.compile(
        r"\b(?:\w+(?:ите|йте|ьте)(?:сь)?|пожалуйста|обязательно|обязаны|необходимо|нужно|нужны?|требу\w+|прос(?:им|ьба)"
        r"|жд[её]м|должны)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:^|[:;,—–] )(?:reply|answer|write|send|confirm|create|tell|choose|press)\b(?!:)"
        r"|\b(?:please|must|needed|need|required?|have to|has to)\b",
        re.IGNORECASE,
    ),
}
# «if», a question before it, or that nothing is asked
_FREES = {
    "ru": re.compile(r"^(?:Если|Чтобы) |не нуж(?:но|ен)|ответа на решение не было"),
    "en": re.compile(r"^(?:If|To) |[Nn]o (?:answer|text) is needed|nothing is needed|was not answered"),
}


def asked_in(text: str, language: str) -> list[str]:
    """The sentences that ask something of their reader without an «if»."""
    text = html.unescape(re.sub(r"</(?:p|li|h\d|div|dt|dd|span|a)>|<br>", ".\n", text))
    text = re.sub(r"<[^>]+>", "", text).replace("\xa0", " ").replace("\u202f", " ")
    sentences = re.split(r"(?<=[.!?])\s+|\n\s*", text)
    return [one for one in sentences if _ASKS[language].search(one) and not _FREES[language].search(one)]
