"""Reading banners: what stands above a client's pages now. Kept in the process as long as no banner has changed.

A trigger writes a new version with every change; a client's session brings the version and what its person has closed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from helpdesk.accounts import session_store
from helpdesk.core import clock, db
from helpdesk.core.actor import Actor
from helpdesk.notices.models import Banner
from helpdesk.tickets.access import access_of

_BROUGHT = "notices.banners"
_FACTS = """json_build_array((SELECT v.value FROM notices_bannerversion v),
  (SELECT json_agg(d.banner_id) FROM notices_bannerdismissal d WHERE d.person_id = p.id))"""
_kept: dict[str, tuple["Told", ...]] = {}  # one version at a time


class Told(NamedTuple):
    """A banner as pages need it."""

    id: int
    kind: str
    title_ru: str
    title_en: str
    text_ru: str
    text_en: str
    starts_at: datetime
    ends_at: datetime

    def title(self, language: str) -> str:
        """In a language (ru, en); where it is said in Russian alone, in Russian."""
        return self.title_en if language == "en" and self.title_en else self.title_ru

    def text(self, language: str) -> str:
        """As the title: a banner speaks one language."""
        return self.text_en if language == "en" and self.title_en else self.text_ru


def come_with_sessions() -> None:
    """Have what this room asks for every page of a client read with the session."""
    session_store.bring_along(_BROUGHT, f"CASE WHEN p.kind = 'client' THEN {_FACTS} END")


def now_for(actor: Actor, *, at: datetime | None = None) -> tuple[Told, ...]:
    """The banners that stand above a client's pages now, those first that warn, then the newest; without those that
    this person has closed. No statement where it came with the session, one more after a change of a banner."""
    if not access_of(actor).is_client:
        return ()
    at = at or clock.now()
    version, closed = _facts(actor)
    return tuple(one for one in _all(version) if one.starts_at <= at < one.ends_at and one.id not in closed)


def of_everybody() -> QuerySet[Banner]:
    """All banners for the administrators' list: those that end last come first."""
    return Banner.objects.order_by("-ends_at", "-pk")


def below(banner_id: int) -> QuerySet[Banner]:
    """Those that stand below this one in that list. One statement more."""
    edge = Banner.objects.filter(pk=banner_id).values_list("ends_at", flat=True).first()
    if edge is None:
        return Banner.objects.none()
    return of_everybody().filter(Q(ends_at__lt=edge) | Q(ends_at=edge, pk__lt=banner_id))


def _facts(actor: Actor) -> tuple[str, Sequence[int]]:
    known: Any = actor.known.get(_BROUGHT)
    if known is None:
        found = db.fetch(f"SELECT {_FACTS} FROM accounts_person p WHERE p.id = %s", [actor.person_id])  # noqa: S608
        known = actor.known[_BROUGHT] = found[0][0]
    return str(known[0] or ""), known[1] or ()


def _all(version: str) -> tuple[Told, ...]:
    found = _kept.get(version)
    if found is None:
        rows = Banner.objects.filter(ends_at__gt=clock.now(), audience=Banner.Audience.CLIENTS)
        found = tuple(Told(*row) for row in rows.order_by("-kind", "-starts_at", "-pk").values_list(*Told._fields))
        if version:
            _kept.clear()
            _kept[version] = found
    return found
