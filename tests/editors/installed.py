"""Where the editors are: what scripts/fetch_editors.sh unpacked, or what is on PATH."""

import os
import platform
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]
Version = tuple[int, int]
ANY: Version = (1000, 0)
_PROGRAMS = {"neovim": "nvim", "helix": "hx", "emacs": "emacs", "vim": "vim", "tmux": "tmux"}


def editor(name: str, at_least: Version = (0, 0), below: Version = ANY) -> Path:
    """Return the editor of a version in this range; skip the test when there is none.

    With SKILLS_LSP_REQUIRE_ALL=1, as in CI, the test fails instead.
    """
    found = editors(name, at_least, below)
    wanted = f"{name} {at_least[0]}.{at_least[1]}{' or newer' if below == ANY else ''}"
    return found[0] if found else missing(wanted)


def editors(name: str, at_least: Version = (0, 0), below: Version = ANY) -> list[Path]:
    """Return all editors of this name with a version in this range, the fetched ones first."""
    fetched = sorted((ROOT / ".cache" / "editors").glob(f"{name}-*/editor"))
    on_path = shutil.which(_PROGRAMS[name])
    found = [*fetched, *([Path(on_path)] if on_path else [])]
    return [path for path in found if at_least <= _version(path) < below]


def missing(what: str) -> NoReturn:
    """Skip the test, or fail it where everything must be there."""
    reason = f"{what} is not on this machine; scripts/fetch_editors.sh fetches it"
    if os.environ.get("SKILLS_LSP_REQUIRE_ALL") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def is_debian_12() -> bool:
    """Say whether this is the one Debian whose own Emacs is 28."""
    try:
        return platform.freedesktop_os_release().get("VERSION_CODENAME") == "bookworm"
    except OSError:  # no Linux, or one that does not say
        return False


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
