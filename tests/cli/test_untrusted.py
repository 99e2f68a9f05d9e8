"""A folder that was only looked at has run nothing."""

import sys

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="the interpreter is a shell script")
@pytest.mark.parametrize(
    "arguments",
    [["suggest", "test_a.py:1"], ["inspect", "."], ["skills", "list"], ["doctor"]],
    ids=" ".join,
)
def test_looking_does_not_start_the_interpreter_that_a_folder_brings(cli, arguments):
    cli.write("test_a.py", "def test_a(): pass\n")
    cli.write(".venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11\n")
    ran = cli.folder / "ran"
    script = f'#!/bin/sh\ntouch "{ran}"\nexec "{sys.executable}" "$@"\n'
    cli.write(".venv/bin/python", script).chmod(0o755)
    assert cli(*arguments).code == 0
    assert not ran.exists()
