"""The one template environment of all own pages. Knows how to show values, not what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.messages import get_messages
from django.templatetags.static import static as static_url
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from helpdesk.core import clock
from helpdesk.core.text import sizes
from helpdesk.web import filenames, formats, looks, marks, stash
from helpdesk.web.folding import Folded

STATIC = Path(__file__).parent / "static" / "web"


class Missing(StrictUndefined):
    """What is absent may be tested (`if x`, `x or y`), but printing or looping over it raises: no silent holes."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]
        return False

    def __str__(self) -> NoReturn:  # noqa: PLE0307
        self._fail_with_undefined_error()


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """Names in the sprite, without the prefix «i-»."""
    return frozenset(re.findall(r'<symbol id="i-([a-z0-9-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))


def _icons(static: Callable[[str], str]) -> Callable[..., Markup]:
    @lru_cache(maxsize=512)
    def icon(name: str, label: str = "") -> Markup:
        """A picture of the sprite; without a label it is decoration beside a word. Unknown names show a plain dot."""
        known = name if name in icon_names() else "circle-dot"
        use = Markup('<use href="{}#i-{}"/>').format(static("web/icons.svg"), known)
        if label:
            return Markup('<svg class="icon" role="img" aria-label="{}">{}</svg>').format(label, use)
        return Markup('<svg class="icon" aria-hidden="true">{}</svg>').format(use)

    return icon


def current_language() -> str:
    """The code of the language that is spoken now."""
    return translation.get_language() or settings.LANGUAGE_CODE


@lru_cache(maxsize=8192)
def _time(when: datetime, zone: tzinfo, language: str, today: date, *, dense: bool) -> Markup:
    """A moment as `<time>`. How it is shown changes with the day at most."""
    shown = formats.moment_dense if dense else formats.moment
    text = shown(when, zone=zone, language=language, now=datetime.combine(today, time(12), zone))
    full = formats.moment_full(when, zone=zone, language=language)
    # only digits, letters of the tables and spaces: nothing to escape
    return Markup(f'<time datetime="{formats.machine(when)}" title="{full}">{text}</time>')  # noqa: S704


def today() -> date:
    """The day in the reader's zone."""
    return clock.now().astimezone(timezone.get_current_timezone()).date()


def _shown(when: datetime | None, *, dense: bool) -> Markup:
    if when is None:
        return Markup("")
    return _time(when, timezone.get_current_timezone(), current_language(), today(), dense=dense)


def moment(when: datetime | None) -> Markup:
    """«сегодня, 09:12» as `<time>` with the full moment in its title; nothing for None."""
    return _shown(when, dense=False)


def moment_dense(when: datetime | None) -> Markup:
    """«09:05», «вчера», «23 нояб.» as `<time>` with the full moment in its title; nothing for None."""
    return _shown(when, dense=True)


def moment_text(when: datetime) -> str:
    """«сегодня, 09:12» as plain text, for a sentence, an attribute or a letter."""
    return formats.moment(when, zone=timezone.get_current_timezone(), language=current_language(), now=clock.now())


def whole_moment(when: datetime) -> str:
    """«24 ноября 2026, 09:12, UTC+3» as plain text: for a document that is read at another time."""
    return formats.moment_full(when, zone=timezone.get_current_timezone(), language=current_language())


def date_text(when: datetime) -> str:
    """«24 ноября, 09:12» as plain text, of yesterday and today as well: for what is told of the past."""
    return formats.moment_dated(
        when, zone=timezone.get_current_timezone(), language=current_language(), now=clock.now()
    )


def day(when: date) -> str:
    """«сегодня», «24 ноября» as plain text; a moment is taken in the reader's zone."""
    zone = timezone.get_current_timezone()
    if isinstance(when, datetime):
        when = when.astimezone(zone).date()
    return formats.day(when, language=current_language(), today=clock.now().astimezone(zone).date())


def ticket(number: str) -> str:
    """«№ 100 001», in English «No. 100 001»."""
    return f"{number_sign()}{formats.NBSP}{formats.number_ticket(number)}"


def number_sign() -> str:
    """What stands before a number, or above many."""
    return "№" if formats.known(current_language()) == "ru" else "No."


def marked(text: str, words: Iterable[str]) -> Markup:
    """The text with each of the words in `<mark>`; the letters ё and е are alike."""
    patterns = [re.escape(word).replace("ё", "[её]").replace("е", "[её]") for word in words if word]
    if not patterns:
        return escape(text)
    pieces = re.split(f"({'|'.join(sorted(patterns, key=len, reverse=True))})", text, flags=re.IGNORECASE)
    return Markup("").join(Markup("<mark>{}</mark>").format(p) if i % 2 else p for i, p in enumerate(pieces))


def environment(**options: Any) -> Environment:
    """Builds the environment for Django's Jinja2 backend; `options` are the backend's own (loader, autoescape …)."""
    ours = {"undefined": Missing, "extensions": ["jinja2.ext.i18n"], "trim_blocks": True, "lstrip_blocks": True}
    env = Folded(**{**options, **ours})
    env.prepare(_fill, fold=_pure)
    return env


def _pure(env: Folded) -> dict[str, Callable[..., Any]]:
    """What gives the same for the same words; with DEBUG the names of assets change under a running server."""
    globals_: dict[str, Any] = dict(env.globals)
    return {} if settings.DEBUG else {name: globals_[name] for name in ("icon", "static", "url", "look_icon")}


def _fill(env: Folded) -> None:
    """The functions and filters that every template knows."""
    static = static_url if settings.DEBUG else lru_cache(maxsize=256)(static_url)
    icon = _icons(static)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals.update(
        static=static,
        url=reverse,
        icon=icon,
        marks=marks.all_marks(icon),
        look_icon=looks.icon,
        language=current_language,
        initials=formats.initials,
        ticket=ticket,
        number_sign=number_sign,
        now=clock.now,
        get_messages=get_messages,
        typed_waits=stash.waits,
    )
    env.filters.update(
        moment=moment,
        moment_dense=moment_dense,
        moment_text=moment_text,
        day=day,
        number_ticket=formats.number_ticket,
        number=lambda value, places=0: formats.number(value, language=current_language(), places=places),
        count=lambda value: formats.number(value, language=current_language()),
        size=lambda octets: sizes.size(octets, language=current_language()),
        duration=lambda span: formats.duration(span, language=current_language()),
        marked=marked,
        initials=formats.initials,
        file_name=filenames.file_name,
        file_names=filenames.file_names,
    )
