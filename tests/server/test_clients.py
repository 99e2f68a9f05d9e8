"""How real clients differ, each difference a rule for what we send."""

import json

import pytest

from tests.server.conftest import Connect
from tests.server.profiles import BY_NAME, EDITORS, Editor, with_encodings
from tests.server.raw_client import RawClient, at

URI = "file:///nowhere/tests/test_shop.py"
TEXT = """\
import os


def test_it():
    assert os.name
    assert eval(os.name)
"""
TEST_LINE, FAULT_LINE = 3, 5
Sessions = dict[str, tuple[Editor, dict, RawClient]]


@pytest.fixture(scope="module")
def sessions(connect_once: Connect) -> Sessions:
    """One server for each editor, with the same document open."""
    made = {}
    for editor in EDITORS:
        client = connect_once()
        announced = client.initialize(editor.capabilities)
        client.open(URI, TEXT)
        client.settle(URI, TEST_LINE)
        made[editor.name] = (editor, announced, client)
    return made


every_editor = pytest.mark.parametrize("name", BY_NAME)


@every_editor
def test_actions_come_without_trigger_kind_and_only(sessions: Sessions, name: str):
    _, _, client = sessions[name]
    bare = client.actions(URI, TEST_LINE)
    assert bare
    assert client.actions(URI, TEST_LINE, only=None, triggerKind=None) == bare


@every_editor
@pytest.mark.parametrize("kind", [1, 2])
def test_actions_do_not_depend_on_the_trigger_kind(sessions: Sessions, name: str, kind: int):
    _, _, client = sessions[name]
    asked = client.actions(URI, TEST_LINE, triggerKind=kind)
    assert asked == client.actions(URI, TEST_LINE)


@every_editor
def test_every_action_has_a_kind_that_was_announced(sessions: Sessions, name: str):
    _, announced, client = sessions[name]
    kinds = announced["codeActionProvider"]["codeActionKinds"]
    for line in (TEST_LINE, FAULT_LINE):
        made = client.actions(URI, line)
        assert made
        assert {it["kind"] for it in made} <= set(kinds)


@every_editor
def test_only_is_honoured_by_the_server(sessions: Sessions, name: str):
    _, _, client = sessions[name]
    fixes = client.actions(URI, FAULT_LINE, only=["quickfix"])
    assert fixes
    assert {it["kind"] for it in fixes} == {"quickfix"}
    refactorings = client.actions(URI, FAULT_LINE, only=["refactor"])
    assert all(it["kind"].split(".")[0] == "refactor" for it in refactorings)
    everything = client.actions(URI, FAULT_LINE, only=[""])
    assert everything == client.actions(URI, FAULT_LINE)


@every_editor
def test_actions_are_whole_unless_the_client_resolves_commands(sessions: Sessions, name: str):
    editor, announced, client = sessions[name]
    can_resolve = announced["codeActionProvider"].get("resolveProvider", False)
    assert can_resolve is editor.resolves_commands
    for action in client.actions(URI, TEST_LINE):
        if "disabled" in action:  # its tool is missing here: nothing to run
            continue
        command = action.get("command")
        if command is None:
            assert editor.resolves_commands
            command = client.result("codeAction/resolve", action)["command"]
        assert command["command"] == "skills.run"
        assert command["arguments"][0]["uri"] == URI


@every_editor
def test_no_bare_command_is_sent_to_a_client_that_knows_literals(sessions: Sessions, name: str):
    _, _, client = sessions[name]
    for action in client.actions(URI, TEST_LINE):
        assert not isinstance(action.get("command"), str)


def test_a_client_without_literals_gets_bare_commands(connect: Connect):
    client = connect()
    announced = client.initialize({})
    client.open(URI, TEXT)
    made = client.actions(URI, TEST_LINE)
    assert made
    assert {it["command"] for it in made} == {"skills.run"}
    # Neovim 0.10 sends a bare command to codeAction/resolve when that is announced, and dies.
    assert announced["codeActionProvider"].get("resolveProvider", False) is False


