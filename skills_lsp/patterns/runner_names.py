"""What an expression is to a JavaScript test runner: its ``describe``, ``it.skip``, ``test.each(…)``.

Names are followed: imports and their aliases, ``const itUnix = isWindows ? it.skip : it``,
``const { it } = import.meta.vitest``, ``const check = test.extend({…})``, here or in another file of
the project. A name that is bound to anything else is not the runner's.

Source: https://vitest.dev/api/ and https://jestjs.io/docs/api and https://mochajs.org/#interfaces
and https://playwright.dev/docs/api/class-test and https://nodejs.org/api/test.html
"""

import re
from collections.abc import Callable
from dataclasses import replace

from tree_sitter import Node

from skills_lsp.domain.project import NOT_OF_RUNNER, RunnerName
from skills_lsp.patterns.runner_files import holds_tests
from skills_lsp.syntax.bindings import Binding, binding_node, innermost
from skills_lsp.syntax.imports import import_at
from skills_lsp.syntax.source import Source

TESTS = frozenset({"it", "test", "fit", "xit", "xtest", "specify", "xspecify"})
SUITES = frozenset({"describe", "fdescribe", "xdescribe", "suite", "xsuite", "context", "xcontext"})
HOOKS = frozenset(
    {
        "beforeEach", "afterEach", "beforeAll", "afterAll", "before", "after", "setup", "teardown",
        "suiteSetup", "suiteTeardown", "aroundEach", "aroundAll",
    }
)  # fmt: skip
GLOBALS = TESTS | SUITES | HOOKS

_RUNNERS = frozenset(
    {
        "vitest", "@jest/globals", "mocha", "node:test", "bun:test", "@playwright/test", "jasmine",
        "@std/testing/bdd", "@std/testing/bdd.ts", "jsr:@std/testing/bdd", "jest-circus",
        "playwright/test", "jasmine-core", "@rstest/core", "vite-plus/test", "@wdio/globals",
    }
)  # fmt: skip
_RUNNER_LIKE = re.compile(
    r"@[\w.-]+/(?:vitest|jest|playwright|playwright-test|experimental-ct-\w+)"
    r"|https?://(?:deno\.land/std|jsr\.io/@std)[\w@.]*/testing/[\w./]+|cloudflare:test"
)
_TEST_ITSELF = frozenset({"node:test"})
"""Modules whose default export is ``test`` itself, with the other names on it."""

_SKIPPED = frozenset({"xit", "xtest", "xspecify", "xdescribe", "xcontext", "xsuite"})
_NOT_RUN = frozenset({"skip", "todo", "fixme", "skipIf", "runIf"})
_TABLES = frozenset({"each", "for", "prop"})
_CALLED = _TABLES | {"skipIf", "runIf", "todoIf", "failingIf", "if", "extend"}
_MODIFIERS = _CALLED | {
    "only", "skip", "todo", "fails", "failing", "fail", "fixme", "slow", "concurrent", "sequential",
    "serial", "parallel", "shuffle", "effect", "live", "scoped", "scopedLive", "expectFailure",
}  # fmt: skip
PROPERTIES = _MODIFIERS | GLOBALS | {"default"}
"""What may stand behind a dot in the callee of a runner's call."""

_ROOTS = frozenset({"globalThis", "global", "window", "self"})
_MAX_STEPS = 12
"""How many names and branches are followed before an expression counts as unknown."""


_MODULE = RunnerName("module")


def named(source: Source, node: Node, steps: int = _MAX_STEPS) -> RunnerName | None:
    """Return what an expression is to a runner, None when it is nothing of its."""
    read = _READERS.get(node.type) if steps > 0 else None
    return read(source, node, steps) if read is not None else None


def _identifier(source: Source, node: Node, steps: int) -> RunnerName | None:
    return name_of_runner(source, source.text_of(node), node.start_byte, steps)


def _call(source: Source, node: Node, steps: int) -> RunnerName | None:
    return _called(inside(source, node, "function", steps))


def _subscript(source: Source, node: Node, steps: int) -> RunnerName | None:
    """Return what ``it[isCI ? "skip" : "only"]`` is: ``it``, in some way or other."""
    found = inside(source, node, "object", steps)
    return None if found is None or found.waits or found.kind not in _OF_KIND else found


def _parenthesized(source: Source, node: Node, steps: int) -> RunnerName | None:
    """Return what stands in parentheses, the last of a sequence, or under a type."""
    inner = node.named_children
    if not inner:
        return None
    return named(source, inner[-1 if node.type == "sequence_expression" else 0], steps - 1)


def base(word: str) -> RunnerName | None:
    """Return what a runner's own name is: ``xdescribe`` is a suite that is skipped."""
    kind = next((kind for kind, words in _OF_KIND.items() if word in words), None)
    if kind is None:
        return None
    return RunnerName(kind, frozenset({"skipped"}) if word in _SKIPPED else frozenset())


_OF_KIND = {"test": TESTS, "suite": SUITES, "hook": HOOKS}


def member(found: RunnerName | None, word: str) -> RunnerName | None:
    """Return what a property of something is to the runner."""
    if found is None or found.waits:
        return None
    if found.kind == "module":
        return found if word == "default" else base(word)
    if word in _MODIFIERS and found.kind != "hook":
        words = found.words | {word} | ({"skipped"} if word in _NOT_RUN else set())
        return RunnerName(found.kind, words, word if word in _CALLED else "")
    # Playwright has its names on test (test.describe, test.beforeEach), node:test has as well.
    is_on_test = found.kind == "test" and (word in SUITES or word in HOOKS or word in TESTS)
    return base(word) if is_on_test else None


