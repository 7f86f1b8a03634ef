"""Dates, sizes and numbers as people read them, in Russian and English. Pure: reads no clock and no settings.

Every function is cheap enough to be called for each cell of a list; nothing here asks a locale library.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

NBSP = "\u00a0"
THIN = "\u202f"
MINUS = "\u2212"

_MONTHS = {
    "ru": ("января", "февраля", "марта", "апреля", "мая", "июня",
           "июля", "августа", "сентября", "октября", "ноября", "декабря"),
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
}  # fmt: skip
_MONTH_ALONE = {
    "ru": ("январь", "февраль", "март", "апрель", "май", "июнь",
           "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
    "en": _MONTHS["en"],
}  # fmt: skip
_SHORT = {
    "ru": ("янв.", "февр.", "марта", "апр.", "мая", "июня", "июля", "авг.", "сент.", "окт.", "нояб.", "дек."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"),
}
_NEAR = {
    "ru": {0: "сегодня", -1: "вчера", 1: "завтра"},
    "en": {0: "today", -1: "yesterday", 1: "tomorrow"},
}
_WEEKDAYS = {
    "ru": ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_SPANS = {"ru": ("дн.", "ч", "мин"), "en": ("d", "h", "min")}


def known(language: str) -> str:
    """The language of the tables above for a code such as «ru-RU» or «en-gb»; anything else reads English."""
    return "ru" if language[:2] == "ru" else "en"


def day(when: date, *, language: str, today: date) -> str:
    """«сегодня», «вчера», «завтра», «24 ноября», «24 ноября 2025»."""
    near = _NEAR[known(language)].get((when - today).days)
    return near or dated(when, language=language, today=today)


def dated(when: date, *, language: str, today: date) -> str:
    """«24 ноября», «24 ноября 2025»: by its date, however near."""
    language = known(language)
    text = f"{when.day}{NBSP}{_MONTHS[language][when.month - 1]}"
    return text if when.year == today.year else f"{text}{NBSP}{when.year}"


def weekday(when: datetime, *, zone: tzinfo, language: str) -> str:
    """«понедельник, 30 ноября», without the year."""
    local, language = when.astimezone(zone).date(), known(language)
    return f"{_WEEKDAYS[language][local.weekday()]}, {dated(local, language=language, today=local)}"


def moment(when: datetime, *, zone: tzinfo, language: str, now: datetime) -> str:
    """«сегодня, 09:12», «24 ноября, 14:05»; the year where it is not this one. Both times are aware."""
    local = when.astimezone(zone)
    return f"{day(local.date(), language=language, today=now.astimezone(zone).date())}, {local:%H:%M}"


def moment_dated(when: datetime, *, zone: tzinfo, language: str, now: datetime) -> str:
    """«24 ноября, 14:05», also of today: where another moment stands before it."""
    local = when.astimezone(zone)
    return f"{dated(local.date(), language=language, today=now.astimezone(zone).date())}, {local:%H:%M}"


def moment_on_paper(when: datetime, *, zone: tzinfo, language: str) -> str:
    """«24 ноября 2026, 14:05»: with its year, since paper is read at another time."""
    local = when.astimezone(zone)
    return f"{local.day}{NBSP}{_MONTHS[known(language)][local.month - 1]}{NBSP}{local.year}, {local:%H:%M}"


def moment_dense(when: datetime, *, zone: tzinfo, language: str, now: datetime) -> str:
    """For narrow columns: «09:05», «вчера», «23 нояб.», «23 нояб. 2025»."""
    local, today = when.astimezone(zone), now.astimezone(zone).date()
    language = known(language)
    distance = (local.date() - today).days
    if distance == 0:
        return f"{local:%H:%M}"
    if distance in (-1, 1):
        return _NEAR[language][distance]
    text = f"{local.day}{NBSP}{_SHORT[language][local.month - 1]}"
    return text if local.year == today.year else f"{text}{NBSP}{local.year}"


@lru_cache(maxsize=4096)
def moment_full(when: datetime, *, zone: tzinfo, language: str) -> str:
    """The whole moment for a tooltip: «25 ноября 2026, 10:12, UTC+3»."""
    local = when.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    minutes = abs(int(offset.total_seconds())) // 60
    sign = MINUS if offset < timedelta() else "+"
    shift = f"{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "") if minutes else ""
    month = _MONTHS[known(language)][local.month - 1]
    return f"{local.day}{NBSP}{month}{NBSP}{local.year}, {local:%H:%M}, UTC{shift}"


def calendar(value: str, kind: str, *, language: str) -> str:
    """What a field of a form holds, for people: «октябрь 2026» of a month, «май – июль 2026» of a period («2026-05/
    2026-07»), «24 ноября 2026» of a date; anything else, and what is no date, as it is."""
    if kind not in {"month", "period", "date"}:
        return value
    try:
        if kind == "date":
            when = date.fromisoformat(value)
            return f"{when.day}{NBSP}{_MONTHS[known(language)][when.month - 1]}{NBSP}{when.year}"
        first, *last = (date.fromisoformat(f"{month}-01") for month in value.split("/", 1))
    except ValueError:
        return value
    names = _MONTH_ALONE[known(language)]
    months = [f"{names[each.month - 1]}{NBSP}{each.year}" for each in (first, *last)]
    if last and last[0].year == first.year:
        months[0] = names[first.month - 1]
    return f"{NBSP}– ".join(months)


def machine(when: datetime) -> str:
    """For the attribute `datetime` of `<time>`: UTC, seconds."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def duration(span: timedelta, *, language: str) -> str:
    """«4 ч 05 мин», «18 мин», «3 дн. 2 ч»; a minus sign for what is overdue; whole minutes, towards zero."""
    total = abs(int(span.total_seconds())) // 60
    return _duration(total, MINUS if span < timedelta() and total else "", known(language))


