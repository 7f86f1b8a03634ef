"""Dates, sizes and numbers in both languages."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.web import formats

MOSCOW = ZoneInfo("Europe/Moscow")
VLADIVOSTOK = ZoneInfo("Asia/Vladivostok")
NOW = datetime(2026, 11, 25, 7, 12, tzinfo=UTC)  # 10:12 in Moscow, 17:12 in Vladivostok


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("when", "zone", "ru", "en", "dense_ru", "dense_en"),
    [
        (datetime(2026, 11, 25, 6, 12, tzinfo=UTC), MOSCOW, "сегодня, 09:12", "today, 09:12", "09:12", "09:12"),
        (datetime(2026, 11, 24, 11, 5, tzinfo=UTC), MOSCOW, "вчера, 14:05", "yesterday, 14:05", "вчера", "yesterday"),
        (datetime(2026, 11, 26, 7, 12, tzinfo=UTC), MOSCOW, "завтра, 10:12", "tomorrow, 10:12", "завтра", "tomorrow"),
        (
            datetime(2026, 11, 23, 11, 5, tzinfo=UTC),
            MOSCOW,
            "23 ноября, 14:05",
            "23 November, 14:05",
            "23 нояб.",
            "23 Nov",
        ),
        (
            datetime(2025, 12, 31, 20, 59, tzinfo=UTC),
            MOSCOW,
            "31 декабря 2025, 23:59",
            "31 December 2025, 23:59",
            "31 дек. 2025",
            "31 Dec 2025",
        ),
        # the same moment is another day, or year, elsewhere
        (datetime(2025, 12, 31, 21, 0, tzinfo=UTC), MOSCOW, "1 января, 00:00", "1 January, 00:00", "1 янв.", "1 Jan"),
        (
            datetime(2026, 11, 24, 13, 59, tzinfo=UTC),
            VLADIVOSTOK,
            "вчера, 23:59",
            "yesterday, 23:59",
            "вчера",
            "yesterday",
        ),
        (datetime(2026, 11, 24, 14, 0, tzinfo=UTC), VLADIVOSTOK, "сегодня, 00:00", "today, 00:00", "00:00", "00:00"),
    ],
)
def test_moments(when, zone, ru, en, dense_ru, dense_en):
    for language, long, dense in (("ru", ru, dense_ru), ("en", en, dense_en)):
        assert plain(formats.moment(when, zone=zone, language=language, now=NOW)) == long
        assert plain(formats.moment_dense(when, zone=zone, language=language, now=NOW)) == dense


def test_the_year_changes_at_midnight_of_the_reader():
    now = datetime(2026, 12, 31, 21, 30, tzinfo=UTC)  # 00:30 on 1 January in Moscow
    assert formats.moment(now - timedelta(hours=1), zone=MOSCOW, language="ru", now=now) == "вчера, 23:30"
    assert (
        plain(formats.moment(now - timedelta(days=2), zone=MOSCOW, language="ru", now=now)) == "30 декабря 2026, 00:30"
    )


def test_full_moment_names_the_zone():
    assert plain(formats.moment_full(NOW, zone=MOSCOW, language="ru")) == "25 ноября 2026, 10:12, UTC+3"
    assert (
        plain(formats.moment_full(NOW, zone=ZoneInfo("America/St_Johns"), language="en"))
        == "25 November 2026, 03:42, UTC−3:30"
    )
    assert plain(formats.moment_full(NOW, zone=UTC, language="en")) == "25 November 2026, 07:12, UTC"


@pytest.mark.parametrize(
    ("span", "ru"),
    [(timedelta(hours=4, minutes=5), "4 ч 05 мин"), (timedelta(minutes=18, seconds=59), "18 мин"), (timedelta(0), "0 мин"),
     (-timedelta(hours=1, minutes=12), "−1 ч 12 мин"), (timedelta(days=3, hours=2), "3 дн. 2 ч"), (-timedelta(seconds=20), "0 мин")],
)  # fmt: skip
def test_durations(span, ru):
    assert plain(formats.duration(span, language="ru")) == ru


def test_numbers():
    assert formats.number(12904, language="ru") == "12\u202f904"
    assert formats.number(-1284.6, language="ru", places=2) == "−1\u202f284,60"
    assert formats.number(1284.6, language="en", places=2) == "1\u202f284.60"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("100001", "100 001"),
        ("1000", "1 000"),
        ("999", "999"),
        ("2026112410000371", "2026112410000371"),
        ("A-100001", "A-100001"),
        ("", ""),
    ],
)
def test_ticket_numbers(number, shown):
    assert plain(formats.number_ticket(number)) == shown


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_ticket_number_without_spaces_is_itself(number):
    assert formats.number_ticket(str(number)).replace("\u202f", "") == str(number)


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(["ru", "en", "ru-RU", "de"]),
)
def test_any_moment_can_be_shown(when, now, language):
    if 2 < when.year < 9998 and 2 < now.year < 9998:
        text = formats.moment(when, zone=MOSCOW, language=language, now=now)
        assert text.endswith(f"{when.astimezone(MOSCOW):%H:%M}")
        assert formats.moment_dense(when, zone=MOSCOW, language=language, now=now)


@pytest.mark.parametrize(
    ("count", "form"),
    [
        (0, "заявок"),
        (1, "заявка"),
        (2, "заявки"),
        (5, "заявок"),
        (11, "заявок"),
        (12, "заявок"),
        (21, "заявка"),
        (22, "заявки"),
        (111, "заявок"),
    ],
)
def test_plural(count, form):
    assert formats.plural(count, ("заявка", "заявки", "заявок"), language="ru") == form
    assert formats.plural(count, ("request", "requests"), language="en") == ("request" if count == 1 else "requests")


def test_initials():
    assert [
        formats.initials(name) for name in ("Марина Соколова", "илья", "", "«УК» Заря", "Анна-Мария де Ла Круз")
    ] == ["МС", "И", "?", "УЗ", "АД"]


def test_day():
    assert formats.day(date(2026, 11, 25), language="ru", today=date(2026, 11, 25)) == "сегодня"


@pytest.mark.parametrize(
    ("value", "kind", "ru", "en"),
    [
        ("2026-10", "month", "октябрь 2026", "October 2026"),
        ("2026-11-24", "date", "24 ноября 2026", "24 November 2026"),
        ("2026-10", "text", "2026-10", "2026-10"),
        ("октябрь", "month", "октябрь", "октябрь"),
        ("2026-13", "month", "2026-13", "2026-13"),
        ("2026-05", "period", "май 2026", "May 2026"),
        ("2026-05/2026-07", "period", "май – июль 2026", "May – July 2026"),
        ("2025-11/2026-01", "period", "ноябрь 2025 – январь 2026", "November 2025 – January 2026"),
        ("2026-05/", "period", "2026-05/", "2026-05/"),
        ("", "date", "", ""),
    ],
)
def test_what_a_field_holds_is_shown_to_people(value, kind, ru, en):
    assert formats.calendar(value, kind, language="ru").replace(formats.NBSP, " ") == ru
    assert formats.calendar(value, kind, language="en").replace(formats.NBSP, " ") == en
