"""The addresses of the desk's pages, built in Python because a list has hundreds; they are the contract's."""

from urllib.parse import quote, urlencode

HOME = "/desk/"  # the first page; with conditions, a list
LIST = "/desk/?view=open"  # all open requests
FRESH = "/desk/fresh/"
SHAPE = "/desk/shape/"
VIEWS = "/desk/views/"
VIEWS_NEW = "/desk/views/new/"
BULK = "/desk/bulk/"
OWN_QUEUES = "/desk/queues/own/"
QUEUES = "/desk/queues/"
SEARCH = "/desk/search/"
CONDITIONS = "/desk/conditions/"
DENSITY = "/desk/density/"
TICKETS = "/desk/tickets/"
PEOPLE = "/desk/people/"
COMPANIES = "/desk/companies/"
NEW = "/desk/new/"
NEW_FIELDS = "/desk/new/fields/"
DRAFTS = "/desk/drafts/"
DRAFTS_SAVE = "/desk/drafts/save/"
UPLOADS = "/desk/uploads/"
ADMIN = "/desk/admin/"
OUTBOX = "/desk/admin/outbox/"
PARKED = "/desk/admin/parked/"
LOOK = "/desk/admin/look/"
LOOK_END = "/desk/admin/look/end/"
CHECK = "/desk/admin/check/"
BANNERS = "/desk/admin/banners/"
TEXTS = "/desk/texts/"
SIGNATURES = "/desk/signatures/"
CHECKLISTS = "/desk/checklists/"
MINE = "/desk/?view=mine"
IN_SEARCH = "in=search&"


def query(path: str, **values: object) -> str:
    """`path` with the values that are neither None nor empty."""
    kept = {name: value for name, value in values.items() if value not in (None, "")}
    return f"{path}?{urlencode(kept)}" if kept else path


def of_view(kept: str) -> str:
    """The list that is kept as what follows the «?» of its address: a search begins by IN_SEARCH."""
    return f"{SEARCH}?{kept.removeprefix(IN_SEARCH)}" if kept.startswith(IN_SEARCH) else f"{HOME}?{kept}"


def to_keep(address: str) -> str:
    """What is kept of the address of a list."""
    path, _, query = address.partition("?")
    return f"{IN_SEARCH if path == SEARCH else ''}{query}"


def of_ticket(number: str, part: str = "") -> str:
    """The page of a request, or the address of one of its parts and verbs."""
    base = f"/desk/tickets/{quote(number, safe='')}/"
    return f"{base}{part}/" if part else base


def of_draft(draft_id: int, part: str = "") -> str:
    """The page of a draft, or the address of one of its acts."""
    return f"{DRAFTS}{draft_id}/{part}/" if part else f"{DRAFTS}{draft_id}/"


def with_draft(number: str, draft_id: int) -> str:
    """The page of a request with a draft in its box."""
    return query(of_ticket(number), draft=draft_id)


def of_file(number: str, attachment_id: int, filename: str) -> str:
    """Where an attached file is handed out; the name at the end is for people who save it."""
    return f"{of_ticket(number)}files/{attachment_id}/{quote(filename, safe='')}"


def of_bulk(act_id: int, part: str = "") -> str:
    """The page of an act upon many requests, or the address of its way back."""
    return f"{BULK}{act_id}/{part}/" if part else f"{BULK}{act_id}/"
