"""Files: chosen ones on their way in, attached ones on their way out."""

from django.http import Http404, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.core import files
from helpdesk.fronts import archive as archives
from helpdesk.fronts import form as forms
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.tickets import pages, uploads
from helpdesk.tickets.words import problem_text
from helpdesk.web.downloads import file_response


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def upload(request: ClientRequest, form_key: str) -> HttpResponseBase:
    """Keep one chosen file of a form that is not sent yet: {"id", "name", "size"}, or 422 {"message"}.

    With `drop`: forget one. With `list`: what lies here for the form, and whether it was sent (`forms.kept_files`).
    A GET shows the picture `file` of it.
    """
    if request.method != "POST":
        return forms.kept_picture(request.actor, form_key, request.GET.get("file", ""))
    if request.POST.get("list"):
        return JsonResponse(forms.kept_files(request.actor, form_key))
    if dropped := request.POST.get("drop", ""):
        ids = [int(dropped)] if dropped.isascii() and dropped.isdigit() and len(dropped) < 18 else []
        uploads.drop(request.actor, form_key, ids)
        return JsonResponse({})
    kept, problems = uploads.keep(
        request.actor, form_key, request.FILES.getlist("file")[:1], field=forms.key_of(request.POST.get("field", ""))
    )
    if problems or not kept:
        message = problem_text(problems[0]) if problems else ""
        return JsonResponse({"message": message}, status=422)
    return JsonResponse({"id": kept[0].pk, "name": kept[0].filename, "size": kept[0].size})


@require_safe
@client_page
def download(request: ClientRequest, number: str, attachment_id: int, name: str) -> HttpResponseBase:  # noqa: ARG001
    """A file of a visible article. The name in the address is for people; the row decides."""
    attachment = pages.attachment(request.actor, number, attachment_id)
    try:
        return file_response(
            files.path_of(attachment.blob_id), filename=attachment.filename, inline="inline" in request.GET
        )
    except FileNotFoundError:
        raise Http404 from None


@require_safe
@client_page
def archive(request: ClientRequest, number: str) -> HttpResponseBase:
    """All files of a request's visible articles as one zip."""
    attached = pages.attachments(request.actor, number)
    if not attached:
        raise Http404
    filename = (_("Request %(number)s, files.zip") % {"number": number}).replace("\u00a0", " ")  # as people type names
    return archives.archive(attached, filename)
