"""The one program: its subcommands, exit codes, and errors as one line."""

import argparse
import io
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from helpdesk.accounts import queries
from helpdesk.accounts.models import Company, Role
from helpdesk.config import cli
from helpdesk.config.cli.commands import jobs, serve
from helpdesk.config.env import SettingError
from helpdesk.core.errors import Invalid, Problem

PROMISED = ["serve", "web", "worker", "migrate", "check", "demo", "user", "jobs", "mail"]
PROMISED += ["setting", "queue", "state", "priority", "grant", "backup", "restore", "verify"]


def test_help_names_every_promised_subcommand(capsys):
    with pytest.raises(SystemExit) as end:
        cli.run(["--help"])
    assert end.value.code == 0
    shown = capsys.readouterr().out
    assert [name for name in PROMISED if f"    {name} " not in shown] == []


@pytest.mark.parametrize("name", PROMISED)
def test_each_subcommand_has_help(name, capsys):
    with pytest.raises(SystemExit) as end:
        cli.run([name, "--help"])
    assert end.value.code == 0
    assert f"helpdesk {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["serve", "--port", "70000"],
        ["user", "create", "--kind", "king"],
        ["jobs", "run-due", "--at", "noon"],
    ],
)
def test_wrong_usage_is_exit_code_two(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        cli.run(arguments)
    assert end.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (SettingError("PORT='x': accepted is a whole number."), "PORT='x': accepted is a whole number."),
        (
            Invalid(Problem("login", "taken"), Problem("password", "short", {"least": 10})),
            "login: somebody has this login already: choose another; password: short (least 10)",
        ),
        (FileNotFoundError(2, "No such file", "letter.eml"), "letter.eml: No such file"),
        (ValueError("odd\nand long"), "ValueError: odd (HELPDESK_TRACEBACK=1 shows more)"),
    ],
)
def test_errors_are_told_in_one_line(error, line):
    assert cli.told(error) == line


def test_failure_is_exit_code_one_and_one_line(monkeypatch, capsys):
    def fail(arguments):
        raise SettingError("HELPDESK_LANGUAGE='de': accepted are ru, en.")

    monkeypatch.setattr(serve, "run", fail)
    assert cli.run(["serve"]) == 1
    assert capsys.readouterr().err == "helpdesk: HELPDESK_LANGUAGE='de': accepted are ru, en.\n"


def test_program_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "helpdesk.config.cli", "--version"], capture_output=True, text=True, check=False,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "helpdesk 0.1.0\n")


def test_moments_and_ports_are_read():
    assert jobs.moment("2026-11-25T14:05+03:00") == datetime.fromisoformat("2026-11-25T14:05+03:00")
    assert serve.port_number("8080") == 8080
    with pytest.raises(argparse.ArgumentTypeError):
        serve.port_number("0")


@pytest.mark.django_db
def test_user_create_makes_an_administrator_with_their_role(capsys):
    assert (
        cli.run(
            [
                "user",
                "create",
                "--kind",
                "admin",
                "--login",
                "root",
                "--name",
                "Анна Ильина",
                "--address",
                "a@example.com",
            ]
        )
        == 0
    )
    person = queries.find_by_login("root")
    assert person.is_administrator
    assert not person.has_usable_password()
    assert "Created Анна Ильина, login root." in (said := capsys.readouterr().out)
    assert "To set the password: http" in said
    assert cli.run(["user", "create", "--kind", "admin", "--login", "second", "--name", "Другая"]) == 0
    assert Role.objects.filter(capabilities__contains=["administer"]).count() == 1


@pytest.mark.django_db
def test_user_create_client_joins_the_company_of_that_name():
    for login in ("one", "two"):
        assert (
            cli.run(["user", "create", "--kind", "client", "--login", login, "--name", login, "--company", "ТСЖ Липа"])
            == 0
        )
    assert Company.objects.get(name="ТСЖ Липа").memberships.count() == 2


@pytest.mark.django_db
def test_user_create_refuses_a_taken_login(capsys):
    arguments = ["user", "create", "--kind", "agent", "--login", "one", "--name", "One"]
    assert cli.run(arguments) == 0
    assert cli.run(arguments) == 1
    assert capsys.readouterr().err == "helpdesk: login: somebody has this login already: choose another\n"


@pytest.mark.django_db
def test_user_password_from_input_file_and_link(monkeypatch, tmp_path, capsys):
    cli.run(["user", "create", "--kind", "agent", "--login", "one", "--name", "One"])
    monkeypatch.setattr(sys, "stdin", io.StringIO("a-long-secret-1\n"))
    assert cli.run(["user", "password", "one"]) == 0
    assert queries.find_by_login("one").check_password("a-long-secret-1")
    (tmp_path / "secret").write_text("another-secret-2\n")
    assert cli.run(["user", "password", "one", "--password-file", str(tmp_path / "secret")]) == 0
    assert queries.find_by_login("one").check_password("another-secret-2")
    capsys.readouterr()
    assert cli.run(["user", "password", "one", "--link"]) == 0
    assert capsys.readouterr().out.startswith("http")
    assert cli.run(["user", "password", "nobody"]) == 1
