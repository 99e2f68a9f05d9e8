"""A small project that the fixtures' real outputs are about, and plans to run in it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Ended, Run

DATA = Path(__file__).parent / "data"
_SOURCES = {
    "shop.py": "src/shop.py",
    "test_shop.py": "tests/test_shop.py",
    "sum.test.ts": "test/sum.test.ts",
    "sum.ts": "src/sum.ts",
    "sum.test.js": "sum.test.js",
    "lint.js": "lint.js",
    "types.ts": "ts.ts",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The files that the captured outputs in data/ report on."""
    for name, place in _SOURCES.items():
        path = tmp_path / place
        path.parent.mkdir(exist_ok=True)
        path.write_text((DATA / f"{name}.txt").read_text("utf-8"), "utf-8")
    return tmp_path


@pytest.fixture
def captured(project: Path) -> Callable[[str], str]:
    """The text of a captured output, with the project's folder in it."""
    return lambda name: (DATA / name).read_text("utf-8").replace("{root}", str(project))


@pytest.fixture
def make_plan(tmp_path: Path) -> Callable[..., Plan]:
    def make(*argv: str, **fields: object) -> Plan:
        given = {
            "argv": argv or ("true",),
            "cwd": str(tmp_path),
            "env": dict(os.environ),
            "timeout_seconds": 30.0,
            "output_limit_bytes": 100_000,
            "workspace": str(tmp_path),
        }
        return Plan(**(given | fields))

    return make


@pytest.fixture
def make_run() -> Callable[..., Run]:
    def make(output: str = "", exit_code: int | None = 1, **fields: object) -> Run:
        given = {"duration_seconds": 0.42, "ended": Ended.EXITED, "stdout": output}
        return Run(exit_code=exit_code, output=output, **(given | fields))

    return make
