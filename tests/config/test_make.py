"""The set-up scripts: one line says what a machine lacks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run_script(name, *arguments, path=None, cwd=None):
    return subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / name), *map(str, arguments)], cwd=cwd or ROOT, capture_output=True,
        text=True, check=False, env={**os.environ, "PATH": str(path) if path else os.environ["PATH"]},
    )  # fmt: skip


def fake(folder, name, script):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_missing_venv_is_named_in_one_line(tmp_path):
    python = fake(
        tmp_path, "python3",
        f'case "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"',
    )  # fmt: skip
    done = run_script("venv.sh", python, tmp_path / "venv", cwd=tmp_path)
    assert done.returncode == 1
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert done.stderr == (
        f"Python's venv is missing. Install it: apt-get install python{version}-venv (or your system's name for it)\n"
    )


def test_old_python_is_named_in_one_line(tmp_path):
    python = fake(tmp_path, "python3", "exit 1")
    for tool in ("sh", "printf"):
        fake(tmp_path, tool, f'exec /bin/{tool} "$@"')
    done = run_script("venv.sh", python, tmp_path / "venv", path=tmp_path, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 or newer is needed")


def test_made_program_runs_from_anywhere(tmp_path):
    (tmp_path / "helpdesk").symlink_to(ROOT / "helpdesk")
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    # an environment that has its packages already: the script only puts the program into it
    fake(tmp_path / "venv" / "bin", "python", f'exec {sys.executable} "$@"')
    (tmp_path / "site").mkdir()
    done = run_script("venv.sh", sys.executable, tmp_path / "venv", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    shown = subprocess.run(
        [str(tmp_path / "venv" / "bin" / "helpdesk"), "--version"], cwd="/", capture_output=True, text=True, check=False
    )
    assert shown.stdout == "helpdesk 0.1.0\n", shown.stderr


@pytest.mark.parametrize("name", ["requirements/base.txt", "requirements/dev.txt"])
def test_requirements_have_hashes_and_name_no_index(name):
    text = (ROOT / name).read_text()
    assert "http" not in text
    assert "file:" not in text
    pinned = [line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
    assert pinned
    assert all(line.endswith("\\") for line in pinned)


def test_ci_calls_make_check():
    script = (ROOT / ".ci" / "run").read_text()
    assert "set -euo pipefail" in script
    assert "make check" in script
