"""Small questions to tree-sitter nodes, none of which recurses."""

from collections.abc import Iterator

from tree_sitter import Node

MAX_CLIMB = 250
"""How far up a question climbs. Code that people write nests a tenth of it; tree-sitter finds each
parent from the root, so a higher limit would make 20,000-deep expressions cost seconds."""


def ancestors(node: Node) -> Iterator[Node]:
    """Yield the nodes around a node, innermost first, at most :data:`MAX_CLIMB` of them."""
    parent = node.parent
    for _ in range(MAX_CLIMB):
        if parent is None:
            return
        yield parent
        parent = parent.parent


def nearest(node: Node, types: frozenset[str]) -> Node | None:
    """Return the innermost ancestor of one of the types."""
    return next((each for each in ancestors(node) if each.type in types), None)


def field(node: Node, name: str) -> Node | None:
    """Return the child in a field."""
    return node.child_by_field_name(name)


def is_field(parent: Node, name: str, child: Node) -> bool:
    """Say whether a child is what stands in a field of its parent."""
    return parent.child_by_field_name(name) == child


def has_token(node: Node, token: str) -> bool:
    """Say whether one of the first children is this keyword (``async`` stands first or second)."""
    return any(node.child(i).type == token for i in range(min(3, node.child_count)))


def preorder(root: Node) -> Iterator[Node]:
    """Yield a node and all below it in the order of the text, without recursion."""
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is not None:
            yield node
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def first_error(root: Node) -> Node | None:
    """Return the first node that the parser could not make sense of, or had to suppose."""
    node: Node | None = root if root.has_error else None
    while node is not None and not (node.is_error or node.is_missing):
        node = next((each for each in node.children if each.has_error), None)
    return node
