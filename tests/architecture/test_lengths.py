"""Functions, files and templates stay short: what is longer is named here, one by one."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "helpdesk"
USUAL, MOST = 40, 80  # lines of a function
# longer than usual: a signature whose every parameter stands on a line of its own
LONG = {
    "helpdesk/accounts/actions.py:create_person",
    "helpdesk/tickets/actions/open_ticket.py:open_ticket",
}


def functions():
    """(where, lines) of every function of the product; generated migrations apart."""
    for path in PRODUCT.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1


def longer(pattern, most, *roots):
    return {
        str(path.relative_to(ROOT)): count
        for root in roots
        for path in root.rglob(pattern)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > most
    }


def test_functions_are_short_and_the_longer_ones_are_named():
    found = dict(functions())
    assert len(found) > 1000
    assert {name for name, lines in found.items() if lines > USUAL} == LONG
    assert {name: lines for name, lines in found.items() if lines > MOST} == {}


def test_the_list_of_longer_functions_does_not_grow():
    assert len(LONG) <= 2


def test_files_and_templates_are_short():
    assert longer("*.py", 600, PRODUCT, ROOT / "tests") == {}
    assert longer("*.html", 120, *PRODUCT.glob("*/jinja2")) == {}