@lru_cache(maxsize=4096)
def _duration(total: int, sign: str, language: str) -> str:
    days_, hours_, minutes_ = _SPANS[language]
    days, rest = divmod(total, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        text = f"{days}{NBSP}{days_}" + (f" {hours}{NBSP}{hours_}" if hours else "")
    elif hours:
        text = f"{hours}{NBSP}{hours_}" + (f" {minutes:02}{NBSP}{minutes_}" if minutes else "")
    else:
        text = f"{minutes}{NBSP}{minutes_}"
    return sign + text


def number(value: float, *, language: str, places: int = 0) -> str:
    """«12 904», «1 284,60»: groups of three by the no-break thin space, the language's decimal sign, a real minus."""
    text = f"{abs(value):,.{places}f}".replace(",", THIN)
    if known(language) == "ru":
        text = text.replace(".", ",")
    return (MINUS if value < 0 else "") + text


def number_ticket(text: str) -> str:
    """«100001» as «100 001» with a no-break thin space; long numbers and such with letters stay as they are."""
    if not text.isascii() or not text.isdigit() or len(text) > 9 or len(text) < 4:
        return text
    head = len(text) % 3
    parts = [text[:head]] if head else []
    return THIN.join([*parts, *(text[i : i + 3] for i in range(head, len(text), 3))])


def initials(name: str) -> str:
    """Up to two capital letters of a name, for an avatar; «?» for none."""
    letters = [word[0] for word in name.replace("«", " ").replace('"', " ").split() if word[0].isalnum()]
    return "".join(letters[:2]).upper() or "?"


def plural(count: int, forms: Sequence[str], *, language: str) -> str:
    """The form for a count: Russian takes three (заявка, заявки, заявок), English two. For texts from the database."""
    if known(language) != "ru":
        return forms[0] if count == 1 else forms[-1]
    tens, ones = abs(count) % 100, abs(count) % 10
    if ones == 1 and tens != 11:
        return forms[0]
    return forms[1] if 2 <= ones <= 4 and not 12 <= tens <= 14 else forms[2]
