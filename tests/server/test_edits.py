"""A text that was typed gives the same answers as the same text opened."""

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.server.conftest import Connect
from tests.server.profiles import with_encodings
from tests.server.raw_client import RawClient, without_offers
from tests.server.texts import ends

PYTHON = '''\
import asyncio
import os, sys
from shop import prices


class TestPrices:
    """Prices."""

    def test_total(self):
        assert prices.total([1, 2]) == eval("3" + x)

    @pytest.mark.parametrize("a", [1, 2])
    async def test_later(self, a):
        time.sleep(a)
        asyncio.create_task(work())


def load(path):
    return os.system("cat " + path)
'''
TYPESCRIPT = """\
import { describe, expect, it } from "vitest";
import { total } from "./cart";

describe("the cart", () => {
  it("costs nothing", async () => {
    fetch(`/carts/${id}`);
    expect(total([])).toBe(0);
  });
});

export async function show(element: HTMLElement, text: string) {
  element.innerHTML = eval(text);
}
"""
# What people type, and what breaks the syntax, the lines and the columns.
PIECES = st.sampled_from(
    [
        "", "x", "\n", "\r\n", "\r", " ", "    ", "(", ")", "[", "}", '"', "'''", "`", "#", "//", "\\",
        "é", "𝄞", "\u2028", "\x0c", "\ud800", "\0", "import os\n", "def test_new():\n    assert eval(x)\n",
        "async ", "await ", "class ", "@", "pass", "\n\n\n", "test_", 'it("new", () => {});\n', "${", "=>",
    ]
)  # fmt: skip
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),  # where in the text
        st.integers(0, 8),  # how many characters go
        PIECES,
        st.booleans(),  # in the same notification as the one before
    ),
    min_size=5,
    max_size=35,
)
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def sessions(connect_once: Connect) -> dict[str, RawClient]:
    made = {}
    for encoding in ("utf-8", "utf-16", "utf-32"):
        client = made[encoding] = connect_once()
        client.initialize(with_encodings(encoding))
        client.open("file:///nowhere/test_first.py", PYTHON)
        client.open("file:///nowhere/test_first.test.ts", TYPESCRIPT, "typescript")
        client.settle("file:///nowhere/test_first.py", 8)
        client.settle("file:///nowhere/test_first.test.ts", 4)
    return made


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize(("language", "text"), [("python", PYTHON), ("typescript", TYPESCRIPT)])
def test_edits_give_the_same_answers_as_a_fresh_open(sessions, language, text, encoding):
    client = sessions[encoding]

    @settings(
        max_examples=15,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # made smaller, an example would take minutes
        suppress_health_check=list(HealthCheck),
    )
    @given(edits=EDITS)
    def run(edits: list[tuple[float, int, str, bool]]) -> None:
        check(client, language, text, encoding, edits)

    run()


def check(client: RawClient, language: str, text: str, encoding: str, edits: list) -> None:
    ending = {"python": "py", "typescript": "test.ts"}[language]
    number = next(NUMBERS)
    typed = f"file:///nowhere/test_{number}_a.{ending}"
    opened = f"file:///nowhere/test_{number}_b.{ending}"
    client.open(typed, text, language)
    waiting: list[dict[str, Any]] = []
    for version, (share, n_gone, piece, is_joined) in enumerate(edits, 2):
        start = between_lines(text, int(share * len(text)))
        end = between_lines(text, min(len(text), start + n_gone))
        if waiting and not is_joined:
            send(client, typed, version, waiting)
        waiting.append({"range": range_of(text, start, end, encoding), "text": piece})
        text = replaced(text, start, end, piece)
        if version % 4 == 0:  # Look in between, so that there is something to keep up to date.
            send(client, typed, version, waiting)
            client.lenses(typed)
    send(client, typed, 1_000, waiting)
    client.open(opened, text, language)
    n_lines = len(ends(text, encoding))
    lines = sorted({0, n_lines // 4, n_lines // 2, 3 * n_lines // 4, n_lines - 1})
    found = {}
    for uri in (typed, opened):
        answers: list[Any] = [client.lenses(uri)]
        for line in lines:
            answers.append(client.actions(uri, line, 6))
            answers.append(client.hover(uri, line, 6))
        found[uri] = str(without_offers(answers)).replace(f"_a.{ending}", f"_b.{ending}")
        client.close(uri)
    assert found[typed] == found[opened]


def send(client: RawClient, uri: str, version: int, changes: list[dict[str, Any]]) -> None:
    document = {"uri": uri, "version": version}
    params = {"textDocument": document, "contentChanges": list(changes)}
    client.notify("textDocument/didChange", params)
    changes.clear()


def replaced(text: str, start: int, end: int, piece: str) -> str:
    """Return the text with a stretch replaced, by the second opinion of a str."""
    return text[:start] + piece + text[end:]


def range_of(text: str, start: int, end: int, encoding: str) -> dict[str, Any]:
    """Return the range of a stretch of characters."""
    return {"start": position_of(text, start, encoding), "end": position_of(text, end, encoding)}


def between_lines(text: str, offset: int) -> int:
    """Return the offset, or the one behind it: between CR and LF there is no position."""
    return offset + 1 if text[max(0, offset - 1) : offset + 1] == "\r\n" else offset


def position_of(text: str, offset: int, encoding: str) -> dict[str, int]:
    lengths = ends(text[:offset], encoding)
    return {"line": len(lengths) - 1, "character": lengths[-1]}
