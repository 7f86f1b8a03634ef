"""Forms to fill in and send along («бланки»): small files of the project, each as DOCX and as PDF."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext_lazy as lazy

_FOLDER = Path(__file__).parent
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Blank:
    """One form: its key, what it is called, and the name under which its files are saved."""

    key: str
    title: object  # a lazy text
    filename: str

    def path(self, kind: str) -> Path:
        """Its file of a kind of TYPES."""
        return _FOLDER / f"{self.key}.{kind}"


BLANKS = {
    blank.key: blank
    for blank in (
        Blank("training", lazy("Training request form"), "Бланк заявки на обучение"),
        Blank("access", lazy("Access request form"), "Бланк заявки на доступ"),
    )
}


def is_untouched(digest: str) -> bool:
    """Whether content with this SHA-256 (hex) is one of the blanks as it was handed out: nothing is filled in."""
    return digest in _digests()


@cache
def _digests() -> frozenset[str]:
    return frozenset(sha256(blank.path(kind).read_bytes()).hexdigest() for blank in BLANKS.values() for kind in TYPES)