def _called(found: RunnerName | None) -> RunnerName | None:
    if found is None or not found.waits:
        return None
    if found.waits == _RETURNED:
        return replace(found, waits="")
    words = found.words - {"for", "prop", "extend"}
    if found.waits in _TABLES:
        words |= {"each"}
    return replace(found, words=words, waits="")


_RETURNED = "()"
"""What waits for a call when a function gives back something of a runner."""


def _member(source: Source, node: Node, steps: int) -> RunnerName | None:
    word = node.child_by_field_name("property")
    if word is None or word.type != "property_identifier":
        return None
    if source.text_of(node) == "import.meta.vitest":
        return _MODULE
    return member(inside(source, node, "object", steps), source.text_of(word))


def inside(source: Source, node: Node, field: str, steps: int = _MAX_STEPS) -> RunnerName | None:
    """Return what the node in a field of another is to a runner."""
    inner = node.child_by_field_name(field)
    return named(source, inner, steps - 1) if inner is not None else None


def _either(source: Source, node: Node, fields: tuple[str, str], steps: int) -> RunnerName | None:
    """Return what a choice is: one of its branches may be something else (``noop``)."""
    first, second = (inside(source, node, each, steps // 2) for each in fields)
    if first is None or second is None:
        return first or second
    if (first.kind, first.waits) != (second.kind, second.waits):
        return first
    return replace(first, words=first.words | second.words)


def name_of_runner(
    source: Source, name: str, at: int, steps: int = _MAX_STEPS
) -> RunnerName | None:
    """Return what a name at a place is to a runner."""
    bound = innermost(source, name, at)
    if not bound:
        if name in _ROOTS:
            return _MODULE if holds_tests(source) else None
        return base(name) if name in GLOBALS and holds_tests(source) else None
    last = next((each for each in reversed(bound) if each.origin is not None), bound[-1])
    key = ("runner name", name, last.at)
    if last.origin is not None:
        return source.remember(key, lambda: _imported(source, name, last))
    return source.remember(key, lambda: _declared(source, name, last, steps))


def _imported(source: Source, name: str, binding: Binding) -> RunnerName | None:
    origin = binding.origin or ""
    if is_runner(origin):
        return base("test") if origin in _TEST_ITSELF else _MODULE
    module, _, taken = origin.rpartition(".")
    if is_runner(module):
        return base(taken)
    # What a test runner's names are called is also what code under test, or its helpers, may be.
    node = binding_node(source, name, binding)
    by_import = import_at(source, node) if node is not None else None
    if by_import is None or by_import.is_type_only:
        return None
    module = by_import.module
    taken = origin[len(module) + 1 :] or "default"
    found = source.project.scripts.exported(source.path, module, taken)
    if found is not None:
        return found if found != NOT_OF_RUNNER else None
    is_unknown = module.startswith(_OF_PROJECT) and taken in GLOBALS and name in GLOBALS
    return base(taken) if is_unknown and holds_tests(source) else None


_OF_PROJECT = (".", "@/", "~", "#", "/")
"""How the names of a project's own modules begin, by habit."""


def _declared(source: Source, name: str, binding: Binding, steps: int) -> RunnerName | None:
    """Return what a declaration in the file makes of a name."""
    node = binding_node(source, name, binding)
    holder = node.parent if node is not None else None
    if node is None or holder is None:
        return None
    taken = None
    if holder.type == "pair_pattern":
        key = holder.child_by_field_name("key")
        taken, holder = (source.text_of(key) if key is not None else ""), holder.parent
    elif holder.type == "object_pattern":
        taken = name
    if taken is not None:
        holder = holder.parent if holder is not None and holder.type == "object_pattern" else None
    if holder is not None and holder.type == "function_declaration":
        return returned(source, holder, steps)
    if holder is None or holder.type != "variable_declarator":
        return None
    value = inside(source, holder, "value", steps)
    return value if taken is None else member(value, taken)


def returned(source: Source, function: Node, steps: int = _MAX_STEPS) -> RunnerName | None:
    """Return what a function gives back to who calls it: ``return it.extend({…})``."""
    body = function.child_by_field_name("body")
    if body is None:
        return None
    given = body if body.type != "statement_block" else None
    for each in body.named_children if given is None else ():
        if each.type == "return_statement" and each.named_child_count:
            given = each.named_child(0)
    found = named(source, given, steps - 1) if given is not None else None
    return replace(found, waits=_RETURNED) if found is not None and not found.waits else None


def is_runner(module: str) -> bool:
    """Say whether a module is a test runner, or hands on the names of one."""
    return module in _RUNNERS or _RUNNER_LIKE.fullmatch(module) is not None


_READERS: dict[str, Callable[[Source, Node, int], RunnerName | None]] = {
    "identifier": _identifier,
    "member_expression": _member,
    "call_expression": _call,
    "arrow_function": returned,
    "function_expression": returned,
    "subscript_expression": _subscript,
    "ternary_expression": lambda source, node, steps: _either(
        source, node, ("consequence", "alternative"), steps
    ),
    "binary_expression": lambda source, node, steps: _either(
        source, node, ("left", "right"), steps
    ),
    "parenthesized_expression": _parenthesized,
    "sequence_expression": _parenthesized,
    "as_expression": _parenthesized,
    "satisfies_expression": _parenthesized,
    "await_expression": _parenthesized,
    "non_null_expression": _parenthesized,
}
