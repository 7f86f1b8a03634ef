"""Signing in and out: allauth's flow, our pages."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from helpdesk.accounts import throttle
from helpdesk.accounts.access import home_of, own_side
from helpdesk.accounts.forms import SignIn
from helpdesk.accounts.models import Person
from helpdesk.accounts.options import whom_to_ask


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class SignInPage(LoginView):  # type: ignore[misc]
    """`/login/`: `login`, `password`, `next`. A refusal is 422, too many tries 429 with Retry-After; whoever is
    switched off is led to `inactive`."""

    template_name = "account/login.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        if isinstance(response, HttpResponseRedirect) and isinstance(request.user, Person):
            response.headers["Location"] = own_side(request.user, response.url)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form") or self.get_form()
        target = self.get_next_url() or ""
        problem = next(iter(form.non_field_errors()), "") if form.is_bound else ""
        return {
            "form": form,
            "typed": form.data.get("login", "") if form.is_bound else "",
            "problem": problem,
            "problems": {name: texts[0] for name, texts in form.errors.items() if name in form.fields},
            "next": target,
            "access": whom_to_ask(),
        }

    def form_valid(self, form: SignIn) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if isinstance(self.request.user, Person):
            throttle.remember_browser(response, self.request.user, secure=settings.SESSION_COOKIE_SECURE)
        return response

    def form_invalid(self, form: SignIn) -> HttpResponse:
        if getattr(self.request, "is_switched_off", False):
            return HttpResponseRedirect(reverse("account_inactive"))
        seconds = form.seconds_to_wait
        page = self.get_context_data(form=form)
        response: HttpResponse = self.render_to_response(page, status=429 if seconds else 422)
        if seconds:
            response.headers["Retry-After"] = str(seconds)
        return response


class SignOutPage(LogoutView):  # type: ignore[misc]
    """`/logout/`: a POST signs out, a GET asks with a button."""

    template_name = "account/logout.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ARG002
        return {"home": home_of(self.request.user)}


@require_safe
def inactive(request: HttpRequest) -> HttpResponse:
    """For whoever is switched off and typed their own password: whom to ask. It tells nothing of any account."""
    return render(request, "account/account_inactive.html", {"access": whom_to_ask()}, status=403)


login = SignInPage.as_view()
logout = SignOutPage.as_view()
