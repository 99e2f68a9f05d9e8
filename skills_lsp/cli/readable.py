"""Our Markdown as a terminal shows it: headings that stand out, tables in columns, no escapes."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import click

from skills_lsp.cli.columns import columns

_HEADING = re.compile(r"(#+) (.*)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_TICK = re.compile(r"(?<!\\)`")
_ENTITY = "&#8203;"  # what keeps an address from being a link


def readable(markdown: str, width: int | None) -> str:
    r"""Return a document of ours as text for a terminal of so many cells; styles are ANSI's.

    >>> print(click.unstyle(readable("# Runs\n\n| Skill | n |\n| --- | --: |\n| a\\_b | 2 |\n", 80)))
    Runs
    <BLANKLINE>
    Skill  n
    a_b    2
    """
    blocks = groupby(markdown.rstrip().split("\n"), key=lambda line: line.startswith("|"))
    return "\n".join(
        line
        for is_table, lines in blocks
        for line in (_table([*lines], width) if is_table else map(_line, lines))
    )


def _line(line: str) -> str:
    heading = _HEADING.fullmatch(line)
    if heading is None:
        return _plain(line)
    return click.style(_plain(heading[2]), bold=True, underline=heading[1] == "#")


def _table(lines: Sequence[str], width: int | None) -> Iterator[str]:
    head, rule, *rows = ([*_cells(line)] for line in lines)
    numbers = [i for i, cell in enumerate(rule) if cell.endswith(":")]
    first, *rest = columns(head, rows, numbers=numbers, width=width).split("\n")
    yield click.style(first, dim=True)
    yield from rest


def _cells(line: str) -> Iterator[str]:
    for cell in _CELL_BORDER.split(line)[1:-1]:
        yield _plain(cell.strip())


def _plain(text: str) -> str:
    """Return text without the escapes; what stands in a code span has none."""
    parts = _TICK.split(text)
    return "".join(
        part if i % 2 else _ESCAPE.sub(r"\1", part).replace(_ENTITY, "")
        for i, part in enumerate(parts)
    )
