"""What VS Code's manifest repeats of the server; what it does with it is tested in editors/vscode."""

import json
import re
from pathlib import Path

import pytest

from skills_lsp.app.configuration import camel_case
from skills_lsp.app.operations import table
from skills_lsp.skills.packaged import builtin
from skills_lsp.store.shortcuts import normalise_keys

ROOT = Path(__file__).parents[3]
EXTENSION = ROOT / "editors/vscode"
FROM_EDITOR = "workspaceTrusted"  # VS Code says so itself
STALE = "run `npm run generate` in editors/vscode"


@pytest.fixture(scope="module")
def contributes():
    return json.loads((EXTENSION / "package.json").read_text("utf-8"))["contributes"]


def test_each_setting_of_the_server_is_one_of_the_extension(contributes):
    settings = contributes["configuration"]["properties"]
    schema = json.loads((ROOT / "schema/settings.schema.json").read_text("utf-8"))
    for name, expected in schema["properties"].items():
        if name == FROM_EDITOR:
            continue
        shown = settings.get(f"skillsLsp.{camel_case(name)}")
        assert shown is not None, f"{name}: {STALE}"
        assert shown["default"] == expected["default"], f"{name}: {STALE}"
        assert shown["markdownDescription"] == expected["description"], f"{name}: {STALE}"
    assert f"skillsLsp.{FROM_EDITOR}" not in settings


def test_the_predefined_keys_are_those_that_the_skills_suggest(contributes):
    skills = builtin().by_name
    bound = {
        key["args"]["skill"]: key
        for key in contributes["keybindings"]
        if key["command"] == "skillsLsp.runSkill"
    }
    assert len(bound) == 6
    for name, key in bound.items():
        assert normalise_keys(key["key"]) == normalise_keys(skills[name].shortcut), STALE
        languages = re.search(r"editorLangId (?:== |=~ /\^\()([\w|]+)", key["when"])
        assert languages[1].split("|") == list(skills[name].languages), STALE


def test_the_extension_calls_what_the_server_has():
    code = "\n".join(it.read_text("utf-8") for it in (EXTENSION / "src").glob("*.ts"))
    called = set(re.findall(r"'(skills\.\w+)'", code))
    assert "skills.run" in called
    assert called <= set(table())


def test_every_skill_that_a_letter_stands_for_exists():
    code = (EXTENSION / "src/keys.ts").read_text("utf-8")
    named = set(re.findall(r"'([a-z]+(?:-[a-z]+)+)'", code))
    assert "pytest-run" in named
    assert named <= set(builtin().by_name)


def test_the_lock_names_no_registry():
    lock = json.loads((EXTENSION / "package-lock.json").read_text("utf-8"))
    assert len(lock["packages"]) > 100
    assert not [name for name, it in lock["packages"].items() if "resolved" in it]
