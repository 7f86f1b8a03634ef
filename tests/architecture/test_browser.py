"""What starts programs or a browser is marked by hand, and `make test` runs whatever is marked, with no list to forget."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_file_that_marks_itself_e2e_is_run_with_the_slow_ones():
    marked = {
        str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"pytest\.mark\.e2e\b", path.read_text(encoding="utf-8"))
        and path.relative_to(ROOT).parts[1] not in {"e2e", "architecture"}
    }  # fmt: skip
    assert "tests/web/test_behaviours.py" in marked
    orders = subprocess.run(
        ["make", "--dry-run", "test"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()  # fmt: skip
    (slow,) = (line.split() for line in orders if " -m e2e " in line)
    assert marked <= set(slow) and "tests/e2e" in slow
    assert any('-m "not e2e"' in line for line in orders)
