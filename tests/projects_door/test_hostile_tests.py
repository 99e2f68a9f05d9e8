"""Files of tests that nobody would write are answered in bounded time, and no pattern fails."""

import logging
import time

import pytest

from skills_lsp.patterns import findings
from skills_lsp.syntax.source import Source


def nested(n: int) -> str:
    return "".join(f"{' ' * level}class TestC:\n" for level in range(n)) + f"{' ' * n}pass\n"


HOSTILE = {
    "one name many times": "def test_a(): ...\n" * 5_000,
    "one method many times": "class TestA:\n" + "    def test_a(self): ...\n" * 5_000,
    "one class many times": "class TestA:\n    def test_a(self): ...\n" * 3_000,
    "nested classes": nested(300),
    "a long chain": "class TestA0: ...\n"
    + "".join(f"class TestA{n + 1}(TestA{n}): ...\n" for n in range(3_000)),
    "a circle": "class TestA(TestB): ...\nclass TestB(TestA):\n    def test_a(self): ...\n" * 500,
    "inside its base": "class TestA:\n    class TestB(TestA):\n        def test_b(self): ...\n"
    "class TestC:\n    class TestC(TestC): ...\n    def test_c(self): ...\n",
    "many bases": f"class TestA({', '.join(f'B{n}' for n in range(9_000))}):\n    def test_a(self): ...\n",
    "many heirs": "class Mixin:\n"
    + "".join(f"    def test_{n}(self): ...\n" for n in range(1_000))
    + "".join(f"class A{n}(Mixin): ...\n" for n in range(1_000)),
    "many decorators": "@a\n" * 9_000 + "def test_a(): ...\n",
    "branches": "".join(f"if a:\n    def test_{n % 9}(): ...\n" for n in range(2_000)),
    "deletions": "def test_a(): ...\n" * 500 + "del test_a\n" * 3_000,
    "abstract": "import abc\nclass TestA(abc.ABC):\n"
    + "".join(f"    @abc.abstractmethod\n    def test_{n}(self): ...\n" for n in range(1_500)),
    "globals": "globals()\nclass A:\n"
    + "".join(f"    def test_{n}(self): ...\n" for n in range(800))
    + "A.b()\n" * 2_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_tests(name: str, caplog: pytest.LogCaptureFixture) -> None:
    source = Source(HOSTILE[name], "python", "tests/test_x.py")
    started = time.process_time()
    with caplog.at_level(logging.ERROR):
        findings(source)
    # Two seconds are the promise; a busy machine gets some more before this fails.
    assert time.process_time() - started < 4
    assert not caplog.records
