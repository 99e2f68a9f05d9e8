"""Copies of the small real projects of tests/projects, ready to run."""

import fcntl
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]
HERE = ROOT / "tests" / "projects"
VITEST = "vitest@3"
_NPM_SECONDS = 300


def pytest_shop(folder: Path) -> Path:
    """Copy the pytest project into a folder."""
    return Path(shutil.copytree(HERE / "pytest-shop", folder / "pytest-shop"))


def vitest_shop(folder: Path) -> Path:
    """Copy the vitest project into a folder, with vitest where npm would have put it."""
    packages = node_modules(VITEST)
    shop = Path(shutil.copytree(HERE / "vitest-shop", folder / "vitest-shop"))
    (shop / "node_modules").symlink_to(packages, target_is_directory=True)
    return shop


@cache
def node_modules(package: str) -> Path:
    """Return the folder of an npm package with all it needs, fetched once into .cache.

    Where there is no npm, or it cannot fetch, the test is skipped; with SKILLS_LSP_REQUIRE_ALL=1,
    as in CI, it fails.
    """
    folder = ROOT / ".cache" / "node" / package.replace("@", "-")
    folder.mkdir(parents=True, exist_ok=True)
    is_whole = folder / ".whole"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs at a time must not both install
        if not is_whole.exists():
            _install(package, folder)
            is_whole.touch()
    return folder / "node_modules"


def _install(package: str, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        _missing("npm is not on this machine")
    (folder / "package.json").write_text('{"private": true}\n')
    # A lock file would name the registry of whoever ran this.
    (folder / ".npmrc").write_text("omit-lockfile-registry-resolved=true\npackage-lock=false\n")
    try:
        done = subprocess.run(
            [npm, "install", "--no-fund", "--no-audit", "--loglevel=error", package],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_NPM_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        _missing(f"npm did not fetch {package} within {_NPM_SECONDS} s")
    if done.returncode:
        _missing(f"npm could not fetch {package}: {done.stderr[-500:]}")


def _missing(reason: str) -> NoReturn:
    if os.environ.get("SKILLS_LSP_REQUIRE_ALL") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
