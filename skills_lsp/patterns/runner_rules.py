"""Which calls are tests, suites and hooks to the JavaScript runners.

Source: https://vitest.dev/api/ and https://jestjs.io/docs/api and https://mochajs.org/#interfaces
"""

import re

from tree_sitter import Node

from skills_lsp.patterns.arguments import positional
from skills_lsp.patterns.look import Look, RunnerCall
from skills_lsp.patterns.regions import Kind, is_async_function
from skills_lsp.patterns.runner_files import is_benchmark
from skills_lsp.patterns.runner_names import GLOBALS, PROPERTIES, is_runner, named
from skills_lsp.patterns.runner_titles import FUNCTIONS, full_pattern, read_title
from skills_lsp.patterns.values import is_string
from skills_lsp.syntax.imports import import_table

_DOTTED = re.compile(rb"(?P<head>[A-Za-z_$][\w$]*)(?P<rest>(?:\s*\.\s*[\w$]+)*)")
_MAX_CALLEE_BYTES = 200
# A title and a function, or what wraps one.
_OPENS_AS_TEST = re.compile(
    rb"""\(\s*(?:"[^"\n]*"|'[^'\n]*'|`[^`]{0,400}`)[^()]{0,200}?,\s*
    (?:async\b|function\b|\(|[\w$]+\s*=>|[\w$.]+\(\s*(?:async\b|function\b|\())""",
    re.VERBOSE,
)
_OPENS_IN_BYTES = 1_000
_PARENTHESIS = ord("(")
_NO_HOOKS = frozenset({"object", "number", "array"})
_STRINGS = frozenset({"string", "template_string"})


def runner_call(look: Look, callee: Node, arguments: Node) -> RunnerCall | None:
    """Return what a call is to a test runner, None when it is none of its calls."""
    key = callee.id
    if key not in look.runner_calls:
        look.runner_calls[key] = _runner_call(look, callee, arguments)
    return look.runner_calls[key]


def region_kind(call: RunnerCall | None) -> Kind | None:
    """Return what the arguments of a call are a region of, None when of nothing."""
    if call is None:
        return None
    return Kind.SUITE if "suite" in call.words else Kind.TEST if "test" in call.words else None


def registers(look: Look, callee: Node, arguments: Node) -> RunnerCall | None:
    """Return what a call registers with a runner: within a running test, nothing any more."""
    call = runner_call(look, callee, arguments)
    if call is None:
        return None
    is_late = any(each.kind is Kind.TEST for each in look.regions.around(callee.start_byte))
    return None if is_late else call


def _runner_call(look: Look, callee: Node, arguments: Node) -> RunnerCall | None:
    if arguments.type != "arguments" or not _may_be_runner(look, callee, arguments):
        return None
    if is_benchmark(look.source):
        return None
    found = named(look.source, callee)
    if found is None or found.waits or found.kind not in ("test", "suite", "hook"):
        return None
    return _call(look, found.kind, found.words, arguments)


def _may_be_runner(look: Look, callee: Node, arguments: Node) -> bool:
    """Say, from the bytes alone, whether a call is worth a question about names: most are not."""
    data, start, end = look.source.data, callee.start_byte, callee.end_byte
    dotted = _DOTTED.match(data, start, min(end, start + _MAX_CALLEE_BYTES))
    if dotted is None:  # (isWindows ? it.skip : it)("…")
        return data[start] == _PARENTHESIS and _opens_as_test(data, arguments)
    if dotted.end() == end and dotted["rest"]:
        words = (each.strip().decode() for each in dotted["rest"].split(b".")[1:])
        if not PROPERTIES.issuperset(words):
            return False
    head = dotted["head"].decode()
    return head in GLOBALS or head in _imported(look) or _opens_as_test(data, arguments)


def _opens_as_test(data: bytes | bytearray, arguments: Node) -> bool:
    start = arguments.start_byte
    end = min(arguments.end_byte, start + _OPENS_IN_BYTES)
    return _OPENS_AS_TEST.match(data, start, end) is not None


