"""Splits a reply into what was written now, what is quoted and the signature; must not know whose letter it is.

Where two readings are possible the text counts as written: a quotation too many is a nuisance, a folded answer a loss.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from helpdesk.core.text import quotation_cards as cards
from helpdesk.core.text import quotation_words as words
from helpdesk.core.text.quotation_words import REPLY_MARKERS

__all__ = ["REPLY_MARKERS", "Kind", "Segment", "folded_text", "split", "visible_text"]

Kind = Literal["written", "quoted", "signature"]

_LONGEST_HEAD = 400
_LONGEST_LINE = 1000
_HEAD_LINES = 4
_SIGNATURE_LINES = 15
_BROKEN_LINE = 55  # characters: a shorter line was ended by its writer
# What stands beyond is one last line; no person writes so much, and the rest of a quotation is folded with it.
_MAX_LINES = 20_000
# Heads and header blocks look several lines ahead: a letter has a few dozens, an attack a hundred thousand.
_MAX_TRIES = 2000
_MARKERS = tuple(marker.strip(" —").lower() for marker in REPLY_MARKERS.values())


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of whole lines of one kind."""

    kind: Kind
    text: str


def split(text: str) -> list[Segment]:
    """Return the segments of a text: joined by line ends, in order, they are the text. Linear in its length."""
    if not text:
        return []
    lines = text.split("\n", _MAX_LINES)
    kinds = _Reading(lines).kinds()
    segments: list[Segment] = []
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or kinds[at] != kinds[start]:
            segments.append(Segment(kinds[start], "\n".join(lines[start:at])))
            start = at
    return segments


def visible_text(segments: Iterable[Segment]) -> str:
    """Return what the sender wrote now, wherever it stands."""
    return "\n\n".join(s.text.strip("\n") for s in segments if s.kind == "written" and s.text.strip()).strip()


def folded_text(segments: Iterable[Segment]) -> str:
    """Return the rest: quotations and signatures."""
    return "\n".join(s.text.strip("\n") for s in segments if s.kind != "written" and s.text.strip())


def kinds_in(folded: str) -> set[Kind]:
    """Return what `folded_text` holds: a quotation, a signature, both where it cannot be told apart."""
    found = {one.kind for one in split(f"—x\n\n{folded}")[1:] if one.text.strip()}
    return found if found and "written" not in found else {"quoted", "signature"}


