"""The lines of editors/README.md, as far as they can be checked without the editor."""

import json
import re
from pathlib import Path

import pytest

from skills_lsp.app.operations import table
from tests.editors.attach import DOCUMENT, lines_for

HERE = Path(__file__).parent
NAMES = re.findall(r"^<!-- ([\w.-]+) -->$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
# No editor that reads these runs here; VS Code's were run by hand.
NOT_RUN = {"vscode", "sublime", "sublime-commands", "kate", "zed"}


def test_every_block_is_run_by_a_test_of_this_folder() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("**/*.py"))
    forgotten = [name for name in NAMES if name not in NOT_RUN and f'"{name}"' not in tests]
    assert forgotten == []


@pytest.mark.parametrize("name", sorted(NOT_RUN - {"sublime-commands"}))
def test_settings_in_json_are_json_and_name_the_program(name: str) -> None:
    text = json.dumps(json.loads(lines_for(name)))
    assert re.search(r'"(/full/path/to/)?skills-lsp"', text)
    assert '"serve"' in text


def test_commands_of_the_page_are_commands_of_the_server() -> None:
    called = {it["args"]["command_name"] for it in json.loads(lines_for("sublime-commands"))}
    named = set(re.findall(r"\bskills\.[a-z]\w+(?:\.\w+)?(?=['\"` ])", DOCUMENT.read_text("utf-8")))
    assert called <= named <= {it.command for it in table().values()}


def test_a_heading_of_the_table_is_a_heading_of_the_page() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    headings = {_anchor(it) for it in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\(#([\w-]+)\)", text)) <= headings


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