def _imported(look: Look) -> frozenset[str]:
    """Return the names that imports from test runners bind."""

    def find() -> frozenset[str]:
        table = import_table(look.source)
        return frozenset(
            name
            for name, origin in table.items()
            if is_runner(origin) or is_runner(origin.rpartition(".")[0])
        )

    return look.source.remember("names of runners", find)


def _call(look: Look, kind: str, words: frozenset[str], arguments: Node) -> RunnerCall | None:
    first, second = positional(arguments, 0), positional(arguments, 1)
    body = next((each for each in arguments.named_children if each.type in FUNCTIONS), None)
    is_one = _is_hook(first) if kind == "hook" else _is_titled(look, first, second)
    if first is None or not is_one:
        return None
    if body is not None and is_async_function(body):
        words |= {"async"}
    if kind == "hook":
        return RunnerCall(words | {kind}, "", body)
    is_table = "each" in words
    title, pattern = read_title(look.source, first, is_table=is_table)
    return RunnerCall(words | {kind}, title, body, pattern)


def _is_hook(first: Node | None) -> bool:
    """Say whether a hook is given something to run; its name, or options, may come first."""
    return first is not None and first.type not in _NO_HOOKS


def _is_titled(look: Look, first: Node | None, second: Node | None) -> bool:
    """Say whether a call registers: ``it(name, run)``, ``it("later")``, ``describe(run)``.

    ``test.skip(isMobile, "why")`` is Playwright's word within a test.
    """
    if first is None:
        return False
    if is_string(look, first) or first.type in FUNCTIONS:
        return first.type not in FUNCTIONS or second is None or second.type not in _STRINGS
    return second is not None and second.type not in _STRINGS


def adds_fixtures(look: Look, callee: Node) -> bool:
    """Say whether a call is a test object's ``extend``, whatever the object is called here."""
    end = callee.end_byte
    if look.source.data[end - len(_EXTEND) : end] != _EXTEND:
        return False
    found = named(look.source, callee)
    return found is not None and found.kind == "test" and found.waits == "extend"


_EXTEND = b".extend"


def skips_itself(look: Look, callee: Node, arguments: Node) -> bool:
    """Say whether a test skips itself as it runs: ``this.skip()``, ``t.skip()``."""
    call = runner_call(look, callee, arguments)
    if call is None or call.body is None or "test" not in call.words:
        return False
    data, start, end = look.source.data, call.body.start_byte, call.body.end_byte
    if data.find(b"skip", start, end) < 0:
        return False
    given = call.body.child_by_field_name("parameters") or call.body.child_by_field_name(
        "parameter"
    )
    names = set(_NAME.findall(look.text(given))) if given is not None else set()
    # In a function within the test it counts as well: that one is of the test.
    callees = {b"this.", *(f"{each}.".encode() for each in names)}
    if "skip" in names:
        callees.add(b"")
    return any((found[1] or b"") in callees for found in _SKIPS.finditer(data, start, end))


_SKIPS = re.compile(rb"(?<![\w$.])([\w$]+\.)?skip\(")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")


def test_id(look: Look, title: str, at: int) -> str:
    """Return the titles of the suites around a place and its own, joined by a space."""
    titles = [title]
    titles.extend(each.title for each in look.regions.around(at) if each.kind is Kind.SUITE)
    return " ".join(each for each in reversed(titles) if each)


def test_pattern(look: Look, call: RunnerCall, at: int) -> str:
    """Return the regular expression that the full names of a test's runs match, and few others."""
    if "hook" in call.words:
        return ""
    around: list[str] = []
    for each in look.regions.around(at):
        if each.kind is Kind.SUITE:
            around.append(each.pattern)
        elif each.kind is Kind.FUNCTION and _is_called_elsewhere(each.node):
            around.append("")  # The suites that it is called in are between.
    return full_pattern(around[::-1], call.pattern, is_suite="suite" in call.words)


def _is_called_elsewhere(function: Node) -> bool:
    """Say whether a function has a name to be called by, so that its tests are of other suites."""
    if function.type not in FUNCTIONS:
        return True
    parent = function.parent
    return parent is not None and parent.type in _NAMES_ITS_VALUE


_NAMES_ITS_VALUE = frozenset(
    {"variable_declarator", "assignment_expression", "pair", "export_statement", "return_statement"}
)
