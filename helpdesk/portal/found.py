"""How a client's search is drawn: the groups of its form, the chips of what is set, a row of each hit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import Markup

from helpdesk.fronts import own_fields, values
from helpdesk.fronts.taking import MOST
from helpdesk.portal.conditions import (
    FLAGS,
    MOMENTS,
    Asked,
    Offered,
    Said,
    any_one,
    names_of,
)  # fmt: skip
from helpdesk.portal.rows import client_look, state_text
from helpdesk.search.around import Field
from helpdesk.search.asking import left_out, telling
from helpdesk.search.held import pieces_of
from helpdesk.search.highlight import with_piece
from helpdesk.search.language import LONGEST_WORD
from helpdesk.search.mending import place_of
from helpdesk.search.people import MOST as MOST_COUNTED
from helpdesk.search.people import Named, Role
from helpdesk.search.results import Hit, Notice, Part, Results, SearchRequest, Way
from helpdesk.tickets import workflow
from helpdesk.tickets.lines import SIZE, Line
from helpdesk.tickets.models import Phase
from helpdesk.web.formats import THIN, number
from helpdesk.web.jinja import ticket
from helpdesk.web.kept import Kept, macro

DEEPEST = 4  # levels of categories that are drawn as such


@dataclass(frozen=True, slots=True)
class Control:
    """A control of the form. `kind`: text, month, select, checks, dates, flags."""

    kind: str
    name: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()  # of a group of several
    hint: str = ""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names under which it is sent."""
        if self.kind == "flags":
            return tuple(name for name, _label in self.options)
        return self.names or (self.name,)


