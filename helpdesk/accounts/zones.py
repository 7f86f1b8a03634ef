"""Time zones as people choose them: by city and the distance from UTC now, those of Russia first."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from babel.dates import get_timezone_location
from django.utils.translation import gettext as _

from helpdesk.accounts.names import sort_key
from helpdesk.core import clock

# cities that the library's Russian names miss, or name by their region as well
_CITIES = {
    "Africa/Asmara": "Асмэра", "America/Argentina/Buenos_Aires": "Буэнос-Айрес",
    "America/Argentina/Catamarca": "Катамарка", "America/Argentina/Cordoba": "Кордова",
    "America/Argentina/Jujuy": "Жужуй", "America/Argentina/Mendoza": "Мендоса", "America/Atikokan": "Атикокан",
    "America/Indiana/Indianapolis": "Индианаполис", "America/Kentucky/Louisville": "Луисвилл",
    "America/Nuuk": "Нуук", "Asia/Ho_Chi_Minh": "Хошимин", "Asia/Kathmandu": "Катманду", "Asia/Kolkata": "Калькутта",
    "Asia/Sakhalin": "Южно-Сахалинск", "Asia/Yangon": "Янгон", "Atlantic/Faroe": "Фарерские острова",
    "Europe/Kyiv": "Киев", "Pacific/Chuuk": "Чуук", "Pacific/Pohnpei": "Понпеи",
}  # fmt: skip
_NOWHERE = {"001", "ZZ"}

Options = list[tuple[str, list[tuple[str, str]]]]


def options(language: str, chosen: str = "") -> Options:
    """Groups of (name, [(zone, «City (UTC+3)»)]) for a select: Russia from west to east, then all others by name.
    A `chosen` zone that is in neither (UTC, an older name) stands in a group of its own."""
    found = _options(language, clock.now().date().isoformat())
    if chosen and not any(zone == chosen for _name, rows in found for zone, _text in rows):
        found = [(_("Chosen now"), [(chosen, f"{chosen} ({offset_text(_offset(chosen))})")]), *found]
    return [(_("Russia") if name == "RU" else _("Other places") if name == "" else name, rows) for name, rows in found]


@lru_cache(maxsize=8)
def _options(language: str, _day: str) -> Options:
    """One day long: summer time moves the distances."""
    territories, known = get_global("zone_territories"), available_timezones()
    rows = [
        (zone, where, _city(zone, language), _offset(zone))
        for zone, where in territories.items()
        if where not in _NOWHERE and zone in known
    ]
    russian = sorted((row for row in rows if row[1] == "RU"), key=lambda row: (row[3], sort_key(row[2])))
    others = sorted((row for row in rows if row[1] != "RU"), key=lambda row: sort_key(row[2]))
    return [
        (code, [(zone, f"{city} ({offset_text(offset)})") for zone, _where, city, offset in found])
        for code, found in (("RU", russian), ("", others))
    ]


def _city(zone: str, language: str) -> str:
    own = _CITIES.get(zone) if language == "ru" else None
    return own or str(get_timezone_location(zone, locale=language, return_city=True)).rpartition("/")[2]


def _offset(zone: str) -> timedelta:
    return clock.now().astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


def offset_text(offset: timedelta) -> str:
    """«UTC+3», «UTC−3:30», «UTC»."""
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "\N{MINUS SIGN}"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def here(zone: str, at: datetime) -> str:
    """What the clock of a zone shows."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"
