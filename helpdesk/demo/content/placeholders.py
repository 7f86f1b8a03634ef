"""Values for the placeholders of conversations: addresses, accounts, names, sums, periods relative to a day."""

from datetime import date, timedelta
from random import Random
from typing import Final

from helpdesk.demo.content.types import Client, Company

STREETS: Final = (
    "Садовая ул.",
    "Лесная ул.",
    "Полевая ул.",
    "Набережная ул.",
    "ул. Мира",
    "ул. Гагарина",
    "ул. Космонавтов",
    "Школьная ул.",
    "Заречная ул.",
    "ул. Чехова",
    "пр-т Строителей",
    "Молодёжная ул.",
    "ул. Победы",
    "Вокзальная ул.",
    "пер. Кузнечный",
    "бул. Юности",
    "ул. Менделеева",
    "Октябрьская ул.",
    "Солнечная ул.",
    "ул. Льва Толстого",
)

HOLDERS: Final = (
    "Щукина О. Ф.",
    "Матвеев Г. С.",
    "Калинина Н. П.",
    "Ефремов В. И.",
    "Рыбакова З. Т.",
    "Фадеев А. Л.",
    "Гришина Т. М.",
    "Лукьянов Б. Е.",
    "Тимофеева Р. Н.",
    "Шаповалов И. Д.",
    "Колесникова А. Я.",
    "Назаров П. Г.",
    "Зверева Л. К.",
    "Воробьёв Ю. А.",
    "Мухина Е. С.",
    "Сафин Р. Х.",
)

MONTHS: Final = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
MONTHS_OF: Final = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
MONTHS_IN: Final = (
    "январе",
    "феврале",
    "марте",
    "апреле",
    "мае",
    "июне",
    "июле",
    "августе",
    "сентябре",
    "октябре",
    "ноябре",
    "декабре",
)

KEYS: Final = frozenset(
    {
        "account",  # 4500123871
        "address",  # Садовая ул., д. 14, кв. 37
        "house",  # Садовая ул., д. 14
        "fio",  # Щукина О. Ф. (nominative)
        "benefit_id",  # 00-1238
        "sum",  # 1 284,60: of one account
        "total",  # 312 480,15: of a house, a register, a bank
        "period",  # октябрь 2026: the month before the request
        "period_iso",  # 2026-10
        "of_month",  # октября
        "in_month",  # октябре
        "this_period",  # ноябрь 2026: the month of the request
        "this_of_month",  # ноября
        "today",  # 25 ноября
        "yesterday",  # 24 ноября
        "in_week",  # 2 декабря
        "in_month_iso",  # 2026-12-25
        "agent",  # УК Заря: «Агент» in the program
        "client",  # Марина Викторовна
        "signature",  # Соколова М. В.
    },
)


def day(moment: date) -> str:
    """«25 ноября»."""
    return f"{moment.day} {MONTHS_OF[moment.month - 1]}"


def month_before(moment: date) -> date:
    """The first day of the month before the one of `moment`."""
    return (moment.replace(day=1) - timedelta(days=1)).replace(day=1)


def money(kopecks: int) -> str:
    """«1 284,60» with a no-break space between thousands."""
    roubles, rest = divmod(kopecks, 100)
    return f"{roubles:,}".replace(",", "\u00a0") + f",{rest:02d}"


def values(rng: Random, *, at: date, company: Company, client: Client) -> dict[str, str]:
    """One value for each of KEYS, the same for the whole conversation; `at` is the day it begins."""
    house = f"{rng.choice(STREETS)}, д. {rng.randint(1, 96)}"
    before = month_before(at)
    return {
        "account": f"4500{rng.randint(100_000, 999_999)}",
        "house": house,
        "address": f"{house}, кв. {rng.randint(1, 180)}",
        "fio": rng.choice(HOLDERS),
        "benefit_id": f"{rng.randint(0, 12):02d}-{rng.randint(1000, 9999)}",
        "sum": money(rng.randint(18_000, 940_000)),
        "total": money(rng.randint(2_400_000, 190_000_000)),
        "period": f"{MONTHS[before.month - 1]} {before.year}",
        "period_iso": f"{before:%Y-%m}",
        "of_month": MONTHS_OF[before.month - 1],
        "in_month": MONTHS_IN[before.month - 1],
        "this_period": f"{MONTHS[at.month - 1]} {at.year}",
        "this_of_month": MONTHS_OF[at.month - 1],
        "today": day(at),
        "yesterday": day(at - timedelta(days=1)),
        "in_week": day(at + timedelta(days=7)),
        "in_month_iso": (at + timedelta(days=30)).isoformat(),
        "agent": company.short_name,
        "client": client.polite,
        "signature": client.signature,
    }
