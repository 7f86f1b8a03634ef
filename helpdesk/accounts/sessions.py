"""Where people are signed in, and ending it. A session's own row is the truth, allauth's row says whence."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from helpdesk.accounts.models import Person
from helpdesk.core import clock

SINCE, SEEN = "since", "seen"  # seconds since 1970 in the session: signed in at, last seen at


@dataclass(frozen=True, slots=True)
class Place:
    """One browser where a person is signed in."""

    id: int
    device: str
    ip: str
    since: datetime
    seen: datetime
    is_current: bool


def of(request: HttpRequest) -> list[Place]:
    """The sessions of whoever asks: the present one first, then by last use. Two statements."""
    rows = list(UserSession.objects.filter(user_id=request.user.pk))
    alive = {row.session_key: row for row in Session.objects.filter(pk__in=[row.session_key for row in rows])}
    places = []
    for row in rows:
        stored = alive.get(row.session_key)
        data = stored.get_decoded() if stored else {}
        if data.get("_auth_user_id") != str(request.user.pk) or data.get("_auth_user_hash") not in _hashes(request):
            continue
        since, seen = (_moment(data.get(key), row.created_at) for key in (SINCE, SEEN))
        current = row.session_key == request.session.session_key
        places.append(Place(row.pk, row.user_agent, row.ip, since, seen, current))
    return sorted(places, key=lambda place: (not place.is_current, -place.seen.timestamp()))


def _hashes(request: HttpRequest) -> set[str]:
    person = request.user
    return {person.get_session_auth_hash()} if isinstance(person, Person) else set()


def _moment(seconds: object, otherwise: datetime) -> datetime:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else otherwise


def begin(sender: object, request: HttpRequest, **_kwargs: object) -> None:  # noqa: ARG001
    """A receiver of Django's user_logged_in: from now on the session knows how old it is."""
    request.session[SINCE] = request.session[SEEN] = int(clock.now().timestamp())


def note(request: HttpRequest) -> None:
    """Keep the device and address of the present session, for the list."""
    UserSession.objects.create_from_request(request)


def end(person_id: int, session_id: int) -> bool:
    """End one session of a person by the id of its place; False where it is not theirs."""
    return _end(list(UserSession.objects.filter(user_id=person_id, pk=session_id)))


def end_others(request: HttpRequest) -> bool:
    """End all sessions of whoever asks but the present one."""
    rows = UserSession.objects.filter(user_id=request.user.pk).exclude(session_key=request.session.session_key)
    return _end(list(rows))


def end_all(person: Person) -> bool:
    """End every session of a person."""
    return _end(list(UserSession.objects.filter(user_id=person.pk)))


def _end(rows: list[UserSession]) -> bool:
    Session.objects.filter(pk__in=[row.session_key for row in rows]).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return bool(rows)


def forget_ended(at: datetime) -> int:
    """Delete sessions whose time was over at `at`, and lines of the list without a session; how many sessions.

    A line is written a moment before its session: only lines of yesterday are looked at.
    """
    ended = Session.objects.filter(expire_date__lt=at).delete()[0]
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(alive), created_at__lt=at - timedelta(days=1)).delete()
    return ended
