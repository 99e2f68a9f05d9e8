"""Running the patterns of a language over a file, or over the part of it that a span touches."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from tree_sitter import Node, QueryCursor

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import pytest_rules, regions, runner_rules
from skills_lsp.patterns.catalogue import Pattern
from skills_lsp.patterns.limits import MAX_DEPTH
from skills_lsp.patterns.look import Captures, Look
from skills_lsp.patterns.regions import Region
from skills_lsp.patterns.rules import ModuleRule, Rule, RuleSet, rule_set
from skills_lsp.patterns.silence import is_silenced
from skills_lsp.syntax.languages import Family
from skills_lsp.syntax.nodes import ancestors
from skills_lsp.syntax.source import Source, span_of, span_over
from skills_lsp.text import Point, Span

_log = logging.getLogger(__name__)

_MATCH_LIMIT = 256
"""How many matches tree-sitter keeps open at a time. Real code keeps some dozens; without a limit,
``a()()()…`` 20,000 calls long costs 4 s instead of a tenth of it."""

_CROWD = 20_000
"""A broken node with more children than this is not looked into: tree-sitter's cursor goes through
all siblings at each step, 8 s for 100,000 open brackets. Code that people write stays below, even
when an open bracket at the top breaks all of a long file."""


def look_at(source: Source, span: Span | None = None) -> tuple[Finding, ...]:
    """Return the findings of a file, or those whose extent touches a span.

    Sorted by place and pattern, none twice.
    """
    rules = rule_set(source.language)
    look = _look(source, span, rules, is_own=False)
    modules = [*rules.modules, *rules.file_modules]
    return _sorted(look, _findings(look, rules, modules))


def look_at_places(source: Source, span: Span) -> tuple[Finding, ...]:
    """Return the findings whose extent touches a span, but for those about the file."""
    rules = rule_set(source.language)
    look = _look(source, span, rules, is_own=False)
    return _sorted(look, _findings(look, rules, rules.modules))


def look_at_own(source: Source, lines: Span) -> tuple[Finding, ...]:
    """Return the findings whose extent begins in some whole lines, but for those about the file."""
    rules = rule_set(source.language)
    look = _look(source, lines, rules, is_own=True)
    return _sorted(look, _findings(look, rules, rules.modules))


def look_at_file(source: Source) -> tuple[Finding, ...]:
    """Return the findings that are about the file as a whole: those about its imports."""
    rules = rule_set(source.language)
    look = Look(source, None, {}, rules.heads, (0, len(source.data) + 2))
    return _sorted(look, _module_findings(look, rules.file_modules))


def _look(source: Source, span: Span | None, rules: RuleSet, *, is_own: bool) -> Look:
    between = _bytes_of(source, span) if span is not None else (0, len(source.data) + 2)
    matches = _matches(source, between, rules, is_whole=span is None)
    look = Look(source, span, matches, rules.heads, between, is_own=is_own)
    look.take_regions(list(_regions(look)))
    return look


def _sorted(look: Look, found: Iterator[Finding]) -> tuple[Finding, ...]:
    kept: dict[tuple[str, Span], Finding] = {}
    for finding in found:
        if look.touches(finding.extent) and not is_silenced(look.source, finding):
            kept.setdefault((finding.pattern, finding.span), finding)
    return tuple(sorted(kept.values(), key=lambda each: (each.span, each.pattern)))


def _matches(
    source: Source, between: tuple[int, int], rules: RuleSet, *, is_whole: bool
) -> dict[str, list[Captures]]:
    found: dict[str, list[Captures]] = {each: [] for each in rules.structures}
    for node in _not_crowded(source.root, *between):
        cursor = QueryCursor(rules.query, match_limit=_MATCH_LIMIT)
        cursor.set_max_start_depth(MAX_DEPTH)
        if not is_whole:
            cursor.set_byte_range(*between)
        for index, captures in cursor.matches(node):
            found[rules.structures[index]].append(captures)
    return found


def _bytes_of(source: Source, span: Span) -> tuple[int, int]:
    """Return the offsets of the lines that a span touches, and one byte around them.

    Where the last of them is a decorator, what it decorates is included: that is what patterns look
    for, and its findings reach over its decorators.
    """
    buffer = source.buffer
    start = buffer.offset(Point(buffer.clamp(span.start).line, 0))
    end = buffer.offset(buffer.clamp(Point(span.end.line, 1 << 30))) + 2
    node = source.root.descendant_for_byte_range(max(0, end - 3), max(0, end - 3))
    for each in (node, *ancestors(node)) if node is not None else ():
        if each.type == "decorated_definition":
            definition = each.child_by_field_name("definition")
            end = max(end, definition.start_byte + 1 if definition is not None else end)
    return max(0, start - 1), end


def _not_crowded(root: Node, start: int, end: int) -> Iterator[Node]:
    """Yield the root, or, where a crowded node is in it, the parts that can be looked into."""
    if not root.has_error:
        yield root
        return
    todo = [root]
    crowded: set[int] = set()
    while todo:
        node = todo.pop()
        if node.child_count > _CROWD:
            crowded.add(node.id)
            continue
        cursor = node.walk()
        if cursor.goto_first_child_for_byte(start) is None:
            continue
        while (child := cursor.node) is not None and child.start_byte <= end:
            if child.has_error and child.child_count:
                todo.append(child)
            if not cursor.goto_next_sibling():
                break
    if not crowded:
        yield root
    else:
        yield from (each for each in root.named_children if not each.has_error)


def _regions(look: Look) -> Iterator[Region]:
    family = look.source.family
    for structure in regions.structures(family):
        for captures in look.matches.get(structure, ()):
            region = regions.region_of(family, captures["region"][0])
            if region is not None:
                yield region
    if family is Family.JAVASCRIPT:
        for captures in look.matches.get(_CALL, ()):
            call = runner_rules.runner_call(look, captures["callee"][0], captures["args"][0])
            kind = runner_rules.region_kind(call)
            if call is not None and kind is not None:
                arguments = captures["args"][0]
                yield Region(
                    kind,
                    arguments.start_byte,
                    arguments.end_byte,
                    arguments,
                    title=call.title,
                    pattern=call.pattern,
                )


_CALL = "( call_expression function: ( _ ) @callee arguments: ( _ ) @args ) @reach"


def _findings(look: Look, rules: RuleSet, modules: Sequence[ModuleRule]) -> Iterator[Finding]:
    first = look.first_own
    for structure, group in rules.groups.items():
        for captures in look.matches[structure]:
            if first and "reach" in captures and captures["reach"][0].start_byte < first:
                continue  # Another stretch's: it begins before this one.
            for rule in group.rules_for(look, captures):
                found = _judge(look, rule, captures)
                if found is not None:
                    yield found
    yield from _module_findings(look, modules)


def _module_findings(look: Look, modules: Sequence[ModuleRule]) -> Iterator[Finding]:
    for module in modules:
        # One failing pattern must not take the others along: it is somebody's file.
        try:
            yield from module.find(look)
        except Exception as error:  # noqa: BLE001
            _report(module.pattern, error)


def _judge(look: Look, rule: Rule, captures: Captures) -> Finding | None:
    try:
        return _finding(look, rule, captures) if rule.holds(look, captures) else None
    except Exception as error:  # noqa: BLE001 - as above
        _report(rule.pattern, error)
        return None


def _report(pattern: Pattern, error: Exception) -> None:
    """Log the failure of a pattern, once: it would fail at each of its matches."""
    if pattern.path not in _reported:
        _reported.add(pattern.path)
        _log.error("The pattern %s failed: %r", pattern.id, error, exc_info=error)


_reported: set[Path] = set()


def _finding(look: Look, rule: Rule, captures: Captures) -> Finding:
    reach = captures.get("reach")
    named = _named(captures)
    name = _name(look, named) if named is not None else ""
    here = _here(look, rule, captures)
    span = span_over(_called(here[0]), _called(here[-1]))
    whole = _whole(reach[0]) if reach else None
    pattern = rule.pattern
    identity = expression = ""
    if pattern.category == "tests":
        name, identity, expression = _test(look, captures, name)
    return Finding(
        pattern=pattern.id,
        category=pattern.category,
        span=span,
        name=name,
        message=rule.message.replace("{name}", name),
        test_id=identity,
        test_pattern=expression,
        reach=span_of(whole) if whole is not None and span_of(whole) != span else None,
    )


def _named(captures: Captures) -> Node | None:
    """Return the node that names what was found: a capture, else the name of the construct."""
    named = captures.get("name") or captures.get("callee")
    if named:
        return named[0]
    reach = captures.get("reach")
    return reach[0].child_by_field_name("name") if reach else None


def _here(look: Look, rule: Rule, captures: Captures) -> list[Node]:
    """Return what a person would underline, which ``(#set! here …)`` may name."""
    if rule.here in ("reach", "value"):
        return captures[rule.here]
    named = _named(captures)
    if rule.here == "property" and named is not None:
        return [named.child_by_field_name("property") or named]
    if rule.here == "async":
        call = runner_rules.runner_call(look, captures["callee"][0], captures["args"][0])
        if call is not None and call.body is not None:
            return [call.body.child(0)]
    return captures.get("here") or ([named] if named is not None else captures["reach"])


def _name(look: Look, node: Node) -> str:
    """Return the name of what was found; of a long expression, none."""
    node = _called(node)
    return look.text(node) if node.end_byte - node.start_byte <= _MAX_NAME_BYTES else ""


_MAX_NAME_BYTES = 120


def _called(node: Node) -> Node:
    """Return the name in ``it.each(table)`` and in ``@mark.skip(...)``, which one would underline."""
    holder = node.parent if node.type in ("call_expression", "call") else None
    if holder is None or holder.type not in ("call_expression", "decorator"):
        return node
    return node.child_by_field_name("function") or node


def _whole(node: Node) -> Node:
    """Return a construct with its decorators."""
    parent = node.parent if node.type in ("function_definition", "class_definition") else None
    return parent if parent is not None and parent.type == "decorated_definition" else node


def _test(look: Look, captures: Captures, name: str) -> tuple[str, str, str]:
    """Return the name of a test, and what its runner needs to run it alone: id and pattern."""
    reach = captures["reach"][0]
    if look.source.family is Family.PYTHON:
        return name, pytest_rules.test_id(look, reach), ""
    call = runner_rules.runner_call(look, captures["callee"][0], captures["args"][0])
    if call is None:
        return name, "", ""
    at = reach.start_byte
    identity = runner_rules.test_id(look, call.title, at)
    return call.title, identity, runner_rules.test_pattern(look, call, at)