@dataclass(frozen=True, slots=True)
class Group:
    """Controls that belong together; `folds` where they stand folded as long as nothing in them is set."""

    title: str
    controls: tuple[Control, ...]
    folds: bool = True
    is_open: bool = True
    count: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of the results shows."""

    href: str
    number: tuple[Part, ...]
    held: tuple[tuple[str, tuple[Part, ...]], ...]  # fields that were asked for, by name
    subject: tuple[Part, ...]
    snippet: tuple[Part, ...]
    look: str
    state: str
    when: datetime
    who: str


def groups(asked: Asked, offered: Offered) -> list[Markup]:
    """The form: what is used most stands open, the rest folded."""
    return [_drawn(_with_state(group, asked), asked) for group in _groups(asked, offered) if group.controls]


def _groups(asked: Asked, offered: Offered) -> list[Group]:
    language = offered.language
    states = tuple((state.code, state.name) for state in offered.states)
    queues = tuple((str(pk), name) for pk, name in offered.queues)
    flags = (("awaiting", _("Awaiting my answer")), ("unread", _("With something unread")), ("files", _("With files")))
    ranks = tuple(
        (str(one.rank), f"{one.name_ru if language == 'ru' else one.name_en} – {one.rank}")
        for one in offered.priorities
    )
    return [
        Group(_("State"), (Control("checks", "state", _("State"), states),), folds=False),
        Group(_("Date created"), (_dates("created"),), folds=False),
        Group(_("Only requests"), (Control("flags", "only", _("Only requests"), flags),), folds=False),
        Group(_("Recipient"), (Control("checks", "queue", _("Recipient"), queues),)),
        Group(_("Number, words, files"), (
            Control("text", "number", _("Part of the number")),
            Control("text", "subject", _("Words in the subject")),
            Control("text", "text", _("Words in messages")),
            Control("text", "file", _("Words in names of files")),
        )),
        Group(_("People"), tuple(_people(asked, offered))),
        Group(_("Details of the request"), tuple(_field(one, language) for one in offered.around.fields)),
        Group(_("Priority and category"), (
            Control("checks", "priority", _("Priority"), ranks), *_categories(asked, offered),
        )),
        Group(_("Other dates"), tuple(_dates(moment) for moment in MOMENTS[1:])),
    ]  # fmt: skip


def _drawn(group: Group, asked: Asked) -> Markup:
    """A group with what stands in it: most of them are as they were in the search before."""
    names = {name for one in group.controls for name in one.parameters}
    return _group(
        group,
        tuple((name, tuple(values)) for name, values in asked.typed.items() if name in names),
        tuple(said for said in asked.said if said.name in names),
        tuple((name, words) for name, words in asked.wrong.items() if name in names),
    )


@Kept
def _group(
    group: Group, typed: tuple[tuple[str, tuple[str, ...]], ...], said: tuple[Said, ...],
    wrong: tuple[tuple[str, str], ...],
) -> Markup:  # fmt: skip
    asked = Asked(SearchRequest(), said, dict(wrong), {name: list(values) for name, values in typed})
    flags_on = [name for name in FLAGS if asked.value(name) == "1"]
    return macro("portal/parts/conditions.html", "group", group, asked, flags_on)


def _dates(moment: str) -> Control:
    labels = {
        "created": _("Date created"),
        "answered": _("Last answer"),
        "changed": _("Last change"),
        "closed": _("Date closed"),
    }
    return Control("dates", moment, labels[moment], names=names_of(moment))


def _people(asked: Asked, offered: Offered) -> list[Control]:
    """Where there is nobody and nothing to choose among, only what is wrong has a field: there it is said."""
    people = [(str(pk), name) for pk, name in offered.around.people]
    hint = _("Surname, first name, initials, or a part of them")
    found = [
        Control("text", "staff", _("Who answered"), hint=hint),
        Control("text", "handler", _("Handled by"), hint=hint),
    ]
    if len(people) > 1 or "author" in asked.wrong:
        found.insert(0, Control("select", "author", _("Author"), (("", any_one()), *people)))
    if len(people) > 1 or "observer" in asked.wrong:
        found.append(Control("select", "observer", _("Observer"), (("", any_one()), *people)))
    if len(offered.around.companies) > 1 or "company" in asked.wrong:
        companies = [(str(pk), name) for pk, name in offered.around.companies]
        found.append(Control("select", "company", _("Company"), (("", any_one()), *companies)))
    return found


def _categories(asked: Asked, offered: Offered) -> list[Control]:
    if not offered.categories and "category" not in asked.wrong:
        return []
    tree = [
        (str(one.pk), "\N{EM SPACE}" * min(one.path.count("/") - 2, DEEPEST) + one.name(offered.language))
        for one in offered.categories
    ]
    return [Control("select", "category", _("Category"), (("", any_one()), *tree))]


def _field(one: Field, language: str) -> Control:
    names = own_fields.names_of(one)
    if one.kind == "date":
        return Control("dates", f"field_{one.key}", one.label(language), names=tuple(names))
    if one.kind in {"choice", "check"}:
        options = (("", any_one()), *own_fields.options_of(one, language))
        return Control("select", names[0], one.label(language), options)
    return Control("month" if one.kind in {"month", "period"} else "text", names[0], one.label(language))


def _with_state(group: Group, asked: Asked) -> Group:
    names = {name for one in group.controls for name in one.parameters}
    count = sum(said.name in names for said in asked.conditions)
    wrong = any(name in asked.wrong for name in names)
    is_open = not group.folds or bool(count) or wrong
    return Group(group.title, group.controls, group.folds, is_open, count)


def chips(asked: Asked) -> list[tuple[str, str, str]]:
    """(name, value, address without it) of each condition that is set."""
    return [(one.label, one.words, asked.address(without=f"{one.name}:{one.value}")) for one in asked.conditions]


def people(asked: Asked, found: Sequence[Named]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom the words name: how they take part, and of each the words and the address that ask for their requests."""
    labels = {
        Role.STAFF: _("Who answered"),
        Role.HANDLER: _("Handled by"),
        Role.AUTHOR: _("Author"),
        Role.OBSERVER: _("Observer"),
    }
    by_role: dict[Role, list[tuple[str, str]]] = {}
    for one in found:
        value = one.name if one.role in {Role.STAFF, Role.HANDLER} else str(one.id)
        address = asked.address(**{"q": one.rest, one.role.value: value})
        by_role.setdefault(one.role, []).append((_named(one), address))
    return [(labels[role], by_role[role]) for role in Role if role in by_role]