@every_editor
def test_a_resolved_action_stays_as_it_is(sessions: Sessions, name: str):
    _, _, client = sessions[name]
    action = client.actions(URI, TEST_LINE)[0]
    whole = client.result("codeAction/resolve", action)
    assert client.result("codeAction/resolve", whole) == whole


@pytest.mark.parametrize("name", ["vscode", "neovim-0.12"])
def test_what_cannot_run_is_shown_as_disabled_where_that_is_known(
    connect: Connect, name: str, tmp_path
):
    # An interpreter that is not there: every Python tool is missing.
    disabled = _disabled(connect, BY_NAME[name], tmp_path)
    assert disabled
    assert all(it["disabled"]["reason"] for it in disabled)


@pytest.mark.parametrize("name", ["neovim-0.10", "eglot-1.9", "eglot-1.17", "ale"])
def test_what_cannot_run_is_left_out_elsewhere(connect: Connect, name: str, tmp_path):
    # eglot runs a disabled action as if it were not.
    assert _disabled(connect, BY_NAME[name], tmp_path) == []


def _disabled(connect: Connect, editor: Editor, folder) -> list[dict]:
    (folder / "venv" / "bin").mkdir(parents=True)
    (folder / "venv" / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    (folder / "venv" / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")
    (folder / "venv" / "bin" / "python").chmod(0o755)
    (folder / "venv" / "pyvenv.cfg").write_text("home = /nowhere\n")
    path = folder / "test_shop.py"
    path.write_text(TEXT)
    client = connect()
    options = {"python": str(folder / "venv"), "maxSuggestions": 50, "minConfidence": 0}
    client.initialize(editor.capabilities, folder, initializationOptions=options)
    client.open(path.as_uri(), TEXT)
    # What can run is found out in the background; until then everything is offered.
    for _ in range(500):
        made = client.actions(path.as_uri(), TEST_LINE)
        if not any(it["title"].startswith("Run this test") and "disabled" not in it for it in made):
            return [it for it in made if "disabled" in it]
        client.command("skills.listSkills", {"language": "nothing"})
    raise AssertionError("a test runner that is missing was offered to the end")


@every_editor
def test_lenses_come_whether_announced_or_not(sessions: Sessions, name: str):
    # Neovim 0.10 and lsp-mode show lenses without announcing that they can.
    _, announced, client = sessions[name]
    assert "codeLensProvider" in announced
    (lens,) = client.lenses(URI)
    assert lens["range"]["start"]["line"] == TEST_LINE
    assert lens["command"]["command"] == "skills.run"


@every_editor
def test_a_lens_without_its_command_is_resolved(sessions: Sessions, name: str):
    _, _, client = sessions[name]
    (lens,) = client.lenses(URI)
    stripped = {key: value for key, value in lens.items() if key != "command"}
    assert client.result("codeLens/resolve", stripped)["command"]["command"] == "skills.run"


@every_editor
def test_the_first_known_encoding_of_the_client_is_chosen(sessions: Sessions, name: str):
    editor, announced, _ = sessions[name]
    assert announced["positionEncoding"] == editor.encoding


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["utf-8"], "utf-8"),
        (["utf-32"], "utf-32"),
        (["utf-16", "utf-8"], "utf-16"),
        (["utf-7", "utf-8", "utf-16"], "utf-8"),
        (["utf-7"], "utf-16"),
        ([], "utf-16"),
    ],
)
def test_columns_are_in_the_encoding_that_was_agreed(
    connect: Connect, offered: list[str], chosen: str
):
    client = connect()
    assert client.initialize(with_encodings(*offered))["positionEncoding"] == chosen
    before = 'x = "é𝄞"; '
    client.open("file:///nowhere/a.py", f"{before}eval(y)\n")
    column = {"utf-8": 14, "utf-16": 11, "utf-32": 10}[chosen]
    hover = client.hover("file:///nowhere/a.py", 0, column)
    assert hover["range"]["start"] == {"line": 0, "character": column}
    assert client.hover("file:///nowhere/a.py", 0, column - 1) is None


