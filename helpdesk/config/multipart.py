"""Forms with files, as Django reads them, but without losing one: a file whose name says nothing gets one of ours."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, QueryDict, multipartparser
from django.http.multipartparser import FIELD, FILE, LazyStream, MultiPartParser
from django.urls import ResolverMatch, get_resolver
from django.utils.datastructures import ImmutableList, MultiValueDict
from django.utils.translation import gettext as _

_NAMELESS = b"."  # a name that `sanitize_file_name` refuses


class _Parts(multipartparser.Parser):
    """The parts of a form. A file without a name, which Django takes for a text, is a file as soon as it holds
    anything: a file input where nothing was chosen sends an empty name and nothing (HTML, «constructing the entry
    list»)."""

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any], LazyStream]]:
        for kind, head, content in super().__iter__():
            parameters = head.get("content-disposition", ("", {}))[1]
            if kind == FIELD and parameters.get("filename") == b"" and (start := content.read(1)):
                content.unget(start)
                parameters["filename"] = _NAMELESS
                yield FILE, head, content
            else:
                yield kind, head, content


# Django has no other place where the kind of a part can be decided; for all other parts nothing changes.
multipartparser.Parser = _Parts  # type: ignore[misc]


class Parser(MultiPartParser):
    """Django's, which leaves out without a word files named «..», «.» or by control characters alone."""

    def sanitize_file_name(self, file_name: str) -> str:
        return super().sanitize_file_name(file_name) or _("file")


class Request(WSGIRequest):
    """A request whose files all arrive."""

    def parse_file_upload(self, META: Any, post_data: Any) -> tuple[QueryDict, MultiValueDict[str, Any]]:  # noqa: N803
        self.upload_handlers = ImmutableList(
            self.upload_handlers, warning="You cannot alter upload handlers after the upload has been processed."
        )
        return Parser(META, post_data, self.upload_handlers, self.encoding).parse()


@lru_cache(maxsize=1024)
def _match(path: str) -> ResolverMatch:
    """Which view a path leads to: looked for once, since people open the same pages. Raises Resolver404."""
    return get_resolver().resolve(path)


class Handler(WSGIHandler):
    """Django's WSGI application over such requests."""

    request_class = Request

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """The view with its arguments; there is one set of addresses."""
        request.resolver_match = found = _match(request.path_info)
        return found
