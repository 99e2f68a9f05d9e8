"""Which calls are tests, suites and hooks to the JavaScript runners.

Source: https://vitest.dev/api/ and https://jestjs.io/docs/api and https://mochajs.org/#interfaces
"""

from tree_sitter import Node

from skills_lsp.patterns.arguments import positional
from skills_lsp.patterns.look import Look, RunnerCall
from skills_lsp.patterns.regions import Kind, is_async_function
from skills_lsp.patterns.test_files import is_test_file
from skills_lsp.patterns.values import is_string
from skills_lsp.syntax.bindings import innermost

_RUNNERS = frozenset(
    {
        "vitest", "@jest/globals", "mocha", "node:test", "bun:test", "@playwright/test",
        "jasmine", "@std/testing/bdd", "jest-circus",
    }
)  # fmt: skip
_TESTS = frozenset({"it", "test", "fit", "xit", "xtest", "specify", "xspecify"})
_SUITES = frozenset({"describe", "fdescribe", "xdescribe", "suite", "context", "xcontext"})
_HOOKS = frozenset(
    {
        "beforeEach", "afterEach", "beforeAll", "afterAll", "before", "after", "setup", "teardown",
        "suiteSetup", "suiteTeardown",
    }
)  # fmt: skip
_SKIPPED = frozenset({"xit", "xtest", "xspecify", "xdescribe", "xcontext"})
_MODIFIERS = frozenset(
    {
        "only", "skip", "todo", "fails", "failing", "fixme", "slow", "concurrent", "sequential",
        "serial", "parallel", "shuffle", "each", "for", "skipIf", "runIf",
    }
)  # fmt: skip
_TABLES = frozenset({"each", "for", "skipIf", "runIf"})
_FUNCTIONS = frozenset({"arrow_function", "function_expression", "generator_function"})


def runner_call(look: Look, callee: Node, arguments: Node) -> RunnerCall | None:
    """Return what a call is to a test runner, None when it is none of its calls."""
    key = callee.id
    if key not in look.runner_calls:
        look.runner_calls[key] = _runner_call(look, callee, arguments)
    return look.runner_calls[key]


def _runner_call(look: Look, callee: Node, arguments: Node) -> RunnerCall | None:
    name, is_table = callee, False
    if callee.type == "call_expression":  # it.each(table)("title", ...)
        name, is_table = callee.child_by_field_name("function") or callee, True
    if name.type not in ("identifier", "member_expression"):
        return None
    head = _head(name)
    if head is None or not _may_be_runner(look, head):
        return None
    dotted = look.dotted(name)
    if dotted is None or arguments.type != "arguments":
        return None
    words = _words(look, dotted, name.start_byte)
    if words is None or is_table != (not _TABLES.isdisjoint(words)):
        return None
    return _call(look, words - {"for"}, arguments)


def _head(name: Node) -> Node | None:
    node: Node | None = name
    for _ in range(5):
        if node is None or node.type == "identifier":
            return node
        node = node.child_by_field_name("object") if node.type == "member_expression" else None
    return None


def _may_be_runner(look: Look, head: Node) -> bool:
    text = look.text(head)
    return text in _GLOBALS or text in look.imported


_GLOBALS = _TESTS | _SUITES | _HOOKS


def _words(look: Look, dotted: str, at: int) -> frozenset[str] | None:
    """Return the runner's own words of a callee: ``describe.each`` is a suite and a table."""
    head, *rest = dotted.split(".")
    first = _own_name(look, head, at)
    if first is None:
        return None
    chain = [*first, *rest]
    while len(chain) > 1 and chain[0] not in _GLOBALS:
        chain.pop(0)  # The name of an imported module: t.it, test.describe (node:test).
    if chain[0] == "test" and len(chain) > 1 and chain[1] in (*_SUITES, *_HOOKS, "it"):
        chain.pop(0)  # Playwright: test.describe, test.beforeEach
    kind = _kind(chain[0])
    if kind is None or not _MODIFIERS.issuperset(chain[1:]):
        return None
    skipped = {"skipped"} if chain[0] in _SKIPPED or not _UNRUN.isdisjoint(chain[1:]) else set()
    return frozenset({kind, *chain[1:], *skipped})


_UNRUN = frozenset({"skip", "todo", "fixme"})


def _own_name(look: Look, head: str, at: int) -> list[str] | None:
    """Return a name as the runner calls it, None when it is something else here."""
    bound = innermost(look.source, head, at)
    if not bound:
        in_tests = is_test_file(look.source.path, look.source.language) or not look.source.path
        return [head] if head in _GLOBALS and in_tests else None
    origin = next((each.origin for each in bound if each.origin is not None), None)
    if origin is None:
        return None
    if origin in _RUNNERS:
        return (
            ["test"] if origin == "node:test" else [origin, *([head] if head in _GLOBALS else [])]
        )
    module, _, taken = origin.rpartition(".")
    if module in _RUNNERS:
        return [taken]
    in_tests = is_test_file(look.source.path, look.source.language)
    # Fixtures of Playwright and Vitest hand on their own ``test`` from a module of the project.
    return [taken] if in_tests and taken in _GLOBALS and origin.startswith(".") else None


def _kind(word: str) -> str | None:
    if word in _TESTS:
        return "test"
    if word in _SUITES:
        return "suite"
    return "hook" if word in _HOOKS else None


def _call(look: Look, words: frozenset[str], arguments: Node) -> RunnerCall | None:
    first = positional(arguments, 0)
    if first is None:
        return None
    body = next((each for each in arguments.named_children if each.type in _FUNCTIONS), None)
    if "hook" not in words:
        has_more = positional(arguments, 1) is not None
        if not (is_string(look, first) or has_more or first.type in _FUNCTIONS):
            return None
    if body is not None and is_async_function(body):
        words |= {"async"}
    return RunnerCall(words, _title(look, first), body)


def _title(look: Look, node: Node) -> str:
    if node.type in _FUNCTIONS:
        return ""
    text = look.text(node)
    if node.type in ("string", "template_string"):
        return text[1:-1].replace("\\'", "'").replace('\\"', '"').replace("\\`", "`")
    return text


def test_id(look: Look, title: str, at: int) -> str:
    """Return the titles of the suites around a place and its own, joined by a space."""
    titles = [title]
    titles.extend(each.title for each in look.regions.around(at) if each.kind is Kind.SUITE)
    return " ".join(each for each in reversed(titles) if each)
