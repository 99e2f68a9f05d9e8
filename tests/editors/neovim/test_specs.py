"""The specs of the plugin: busted, running inside each Neovim; and what luacheck says."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.editors.installed import missing
from tests.editors.neovim.plugin import PLUGIN, neovim_of, versions
from tests.editors.session import SESSION_SECONDS, Session

pytestmark = pytest.mark.editor

HERE = Path(__file__).parent
SPECS = HERE / "spec"


@versions
def test_every_spec_passes(session: Session, version) -> None:
    if shutil.which("busted") is None:
        missing("busted")
    names = {it.stem for it in SPECS.glob("*_spec.lua")}
    done = subprocess.run(
        [neovim_of(version), "--headless", "-u", "NONE", "-l", SPECS / "run.lua", "--output=TAP",
         "--pattern=_spec", SPECS],
        env={**session.environment, "SPEC_FOLDER": str(SPECS), "PLUGIN_FOLDER": str(PLUGIN)},
        cwd=session.project, capture_output=True, encoding="utf-8", timeout=SESSION_SECONDS,
        check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr  # where `print` goes differs between the versions
    assert done.returncode == 0, said
    assert len(re.findall(r"^ok \d+", said, re.MULTILINE)) > 10 * len(names)
    assert "stack traceback" not in said, said
    assert "not ok" not in said


@pytest.mark.parametrize("folder", [PLUGIN, HERE], ids=["plugin", "tests"])
def test_luacheck_finds_nothing(folder: Path) -> None:
    luacheck = shutil.which("luacheck") or missing("luacheck")
    done = subprocess.run(
        [luacheck, "--no-color", "--formatter", "plain", "."],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == ""
    assert done.returncode == 0
