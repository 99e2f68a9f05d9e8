"""Definitions in the workspace: changes show without a restart, and broken ones break nothing."""

from pathlib import Path
from typing import Any

import pytest

from tests.server.conftest import Connect
from tests.server.profiles import eglot_1_9, vscode
from tests.server.raw_client import PLAIN_CAPABILITIES, RawClient, poll

SKILL = """\
title = "{title}"
description = "Greets whoever opens a test."
category = "testing"
modality = "testing"
phase = "execution"

[triggers]
test-function = 1.0

[run]
kind = "program"
tool = "true"
"""
TEST = "def test_it():\n    assert True\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / ".skills").mkdir(parents=True)
    (folder / "test_a.py").write_text(TEST)
    (folder / "pyproject.toml").write_text("[project]\nname = 'p'\nversion = '1'\n")
    return folder


def skills(client: RawClient) -> dict[str, str]:
    found = client.command("skills.listSkills", {"phase": ""})["skills"]
    return {it["name"]: it["title"] for it in found}


def problems(client: RawClient) -> list[dict[str, Any]]:
    return list(client.command("skills.listSkills", {"phase": ""})["problems"])


def changed(client: RawClient, *paths: Path) -> None:
    changes = [{"uri": path.as_uri(), "type": 2} for path in paths]
    client.notify("workspace/didChangeWatchedFiles", {"changes": changes})


def test_a_skill_that_is_written_changed_and_deleted_shows_at_once(connect: Connect, project):
    client = connect()
    client.initialize(folder=project)
    uri = (project / "test_a.py").as_uri()
    client.open(uri, TEST)
    client.settle(uri, 0)
    assert "greet" not in skills(client)
    file = project / ".skills" / "greet.toml"

    file.write_text(SKILL.format(title="Greet"))
    changed(client, file)
    poll(lambda: skills(client).get("greet") == "Greet")
    assert any("Greet" in it["title"] for it in client.actions(uri, 0))

    file.write_text(SKILL.format(title="Welcome"))
    changed(client, file)
    poll(lambda: skills(client).get("greet") == "Welcome")
    assert any("Welcome" in it["title"] for it in client.actions(uri, 0))

    file.unlink()
    changed(client, file)
    poll(lambda: "greet" not in skills(client))
    assert not any("Welcome" in it["title"] for it in client.actions(uri, 0))


def test_the_client_is_asked_to_watch_where_it_can(connect: Connect, project):
    client = connect()
    client.initialize(vscode().capabilities, project)
    asked = client.wait_for_method("client/registerCapability")
    (registration,) = asked["params"]["registrations"]
    assert registration["method"] == "workspace/didChangeWatchedFiles"
    globs = [it["globPattern"] for it in registration["registerOptions"]["watchers"]]
    globs = {it if isinstance(it, str) else it["pattern"] for it in globs}
    assert {"**/.skills/*.toml", "**/package.json", "**/.agents/skills/**/SKILL.md"} <= globs


def test_a_client_that_cannot_is_not_asked(connect: Connect, project):
    client = connect()
    client.initialize({**PLAIN_CAPABILITIES, "workspace": {}}, project)
    client.command("skills.history")
    client.leave()
    assert not [it for it in client.messages if it.get("method") == "client/registerCapability"]


def test_saving_a_definition_counts_as_a_change(connect: Connect, project):
    # For clients that watch nothing.
    client = connect()
    client.initialize(eglot_1_9().capabilities, project)
    poll(lambda: "never-fits" in skills(client))
    file = project / ".skills" / "greet.toml"
    file.write_text(SKILL.format(title="Greet"))
    client.open(file.as_uri(), file.read_text(), "toml")
    client.notify("textDocument/didSave", {"textDocument": {"uri": file.as_uri()}})
    poll(lambda: skills(client).get("greet") == "Greet")


def test_a_folder_that_is_added_brings_its_skills_and_takes_them_along(
    connect: Connect, project, tmp_path
):
    (project / ".skills" / "greet.toml").write_text(SKILL.format(title="Greet"))
    other = tmp_path / "other"
    other.mkdir()
    client = connect()
    client.initialize(folder=other)
    poll(lambda: "never-fits" in skills(client))
    assert "greet" not in skills(client)
    folder = {"uri": project.as_uri(), "name": "project"}
    for event in ({"added": [folder], "removed": []}, {"added": [], "removed": [folder]}):
        client.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        poll(lambda is_there=bool(event["added"]): ("greet" in skills(client)) is is_there)


BROKEN = {
    ".skills/broken.toml": "title = 'no end\n[run",
    ".skills/wrong.toml": "title = 5\nnonsense = true\n",
    ".skills/binary.toml": "\0\1\2",
    ".agents/skills/no-yaml/SKILL.md": "---\nname: [unclosed\n  - : :\n---\nText\n",
    ".agents/skills/no-description/SKILL.md": "---\nname: no-description\n---\nText\n",
    "package.json": '{"scripts": {"build": ',
    "pyproject.toml": "[tool.poe.tasks\nx = 1",
    "tox.ini": "[tox\nenvlist = ",
    "noxfile.py": "import nox\n@nox.session\ndef tests(session:\n",
    ".pre-commit-config.yaml": "repos: [\n  - {",
    "Makefile": "\t\0\nall: \\\n",
    "justfile": "[[[\n",
}