# -- commands ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fresh(connect_once: Connect) -> tuple[list[str], RawClient]:
    """A session in which nothing was asked yet, with the commands that it announced."""
    client = connect_once()
    announced = client.initialize()
    return announced["executeCommandProvider"]["commands"], client


def test_every_command_answers_a_call_without_arguments(fresh):
    # Helix lists all commands and calls the chosen one bare.
    commands, client = fresh
    assert {"skills.run", "skills.rerunLast", "skills.suggest", "skills.explain"} <= set(commands)
    assert {"skills.listSkills", "skills.listShortcuts", "skills.history"} <= set(commands)
    assert {"skills.registerShortcut", "skills.sessionSummary"} <= set(commands)
    for command in commands:
        for params in ({"command": command}, {"command": command, "arguments": []}):
            since = len(client.messages)
            result = client.result("workspace/executeCommand", params)
            message = result["message"]
            assert message, command
            assert "\n" not in message, command
            assert "Traceback" not in json.dumps(result), command
            # What the person sees: a message, or a document that a message names.
            client.wait_for_method("window/showMessage", since=since)


@pytest.mark.parametrize(
    ("command", "arguments", "sentence"),
    [
        ("skills.nothing", [], "There is no command"),
        ("skills.run", [{"skill": "no-such-skill", "uri": URI}], "there is no skill"),
        ("skills.run", [{"skill": "pytest-rum", "uri": URI}], "Did you mean pytest-run?"),
        ("skills.run", [{"skill": 5}], "skill must be a text"),
        ("skills.run", [{"skil": "pytest-run"}], "Did you mean 'skill'?"),
        ("skills.run", ["pytest-run"], "takes one JSON object"),
        ("skills.run", [{}, {}], "takes one JSON object"),
        ("skills.run", [{"skill": "pytest-run", "line": 1.5}], "line must be a whole number"),
        ("skills.run", [{"skill": "pytest-run", "line": True}], "line must be a whole number"),
        ("skills.run", [{"skill": "pytest-run", "uri": "untitled:1"}], "is not open"),
        ("skills.run", [{"skill": "pytest-run", "uri": URI}], "Cannot read"),
        ("skills.suggest", [{"uri": URI, "limit": -1}], "limit must be 0 or more"),
        ("skills.history", [{"limit": 0}], "limit must be 1 to"),
        ("skills.history", [{"limit": 10**30}], "limit must be 1 to"),
        ("skills.registerShortcut", [{"skill": "pytest-run"}], "needs a skill and keys"),
        ("skills.registerShortcut", [{"skill": "pytest-run", "keys": "?!"}], "?!"),
    ],
)
def test_a_command_that_fails_answers_in_one_line(fresh, command, arguments, sentence):
    # eglot prints the whole error: no traceback, no path of ours may be in it.
    _, client = fresh
    error = client.error("workspace/executeCommand", {"command": command, "arguments": arguments})
    assert sentence in error["message"]
    assert "site-packages" not in json.dumps(error)
    assert error["code"] in (-32602, -32803)


def test_a_selection_of_one_character_is_a_bare_cursor(sessions: Sessions):
    # Helix and ALE send one character for a cursor without a selection.
    _, _, client = sessions["ale"]
    params = at(URI, TEST_LINE, 4)
    params["range"]["end"] = {"line": TEST_LINE, "character": 5}
    assert client.result("textDocument/codeAction", params) == client.actions(URI, TEST_LINE, 4)


def test_titles_are_plain_text(sessions: Sessions):
    _, _, client = sessions["vscode"]
    titles = [it["title"] for it in client.actions(URI, FAULT_LINE)]
    titles += [it["command"]["title"] for it in client.lenses(URI)]
    assert not [it for it in titles if "$(" in it or "`" in it or "\n" in it]


def test_a_skill_that_a_lens_runs_is_an_action_as_well(sessions: Sessions):
    # Helix and ALE show no lenses.
    _, _, client = sessions["eglot-1.9"]
    (lens,) = client.lenses(URI)
    skills = [it["command"]["arguments"][0]["skill"] for it in client.actions(URI, TEST_LINE)]
    assert lens["command"]["arguments"][0]["skill"] in skills