def _named(one: Named) -> str:
    """How many, where nothing else is asked for: with other words there may be fewer."""
    if one.rest:
        return _("%(name)s, with the words “%(words)s”") % {"name": one.name, "words": one.rest[:60]}
    if one.requests > MOST_COUNTED:
        told = _("more than %(num)s requests") % {"num": _number(MOST_COUNTED)}
    else:
        told = ngettext("%(num)s request", "%(num)s requests", one.requests) % {"num": _number(one.requests)}
    return f"{one.name} — {told}"


def understood(asked: Asked, found: Results, instead: str) -> str:
    """How the words were understood where that is not what stands in the field."""
    if instead and found.items:
        now = getattr(asked.wanted, place_of(asked.wanted))
        left = left_out(instead, now)
        if told := telling(left):
            return ngettext(
                "All words together stand nowhere. Shown without the word “%(words)s”.",
                "All words together stand nowhere. Shown without the words “%(words)s”.",
                len(told),
            ) % {"words": " ".join(told)}
        if left:
            return _("With “%(words)s” nothing is found: shown without.") % {"words": " ".join(left)}
        return _("Nothing is found for “%(typed)s”. Shown for “%(meant)s”.") % {
            "typed": instead, "meant": now,
        }  # fmt: skip
    if found.passed_over:
        words = ", ".join(found.passed_over)
        return _("Not looked for, since these words tell little: %(words)s") % {"words": words}
    return ""


def exactly(asked: Asked, found: Results, instead: str) -> str:
    """The address of exactly what was typed, where fewer words are shown; empty elsewhere."""
    place = place_of(asked.wanted)
    if instead and found.items and telling(left_out(instead, getattr(asked.wanted, place))):
        return asked.address(**{place: instead, "instead": instead})
    return ""


def title(asked: Asked, found: Results) -> str:
    """The heading of the results, which says the same as what stands under it."""
    if asked.wrong:
        return _("Search not run")
    if not found.items:
        return _("No requests yet") if not asked.conditions else _("Nothing found")
    if not asked.conditions:
        return _all(found)
    if found.more_than:
        return _("More than %(num)s requests found") % {"num": _number(found.more_than)}
    if found.total_hint is None:
        if asked.wanted.by_fit:
            return _("Found, best matches first")
        return _("Found, newest first") if asked.wanted.words[0] else _("Found, latest answers first")
    return ngettext("%(num)d request found", "%(num)d requests found", found.total_hint) % {"num": found.total_hint}


def _all(found: Results) -> str:
    """The heading of all that one sees."""
    if found.more_than:
        return _("More than %(num)s requests in all, latest answers first") % {"num": _number(found.more_than)}
    if found.total_hint is None:
        return _("All requests, latest answers first")
    return ngettext(
        "%(num)s request in all, latest answers first",
        "%(num)s requests in all, latest answers first",
        found.total_hint,
    ) % {"num": _number(found.total_hint)}


