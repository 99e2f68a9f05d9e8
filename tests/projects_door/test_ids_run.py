"""pytest runs exactly the test that a finding names, in the project that the finding is of."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from skills_lsp.patterns import inspect
from skills_lsp.projects import project_of

SHOP = Path(__file__).parents[1] / "projects" / "pytest-shop"
TEXT = '''
import abc, contextlib, dataclasses, enum, functools, typing, unittest
import pytest

def test_plain(): ...
async def test_waits(): ...
@pytest.mark.parametrize("n", [1, 2])
def test_rows(n): ...
@contextlib.contextmanager
def test_wrapped():
    yield
def test_twice(): ...
def test_twice(): ...
def test_gone(): ...
del test_gone
def test_off(): ...
test_off.__test__ = False
@pytest.fixture
def test_data(): ...
def helper():
    def test_inside(): ...
if __name__ == "__main__":
    def test_main(): ...

class TestShop:
    def test_total(self): ...
    @staticmethod
    def test_static(): ...
    @classmethod
    def test_class(cls): ...
    @property
    def test_property(self): ...
    class TestNested:
        def test_deep(self): ...
    class Inner:
        def test_not_named(self): ...

class Mixed:
    def test_mixed(self): ...
    def test_overridden(self): ...
class TestMixed(Mixed):
    def test_overridden(self): ...
class MixedCase(Mixed, unittest.TestCase): ...

class Cases(unittest.TestCase):
    def test_case(self): ...
    def helper(self): ...
    class TestInner:
        def test_in_case(self): ...
class AsyncCases(unittest.IsolatedAsyncioTestCase):
    async def test_case(self): ...
class Only(unittest.TestCase):
    def runTest(self): ...
class Holder:
    class Base(unittest.TestCase):
        def test_held(self): ...
class FromHolder(Holder.Base): ...

class TestMade:
    def __init__(self): ...
    def test_made(self): ...
class TestOff:
    __test__ = False
    def test_off(self): ...
class TestAbstract(abc.ABC):
    @abc.abstractmethod
    def make(self): ...
    def test_abstract(self): ...
class TestConcrete(TestAbstract):
    def make(self): ...
@dataclasses.dataclass
class TestData:
    n: int = 1
    def test_data(self): ...
class TestEnum(enum.Enum):
    def test_enum(self): ...
class TestTuple(typing.NamedTuple):
    n: int
    def test_tuple(self): ...
class TestTwice:
    def test_first(self): ...
class TestTwice:
    def test_second(self): ...
HELP = """
def test_in_text(): ...
"""
'''
CONFIGURED = """
def check_plain(): ...
def test_plain(): ...
class ShopSpec:
    def check_total(self): ...
    def test_total(self): ...
class TestShop:
    def check_total(self): ...
"""


def collected(folder: Path, *arguments: str) -> list[str]:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-W", "ignore", *arguments],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return [line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line]


def named(file: Path) -> list[str]:
    project = project_of(str(file))
    name = os.path.relpath(file, project.root)
    found = inspect(name, file.read_text(), "python", project).findings
    return [f"{name}::{it.test_id}" for it in found if it.pattern == "test-function"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    return tmp_path


def test_each_id_is_one_test_and_no_test_is_without(project: Path) -> None:
    file = project / "test_shop.py"
    file.write_text(TEXT)
    ids = named(file)
    assert len(ids) == len(set(ids))
    assert list(dict.fromkeys(collected(project, *ids))) == ids
    # What is collected besides is inherited once more: each function is named once.
    more = set(collected(project)) - set(ids)
    assert more == {"test_shop.py::MixedCase::test_mixed"}


def test_ids_follow_the_settings_of_the_project(project: Path) -> None:
    (project / "pytest.ini").write_text(
        "[pytest]\npython_files = spec_*.py\npython_functions = check_*\npython_classes = *Spec\n"
    )
    file = project / "spec_shop.py"
    file.write_text(CONFIGURED)
    (project / "test_shop.py").write_text(CONFIGURED)
    assert named(file) == ["spec_shop.py::check_plain", "spec_shop.py::ShopSpec::check_total"]
    assert named(project / "test_shop.py") == []
    assert collected(project) == named(file)


def test_ids_of_the_sample_project_run() -> None:
    ids = named(SHOP / "tests" / "test_prices.py")
    assert len(ids) == 4
    assert collected(SHOP, *ids) == ids
