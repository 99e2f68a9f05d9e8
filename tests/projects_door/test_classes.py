"""Classes in other files of a project are found, and nothing outside it is read."""

import os
from pathlib import Path

import pytest

from skills_lsp.patterns import inspect
from skills_lsp.projects import classes, project_of


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classes, "_FRESH_SECONDS", 0.0)


def project(tmp_path: Path, **files: str) -> Path:
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / "pyproject.toml").touch()
    for name, text in files.items():
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def ids(root: Path, text: str, name: str = "tests/test_x.py") -> list[str]:
    found = inspect(name, text, "python", project_of(str(root / name))).findings
    return [each.test_id for each in found if each.pattern == "test-function"]


BODY = "    def test_a(self): ...\n"
CASE = "import unittest\nclass Base(unittest.TestCase): ...\n"


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("tests/base", "from .base import Base"),
        ("tests/base", "from tests.base import Base"),
        ("tests/base", "from base import Base"),
        ("tests/base", "from . import base\nBase = base.Base"),
        ("tests/base", "import tests.base as b\nBase = b.Base"),
        ("tests/base", "from .base import *"),
        ("tests/__init__", "from . import Base"),
        ("src/shop/testing", "from shop.testing import Base"),
    ],
)
def test_a_case_is_found_where_it_is_imported_from(tmp_path: Path, where: str, line: str) -> None:
    root = project(tmp_path, **{where: CASE})
    assert ids(root, f"{line}\nclass Shop(Base):\n{BODY}") == ["Shop::test_a"]


def test_a_case_is_followed_through_files_and_names(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        **{
            "tests/base": CASE,
            "tests/more": "from .base import Base as Plain\nclass More(Plain): ...\nAgain = More\n",
        },
    )
    text = f"from .more import Again\nclass Shop(Again):\n{BODY}"
    assert ids(root, text) == ["Shop::test_a"]


@pytest.mark.parametrize(
    "base",
    [
        "class FooTestCase: ...\n",
        "class FooTestCase:\n    def __init__(self): ...\n",
        "FooTestCase = object\n",
    ],
)
def test_a_class_that_is_only_called_like_a_case_is_none(tmp_path: Path, base: str) -> None:
    root = project(tmp_path, **{"tests/base": base})
    assert ids(root, f"from .base import FooTestCase\nclass Shop(FooTestCase):\n{BODY}") == []
    assert ids(root, f"from .gone import FooTestCase\nclass Shop(FooTestCase):\n{BODY}") != []


@pytest.mark.parametrize(
    ("base", "is_test"),
    [
        ("class Base:\n    def __init__(self): ...\n", False),
        ("import dataclasses\n@dataclasses.dataclass\nclass Base: ...\n", False),
        ("class Base(Exception): ...\n", False),
        ("class Base:\n    __test__ = False\n", False),
        (
            "import abc\nclass Base(abc.ABC):\n    @abc.abstractmethod\n    def f(self): ...\n",
            False,
        ),
        ("class Base:\n    def setup_method(self): ...\n", True),
    ],
)
def test_what_a_base_says_counts_for_its_heirs(tmp_path: Path, base: str, is_test: bool) -> None:
    root = project(tmp_path, **{"tests/base": base})
    assert bool(ids(root, f"from .base import Base\nclass TestShop(Base):\n{BODY}")) is is_test


def test_coroutines_of_a_class_are_told(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        client="class Old:\n    async def close(self): ...\n    async def many(self):\n        yield 1\n"
        "class Client(Old):\n    async def get(self): ...\n    def close(self): ...\n",
    )
    facts = project_of(str(root / "a.py")).classes("a.py", "client.Client")
    assert facts is not None
    assert facts.coroutines == {"get"}


def test_circles_end(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        **{
            "tests/a": "from .b import *\nfrom .b import Base\nclass A(Base): ...\n",
            "tests/b": "from .a import *\nfrom .a import A\nclass Base(A): ...\n",
        },
    )
    assert ids(root, f"from .a import A, B\nclass TestIt(A, B):\n{BODY}") == ["TestIt::test_a"]


def test_a_change_is_seen(tmp_path: Path) -> None:
    root = project(tmp_path, **{"tests/base": "class Base: ...\n"})
    text = f"from .base import Base\nclass Shop(Base):\n{BODY}"
    assert ids(root, text) == []
    (root / "tests" / "base.py").write_text(CASE)
    assert ids(root, text) == ["Shop::test_a"]


def test_nothing_outside_the_project_is_read(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text(CASE)
    root = project(tmp_path / "inside")
    (root / "tests").mkdir()
    (root / "tests" / "linked.py").symlink_to(tmp_path / "outside.py")
    lookup = project_of(str(root / "tests" / "test_x.py")).classes
    for dotted in ("...outside.Base", "....outside.Base", ".linked.Base", "outside.Base"):
        assert lookup("tests/test_x.py", dotted) is None


@pytest.mark.parametrize("data", [b"\xff\xfe\0", b"class Base(" * 9_000, b"x" * 300_000])
def test_hostile_modules_are_no_classes(tmp_path: Path, data: bytes) -> None:
    root = project(tmp_path, **{"tests/base": ""})
    (root / "tests" / "base.py").write_bytes(data)
    ids(root, f"from .base import Base\nclass TestShop(Base):\n{BODY}")
    (root / "tests" / "base.py").unlink()
    os.mkfifo(root / "tests" / "base.py")
    ids(root, f"from .base import Base\nclass TestShop(Base):\n{BODY}")
