"""Which awaited calls certainly make a coroutine, by Python's own ``ast`` and by ``inspect``.

This knows nothing of the patterns that it judges. A callee is certain when it is

* a function of this file, all of whose definitions in its scope are ``async def``;
* a method by ``self``, ``cls`` or ``super()``, where all that the class and its bases in this file call
  so are ``async def``;
* a function of the standard library, anyio, trio, or a method of an object that was made by (or is
  annotated with) a class of this file, of those, or of a well-known client, which ``inspect`` says is
  a coroutine function.

Decorated functions count when the decorator is one of Python's own that changes no call.
"""

import ast
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tests.accuracy.packages import environment

REQUIREMENTS = (
    "anyio==4.16.0", "trio==0.35.0", "aiohttp==3.14.5", "httpx==0.28.1", "starlette==1.10.0",
    "asyncpg==0.32.0",
)  # fmt: skip
MODULES = (
    "asyncio", "anyio", "anyio.to_thread", "anyio.lowlevel", "trio", "trio.to_thread",
    "trio.lowlevel", "trio.testing", "starlette.concurrency", "asyncpg",
)  # fmt: skip
CLASSES = (
    "asyncio.Queue", "asyncio.PriorityQueue", "asyncio.LifoQueue", "asyncio.Event", "asyncio.Lock",
    "asyncio.Condition", "asyncio.Semaphore", "asyncio.StreamReader", "asyncio.StreamWriter",
    "anyio.Event", "anyio.Lock", "anyio.Condition", "anyio.Semaphore", "anyio.CapacityLimiter",
    "anyio.Path", "trio.Event", "trio.Lock", "trio.Condition", "trio.Semaphore",
    "trio.CapacityLimiter", "trio.SocketStream", "aiohttp.ClientSession", "aiohttp.ClientResponse",
    "aiohttp.web.Request", "aiohttp.web.WebSocketResponse", "aiohttp.web.AppRunner",
    "httpx.AsyncClient", "starlette.requests.Request", "starlette.websockets.WebSocket",
    "asyncpg.Connection", "asyncpg.Pool",
)  # fmt: skip
_ASK = """
import importlib, inspect, json, sys
modules, classes = json.load(sys.stdin)
def is_one(it):
    return inspect.iscoroutinefunction(inspect.unwrap(getattr(it, "__func__", it)))
found = []
for name in modules:
    module = importlib.import_module(name)
    found += [f"{name}.{each}" for each in dir(module) if is_one(getattr(module, each))]
for name in classes:
    module, _, last = name.rpartition(".")
    klass = getattr(importlib.import_module(module), last)
    found += [f"{name}.{each}" for each in dir(klass)
              if is_one(inspect.getattr_static(klass, each))]
json.dump(found, sys.stdout)
"""
_KEEPING = frozenset(
    {"staticmethod", "classmethod", "abstractmethod", "override", "overload", "final"}
)
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)


