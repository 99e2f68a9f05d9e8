"""Which statements of a Python file belong together: one names what the other uses."""

import ast


class Code:
    """The statements of a file, by their lines."""

    def __init__(self, text: str) -> None:
        self._statements: list[ast.stmt] = []
        self._around: dict[ast.stmt, ast.AST] = {}
        try:
            self._collect(ast.parse(text))
        except (SyntaxError, ValueError):
            return

    def _collect(self, tree: ast.Module) -> None:
        todo: list[tuple[ast.AST, ast.AST]] = [(tree, tree)]
        while todo:
            node, around = todo.pop()
            if isinstance(node, ast.stmt):
                self._statements.append(node)
                self._around[node] = around
            is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            inside = node if is_function else around
            todo.extend((each, inside) for each in ast.iter_child_nodes(node))
        self._statements.sort(key=lambda each: each.lineno)

    def is_within(self, first: int, line: int) -> bool:
        """Say whether a line is in the statement that begins on another, or in its head."""
        return first <= line <= self._end(first)

    def is_joined(self, noted: int, line: int) -> bool:
        """Say whether two lines are of one statement, or of two of a function that names join."""
        function = self._function_at(noted)
        if self.is_within(noted, line) or (
            function and noted <= line <= (function.end_lineno or 0)
        ):
            return True
        one, other = self._statement(noted), self._statement(line)
        if one is None or other is None or self._around[one] is not self._around[other]:
            return False
        first, last = sorted((one, other), key=lambda each: each.lineno)
        names = _bound(first)
        for each in self._statements:
            is_later = each.lineno > first.lineno and self._around[each] is self._around[first]
            if is_later and not names.isdisjoint(_used(each)):
                if each is last:
                    return True
                names |= _bound(each)
        return False

    def _end(self, first: int) -> int:
        ends = [first]
        for each in self._statements:
            if each.lineno == first:
                body = getattr(each, "body", None)
                ends.append(body[0].lineno - 1 if body else each.end_lineno or first)
        return max(ends)

    def _function_at(self, line: int) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        for each in self._statements:
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.lineno == line:
                return each
        return None

    def _statement(self, line: int) -> ast.stmt | None:
        """Return the smallest statement that a line is in."""
        around = [it for it in self._statements if it.lineno <= line <= (it.end_lineno or 0)]
        return min(around, key=lambda it: (it.end_lineno or 0) - it.lineno, default=None)


def _names(statement: ast.stmt) -> list[ast.Name]:
    body = getattr(statement, "body", None)
    parts = [it for it in ast.iter_child_nodes(statement) if not isinstance(it, ast.stmt)]
    nodes = [statement] if body is None else parts
    return [it for part in nodes for it in ast.walk(part) if isinstance(it, ast.Name)]


def _bound(statement: ast.stmt) -> set[str]:
    return {each.id for each in _names(statement) if isinstance(each.ctx, ast.Store)}


def _used(statement: ast.stmt) -> set[str]:
    return {each.id for each in _names(statement) if isinstance(each.ctx, ast.Load)}


def is_written_down(data: bytes, lines: tuple[int, int]) -> bool:
    """Say whether the strings and sums on some lines have nothing in them that is made at run time.

    Names count where the file binds them once, to a text.
    """
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError):
        return False
    bound = [it.id for it in ast.walk(tree) if isinstance(it, ast.Name) and _stores(it)]
    texts = {
        target.id
        for each in ast.walk(tree)
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
        for target in each.targets
        if isinstance(target, ast.Name) and bound.count(target.id) == 1
    }
    first, last = lines
    around = [
        each
        for each in ast.walk(tree)
        if isinstance(each, ast.Call | ast.BinOp | ast.JoinedStr)
        and first <= each.lineno
        and (each.end_lineno or each.lineno) <= last
    ]
    values = [each.args[0] for each in around if isinstance(each, ast.Call) and each.args]
    glued = [each for each in around if not isinstance(each, ast.Call)]
    return bool(glued or values) and all(_is_known(each, texts) for each in glued or values[:1])


def _stores(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store | ast.Del)


def _is_known(node: ast.expr, texts: set[str]) -> bool:
    return all(
        isinstance(each, _PLAIN) or (isinstance(each, ast.Name) and each.id in texts)
        for each in ast.walk(node)
    )


_PLAIN = (
    ast.Constant, ast.BinOp, ast.JoinedStr, ast.FormattedValue, ast.Tuple, ast.List, ast.operator,
    ast.expr_context,
)  # fmt: skip