class _Reading:
    """One pass over the lines from the top; holds the kind of each line ("" while it is blank and undecided)."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        # Windows Mail writes direction marks between the digits of a date.
        self.bare = [
            line[:_LONGEST_LINE].replace("\u200e", "").strip("\ufeff \t\r\n\xa0\u200b\u3000") for line in lines
        ]
        self.kind: list[Kind | Literal[""]] = ["" if not bare else "written" for bare in self.bare]
        self.next_filled = self._next_filled()
        self.written_before = False
        self.tries = 0
        self.first_quoted = len(lines)

    def _next_filled(self) -> list[int]:
        """For each line the index of the next line after it that is not blank (or the count of lines)."""
        following = [len(self.lines)] * (len(self.lines) + 1)
        for at in range(len(self.lines) - 1, -1, -1):
            following[at] = at if self.bare[at] else following[at + 1]
        return following

    def kinds(self) -> list[Kind]:
        at = 0
        while at < len(self.lines):
            at = self._read(at)
        self._keep_comparisons()
        self._find_signatures()
        return self._with_blanks()

    def _read(self, at: int) -> int:
        """Decide over the line at `at` (and what hangs on it); return the index of the next undecided line."""
        if not self.bare[at]:
            return at + 1
        if _is_marked(self.bare[at]):
            self.kind[at] = "written" if self._is_shown_on_purpose(at) else "quoted"
            return at + 1
        cut = self._cut_length(at)
        if cut:
            return self._quote_below(at, at + cut, strong=True)
        head = self._head_length(at)
        if head:
            strong = self._is_strong(at, head)
            if strong or self._followed_by_marks(at + head):
                return self._quote_below(at, at + head, strong=strong)
        if not words.DEVICE.match(self.bare[at]):
            self.written_before = self.written_before or bool(self.bare[at].strip("-_=*—– "))
        return at + 1

    def _quote_below(self, start: int, below: int, *, strong: bool) -> int:
        """Quote a head or separator and what belongs to it; return where reading goes on."""
        if self._followed_by_marks(below):
            self._set(self._with_rule_above(start), below, "quoted")
            at = self.next_filled[below]
            while at < len(self.lines) and (_is_marked(self.bare[at]) or self.bare[at].startswith("|")):
                self.kind[at] = "quoted"
                at = self.next_filled[at + 1]
            return max(at, below)
        if not strong or self._is_introduced(start):
            return below
        if not self.written_before:
            # Nothing stands above: an answer below the quotation's head, or a letter passed on. Both are shown.
            is_head = not self._cut_length(start)
            self._set(start, below, "quoted" if is_head and self.next_filled[below] < len(self.lines) else "written")
            self.written_before = True
            return below
        end = self._end_of_forward(below)
        self._set(self._with_rule_above(start), end, "quoted")
        return end

    def _is_introduced(self, at: int) -> bool:
        """Tell whether the writer's own words lead to this line: «Жилец пишет:», «Было:». A mail program's never do."""
        above = self._filled_above(at)
        if above < 0 or self.kind[above] != "written":
            return False
        return bool(words.LEADS_ON.match(self.bare[above])) and not _is_marked(self.bare[above])

    def _is_shown_on_purpose(self, at: int) -> bool:
        """Tell whether a line with a mark belongs to what the writer shows: «Меню:» and «>Настройки» below it."""
        if at and self.kind[at - 1] == "written" and _is_marked(self.bare[at - 1]):
            return True
        return self._is_introduced(at)

    def _end_of_forward(self, below: int) -> int:
        for at in range(below, len(self.lines)):
            if self.bare[at][:2] in {"--", "__", "==", "——"} and words.END_FORWARDED.match(self.bare[at]):
                return at + 1
        return self._begin_of_question(below)

    def _begin_of_question(self, below: int) -> int:
        """Return where «Что ему ответить?» stands last, below a letter that the writer pasted; else the end."""
        last = len(self.lines) - 1
        while last > below and not self.bare[last]:
            last -= 1
        return last if last > below and words.ASKS_ABOUT.match(self.bare[last]) else len(self.lines)

    def _with_rule_above(self, start: int) -> int:
        """Take in a line of dashes right above a head, and «Кому: …; Тема: …;», which Yandex puts between them."""
        labels = start
        while labels > 0 and start - labels < 5 and _label(self.bare[labels - 1]) in {"to", "cc", "subject", "from"}:
            labels -= 1
        at = labels - 1
        while at >= 0 and start - at <= 3 and not self.bare[at]:
            at -= 1
        if at >= 0 and len(self.bare[at]) >= 5 and not self.bare[at].strip("-_=*—– "):
            return at
        return start if start - labels < 2 else labels

    def _followed_by_marks(self, below: int) -> bool:
        at = self.next_filled[below]
        return at < len(self.lines) and (_is_marked(self.bare[at]) or self.bare[at].startswith("|"))

    def _set(self, start: int, end: int, kind: Kind) -> None:
        for at in range(start, end):
            if self.bare[at]:
                self.kind[at] = kind

    def _cut_length(self, at: int) -> int:
        """Return the count of lines of a separator or header block that begins here, 0 if none does."""
        bare = self.bare[at]
        if len(bare) > _LONGEST_HEAD:
            return 0
        if words.SEPARATOR.match(bare) or words.BEGIN_FORWARDED.match(bare):
            return 1 + self._headers_length(self.next_filled[at + 1], wanted=1)
        if any(marker in bare.lower() for marker in _MARKERS):
            return 1
        return self._headers_length(at, wanted=3)

    def _headers_length(self, at: int, *, wanted: int) -> int:
        """Return the count of lines of a block «От: … Отправлено: … Кому: … Тема: …» that begins at a line."""
        if at >= len(self.lines):
            return 0
        if self.tries > _MAX_TRIES or _label(self.bare[at]) is None:
            return 0
        self.tries += 1
        found: set[str] = set()
        start, last, misses = at, at - 1, 0
        dated = False
        while at < len(self.lines) and at - start < 16 and misses < 2:
            kind = _label(self.bare[at])
            if kind is None or (at == start and kind not in {"from", "sent", "subject", "to"}):
                if not found:
                    return 0
                # A long address or subject goes on in the next line.
                misses += 1
            else:
                found.add(kind)
                last, misses = at, 0
                # A form that a clerk fills in («От: … Тема: …») has neither an address nor a time of day.
                dated = dated or "@" in self.bare[at] or (kind == "sent" and bool(words.TIME.search(self.bare[at])))
            at = self.next_filled[at + 1]
        enough = len(found) >= wanted and (wanted == 1 or ("from" in found and dated))
        return last + 1 - start if enough else 0

    def _head_length(self, at: int) -> int:
        """Return the count of lines of «24.11.2026 10:12, Иван пишет:» and the like, 0 if none begins here."""
        bare = self.bare[at]
        if len(bare) > _LONGEST_HEAD or self.tries > _MAX_TRIES:
            return 0
        first = _plain(bare)
        if words.PERSON_START.match(first) or words.NAME_VERB.match(first) or words.WROTE_ON.match(first):
            joined_from_person = True
        elif words.HEAD_START.match(first):
            joined_from_person = False
        else:
            return 0
        self.tries += 1
        joined = ""
        for count in range(1, _HEAD_LINES + 1):
            if at + count > len(self.lines) or not self.bare[at + count - 1]:
                return 0
            joined = (joined + " " + _plain(self.bare[at + count - 1])).strip()
            if len(joined) > _LONGEST_HEAD:
                return 0
            if _is_head(joined, from_person=joined_from_person):
                return count
            if words.BARE_DATE_AND_ADDRESS.match(joined) and self._followed_by_marks(at + count):
                return count
        return 0

    def _is_strong(self, at: int, length: int) -> bool:
        """Tell whether a head alone, without marks below, shows that all below is quoted."""
        joined = " ".join(_plain(bare) for bare in self.bare[at : at + length])
        if words.ADDRESS.search(joined):
            return bool(words.TIME.search(joined))
        if at and self.bare[at - 1]:  # a mail program leaves a line between
            return False
        if not words.DATE_AND_TIME.search(joined):
            return False
        return bool(words.PERSON_AFTER_TIME.search(joined)) or joined.lower().startswith(("on ", "am ", "le "))

    def _keep_comparisons(self) -> None:
        """Show «>100 кВт», alone or one below the other: more likely comparisons than a quotation."""
        at = 0
        while at < len(self.lines):
            end = at
            while end < len(self.lines) and self.kind[end] == "quoted" and words.COMPARISON.match(self.bare[end]):
                end += 1
            if end > at and self._is_not_quoted(self._filled_above(at)) and self._is_not_quoted(end):
                self._set(at, end, "written")
            at = max(end, at + 1)

    def _filled_above(self, at: int) -> int:
        above = at - 1
        while above >= 0 and not self.bare[above]:
            above -= 1
        return above

    def _is_not_quoted(self, at: int) -> bool:
        return not 0 <= at < len(self.lines) or self.kind[at] != "quoted"

    def _find_signatures(self) -> None:
        at = 0
        self.first_quoted = self.kind.index("quoted") if "quoted" in self.kind else len(self.kind)
        runs_end = self._ends_of_written()
        while at < len(self.lines):
            if self.kind[at] == "written":
                if words.DEVICE.match(self.bare[at]):
                    self.kind[at] = "signature"
                elif end := self._signature_end(at, runs_end[at]):
                    self._set(at, end, "signature")
                    at = end
                    continue
            at += 1
        if "written" not in self.kind:
            # A letter that is nothing but a signature is shown.
            self.kind = ["written" if kind == "signature" else kind for kind in self.kind]

    def _ends_of_written(self) -> list[int]:
        """For each line the end of the run without quoted lines around it."""
        ends = [len(self.lines)] * (len(self.lines) + 1)
        for at in range(len(self.lines) - 1, -1, -1):
            ends[at] = at if self.kind[at] == "quoted" else ends[at + 1]
        return ends

    def _signature_end(self, at: int, end: int) -> int:
        """Return where a signature that begins at a line ends, before `end`; 0 where none begins."""
        sign_off = words.SIGN_OFF.match(self.bare[at]) if len(self.bare[at]) < 120 else None
        if not sign_off and self.bare[at] != "--":
            return 0
        whole, end = end, self._card_end(at + 1, end)
        below = self._few_filled(at + 1, end)
        if below is None or (end < whole and not below and sign_off is None):
            return 0
        if sign_off is None:
            # A name alone is shown, as it is below a farewell: folding it would save nothing.
            return end if self._says_who(below) or at > self.first_quoted else 0
        if not cards.is_card_after_farewell(sign_off.group(1)):
            return 0
        return end if any(cards.tells_more_than_a_name(one) for one in [*below, sign_off.group(1)]) else 0

    def _card_end(self, start: int, end: int) -> int:
        """Return where a card ends: before the first paragraph, up to `end`, with a line that is none of a card.
        What stands below a signature is as much a part of the letter as what stands above."""
        kept, at, is_notice = start, self.next_filled[min(start, len(self.lines))], False
        for _line in range(_SIGNATURE_LINES + 1):
            if at >= end:
                break
            bare = self.bare[at]
            if at and not self.bare[at - 1]:
                kept, is_notice = at, False
            is_notice = cards.is_notice(bare) or (is_notice and _goes_on(self.bare[at - 1]))
            if not is_notice and not cards.is_card(bare):
                return kept
            at = self.next_filled[at + 1]
        return end

    def _says_who(self, below: list[str]) -> bool:
        """Tell whether lines hold more of a card than a name (or no word at all)."""
        plain = [words.LINK.sub("", one) for one in below]
        return any(words.CONTACT.search(one) for one in plain) or not any(c.isalpha() for one in below for c in one)

    def _few_filled(self, start: int, end: int) -> list[str] | None:
        """Return the filled lines of a short range, None if it holds more than a signature does."""
        below: list[str] = []
        at = self.next_filled[min(start, len(self.lines))]
        while at < end:
            below.append(self.bare[at])
            if len(below) > _SIGNATURE_LINES:
                return None
            at = self.next_filled[at + 1]
        return below

    def _with_blanks(self) -> list[Kind]:
        """Give each blank line the kind of the line above it (the first ones: of the line below)."""
        current: Kind = next((kind for kind in self.kind if kind), "written")
        out: list[Kind] = []
        for kind in self.kind:
            current = kind or current
            out.append(current)
        return out


def _is_marked(bare: str) -> bool:
    return bare[:1] == ">" or bare[:4] == "&gt;" or (">" in bare[1:5] and bool(words.INITIALS.match(bare)))


def _goes_on(above: str) -> bool:
    """Tell whether a notice was broken at the end of a line, and the next line belongs to it."""
    return len(above) >= _BROKEN_LINE and above[-1:] not in ".!?"


def _plain(bare: str) -> str:
    return bare.strip("*_ \t").replace("\u202f", " ").replace("\xa0", " ").replace("&lt;", "<").replace("&gt;", ">")


def _label(bare: str) -> str | None:
    match = words.LABELLED.match(bare) if len(bare) < _LONGEST_LINE else None
    return words.LABELS.get(match.group(1).strip().lower()) if match else None


def _is_head(joined: str, *, from_person: bool) -> bool:
    if from_person:
        return joined.endswith(":") and bool(words.CONTAINS_VERB.search(joined))
    if words.ENDS_WITH_ADDRESS.search(joined):
        return True
    if words.ENDS_WITH_VERB.search(joined):
        return joined.endswith((":", "-")) or bool(words.ADDRESS.search(joined))
    if not joined.endswith(":") or not words.CONTAINS_VERB.search(joined):
        return False
    named_first = joined.lower().startswith(("am ", "den ", "op ")) and words.DATE_AND_TIME.search(joined)
    return bool(words.ADDRESS.search(joined) or named_first)
