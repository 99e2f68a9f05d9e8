"""Texts that break what is careless with text, and a second opinion on where they end."""

import re
from collections.abc import Iterator
from typing import Any

TEST = "def test_it():\n    assert eval(x)\n"
ODD_TEXTS = {
    "empty": "",
    "one line end": "\n",
    "crlf": TEST.replace("\n", "\r\n"),
    "cr": TEST.replace("\n", "\r"),
    "mixed line ends": "a = 1\r\nb = 2\rc = 3\n\r\n\rdef test_it():\r    assert eval(x)",
    "byte order mark": "\ufeff" + TEST,
    "byte order marks inside": TEST.replace(" ", " \ufeff"),
    "astral": "𝄞 = '𝒳𝒴'\ndef test_𝒳():\n    assert eval('𝄞', 𝄞)  # 👩‍👩‍👧\n",
    "combining": "é = 'e\u0301'\ndef test_e\u0301():\n    assert eval(é)\n",
    "right to left": "# \u202eesrever\u202c\ndef test_שלום():\n    assert eval(x)\n",
    "lone surrogates": "a = '\ud800'\ndef test_it():\n    assert eval('\udfff', x)  # \udc00\ud800\n",
    "form feed": "import os\n\x0c\ndef test_it():\n\x0c    assert eval(os)\n",
    "other breaks": "a = '\x0b\x1c\x1d\x1e\x85\u2028\u2029'\ndef test_it():\n    assert eval(a)\n",
    "nul": "a = '\0'\n\0\0def test_it():\n    assert eval(a)\n\0",
    "controls": "".join(map(chr, range(32))) + "\n" + TEST,
    "half typed": "def test_it(:\n    assert eval(x\nclass\n  def\nimport\nfrom . import (",
    "open string": 'x = """\n' + TEST,
    "tabs": "def test_it():\n\tif x:\n\t\tassert eval(x)\n        pass\n",
    "no line end": TEST.rstrip("\n"),
    "only spaces": " " * 300,
    "backslashes": "\\\n" * 50 + TEST,
}
HUGE_TEXTS = {
    "50,000 lines": "def test_it():\n    assert eval(x)\n" + "x = [1]\n" * 49_998,
    "a line of 1 MB": "x = '" + "é" * 500_000 + "'\n" + TEST,
    "100,000 open brackets": "x = " + "[(" * 50_000 + "\n" + TEST,
    "100,000 closed brackets": "x = " + "[" * 50_000 + "]" * 50_000 + "\n" + TEST,
    "20,000 calls deep": "f(" * 20_000,
    "2,000 decorators": "@a\n" * 2_000 + TEST,
    "20,000 ifs": "".join(f"{' ' * (n % 90)}if x:\n" for n in range(20_000)),
    "10,000 dots": "x" + ".y" * 10_000 + "\n" + TEST,
    "2,000 sums": "x = 1" + " + 1" * 2_000 + "\n" + TEST,
}
JAVASCRIPT = """\
import { it, expect } from "vitest";
it("costs nothing", async () => {
  expect(eval(x)).toBe(0);
});
"""
_LINE_END = re.compile(r"\r\n|\n|\r")
_CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def ends(text: str, encoding: str) -> list[int]:
    """Return the length of each line in the units of an encoding, by LSP's three line ends."""
    codec, width = _CODECS[encoding]
    lines = _LINE_END.split(text)
    return [len(line.encode(codec, "surrogatepass")) // width for line in lines]


def ranges(answer: Any) -> Iterator[dict[str, Any]]:
    """Yield all ranges in an answer, and the places in the arguments of commands."""
    if isinstance(answer, dict):
        if "start" in answer and "end" in answer:
            yield answer
        if "line" in answer and "character" in answer and "skill" in answer:
            here = {"line": answer["line"], "character": answer["character"]}
            yield {"start": here, "end": here}
            if "end_line" in answer:
                end = {"line": answer["end_line"], "character": answer["end_character"]}
                yield {"start": here, "end": end}
        answer = list(answer.values())
    if isinstance(answer, list):
        for item in answer:
            yield from ranges(item)


def is_inside(range_: dict[str, Any], lengths: list[int]) -> bool:
    """Say whether a range lies in a text with these lengths of lines, start before end."""
    start, end = range_["start"], range_["end"]
    places = [(start["line"], start["character"]), (end["line"], end["character"])]
    return places == sorted(places) and all(
        0 <= line < len(lengths) and 0 <= character <= lengths[line] for line, character in places
    )
