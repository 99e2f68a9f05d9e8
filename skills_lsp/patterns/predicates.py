"""The questions that pattern files may ask of their captures: ``(#name? @capture "value" …)``.

Each is made once when the pattern is loaded and then asked of every match. ``not-`` before any name
turns the answer round.
"""

from collections.abc import Callable
from typing import TypeAlias

from tree_sitter import Node

from skills_lsp.patterns import (
    arguments,
    async_bodies,
    blocking,
    decorators,
    documentation,
    javascript_regexes,
    javascript_secrets,
    javascript_sinks,
    javascript_sql,
    javascript_values,
    javascript_web,
    places,
    pytest_rules,
    python_sql,
    python_values,
    runner_rules,
    secret_names,
    shells,
    skips,
    values,
)
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Captures, Look
from skills_lsp.patterns.regions import Kind, is_async_function
from skills_lsp.patterns.scheme import Predicate, string_value
from skills_lsp.patterns.test_files import is_collected, is_test_file

Check: TypeAlias = Callable[[Look, Captures], bool]
Ask: TypeAlias = Callable[[Look, Node], bool]
_Make: TypeAlias = Callable[[tuple[str, ...]], Check]


def check_of(predicate: Predicate) -> Check:
    """Make the check of a predicate. Raises ValueError with the reason when it is not one."""
    name = predicate.name
    is_negated = name.startswith("not-")
    make = _PREDICATES.get(name.removeprefix("not-"))
    if make is None:
        raise ValueError(f"#{name} is not a predicate that is known")
    check = make(predicate.arguments)
    return (lambda look, captures: not check(look, captures)) if is_negated else check


def is_about_file(predicate: Predicate) -> bool:
    """Say whether a predicate has one answer for all matches of a file."""
    return predicate.name.removeprefix("not-") in _ABOUT_FILE


_ABOUT_FILE = frozenset(
    {"in-test-file?", "in-collected-file?", "in-stub?", "in-package-init?", "imports?"}
)


def callees_of(predicate: Predicate) -> tuple[str, frozenset[str]] | None:
    """Return capture and names of a ``#resolves-to?``, by which matches are handed out."""
    if predicate.name != "resolves-to?":
        return None
    return _capture(predicate.arguments), _strings(predicate.arguments)


def methods_of(predicate: Predicate) -> tuple[str, frozenset[str]] | None:
    """Return capture and names of a ``#method?``, by which matches are handed out."""
    if predicate.name != "method?":
        return None
    return _capture(predicate.arguments), _strings(predicate.arguments)


def texts_of(predicate: Predicate) -> tuple[str, frozenset[str]] | None:
    """Return capture and texts of an ``#eq?`` or ``#any-of?``, by which matches are handed out."""
    if predicate.name not in ("eq?", "any-of?"):
        return None
    return _capture(predicate.arguments), _strings(predicate.arguments)


def last_word(look: Look, callee: Node) -> str:
    """Return the method's name in ``anything.at().all.name``, else nothing. Reads the end alone."""
    start, end = callee.start_byte, callee.end_byte
    _before, dot, word = look.source.data[max(start, end - _MAX_METHOD_BYTES) : end].rpartition(
        b"."
    )
    return word.strip().decode("utf-8", "replace") if dot else ""


_MAX_METHOD_BYTES = 40


def names_of(predicate: Predicate) -> frozenset[str]:
    """Return the dotted names that a predicate compares with what something stands for."""
    is_about_names = predicate.name.removeprefix("not-") in _ABOUT_NAMES
    return _strings(predicate.arguments) if is_about_names else frozenset()


_ABOUT_NAMES = frozenset(
    {"resolves-to?", "decorated-with?", "decorator?", "argument-resolves-to?", "made-by?"}
)


def _on_text(test: Callable[[str, tuple[str, ...]], bool]) -> _Make:
    """Make a predicate about the text of its capture."""

    def make(words: tuple[str, ...]) -> Check:
        name, strings = _capture(words), tuple(map(string_value, words[1:]))

        def check(look: Look, captures: Captures) -> bool:
            nodes = captures.get(name)
            return bool(nodes) and all(test(look.text(node), strings) for node in nodes or ())

        return check

    return make


