"""An own page from its template: what Django's `render` does, without asking every engine, the form's token once."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from jinja2 import Environment

from helpdesk.web.token import token_input


@cache
def environment() -> Environment:
    """The environment of own pages, as the settings build it."""
    found: Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    return found


def text(request: HttpRequest, template: str, context: dict[str, Any]) -> str:
    """A template with `request` and `csrf_input` beside the given values."""
    around = {"request": request, "csrf_input": token_input(request)}
    return environment().get_template(template).render({**context, **around})


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A template as an answer."""
    return HttpResponse(text(request, template, context), status=status)
