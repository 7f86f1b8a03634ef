"""The conditions of a list in words, each with the address of the list without it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from helpdesk.accounts.models import Company, Person
from helpdesk.desk import addresses, filters, finer_words
from helpdesk.desk.beside import Beside
from helpdesk.desk.filters import Filters
from helpdesk.desk.finer_words import between
from helpdesk.desk.shell import Figures, language
from helpdesk.tickets.models import Tag, TicketType
from helpdesk.tickets.narrowing import NOBODY


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition that is set, and the address of the list without it."""

    name: str
    value: str
    remove: str


def chips(wanted: Filters, known: Figures, path: str, around: Beside | None = None) -> list[Chip]:
    """All conditions. `around`: what stands around a search; without it one statement where a company is a condition,
    one where people are, one each for a type and a tag."""
    listed = [] if around is None else list(_of_search(wanted, path, around))
    listed = [*_of_list(wanted, known, path), *(_of_masters(wanted, path) if around is None else listed)]
    found = [*listed, *_of_people(wanted, path, around), *_of_dates(wanted, path)]
    if around is None:
        return found
    return [*found, *_of_finer(wanted, known, path, around)]


def _of_search(wanted: Filters, path: str, around: Beside) -> Iterator[Chip]:
    if wanted.company:
        yield Chip(_("company"), dict(around.companies).get(wanted.company, "?"), wanted.address(path, company=None))
    if wanted.kind:
        yield Chip(_("type"), dict(around.types).get(wanted.kind, "?"), wanted.address(path, kind=None))
    if wanted.tag:
        yield Chip(_("tag"), dict(around.tags).get(wanted.tag, "?"), wanted.address(path, tag=None))


def _of_finer(wanted: Filters, known: Figures, path: str, around: Beside) -> Iterator[Chip]:
    for names, label, told in finer_words.said(wanted.finer, known, around):
        yield Chip(label, told, wanted.address(path, finer=wanted.finer.without(*names)))


def _of_list(wanted: Filters, known: Figures, path: str) -> Iterator[Chip]:
    if wanted.view != "all" and not (wanted.state and wanted.view == "open"):
        yield Chip(_("view"), filters.names()[wanted.view].lower(), wanted.address(path, view="all"))
    if wanted.queue is not None:
        queue = known.queue(wanted.queue)
        yield Chip(_("queue"), queue.name if queue else "?", wanted.address(path, queue=None))
    if wanted.state:
        yield Chip(_("state"), known.all_states.get(wanted.state, "?"), wanted.address(path, state=""))
    if wanted.priority:
        yield Chip(_("priority"), str(wanted.priority), wanted.address(path, priority=None))
    if wanted.waits:
        yield Chip(_("turn"), filters.turns()[wanted.waits], wanted.address(path, waits=""))
    if wanted.words and path != addresses.SEARCH:
        yield Chip(_("words"), wanted.words, wanted.address(path, words=""))


def _of_masters(wanted: Filters, path: str) -> Iterator[Chip]:
    if wanted.company:
        yield Chip(_("company"), _company(wanted.company), wanted.address(path, company=None))
    if wanted.kind:
        yield Chip(_("type"), _name(TicketType, wanted.kind), wanted.address(path, kind=None))
    if wanted.tag:
        yield Chip(_("tag"), _name(Tag, wanted.tag), wanted.address(path, tag=None))


def _name(model: type[Tag | TicketType], key: int) -> str:
    found = model._default_manager.filter(pk=key).first()  # noqa: SLF001  Django's word for it
    return "?" if found is None else found.name if isinstance(found, Tag) else found.name(language())


def _company(company_id: int) -> str:
    return Company.objects.filter(pk=company_id).values_list("short_name", flat=True).first() or "?"


def _of_people(wanted: Filters, path: str, around: Beside | None) -> Iterator[Chip]:
    if wanted.client:
        yield Chip(_("client"), wanted.client, wanted.address(path, client=""))
    ids = {person for person in (wanted.owner, wanted.responsible) if person}
    if around is not None:
        names = {key: around.person(key) for key in ids}
    else:
        names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    names[NOBODY] = _("nobody")
    if wanted.owner is not None:
        yield Chip(_("owner"), names.get(wanted.owner, "?"), wanted.address(path, owner=None))
    if wanted.responsible is not None:
        yield Chip(_("responsible"), names.get(wanted.responsible, "?"), wanted.address(path, responsible=None))


def _of_dates(wanted: Filters, path: str) -> Iterator[Chip]:
    if wanted.created_from or wanted.created_to:
        span = between(wanted.created_from, wanted.created_to)
        yield Chip(_("created"), span, wanted.address(path, created_from=None, created_to=None))
    if wanted.changed_from or wanted.changed_to:
        span = between(wanted.changed_from, wanted.changed_to)
        yield Chip(_("changed"), span, wanted.address(path, changed_from=None, changed_to=None))
