"""Settings of this room that live in the database: whom to ask for access."""

from dataclasses import dataclass

from django.utils.translation import get_language

from helpdesk.core.options import Option, texts

ACCESS_TEXT_RU = Option(
    "access.text_ru",
    "Нет доступа? Его открывает Служба сопровождения: попросите коллегу, который уже работает "
    "в\N{NO-BREAK SPACE}HelpDesk, "
    "отправить «Заявку на\N{NO-BREAK SPACE}доступ», или напишите на\N{NO-BREAK SPACE}{address}.",
)
ACCESS_TEXT_EN = Option(
    "access.text_en",
    "No access? The support service gives it: ask a colleague who already works in HelpDesk to send "
    "an access request, or write to {address}.",
)
ACCESS_ADDRESS = Option("access.address", "support@example.com")


@dataclass(frozen=True, slots=True)
class WhomToAsk:
    """The sentence for those without access, cut where its address stands (a link)."""

    before: str
    address: str
    after: str


def whom_to_ask() -> WhomToAsk:
    """In the language of the page. One statement."""
    text = ACCESS_TEXT_RU if get_language() == "ru" else ACCESS_TEXT_EN
    stored = texts(text, ACCESS_ADDRESS)
    before, mark, after = stored[text.key].partition("{address}")
    return WhomToAsk(before, stored[ACCESS_ADDRESS.key] if mark else "", after)
