"""The gallery: every component in all its states, in both languages, for whoever builds or judges pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from helpdesk.core import clock
from helpdesk.web import looks, shell
from helpdesk.web.middleware import THEMES

YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class File:
    """What the macros for files read."""

    name: str
    size: int
    href: str = "#"
    token: str = ""
    picture: str = "file-text"
    error: str = ""


def _allow(request: HttpRequest) -> None:
    """In development anybody, otherwise administrators; to all others the gallery does not exist."""
    if not settings.DEBUG and not getattr(request.user, "is_administrator", False):
        raise Http404


def _shells(t: Any) -> dict[str, Any]:
    reader = shell.Reader(name=t("Марина Соколова", "Marina Sokolova"), initials="МС", company=t("УК Заря", "Zarya"))
    menu = (
        shell.Item(t("Профиль", "Profile"), "#", "user"),
        shell.Item(t("Выйти", "Sign out"), "#", "log-out", post=True),
    )
    tabs = (
        shell.Tab(t("Новая заявка", "New request"), "?page=portal", "plus"),
        shell.Tab(t("Мои заявки", "My requests"), "?page=portal", "file-text", current=True, count=2),
        shell.Tab(t("Заявки компании", "Company requests"), "?page=portal", "building-2"),
        shell.Tab(t("Поиск", "Search"), "?page=portal", "search"),
    )
    mine = (
        shell.RailItem(t("В работе у меня", "Mine"), "?page=desk", 12, "user", current=True),
        shell.RailItem(t("Просроченные", "Overdue"), "?page=desk", 2, "flame", late=True),
    )
    queues = (shell.RailItem(t("Консультация", "Advice"), "?page=desk", 38),)
    return {
        "portal": shell.PortalShell(reader, tabs, menu, footer=t("Служба сопровождения", "Support"), home="?"),
        "desk": shell.DeskShell(
            reader,
            (
                shell.RailGroup(t("Мои", "Mine"), mine),
                shell.RailGroup(t("Очереди", "Queues"), queues),
                shell.RailGroup("", (shell.RailItem(t("Настройки", "Settings"), "?", None, "settings"),)),
            ),
            (
                shell.Step(t("Заявки", "Requests"), "?page=desk", "inbox", current=True),
                shell.Step(t("Мои", "Mine"), "?page=desk", "user"),
                shell.Step(t("Новая", "New"), "?page=desk", "plus"),
                shell.Step(t("Найти", "Find"), "?page=desk", "search"),
                shell.Step(t("Ещё", "More"), "?", "menu"),
            ),
            menu,
            new="?page=desk",
            search="?page=desk",
            keys=(("J K", t("по списку", "through the list")), ("?", t("эта подсказка", "this list"))),
        ),
    }


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """`?language=ru|en`, `?theme=light|dark`, `?page=portal|desk` (frames), `?urgent=1`."""
    _allow(request)
    language = request.GET.get("language", "")
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
    if request.GET.get("theme") in THEMES:
        request.theme = request.GET["theme"]  # type: ignore[attr-defined]
    russian = translation.get_language() == "ru"

    def t(ru: str, en: str) -> str:
        return ru if russian else en

    now = clock.now()
    page = request.GET.get("page", "")
    context = {
        "t": t,
        "looks": looks.ICONS,
        "now": now,
        "moments": [now, now - timedelta(days=1), now - timedelta(days=20), now - timedelta(days=400)],
        "spans": [timedelta(hours=4, minutes=5), timedelta(minutes=18), -timedelta(hours=1, minutes=12)],
        "files": [
            File(t("Акт замены ИПУ от 12.10.2026.pdf", "Act of 12.10.2026.pdf"), 422_000, token="a"),  # noqa: S106
            File(
                "Показания_октябрь_Садовая-14_исправленные_окончательные_2.xlsx", 2_700_000, picture="file-spreadsheet"
            ),
            File(t("Видео.mp4", "Video.mp4"), 155_000_000, error=t("больше 25 МБ. Пришлите снимки", "over 25 MB")),
        ],
        "shell": _shells(t).get(page),
    }
    template = {"portal": "web/gallery_portal.html", "desk": "web/gallery_desk.html"}.get(page, "web/gallery.html")
    return render(request, template, context)


@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Answers as the real places for files do, and keeps nothing."""
    _allow(request)
    file = request.FILES.get("file")
    if file is None or not file.size:
        return JsonResponse({"message": "empty"}, status=422)
    return JsonResponse({"id": "trial", "name": file.name, "size": file.size})


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keeps the language of whoever is not signed in, in a cookie; `next` is a page of ours."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        secure = request.is_secure()
        response.set_cookie("language", language, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    return response
