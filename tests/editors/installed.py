"""Where the editors are: what scripts/fetch_editors.sh unpacked, or what is on PATH."""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]
Version = tuple[int, int]
_PROGRAMS = {"neovim": "nvim", "helix": "hx", "emacs": "emacs", "vim": "vim", "tmux": "tmux"}


def editor(name: str, at_least: Version = (0, 0), below: Version = (1000, 0)) -> Path:
    """Return the editor of a version in this range; skip the test when there is none.

    With SKILLS_LSP_REQUIRE_ALL=1, as in CI, the test fails instead.
    """
    for path in _candidates(name):
        if at_least <= _version(path) < below:
            return path
    newest = "" if below == (1000, 0) else f" and older than {_dotted(below)}"
    oldest = "" if at_least == (0, 0) else f" {_dotted(at_least)} or newer{newest}"
    return missing(f"{name}{oldest}")


def missing(what: str) -> NoReturn:
    """Skip the test, or fail it where everything must be there."""
    reason = f"{what} is not on this machine; scripts/fetch_editors.sh fetches it"
    if os.environ.get("SKILLS_LSP_REQUIRE_ALL") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _candidates(name: str) -> list[Path]:
    fetched = sorted((ROOT / ".cache" / "editors").glob(f"{name}-*/editor"))
    on_path = shutil.which(_PROGRAMS[name])
    return [*fetched, *([Path(on_path)] if on_path else [])]


@cache
def _version(path: Path) -> Version:
    option = "-V" if path.name == "tmux" else "--version"
    try:
        done = subprocess.run(
            [path, option], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return (-1, 0)
    found = re.search(r"(\d+)\.(\d+)", done.stdout) if done.returncode == 0 else None
    return (int(found[1]), int(found[2])) if found else (-1, 0)


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))
