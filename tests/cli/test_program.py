"""The program as a whole: version, help, wrong words, serving, and the doctor."""

import shutil
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from skills_lsp import __version__
from skills_lsp.cli.doctor import Check, doctor_text


def test_the_version_is_the_packages(cli):
    assert cli("--version").out == f"skills-lsp {__version__}\n"


@pytest.mark.skipif(shutil.which("skills-lsp", path=Path(sys.executable).parent) is None, reason="")
def test_the_script_is_the_same_program_as_the_module(cli):
    script = Path(sys.executable).parent / "skills-lsp"
    said = subprocess.run([script, "--help"], capture_output=True, text=True, check=True)
    assert said.stdout == cli("--help").out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["inspct"], "There is no command 'inspct'. Did you mean inspect?"),
        (["--splendid"], "No such option '--splendid'. See skills-lsp --help."),
        (["suggest"], "Missing argument 'FILE:LINE[:COL]'. See skills-lsp suggest --help."),
        (
            ["suggest", "a.py", "--limit", "0"],
            "Invalid value for '--limit': 0 is not in the range 1<=x<=1000. "
            "See skills-lsp suggest --help.",
        ),
    ],
)
def test_what_is_asked_wrongly_is_one_sentence_and_exit_2(cli, arguments, sentence):
    ran = cli(*arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", f"skills-lsp: {sentence}\n")


def test_a_group_without_a_command_shows_its_help(cli):
    ran = cli("skills")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage: skills-lsp skills ")


def test_help_says_the_whole_first_sentence_of_each_command(cli):
    for group in ([], ["report"], ["model"], ["evaluate"]):
        assert "..." not in cli(*group, "--help").out.partition("Commands:")[2]


@pytest.mark.parametrize("address", ["0.0.0.0:0", "192.0.2.1:4000", "[::]:0", "example.org:80"])
def test_serving_beyond_this_machine_is_refused_unless_forced(cli, address):
    ran = cli("serve", "--tcp", address)
    assert ran.code == 2
    assert "can be reached from other machines" in ran.err
    assert "--allow-remote" in ran.err


@pytest.mark.parametrize("address", ["nonsense", "127.0.0.1", "127.0.0.1:99999", ":1", "::1:"])
def test_an_address_that_is_none_is_refused(cli, address):
    ran = cli("serve", "--tcp", address)
    assert (ran.code, ran.err) == (
        2, f"skills-lsp: --tcp needs HOST:PORT, not {address!r}.\n",
    )  # fmt: skip


def test_a_port_that_is_taken_is_one_sentence(cli):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        ran = cli("serve", "--tcp", f"127.0.0.1:{taken.getsockname()[1]}")
    assert (ran.code, ran.err.count("\n")) == (3, 1)
    assert "in use" in ran.err.lower()


def test_a_log_that_cannot_be_written_is_one_sentence(cli):
    cli.write("file", "")
    ran = cli("serve", "--stdio", "--log-file", "file/log")
    assert (ran.code, ran.err.count("\n")) == (3, 1)
    assert ran.err.startswith("skills-lsp: file")


def test_the_doctor_says_what_is_there_and_for_which_languages(cli):
    cli.write("a.py", "\n")
    ran = cli("doctor")
    assert ran.code == 0
    assert ran.out.startswith("In order\n  ✓ skills-lsp ")
    assert "✓ project" in ran.out
    assert "project, in python, toml" in " ".join(ran.out.split())
    assert "npm" not in ran.out, "no tool of a language that is not there"
    assert ran.out.splitlines()[-1].startswith("skills-lsp works")


def test_the_doctors_json_is_a_list_of_checks(cli):
    checks = cli("doctor", "--json").json
    assert all(list(it) == ["name", "level", "message", "fix"] for it in checks)
    assert {it["level"] for it in checks} <= {"ok", "warning", "error"}


def test_the_doctor_fails_when_a_skill_file_is_broken(cli):
    cli.write(".skills/broken.toml", "title = [\n")
    ran = cli("doctor")
    assert ran.code == 1
    assert "Broken\n  ✗ skills" in ran.out
    assert ran.out.endswith("1 thing must be mended.\n")


def test_the_doctor_groups_by_severity_worst_last():
    checks = [
        Check("a", "error", "is broken", "mend it"),
        Check("long-name", "ok", "1.0"),
        Check("b", "warning", "is missing for " + "this " * 15, "get b"),
    ]
    assert doctor_text(checks, 70) == (
        "In order\n"
        "  ✓ long-name  1.0\n"
        "\n"
        "Could be better\n"
        "  ! b          is missing for this this this this this this this this\n"
        "               this this this this this this this:\n"
        "               get b\n"
        "\n"
        "Broken\n"
        "  ✗ a          is broken: mend it\n"
        "\n"
        "1 thing must be mended."
    )