@cache
def library() -> frozenset[str]:
    """Return the coroutine functions and methods of some libraries, as ``inspect`` tells them."""
    python = environment("async", *REQUIREMENTS) / "bin" / "python"
    done = subprocess.run(
        [str(python), "-c", _ASK], input=json.dumps([MODULES, CLASSES]), text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    return frozenset(json.loads(done.stdout))


@dataclass
class _Scope:
    node: ast.AST
    outer: "_Scope | None"
    bound: dict[str, list[ast.AST]] = field(default_factory=dict)
    owner: ast.ClassDef | None = None  # the class whose methods stand directly around


class File:
    """One parsed file, asked about the calls in it."""

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        self._scope: dict[ast.AST, _Scope] = {}
        self._parent: dict[ast.AST, ast.AST] = {}
        self._walk()

    def awaits(self) -> Iterator[ast.Await]:
        """Yield the awaited calls whose callee is certain, in order."""
        for each in ast.walk(self.tree):
            called = each.value if isinstance(each, ast.Await) else None
            if isinstance(each, ast.Await) and isinstance(called, ast.Call):
                yield from [each] if self._is_certain(called.func, self._scope[each]) else []

    def function_around(self, node: ast.AST) -> ast.AST:
        """Return the function that a node stands in."""
        while not isinstance(self._parent[node], ast.Module) and not isinstance(node, _Function):
            node = self._parent[node]
        return node

    def _walk(self) -> None:
        todo: list[tuple[ast.AST, _Scope]] = [(self.tree, _Scope(self.tree, None))]
        while todo:
            node, scope = todo.pop()
            self._scope[node] = scope
            inner = scope
            if isinstance(node, _SCOPES) and node is not self.tree:
                inner = _Scope(node, scope, owner=_owner(node, scope))
            for name, binder in _bound(node):
                target = inner if isinstance(binder, ast.arg) else scope
                target.bound.setdefault(name, []).append(binder)
            for each in ast.iter_child_nodes(node):
                self._parent[each] = node
                todo.append((each, inner))

    def _find(self, name: str, scope: _Scope) -> list[ast.AST]:
        at: _Scope | None = scope
        is_first = True
        while at is not None:
            if name in at.bound and (is_first or not isinstance(at.node, ast.ClassDef)):
                return at.bound[name]
            at, is_first = at.outer, False
        return []

    def _is_certain(self, callee: ast.expr, scope: _Scope) -> bool:
        if isinstance(callee, ast.Name):
            found = self._find(callee.id, scope)
            if found and all(_is_coroutine(each) for each in found):
                return True
        dotted = self._dotted(callee, scope)
        if dotted is not None:
            return dotted in library()
        if not isinstance(callee, ast.Attribute):
            return False
        return self._is_method(callee.value, callee.attr, scope)

    def _is_method(self, held: ast.expr, name: str, scope: _Scope) -> bool:
        is_super = isinstance(held, ast.Call) and _named(held.func) == "super"
        if is_super or _named(held) in ("self", "cls"):
            owner = _owner_of(scope)
            return owner is not None and self._has(owner, name, is_super=is_super)
        kind = self._kind(held, scope)
        if isinstance(kind, ast.ClassDef):
            return self._has(kind, name)
        return kind is not None and f"{kind}.{name}" in library()

    def _has(self, owner: ast.ClassDef, name: str, *, is_super: bool = False) -> bool:
        """Say whether all methods of a name, of a class and its bases here, are coroutines."""
        family: list[ast.ClassDef] = []
        todo = [owner]
        while todo:
            each = todo.pop(0)
            if each in family:
                continue
            family.append(each)
            for base in each.bases:
                found = self._find(_named(base) or "", self._scope[each])
                todo.extend(it for it in found if isinstance(it, ast.ClassDef))
        if is_super:
            family = family[1:]
        methods = [it for each in family for it in each.body if _title(it) == name]
        if any(self._is_set(each, name) for each in family):
            return False
        return bool(methods) and all(_is_coroutine(each) for each in methods)

    def _is_set(self, owner: ast.ClassDef, name: str) -> bool:
        return any(
            isinstance(it, ast.Attribute) and it.attr == name and isinstance(it.ctx, ast.Store)
            for it in ast.walk(owner)
        )

    def _dotted(self, node: ast.expr, scope: _Scope) -> str | None:
        """Return what a dotted name stands for, when an import binds its first word."""
        rest: list[str] = []
        while isinstance(node, ast.Attribute):
            rest.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        found = self._find(node.id, scope)
        origins = {_origin(each, node.id) for each in found}
        origin = origins.pop() if len(origins) == 1 else None
        return ".".join([origin, *reversed(rest)]) if origin else None

    def _kind(self, held: ast.expr, scope: _Scope) -> "ast.ClassDef | str | None":
        """Return the class of an object: made here in one place, entered, or annotated."""
        if isinstance(held, ast.Call):
            return self._class(held.func, scope)
        if isinstance(held, ast.Name):
            found = self._find(held.id, scope)
            return self._kind_of(found[0], held.id) if len(found) == 1 else None
        if isinstance(held, ast.Attribute) and _named(held.value) == "self":
            owner = _owner_of(scope)
            values = self._values(owner, held.attr) if owner is not None else []
            kinds = [
                self._kind(each, self._scope[each]) for each in values if isinstance(each, ast.Call)
            ]
            return kinds[0] if len(values) == len(kinds) == 1 else None
        return None

    def _kind_of(self, binder: ast.AST, name: str) -> "ast.ClassDef | str | None":
        scope = self._scope[binder]
        if isinstance(binder, ast.arg) and binder.annotation is not None:
            return self._class(binder.annotation, scope)
        if isinstance(binder, ast.Assign) and isinstance(binder.value, ast.Call):
            is_plain = len(binder.targets) == 1 and _named(binder.targets[0]) == name
            return self._class(binder.value.func, scope) if is_plain else None
        if isinstance(binder, ast.withitem) and isinstance(binder.context_expr, ast.Call):
            kind = self._class(binder.context_expr.func, scope)
            return kind if isinstance(kind, str) else None
        return None

    def _class(self, named: ast.expr, scope: _Scope) -> "ast.ClassDef | str | None":
        if isinstance(named, ast.Name):
            found = self._find(named.id, scope)
            if len(found) == 1 and isinstance(found[0], ast.ClassDef):
                return found[0]
        return self._dotted(named, scope)

    def _values(self, owner: ast.ClassDef, name: str) -> list[ast.expr]:
        """Return all that is assigned to an attribute by ``self`` in a class."""
        found = []
        for each in ast.walk(owner):
            if isinstance(each, ast.Assign):
                targets = each.targets
            elif isinstance(each, ast.AnnAssign) and each.value is not None:
                targets = [each.target]
            else:
                continue
            if any(isinstance(it, ast.Attribute) and it.attr == name for it in targets):
                found.append(each.value)
        return [each for each in found if each is not None]


def _owner(node: ast.AST, scope: _Scope) -> ast.ClassDef | None:
    is_method = isinstance(node, _Function) and isinstance(scope.node, ast.ClassDef)
    return scope.node if is_method and isinstance(scope.node, ast.ClassDef) else None


def _owner_of(scope: _Scope) -> ast.ClassDef | None:
    at: _Scope | None = scope
    while at is not None:
        if at.owner is not None:
            return at.owner
        at = at.outer
    return None


def _bound(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the names that a node binds in its scope, each with what binds it."""
    names: list[str] = []
    if isinstance(node, _Function | ast.ClassDef):
        names = [node.name]
    elif isinstance(node, ast.Import | ast.ImportFrom):
        names = [each.asname or each.name.partition(".")[0] for each in node.names]
    elif isinstance(node, ast.arg):
        names = [node.arg]
    elif isinstance(node, ast.ExceptHandler):
        names = [node.name] if node.name else []
    elif isinstance(node, ast.Global | ast.Nonlocal):
        names = node.names
    else:
        names = list(_targets(*_bound_targets(node)))
    for name in names:
        yield name, node


def _bound_targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    if isinstance(node, _Targeted):
        return [node.target]
    if isinstance(node, ast.withitem) and node.optional_vars is not None:
        return [node.optional_vars]
    return []


_Targeted = (
    ast.AnnAssign | ast.AugAssign | ast.NamedExpr | ast.For | ast.AsyncFor | ast.comprehension
)


def _targets(*targets: ast.expr) -> Iterator[str]:
    for target in targets:
        for each in ast.walk(target):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                yield each.id


def _origin(binder: ast.AST, name: str) -> str | None:
    if isinstance(binder, ast.Import):
        for each in binder.names:
            if (each.asname or each.name.partition(".")[0]) == name:
                return each.name if each.asname else name
    if isinstance(binder, ast.ImportFrom) and not binder.level:
        for each in binder.names:
            if (each.asname or each.name) == name:
                return f"{binder.module}.{each.name}"
    return None


def _named(node: ast.AST) -> str | None:
    return node.id if isinstance(node, ast.Name) else None


def _title(node: ast.AST) -> str | None:
    return node.name if isinstance(node, _Function) else None


def _is_coroutine(node: ast.AST) -> bool:
    if not isinstance(node, ast.AsyncFunctionDef) or _is_generator(node):
        return False
    names = {
        each.attr if isinstance(each, ast.Attribute) else _named(each)
        for each in node.decorator_list
    }
    return names <= _KEEPING


def _is_generator(function: ast.AsyncFunctionDef) -> bool:
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Yield):
            return True
        if not isinstance(node, _SCOPES):
            todo.extend(ast.iter_child_nodes(node))
    returned = ast.unparse(function.returns) if function.returns is not None else ""
    return "AsyncGenerator" in returned or "AsyncIterator" in returned
