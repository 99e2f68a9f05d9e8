"""Parsing within limits of time: stopped when it takes too long, or on a thread that lets others run."""

from collections.abc import Callable
from dataclasses import dataclass

from tree_sitter import Parser, Point, Tree

from skills_lsp.syntax.languages import grammar
from skills_lsp.text.buffer import ByteEdit


class OverTimeError(Exception):
    """A parse took longer than it may."""


@dataclass(slots=True)
class ParseApart:
    """A parse of a text as it was, for another thread; :meth:`Source.take_parse` takes its tree."""

    data: bytes
    old: Tree | None
    language: str
    edits: list[ByteEdit]
    tree: Tree | None = None
    is_settled: bool = False

    def run(self, rest: Callable[[], None]) -> None:
        """Parse; ``rest`` is called every few milliseconds, and may let other threads run."""

        def read(offset: int, _point: Point) -> bytes:
            rest()
            return self.data[offset : offset + _APART_BYTES]

        self.tree = parsed(self.language, read, self.old, None)
        self.is_settled = self.old is None or not self.tree.root_node.has_error


_APART_BYTES = 4_096
"""What a parse on a thread reads between two rests: 1 to 3 ms of work."""


def parsed(
    language: str,
    read: Callable[[int, Point], bytes],
    old: Tree | None,
    is_over: Callable[[], bool] | None,
) -> Tree:
    """Parse what a function reads; raises OverTimeError when ``is_over`` says that it is enough."""
    parser = Parser(grammar(language))
    if is_over is None:
        return parser.parse(read) if old is None else parser.parse(read, old)

    def progress(_offset: int, _has_error: bool) -> bool:
        return is_over()

    try:
        if old is None:
            return parser.parse(read, progress_callback=progress)
        return parser.parse(read, old, progress_callback=progress)
    except ValueError:  # The one thing that the parser says when it is stopped.
        raise OverTimeError from None
