"""Files of requests handed out, and files chosen in a form kept before it is sent."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk.core import files
from helpdesk.desk.views.base import actor_of, front
from helpdesk.fronts import form as forms
from helpdesk.tickets import pages, uploads
from helpdesk.tickets.words import problem_text
from helpdesk.web.downloads import file_response


@require_safe
@front
def download(request: HttpRequest, number: str, attachment_id: str, filename: str) -> HttpResponseBase:  # noqa: ARG001
    """An attached file; `?inline=1` shows a picture in its place. The name in the address is for whoever saves it."""
    found = forms.number(attachment_id)
    if found is None:
        raise Http404
    attached = pages.attachment(actor_of(request), number, found)
    try:
        return file_response(
            files.path_of(attached.blob_id), filename=attached.filename, inline="inline" in request.GET
        )  # fmt: skip
    except FileNotFoundError:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
@front
def upload(request: HttpRequest) -> HttpResponseBase:
    """Keep one chosen file of a form: `{"id", "name", "size"}`, or 422 with `{"message"}`.

    With `list`: what lies here for the form, and whether it was sent (`forms.kept_files`).
    A GET shows the picture `file` of it.
    """
    key = forms.key_of(request.GET.get("form_key") or request.POST.get("form_key", ""))
    if request.method != "POST":
        return forms.kept_picture(actor_of(request), key, request.GET.get("file", ""))
    if key and request.POST.get("list"):
        return JsonResponse(forms.kept_files(actor_of(request), key))
    chosen = request.FILES.get("file")
    if not key or chosen is None:
        raise Http404
    kept, problems = uploads.keep(actor_of(request), key, [chosen], field=forms.key_of(request.POST.get("field", "")))
    if problems:
        return JsonResponse({"message": problem_text(problems[0])}, status=422)
    return JsonResponse({"id": str(kept[0].pk), "name": kept[0].filename, "size": kept[0].size})


@require_POST
@front
def drop(request: HttpRequest, staged_id: str) -> HttpResponse:
    """Forget a kept file of one's own form."""
    key = forms.key_of(request.GET.get("form_key") or request.POST.get("form_key", ""))
    found = forms.number(staged_id)
    if found is None or not uploads.drop(actor_of(request), key, [found]):
        raise Http404
    return JsonResponse({})
