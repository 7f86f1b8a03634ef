"""Figures and what they count, for pages: «кв. 63», «1 250,00 руб.» stay on one line. Changes no sign of a text."""

import re

from markupsafe import Markup, escape

_SPACE = "[ \u00a0\u202f]"
_GROUPS = rf"[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+(?![0-9])(?:[.,][0-9]+)?"
_UNIT = r"""(?:₽|%|руб(?:\.|л\w+)?|р\.|коп\.?|тыс\.?|млн|м[²³23]|кВт\w*|Гкал|шт\.?|мес\.?|дн\w*|час\w*|мин\.?|лет|года?
    |г\.|КБ|МБ)"""
_WHOLE = re.compile(
    rf"""(?<!\w)(?:(?:кв|д|дом|корп|стр|оф|л/с|лс|п|ст|№|no)\.?{_SPACE}№?{_SPACE}?(?:{_GROUPS}|[0-9][\w/-]*)
        |(?:{_GROUPS}|[0-9]+(?:[.,][0-9]+)?){_SPACE}{_UNIT}(?!\w)
        |{_GROUPS})""",
    re.VERBOSE | re.IGNORECASE,
)
_TOGETHER = Markup('<span class="nowrap">{}</span>')


def units_whole(text: str) -> Markup:
    """A plain text, each figure in it with its unit as one piece."""
    pieces, end = [], 0
    for found in _WHOLE.finditer(text):
        pieces += [escape(text[end : found.start()]), _TOGETHER.format(found.group())]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])
