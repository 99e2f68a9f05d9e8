"""What the dataclasses of operations say of their fields, for help texts and the reference."""

import ast
import inspect
import textwrap
from itertools import pairwise


def field_docs(made: type) -> dict[str, str]:
    """Return what the texts below a dataclass's fields say of them."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(made)))
    body = tree.body[0].body  # type: ignore[attr-defined] # a class
    said = {}
    for line, after in pairwise(body):
        if isinstance(line, ast.AnnAssign) and isinstance(after, ast.Expr):
            said[line.target.id] = " ".join(str(after.value.value).split())  # type: ignore[union-attr, attr-defined] # a name and a text
    return said