def where(found: Results) -> str:
    """Which of the pages is shown and what stands on it; empty where there is one page."""
    first, last = found.passed + 1, found.passed + len(found.items)
    if not found.items or not (found.passed or found.next_cursor):
        return ""
    told = {"page": _number(found.passed // SIZE + 1), "first": _number(first), "last": _number(last)}
    if found.more_than:
        return _("Page %(page)s: %(first)s–%(last)s of more than %(total)s") % {
            **told, "total": _number(max(found.more_than, last)),
        }  # fmt: skip
    if found.total_hint is None or found.total_hint < last:
        return _("Page %(page)s: %(first)s–%(last)s") % told
    return _("Page %(page)s of %(pages)s: %(first)s–%(last)s of %(total)s") % {
        **told, "pages": _number(-(-found.total_hint // SIZE)), "total": _number(found.total_hint),
    }  # fmt: skip


def downloads(asked: Asked, results: Results) -> list[tuple[str, str]]:
    """(name of the format, address) of each way to take all that is found along; where there may be more than it takes,
    the name says how many."""
    least = max(results.more_than, results.total_hint or 0)
    return [(_format(kind, least, results), asked.address(format=kind)) for kind in ("xlsx", "csv", "pdf")]


def _format(kind: str, least: int, results: Results) -> str:
    if least <= MOST[kind] and not results.more_than:
        return kind.upper()
    return _("%(format)s (up to %(most)s)") % {"format": kind.upper(), "most": _number(MOST[kind])}


def _number(figure: int) -> str:
    return number(figure, language=get_language() or "ru")


def notice_text(notice: Notice | None) -> str:
    """What the reader should know about how the words were understood."""
    sentences = {
        Notice.NO_WORDS: _("There is nothing to search for: type at least one word"),
        Notice.COMMON_WORDS: _("These words occur in almost every text: add a rarer one"),
        Notice.COMMON_BESIDE: _("Words of one place occur in almost every text: these were not looked for"),
        Notice.ONLY_WITHOUT: _("Say what to find as well, not only what to leave out"),
        Notice.LONG_WORDS: _("Words longer than %(num)d letters cannot be searched for: shorten them")
        % {"num": LONGEST_WORD},
        Notice.SHORTENED: _("The query is very long: only its beginning was used"),
    }
    return sentences[notice] if notice else ""


def row(hit: Hit, asked: Asked, offered: Offered) -> Markup:
    """A row of the results."""
    line = hit.line
    name = line.state_client_ru if get_language() == "ru" else line.state_client_en
    return _row(
        Row(
            href=f"/portal/tickets/{line.number}/",
            number=tuple(_number_parts(line.number, _piece_of_number(hit, asked))),
            held=tuple(_held(hit, asked, offered)),
            subject=tuple(hit.subject_parts),
            snippet=tuple(hit.snippet_parts),
            look=client_look(line.state),
            state=state_text(name, answered=_answered(line)),
            when=line.last_article_at,
            who=line.last_by,
        )
    )


@Kept.rows
def _row(shown: Row) -> Markup:
    return macro("portal/parts/found.html", "row", shown)


def _piece_of_number(hit: Hit, asked: Asked) -> str:
    """The figures that were asked of the number; those typed among the words where nothing else holds them."""
    typed = asked.wanted.q.strip()
    alone = typed.isascii() and typed.isdecimal() and not any(p.found for p in (*hit.subject_parts, *hit.snippet_parts))
    return asked.wanted.number.rstrip("*") or (typed if alone else "")


def _number_parts(text: str, piece: str) -> list[Part]:
    """The number as it is written everywhere, with the part of it that was asked for marked across its groups."""
    shown = ticket(text)
    pieces = re.split(f"({f'{THIN}?'.join(piece)})", shown, maxsplit=1) if piece else [shown]
    return [Part(one, found=bool(place % 2)) for place, one in enumerate(pieces) if one]


def _held(hit: Hit, asked: Asked, offered: Offered) -> list[tuple[str, tuple[Part, ...]]]:
    """(name, value) of each field that was asked for, with what was asked for marked: why the request is here."""
    found = []
    for one in offered.around.fields:
        if one.key in hit.held:
            text = values.shown(hit.held[one.key], one.kind, one.choices, offered.language)
            parts = with_piece(text, _pieces(asked, one.key))
            if not any(part.found for part in parts):  # a day, a choice, an account written in other groups
                parts = [Part(text, found=True)]
            found.append((one.label(offered.language), tuple(parts)))
    return found


def _pieces(asked: Asked, key: str) -> list[str]:
    wanted = (one.value for one in asked.wanted.fields if one.key == key and one.way is Way.HOLDS)
    return [piece for value in wanted for piece in pieces_of(str(value))]


def _answered(line: Line) -> bool:
    return line.phase == Phase.OPEN and workflow.client_answered(
        line.state_waits_for, line.waits_for, client_at=line.last_client_at, agent_at=line.last_agent_at
    )