def _on_node(ask: Ask) -> _Make:
    """Make a predicate about its one capture; without the capture the answer is no."""

    def make(words: tuple[str, ...]) -> Check:
        name = _capture(words)

        def check(look: Look, captures: Captures) -> bool:
            nodes = captures.get(name)
            return bool(nodes) and ask(look, (nodes or [])[0])

        return check

    return make


def _on_two(ask: Callable[[Look, Node, Node], bool]) -> _Make:
    """Make a predicate about two captures that belong together."""

    def make(words: tuple[str, ...]) -> Check:
        first, second = _capture(words), _capture(words[1:])

        def check(look: Look, captures: Captures) -> bool:
            return ask(look, captures[first][0], captures[second][0])

        return check

    return make


def _on_file(ask: Callable[[Look], bool]) -> _Make:
    return lambda _words: lambda look, _captures: ask(look)


def _matches(words: tuple[str, ...]) -> Check:
    if len(words) != 2:  # noqa: PLR2004 - the capture and the expression
        raise ValueError("#match? takes a capture and one regular expression")
    expression = Late(string_value(words[1]))
    return _on_text(lambda text, _strings: expression.search(text) is not None)((words[0],))


def _resolves_to(words: tuple[str, ...]) -> Check:
    name, names = _capture(words), _strings(words)

    def check(look: Look, captures: Captures) -> bool:
        nodes = captures.get(name)
        origin = look.origin(nodes[0]) if nodes else None
        return origin is not None and is_among(origin, names)

    return check


def _is_method(words: tuple[str, ...]) -> Check:
    name, names = _capture(words), _strings(words)
    return lambda look, captures: name in captures and last_word(look, captures[name][0]) in names


def is_among(origin: str, names: frozenset[str]) -> bool:
    """Say whether a dotted name is one of some, or in a module given as ``module.*``."""
    return origin in names or f"{origin.rpartition('.')[0]}.*" in names


def _keyword(words: tuple[str, ...]) -> Check:
    name, key, *allowed = _capture(words), string_value(words[1]), *map(string_value, words[2:])

    def check(look: Look, captures: Captures) -> bool:
        value = arguments.keyword(look, captures[name][0], key) if name in captures else None
        return value is not None and (not allowed or look.text(value) in allowed)

    return check


def _argument(ask: Ask) -> _Make:
    """Make a predicate about a positional argument: ``(#…? @arguments "0")``."""

    def make(words: tuple[str, ...]) -> Check:
        name, index = _capture(words), int(string_value(words[1])) if len(words) > 1 else 0

        def check(look: Look, captures: Captures) -> bool:
            value = arguments.positional(captures[name][0], index) if name in captures else None
            return value is not None and ask(look, value)

        return check

    return make


def _any_argument(ask: Ask) -> _Make:
    def make(words: tuple[str, ...]) -> Check:
        name = _capture(words)

        def check(look: Look, captures: Captures) -> bool:
            nodes = captures.get(name)
            return bool(nodes) and any(
                ask(look, each) for each in (nodes or [])[0].named_children if not each.is_extra
            )

        return check

    return make


def _is_runner(words: tuple[str, ...]) -> Check:
    callee, args = _capture(words), _capture(words[1:])
    wanted = frozenset(map(string_value, words[2:]))

    def check(look: Look, captures: Captures) -> bool:
        call = runner_rules.registers(look, captures[callee][0], captures[args][0])
        return call is not None and not wanted.isdisjoint(call.words)

    return check


def _skips_itself(words: tuple[str, ...]) -> Check:
    callee, args = _capture(words), _capture(words[1:])
    return lambda look, captures: runner_rules.skips_itself(
        look, captures[callee][0], captures[args][0]
    )


def _in_async(look: Look, node: Node) -> bool:
    function = look.regions.function_around(node.start_byte)
    return function is not None and function.is_async


def _in_loop(look: Look, node: Node) -> bool:
    for region in look.regions.around(node.start_byte):
        if region.kind is Kind.LOOP:
            return True
        if region.kind in (Kind.FUNCTION, Kind.LAMBDA, Kind.CLASS):
            return False
    return False


