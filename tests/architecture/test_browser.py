"""What runs in a browser is marked by hand only where `make test` looks for it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_file_that_marks_itself_e2e_is_named_in_the_makefile():
    named = re.search(r"^BROWSER := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1].split()
    marked = {
        str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"pytest\.mark\.e2e\b", path.read_text(encoding="utf-8"))
    }  # fmt: skip
    assert "tests/web/test_behaviours.py" in marked
    assert {path for path in marked if not any(path.startswith(place) for place in named)} == set()
    assert all((ROOT / place).exists() for place in named)
