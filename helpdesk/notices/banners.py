"""Writing banners: an administrator says something to everybody, changes it, ends it; a reader closes it.

Each change leaves a line that tells who made it, when and of what (BannerChange).
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from helpdesk.core.text.safe import one_line, storable
from helpdesk.notices.models import Banner, BannerChange, BannerDismissal
from helpdesk.tickets.access import access_of

TITLE, TEXT = 150, 1000  # characters


@dataclass(frozen=True, slots=True)
class Wording:
    """What a banner says, and from when until when. English may be missing: then everybody reads Russian."""

    title_ru: str
    starts_at: datetime | None
    ends_at: datetime | None
    title_en: str = ""
    text_ru: str = ""
    text_en: str = ""
    kind: str = Banner.Kind.INFO


def announce(wording: Wording, *, by: Actor, key: str, at: datetime | None = None) -> Banner:
    """A new banner. The same `key` again (a form sent twice) gives the first one's, and nothing is written.

    Raises NotAllowed for whoever is no administrator, Invalid as `check` does.
    """
    at = at or clock.now()
    _refuse_others(by)
    with verb():
        found = Banner.objects.filter(key=key).first()
        if found is not None:
            return found
        values = check(wording, at=at)
        made, is_new = Banner.objects.get_or_create(key=key, defaults=values)
        if is_new:
            _record(made, by, "created", {name: [None, _plain(value)] for name, value in values.items()}, at)
    return made


def change(
    banner_id: int, wording: Wording, *, by: Actor, seen: int | None = None, at: datetime | None = None
) -> BannerChange | None:
    """Say it otherwise, or at another time. None where nothing differs.

    Raises NotAllowed, NotFound, Invalid as `check` does, Conflict («banner_changed») where somebody changed it after
    the version `seen`.
    """
    at = at or clock.now()
    with verb():
        found = _locked(banner_id, by)
        if seen is not None and seen != found.version:
            raise Conflict("banner_changed")
        values = check(wording, at=at, was=found.ends_at)
        differs = {name: value for name, value in values.items() if getattr(found, name) != value}
        return _save(found, differs, by, "changed", at)


def end(banner_id: int, *, by: Actor, at: datetime | None = None) -> BannerChange | None:
    """Show it no longer, from now on. None where its time is over already. Raises NotAllowed, NotFound."""
    at = at or clock.now()
    with verb():
        found = _locked(banner_id, by)
        if found.ends_at <= at:
            return None
        over = {"starts_at": min(found.starts_at, at), "ends_at": at}
        return _save(found, {k: v for k, v in over.items() if getattr(found, k) != v}, by, "ended", at)


def dismiss(banner_id: int, *, by: Actor, at: datetime | None = None) -> None:
    """This person has read it and sees it no more; once more does nothing. Raises NotFound for one that no client has
    seen yet, NotAllowed for whom it is not for."""
    at = at or clock.now()
    if not access_of(by).is_client:
        raise NotAllowed("dismiss")
    with verb():
        if not Banner.objects.filter(pk=banner_id, starts_at__lte=at).exists():
            raise NotFound
        BannerDismissal.objects.get_or_create(person_id=by.person, banner_id=banner_id, defaults={"at": at})


def check(wording: Wording, *, at: datetime, was: datetime | None = None) -> dict[str, Any]:
    """The columns of a banner, texts made fit for storing. `was`: the end that it has, which may stay though passed.

    Raises Invalid: `title_ru` empty; `title_*`, `text_*` too_long; `kind` not_offered; `starts_at`, `ends_at` empty;
    `ends_at` before_start, has_passed.
    """
    values = asdict(wording)
    problems = [] if wording.kind in Banner.Kind.values else [Problem("kind", "not_offered")]
    for name in ("title_ru", "title_en"):
        values[name] = one_line(values[name], TITLE + 1)
    for name in ("text_ru", "text_en"):
        values[name] = storable(values[name]).strip()
    if not values["title_ru"]:
        problems.append(Problem("title_ru", "empty"))
    for name, limit in (("title_ru", TITLE), ("title_en", TITLE), ("text_ru", TEXT), ("text_en", TEXT)):
        if len(values[name]) > limit:
            problems.append(Problem(name, "too_long", {"limit": limit}))
    problems += _times(wording, at, was)
    if problems:
        raise Invalid(*problems)
    return values


def forget_dismissals(before: datetime) -> int:
    """Delete what is known of readers of banners that ended before a moment; how many lines there were."""
    return BannerDismissal.objects.filter(banner__ends_at__lt=before).delete()[0]


def _times(wording: Wording, at: datetime, was: datetime | None) -> list[Problem]:
    starts, ends = wording.starts_at, wording.ends_at
    if starts is None or ends is None:
        return [Problem(name, "empty") for name, when in (("starts_at", starts), ("ends_at", ends)) if when is None]
    if ends <= starts:
        return [Problem("ends_at", "before_start")]
    return [Problem("ends_at", "has_passed")] if ends <= at and ends != was else []


def _refuse_others(by: Actor) -> None:
    access = access_of(by)
    if not (access.is_system or access.administers):
        raise NotAllowed("administer")


def _locked(banner_id: int, by: Actor) -> Banner:
    _refuse_others(by)
    found = Banner.objects.select_for_update().filter(pk=banner_id).first()
    if found is None:
        raise NotFound
    return found


def _save(found: Banner, values: dict[str, Any], by: Actor, done: str, at: datetime) -> BannerChange | None:
    if not values:
        return None
    told = {name: [_plain(getattr(found, name)), _plain(value)] for name, value in values.items()}
    for name, value in values.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=[*values, "version"])
    return _record(found, by, done, told, at)


def _record(found: Banner, by: Actor, done: str, told: dict[str, Any], at: datetime) -> BannerChange:
    return BannerChange.objects.create(banner=found, person_id=by.person_id, verb=done, values=told, at=at)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
