"""Static files under hashed names, the imports between our own script modules included, without our comments."""

import re
from typing import Any

from django.contrib.staticfiles.storage import HashedFilesMixin, ManifestStaticFilesStorage
from django.core.files.base import ContentFile, File

_OWN = "web/js/*.js"  # foreign scripts name modules that are not files
# Whole lines and blocks only: within a line the same signs may stand in a text or an expression.
_COMMENTS = {
    ".css": re.compile(rb"^[ \t]*/\*.*?\*/[ \t]*\n?|^[ \t]+", re.MULTILINE | re.DOTALL),
    ".js": re.compile(rb"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n|^[ \t]*//[^\n]*\n", re.MULTILINE | re.DOTALL),
}


class Hashed(ManifestStaticFilesStorage):
    """For the setting STORAGES["staticfiles"]: without it a module would import its neighbours under unhashed names."""

    patterns = (*HashedFilesMixin.patterns, (_OWN, HashedFilesMixin._js_module_import_aggregation_patterns[1]))  # type: ignore[attr-defined]  # noqa: SLF001

    def _save(self, name: str, content: "File[Any]") -> str:
        """What is collected goes out as `published`."""
        return str(super()._save(name, ContentFile(published(name, b"".join(content.chunks())))))  # type: ignore[misc]


def published(name: str, content: bytes) -> bytes:
    """A file as it goes out: our own styles and scripts without comments, which are for who reads the source, and make
    a seventh of their weight. `name`: its path below a static folder. Foreign files stay as they are."""
    found = next((pattern for kind, pattern in _COMMENTS.items() if name.endswith(kind)), None)
    is_own = "vendor" not in name and name.startswith(("web/", "desk/", "portal/", "accounts/", "knowledge/"))
    return found.sub(b"", content) if found and is_own else content
