"""What the support service of the demo world tells everybody: days are counted from the day of the load."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from helpdesk.demo.masters import World
from helpdesk.notices import banners
from helpdesk.notices.banners import Wording
from helpdesk.notices.models import Banner


def announce(world: World, now: datetime, zone: ZoneInfo) -> None:
    """Planned works that are near, and a change of the office time a month ago."""
    night = (now.astimezone(zone) + timedelta(days=6)).replace(hour=22, minute=0, second=0, microsecond=0)
    by = world.of("admin")
    banners.announce(
        Wording(
            title_ru=f"Плановые работы {_day(night.date(), 'ru')} с 22:00 до 24:00",
            title_en=f"Planned works on {_day(night.date(), 'en')}, 22:00 to 24:00",
            text_ru="Программа расчётов и Кабинет Абонента будут недоступны. HelpDesk работает как обычно.",
            text_en="The billing program and the subscriber's cabinet will be unavailable. HelpDesk works as usual.",
            starts_at=now - timedelta(days=1),
            ends_at=night + timedelta(hours=2),
        ),
        by=by, key="demo-works", at=now - timedelta(days=1),
    )  # fmt: skip
    month_ago = now - timedelta(days=30)
    banners.announce(
        Wording(
            title_ru="Приём показаний: последний день — 25-е число",
            title_en="Readings are taken until the 25th",
            text_ru="Реестры, которые придут позже, загрузим в следующем месяце.",
            text_en="Registers that come later will be loaded next month.",
            kind=Banner.Kind.WARN,
            starts_at=month_ago,
            ends_at=month_ago + timedelta(days=5),
        ),
        by=by, key="demo-readings", at=month_ago,
    )  # fmt: skip


def _day(day: date, language: str) -> str:
    return str(format_date(day, "d MMMM", locale=language))
