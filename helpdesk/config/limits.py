"""How much one request may carry."""

from collections.abc import Callable

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse

from helpdesk.web.errors import too_large
from helpdesk.web.left_out import LeftOut

_READ = 3  # times HELPDESK_MAX_POST_MB: what is read at all, for the text beside the files


class _Skipping(FileUploadHandler):
    """Reads past the files of a form and notes their names; the text beside them stays."""

    def __init__(self, request: HttpRequest, left_out: LeftOut) -> None:
        super().__init__(request)
        self._left_out = left_out

    def new_file(self, field_name: str, file_name: str, *args: object, **kwargs: object) -> None:
        del field_name, args, kwargs
        self._left_out.names.append(file_name)
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # pragma: no cover - all are skipped
        del raw_data, start
        return None

    def file_complete(self, file_size: int) -> None:
        del file_size


class BodyLimit:
    """A request whose announced length is over HELPDESK_MAX_POST_MB is read without its files: a form comes back with
    its text and says so. Whatever is no form of ours, or far too long, is answered 413 in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        length = int(announced) if announced.isascii() and announced.isdigit() else 0
        most = settings.MAX_POST_MB * 1024 * 1024
        if length <= most:
            return self.get_response(request)
        if length > most * _READ or request.content_type != "multipart/form-data":
            return too_large(request)
        left_out = LeftOut()
        request.left_out = left_out  # type: ignore[attr-defined]
        request.upload_handlers = [_Skipping(request, left_out)]
        response = self.get_response(request)
        return too_large(request) if left_out.names and not left_out.told else response
