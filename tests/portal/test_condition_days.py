"""Days of the clients' search are days of the reader's zone: from and to count in, «за последние N дней» begins at
midnight; what is no day or number of days is said in words."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import StateMove, close, reply, set_state

MIDNIGHT = datetime(2026, 11, 14, 19, 0, tzinfo=UTC)  # of 15 November in Yekaterinburg; in Moscow it is ten at night
LONG_AGO = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
MOMENTS = {"created": "", "answered": "answered_", "changed": "changed_", "closed": "closed_"}


def numbers(client, **asked):
    page = client.get("/portal/search/", asked).content.decode()
    assert "Поиск не выполнен" not in page, asked
    return {re.sub(r"\D", "", one) for one in re.findall(r'class="num">(.*?)</span>', page)}


def error(client, field, **asked):
    page = client.get("/portal/search/", asked).content.decode().replace("\xa0", " ")
    assert "Поиск не выполнен" in page, asked
    return re.sub("<[^>]+>", "", page.partition(f'id="{field}-error"')[2].partition(">")[2].partition("</p>")[0])


def happened(world, moment, at):
    """A request to which this happened at that moment, and nothing after it."""
    if moment == "created":
        with clock.stopped(at):
            return world.ticket().number
    with clock.stopped(LONG_AGO):
        ticket = world.ticket()
    with clock.stopped(at):
        by = Actor(world.alice.pk)
        if moment == "answered":
            reply(ticket.pk, by=by, body=from_plain("Готово"))
        elif moment == "changed":
            set_state(ticket.pk, by=by, to=StateMove("clarify"))
        else:
            close(ticket.pk, by=by)
    return ticket.number


@pytest.fixture(params=MOMENTS)
def border(request, world):
    """Two requests, one of the last instant of 14 November in Yekaterinburg, one of the first of the 15th."""
    before, after = (happened(world, request.param, at) for at in (MIDNIGHT - INSTANT, MIDNIGHT))
    return MOMENTS[request.param], before, after


def reader(world, as_, zone):
    type(world.carol).objects.filter(pk=world.carol.pk).update(time_zone=zone)
    world.carol.refresh_from_db()
    return as_(world.carol)


def test_days_begin_and_end_at_the_readers_midnight(world, as_, border):
    name, before, after = border
    client = reader(world, as_, "Asia/Yekaterinburg")
    start, end = f"{name}from", f"{name}to"
    with clock.stopped(MIDNIGHT + timedelta(hours=4)):
        assert numbers(client, **{start: "2026-11-15"}) == {after}
        assert numbers(client, **{end: "14.11.2026"}) == {before}
        assert numbers(client, **{start: "2026-11-14", end: "2026-11-14"}) == {before}
        assert numbers(client, **{start: "2026-11-15", end: "2026-11-15"}) == {after}
        assert numbers(client, **{start: "2026-11-14", end: "2026-11-15"}) == {before, after}
        assert numbers(client, **{start: "2026-11-16"}) == numbers(client, **{end: "2026-11-13"}) == set()
        assert numbers(client, **{start: "0001-01-01", end: "9999-12-31"}) == {before, after}
    moscow = reader(world, as_, "Europe/Moscow")
    with clock.stopped(MIDNIGHT + timedelta(hours=4)):
        assert numbers(moscow, **{start: "2026-11-15"}) == set()
        assert numbers(moscow, **{start: "2026-11-14", end: "2026-11-14"}) == {before, after}


def test_the_last_days_count_today_in(world, as_, border):
    name, before, after = border
    client, days = reader(world, as_, "Asia/Yekaterinburg"), f"{name}days"
    with clock.stopped(MIDNIGHT):  # the first instant of the day: today is as short as it can be
        assert numbers(client, **{days: "1"}) == {after}
        assert numbers(client, **{days: "2"}) == {before, after}
    with clock.stopped(MIDNIGHT + timedelta(days=1) - INSTANT):
        assert numbers(client, **{days: "1"}) == {after}
    with clock.stopped(MIDNIGHT + timedelta(days=1)):
        assert numbers(client, **{days: "1"}) == set()
        assert numbers(client, **{days: " 2 "}) == {after}
        assert numbers(client, **{days: "3660"}) == {before, after}
    moscow = reader(world, as_, "Europe/Moscow")
    with clock.stopped(MIDNIGHT):  # where it is still the day before
        assert numbers(moscow, **{days: "1"}) == {before, after}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("days", ["0", "-1", "3661", "9" * 400, "7.5", "1e2", "семь", "٣", "0x7", "+7"])
def test_no_number_of_days_is_told_at_its_field(world, as_, moment, days):
    name = f"{MOMENTS[moment]}days"
    assert "от 1 до 3660" in error(as_(world.carol), name, **{name: days})


@pytest.mark.parametrize("moment", MOMENTS)
def test_days_that_cannot_be_are_told_at_their_field(world, as_, moment):
    client, (start, end) = as_(world.carol), (f"{MOMENTS[moment]}{edge}" for edge in ("from", "to"))
    assert "раньше начального" in error(client, end, **{start: "2026-11-15", end: "2026-11-14"})
    for day in ("2026-02-29", "31.04.2026", "15.11.26", "10000-01-01", "0000-01-01", "-2026-11-15", "вчера", "2026-11"):
        for edge in (start, end):
            assert "не дата" in error(client, edge, **{edge: day}), day
    days = f"{MOMENTS[moment]}days"
    assert "что-то одно" in error(client, days, **{days: "7", start: "2026-11-15"})


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])  # UTC+14, UTC−11
def test_days_at_the_ends_of_the_calendar_raise_nowhere(world, as_, zone):
    world.ticket()
    client = reader(world, as_, zone)
    for name in MOMENTS.values():
        assert numbers(client, **{f"{name}from": "9999-12-31"}) == set()
        assert numbers(client, **{f"{name}to": "0001-01-01"}) == set()