def _in_function(look: Look, node: Node) -> bool:
    return look.regions.function_around(node.start_byte) is not None


def _in_tests(look: Look) -> bool:
    return is_test_file(look.source.path, look.source.language, look.source.project)


def _capture(words: tuple[str, ...]) -> str:
    if not words or not words[0].startswith("@"):
        raise ValueError("a predicate's first word must be a capture")
    return words[0][1:]


def _strings(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(string_value, words[1:]))


_PREDICATES: dict[str, _Make] = {
    "eq?": _on_text(lambda text, strings: text == strings[0]),
    "any-of?": _on_text(lambda text, strings: text in strings),
    "match?": _matches,
    "resolves-to?": _resolves_to,
    "in-test-file?": _on_file(_in_tests),
    "in-collected-file?": _on_file(lambda look: is_collected(look.source)),
    "in-stub?": _on_file(lambda look: look.source.path.endswith((".pyi", ".d.ts"))),
    "inside-async?": _on_node(_in_async),
    "inside-function?": _on_node(_in_function),
    "in-coroutine?": _on_node(blocking.runs_in_coroutine),
    "method-of?": blocking.make_method_of,
    "held-by-name?": _on_node(blocking.is_held_by_name),
    "waits?": _on_node(blocking.waits),
    "in-loop?": _on_node(_in_loop),
    "constant?": _on_node(values.is_constant),
    "sql?": _on_node(values.is_sql),
    "built-string?": _on_node(values.is_built_string),
    "secret-name?": _on_node(values.is_secret_name),
    "secret-value?": _on_node(values.is_secret_value),
    "secret-shape?": _on_node(values.is_secret_shape),
    "has-keyword?": _keyword,
    "tls-call?": _on_node(places.is_tls_call),
    "unchecked?": _on_node(places.is_unchecked),
    "sanitized?": _on_node(places.is_sanitized),
    "outermost?": _on_node(places.is_outermost),
    "inside-sum?": _on_node(places.is_in_sum),
    "tagged?": _on_node(places.is_tagged),
    "imported?": _on_node(places.is_imported),
    "in-package-init?": _on_file(lambda look: look.source.path.endswith("__init__.py")),
    "argument-match?": arguments.make_argument_match,
    "has-splat?": _on_node(arguments.has_splat),
    "has-mapping-splat?": _on_node(python_values.has_mapping_splat),
    "imports?": python_values.make_imports,
    "made-by?": python_values.make_made_by,
    "argument-value?": python_values.make_argument_value,
    "safe-loader?": _on_node(python_values.has_safe_loader),
    "argument-below?": python_values.make_argument_below,
    "unverified?": _on_node(python_values.is_unverified),
    "before-unchecked?": _on_node(python_values.is_before_unchecked),
    "argument-written-text?": _argument(python_values.is_written_text),
    "shell?": _on_node(shells.has_shell),
    "turns-shell-on?": _on_node(shells.turns_shell_on),
    "names-shell?": _on_node(shells.names_shell),
    "argument-risky-command?": _argument(shells.is_risky_command),
    "process?": _on_node(shells.is_process),
    "python-sql?": _on_node(python_sql.is_glued),
    "argument-glued-sql?": _argument(python_sql.is_glued_argument),
    "argument-glued-name?": _argument(python_sql.is_glued_name),
    "own-method?": _on_node(python_sql.is_own_method),
    "runs-command?": _on_node(shells.runs_command),
    "docstring?": _on_node(secret_names.is_docstring),
    "query?": _on_node(python_sql.is_query),
    "risky-raw?": _on_node(python_sql.is_risky_raw),
    "risky-extra?": _on_node(python_sql.is_risky_extra),
    "secret?": _on_two(secret_names.is_secret),
    "compared-secret?": _on_node(secret_names.is_compared_secret),
    "argument-constant?": _argument(values.is_constant),
    "argument-dynamic?": _argument(lambda look, node: not values.is_constant(look, node)),
    "argument-string?": _argument(values.is_string),
    "argument-function?": _argument(values.is_function),
    "argument-sql?": _argument(values.is_sql),
    "any-argument-dynamic?": _any_argument(lambda look, node: not values.is_constant(look, node)),
    "property?": arguments.make_property,
    "argument-resolves-to?": arguments.make_argument_resolves,
    "pytest-function?": _on_node(pytest_rules.is_test_function),
    "pytest-test?": _on_node(pytest_rules.is_test),
    "skip-mark?": _on_node(skips.skips),
    "skipped-row?": _on_node(skips.is_row_skipped),
    "opens-test?": _on_node(skips.opens_test),
    "raised?": _on_node(skips.is_raised),
    "module-level?": _on_node(skips.is_at_module_level),
    "pytest-class?": _on_node(pytest_rules.is_test_class),
    "decorated-with?": decorators.make_decorated_with,
    "fixture?": _on_node(pytest_rules.is_fixture),
    "hook-method?": _on_node(pytest_rules.is_hook),
    "public?": _on_node(documentation.is_public),
    "undocumented?": _on_node(documentation.is_undocumented),
    "untyped?": _on_node(documentation.is_untyped),
    "decorator?": decorators.make_decorator,
    "statement?": _on_node(places.is_statement),
    "async?": _on_node(lambda _look, node: is_async_function(node)),
    "awaited-in-loop?": _on_node(async_bodies.is_awaited_in_loop),
    "runner?": _is_runner,
    "method?": _is_method,
    "computed?": _on_node(javascript_values.is_computed),
    "argument-computed?": _argument(javascript_values.is_computed),
    "any-argument-computed?": _any_argument(javascript_values.is_computed),
    "argument-built?": _argument(javascript_sinks.is_built),
    "argument-command?": _argument(javascript_sinks.is_command),
    "any-argument-command?": _any_argument(javascript_sinks.is_command),
    "shell-run?": _on_node(javascript_sinks.is_shell_run),
    "html?": _on_node(javascript_sinks.is_html),
    "argument-html?": _argument(javascript_sinks.is_html),
    "any-argument-html?": _any_argument(javascript_sinks.is_html),
    "argument-markup?": _argument(javascript_sinks.is_markup),
    "argument-from-address?": _argument(javascript_sinks.is_from_address),
    "jquery?": _on_node(javascript_sinks.is_jquery),
    "printed?": _on_node(javascript_sinks.is_printed),
    "sql-glued?": _on_node(javascript_sql.is_glued),
    "sql-call?": _on_node(javascript_sql.is_call),
    "sql-format?": _on_node(javascript_sql.is_format),
    "sql-added?": _on_node(javascript_sql.is_added),
    "argument-written-key?": _argument(javascript_secrets.is_written_key),
    "option-written-key?": javascript_sinks.make_option_ask(javascript_secrets.is_secret_option),
    "named-secret?": _on_node(javascript_secrets.is_named_secret),
    "key-of?": _on_node(javascript_secrets.is_key_of),
    "strategy-secret?": _on_node(javascript_secrets.is_strategy_secret),
    "nested-repetition?": _on_node(javascript_regexes.is_nested_repetition),
    "argument-nested-repetition?": _argument(javascript_regexes.is_nested_in_string),
    "request-markup?": _on_node(javascript_web.is_request_markup),
    "returns-argument?": _on_node(javascript_web.gives_back_argument),
    "verified-around?": _on_node(javascript_web.is_verified_around),
    "ftp-client?": _on_node(javascript_web.is_ftp_client),
    "argument-module?": _argument(javascript_web.is_open_module),
    "last-argument-true?": _on_node(javascript_web.is_last_true),
    "debugger-flag?": _on_node(javascript_web.is_debugger_flag),
    "in-branch?": _on_node(javascript_web.is_in_branch),
    "sandbox-run?": _on_node(javascript_sinks.is_sandbox_run),
    "text?": javascript_sinks.make_text,
    "argument-text?": javascript_sinks.make_argument_text,
    "option?": javascript_sinks.make_option,
    "option-match?": javascript_sinks.make_option_match,
    "option-text?": javascript_sinks.make_option_text,
    "option-computed?": javascript_sinks.make_option_ask(javascript_values.is_computed),
    "skips-itself?": _skips_itself,
    "adds-fixtures?": _on_node(runner_rules.adds_fixtures),
}
