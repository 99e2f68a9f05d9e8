"""What is too much to be looked at, and how that is said.

Nobody writes such code, but some generate it, and no file may keep an editor waiting.
"""

from tree_sitter import Node

from skills_lsp.syntax.source import Source

MAX_DEPTH = 1_000
"""How deep below the file code is looked at. Code that people write nests some dozens deep; the
100,000 terms of a generated sum keep a query busy for 20 seconds."""

MAX_BYTES = 4_000_000
"""Up to here a file is looked at: some 110,000 lines, and 2 seconds."""


_CROWD = 20_000
"""A node with more children than this is not gone into: a list of all of them takes too long."""


def too_large(source: Source) -> str:
    """Return what of a file is not looked at, and why; empty when all of it is."""
    if is_too_deep(source.root):
        return f"What is nested deeper than {MAX_DEPTH:,} levels is not looked at."
    return ""


def too_long(n_bytes: int) -> str:
    """Return why a text of so many bytes is not looked at; empty when it is."""
    if n_bytes <= MAX_BYTES:
        return ""
    return (
        f"It has {n_bytes / 1e6:.1f} MB, and files over {MAX_BYTES / 1e6:g} MB are not looked at."
    )


def is_too_deep(root: Node) -> bool:
    """Say whether something in a tree is nested deeper than is looked at.

    Only nodes with enough below them can be, so nearly all of a tree is never gone into.
    """
    level = [root] if root.descendant_count > MAX_DEPTH else []
    for depth in range(MAX_DEPTH):
        below = MAX_DEPTH - depth
        level = [
            child
            for node in level
            if node.child_count < _CROWD
            for child in node.children
            if child.descendant_count > below
        ]
        if not level:
            return False
    return True