def test_broken_definitions_are_told_in_the_log_and_break_nothing_else(connect: Connect, project):
    for name, text in BROKEN.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (project / ".skills" / "greet.toml").write_text(SKILL.format(title="Greet"))
    client = connect()
    client.initialize(folder=project)
    uri = (project / "test_a.py").as_uri()
    client.open(uri, TEST)
    client.settle(uri, 0)
    assert skills(client)["greet"] == "Greet"
    assert any("Greet" in it["title"] for it in client.actions(uri, 0))
    assert client.lenses(uri)
    logged = [
        it["params"]["message"] for it in client.messages if it.get("method") == "window/logMessage"
    ]
    told = problems(client)
    for name in (".skills/broken.toml", ".skills/wrong.toml", ".agents/skills/no-yaml/SKILL.md",
                 ".agents/skills/no-description/SKILL.md", "package.json"):  # fmt: skip
        path = str(project / name)
        assert any(it["path"] == path for it in told), name
        assert any(line.startswith(path) for line in logged), name
    assert not [it for it in logged if "Traceback" in it or "\n" in it]
    assert client.shown() == []


def test_a_definition_that_is_mended_is_taken(connect: Connect, project):
    file = project / ".skills" / "greet.toml"
    file.write_text("title = ")
    client = connect()
    client.initialize(folder=project)
    poll(lambda: problems(client))
    file.write_text(SKILL.format(title="Greet"))
    changed(client, file)
    poll(lambda: skills(client).get("greet") == "Greet")
    assert problems(client) == []


def test_changes_of_nonsense_are_let_pass(connect: Connect, project):
    client = connect()
    client.initialize(folder=project)
    for changes in ([], None, "x", [{}], [{"uri": 5, "type": "x"}], [{"uri": "::", "type": 99}]):
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        client.notify("workspace/didChangeWorkspaceFolders", {"event": changes})
    poll(lambda: "never-fits" in skills(client))


# -- settings ------------------------------------------------------------------------------------


def test_settings_are_taken_in_all_three_ways(connect: Connect, project):
    uri = (project / "test_a.py").as_uri()
    client = connect()
    client.initialize(folder=project, initializationOptions={"maxSuggestions": 3})
    client.open(uri, TEST)
    assert len(client.actions(uri, 0)) == 3
    settings = {"skillsLsp": {"maxSuggestions": 2}}
    client.notify("workspace/didChangeConfiguration", {"settings": settings})
    assert len(client.actions(uri, 0)) == 2
    client.notify("workspace/didChangeConfiguration", {"settings": {"max_suggestions": 1}})
    assert len(client.actions(uri, 0)) == 1


def test_settings_are_asked_for_where_the_client_has_them(connect: Connect, project):
    uri = (project / "test_a.py").as_uri()
    client = connect()
    client.is_silent = True
    capabilities = {**PLAIN_CAPABILITIES, "workspace": {"configuration": True}}
    client.initialize(capabilities, project)
    client.open(uri, TEST)
    for limit in (2, 1):
        since = len(client.messages) if limit == 1 else 0
        asked = client.wait_for_method("workspace/configuration", since=since)
        assert asked["params"]["items"] == [{"section": "skillsLsp"}]
        answer = {"jsonrpc": "2.0", "id": asked["id"], "result": [{"maxSuggestions": limit}]}
        client.send(answer)
        poll(lambda limit=limit: len(client.actions(uri, 0)) == limit)
        client.notify("workspace/didChangeConfiguration", {"settings": None})


def test_odd_answers_about_settings_are_let_pass(connect: Connect, project):
    client = connect()
    client.is_silent = True
    capabilities = {**PLAIN_CAPABILITIES, "workspace": {"configuration": True}}
    client.initialize(capabilities, project)
    client.open((project / "test_a.py").as_uri(), TEST)
    since = 0
    for answer in (
        {"result": None},
        {"result": []},
        {"result": [None]},
        {"result": {"a": 1}},
        {"result": "x"},
        {"error": {"code": 1, "message": "no"}},
        {"error": "no"},
        {},
    ):
        asked = client.wait_for_method("workspace/configuration", since=since)
        since = client.messages.index(asked) + 1
        client.send({"jsonrpc": "2.0", "id": asked["id"], **answer})
        assert client.actions((project / "test_a.py").as_uri(), 0), answer
        client.notify("workspace/didChangeConfiguration", {"settings": None})
    assert client.shown() == []


def test_a_wrong_setting_is_told_and_the_others_are_taken(connect: Connect, project):
    client = connect()
    options = {"maxSuggestion": 3, "codeLens": "no", "hover": False, "maxSuggestions": 2}
    client.initialize(folder=project, initializationOptions=options)
    uri = (project / "test_a.py").as_uri()
    client.open(uri, TEST)
    assert client.hover(uri, 0, 6) is None
    assert len(client.actions(uri, 0)) == 2
    assert len(client.lenses(uri)) == 1
    unknown, wrong = client.shown()
    assert "Did you mean maxSuggestions?" in unknown
    assert wrong == "The setting codeLens must be true or false; it is left as it was."
