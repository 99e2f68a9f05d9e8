"""The dashboard's page: built from its sources, and used in a real browser."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.editors.dashboard import edges
from tests.editors.dashboard.planted import FIRST_TEST, make

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "editors/dashboard"
BUILT = ROOT / "skills_lsp/dashboard"
REPORTS = {
    **{it: (it,) for it in ("ab", "anomalies", "dependencies", "heatmap", "learning")},
    "ab-other": ("ab", FIRST_TEST),
    "pipeline": ("pipeline", "--window", "monthly"),
}
IS_REQUIRED = bool(os.environ.get("SKILLS_LSP_REQUIRE_ALL"))

pytestmark = pytest.mark.editor


@pytest.fixture(scope="module")
def tools() -> None:
    """Find what builds and drives the page: Node.js with its packages, and Chromium."""
    missing = [
        it for it in ("node", "npm", os.environ.get("CHROMIUM", "chromium")) if not shutil.which(it)
    ]
    if missing:
        said = f"{', '.join(missing)} not found"
        pytest.fail(said) if IS_REQUIRED else pytest.skip(said)
    if not all((SOURCES / "node_modules" / it).is_dir() for it in ("esbuild", "axe-core")):
        if not IS_REQUIRED:
            pytest.skip("make test-editors fetches what the page is built with")
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--loglevel=error"], cwd=SOURCES, check=True
        )


@pytest.mark.usefixtures("tools")
def test_the_page_in_the_package_is_the_one_of_the_sources(tmp_path: Path) -> None:
    subprocess.run(["node", "esbuild.mjs", str(tmp_path)], cwd=SOURCES, check=True)
    for made in sorted(tmp_path.iterdir()):
        assert made.read_bytes() == (BUILT / made.name).read_bytes(), (
            f"{made.name} is stale: npm run build in {SOURCES}"
        )


@pytest.mark.usefixtures("tools")
def test_the_sources_are_sound() -> None:
    for script in ("typecheck", "lint"):
        done = subprocess.run(
            ["npm", "run", "--silent", script],
            cwd=SOURCES,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("tools")
def test_the_page_in_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = tmp_path / "skills.db"
    monkeypatch.setenv("SKILLS_LSP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TZ", "UTC")
    make(database)
    for name, words in REPORTS.items():
        said = subprocess.run(
            [*_PROGRAM, "report", *words, "--json", "--database", str(database)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        (tmp_path / f"{name}.json").write_text(said.stdout)
    record = [sys.executable, str(Path(__file__).with_name("record.py")), str(database)]
    with dashboard(database) as address:
        drive(
            "page",
            SKILLS_DASHBOARD=address,
            SKILLS_REPORTS=str(tmp_path),
            SKILLS_RECORD=shlex.join(record),
        )
    serve = [*_PROGRAM, "dashboard", "--no-open", "--database", str(database)]
    drive("lost", SKILLS_SERVE=json.dumps(serve))


@pytest.mark.usefixtures("tools")
def test_the_page_over_what_is_hard_to_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLS_LSP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TZ", "UTC")
    answers = tmp_path / "edges.json"
    answers.write_text(json.dumps(edges.make(tmp_path)))
    drive("edges", SKILLS_EDGES=str(answers))


def drive(name: str, **environment: str) -> None:
    """Run the tests of one file, in a browser."""
    done = subprocess.run(
        ["node", "--test", f"test/{name}.test.mjs"],
        cwd=SOURCES, capture_output=True, text=True, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


_PROGRAM = (sys.executable, "-m", "skills_lsp")


@contextmanager
def dashboard(database: Path) -> Iterator[str]:
    """Serve, as an editor does it: the address is read, and SIGTERM ends it."""
    serving = subprocess.Popen(
        [*_PROGRAM, "dashboard", "--no-open", "--database", str(database)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert serving.stdout is not None
        yield serving.stdout.readline().strip()
    finally:
        serving.terminate()
        _, errors = serving.communicate(timeout=60)
    assert serving.returncode == 0, errors
    assert "Traceback" not in errors
