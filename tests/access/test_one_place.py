"""Rows of requests are read in one room: everybody else asks `queries`, `pages`, `rows` or the verbs."""

import ast
from pathlib import Path

import helpdesk

ROOT = Path(helpdesk.__file__).parent
GUARDED = {"Ticket", "Article", "Attachment", "Participant", "ReadMark", "TicketEvent"}
# the room itself; the index, which reads everything to find it again; the demo world, which looks at what it made
AT_HOME = {"tickets", "demo"}
INDEX = {Path("search/index.py")}


def _managers(path):
    for node in ast.walk(ast.parse(path.read_text())):
        is_manager = isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
        if is_manager and isinstance(node.value, ast.Name) and node.value.id in GUARDED:
            yield node.value.id, node.lineno


def test_requests_are_read_in_their_room_alone():
    found = []
    for path in ROOT.rglob("*.py"):
        place = path.relative_to(ROOT)
        if place.parts[0] in AT_HOME or place in INDEX or "migrations" in place.parts:
            continue
        found += [f"{place}:{line} {name}" for name, line in _managers(path)]
    assert found == []


def test_the_look_finds_what_it_looks_for():
    assert list(_managers(ROOT / "tickets" / "rows.py"))
