"""A text as people write it: plain text always, cleaned markup where there was any. Limits are here."""

from dataclasses import dataclass

from helpdesk.core.text.plain import from_html as text_of
from helpdesk.core.text.running import is_laid_out, running
from helpdesk.core.text.safe import one_line, storable
from helpdesk.core.text.sanitise import clean

LIMIT = 1_000_000  # characters of one article; more belongs into a file


@dataclass(frozen=True, slots=True)
class RichText:
    """`text` is complete by itself; `html` is cleaned, or empty where plain text is all there is."""

    text: str
    html: str = ""

    @property
    def is_empty(self) -> bool:
        return not one_line(self.text, 100) and "<img" not in self.html

    @property
    def running(self) -> str:
        """The text for excerpts, which are one line: cells and items are told by the markup where there is any."""
        return running(self.html) if is_laid_out(self.html) else self.text

    @property
    def is_too_long(self) -> bool:
        return len(self.text) > LIMIT or len(self.html) > 4 * LIMIT


def from_plain(text: str) -> RichText:
    """What a bare textarea sends."""
    return RichText(storable(text))


def from_editor(value: str) -> RichText:
    """What the editor sends: markup. Everything that the allow-list does not know is gone (R11)."""
    html = clean(storable(value)).html
    return RichText(text_of(html), html)
