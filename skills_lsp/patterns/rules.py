"""The patterns of a language, made ready: one compiled query, and rules that judge its matches."""

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from types import ModuleType

from tree_sitter import Query, QueryError

from skills_lsp.domain.finding import Finding
from skills_lsp.errors import PatternError
from skills_lsp.patterns import regions
from skills_lsp.patterns.catalogue import ROOT, Definition, Pattern, definitions, problem
from skills_lsp.patterns.look import Captures, Look
from skills_lsp.patterns.predicates import (
    Check,
    callees_of,
    check_of,
    is_about_file,
    last_word,
    methods_of,
    names_of,
    texts_of,
)
from skills_lsp.patterns.runner_rules import runner_call
from skills_lsp.patterns.scheme import Clause
from skills_lsp.syntax.languages import family_of, grammar
from skills_lsp.syntax.source import Source


@dataclass(frozen=True, slots=True)
class Rule:
    """One clause of a pattern: what must hold of a match for it to be a finding."""

    pattern: Pattern
    message: str
    here: str  # which part of the match is underlined, where no capture says it
    checks: tuple[Check, ...]
    about_file: tuple[Check, ...] = ()  # those that have one answer for all matches of a file
    key: str = ""  # those as they are written

    def holds(self, look: Look, captures: Captures) -> bool:
        """Say whether a match is a finding."""
        if not self.is_on(look):
            return False
        for check in self.checks:  # noqa: SIM110 - asked 100,000 times; a generator costs twice that
            if not check(look, captures):
                return False
        return True

    def is_on(self, look: Look) -> bool:
        """Say whether the rule is for this file at all."""
        if not self.about_file:
            return True
        known = look.rules_on.get(id(self))
        if known is None:
            source = look.source
            key = ("is on", str(self.pattern.path), self.key)
            known = look.rules_on[id(self)] = source.remember(key, partial(self.is_for, source))
        return known

    def is_for(self, source: Source) -> bool:
        """Say what the checks about a file as a whole say."""
        look = Look(source, None, {}, frozenset(), (0, 0))
        return all(check(look, {}) for check in self.about_file)


@dataclass(slots=True)
class Group:
    """The rules that share a structure; those about a callee are found by what it stands for.

    Those about a method of anything (``….innerHTML``) are found by the last word of the callee, those
    about a few texts by the text.
    """

    always: list[Rule] = field(default_factory=list)
    by_callee: dict[str, dict[str, list[Rule]]] = field(default_factory=dict)
    by_method: dict[str, dict[str, list[Rule]]] = field(default_factory=dict)
    by_text: dict[str, dict[str, list[Rule]]] = field(default_factory=dict)
    of_runners: list[Rule] = field(default_factory=list)

    def always_on(self, look: Look) -> list[Rule]:
        """Return the rules for every match, but for those that are not for this file."""
        known: list[Rule] | None = look.groups_on.get(id(self))
        if known is None:
            known = look.groups_on[id(self)] = [each for each in self.always if each.is_on(look)]
        return known

    def rules_for(self, look: Look, captures: Captures) -> list[Rule]:
        """Return the rules that may hold of a match."""
        found = self.always_on(look) if self.always else []
        for capture, rules in self.by_callee.items():
            nodes = captures.get(capture)
            origin = look.origin(nodes[0]) if nodes and look.may_resolve(nodes[0]) else None
            if origin is not None:
                module = f"{origin.rpartition('.')[0]}.*"
                found = [*found, *rules.get(origin, ()), *rules.get(module, ())]
        for capture, rules in self.by_method.items():
            nodes = captures.get(capture)
            named = rules.get(last_word(look, nodes[0])) if nodes else None
            found = [*found, *named] if named else found
        for capture, rules in self.by_text.items():
            nodes = captures.get(capture)
            if nodes and nodes[0].end_byte - nodes[0].start_byte <= _MAX_TEXT_BYTES:
                written = rules.get(look.text(nodes[0]))
                found = [*found, *written] if written else found
        if self.of_runners and runner_call(look, captures["callee"][0], captures["args"][0]):
            found = [*found, *self.of_runners]
        return found


_MAX_TEXT_BYTES = 100
"""No text that a pattern compares with as a whole is longer."""


@dataclass(frozen=True, slots=True)
class ModuleRule:
    """A pattern that Python code finds."""

    pattern: Pattern
    find: Callable[[Look], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All that is looked for in a language."""

    query: Query
    structures: tuple[str, ...]  # by the index of the pattern in the query
    groups: dict[str, Group]
    modules: tuple[ModuleRule, ...]
    file_modules: tuple[ModuleRule, ...]  # those about the file as a whole: its imports
    heads: frozenset[str]  # first words of the names that rules ask for
    problems: tuple[PatternError, ...]


@cache
def rule_set(language: str, root: Path = ROOT) -> RuleSet:
    """Return the rules of a language; they are compiled when first asked for."""
    known, found_problems = definitions(language, root)
    problems = list(found_problems)
    groups: dict[str, Group] = {}
    heads: set[str] = set()
    modules: list[ModuleRule] = []
    extra: list[str] = []
    for each in known:
        try:
            if each.pattern.is_module:
                module = _load(each.pattern.path, root)
                modules.append(ModuleRule(each.pattern, module.find))
                extra.extend(getattr(module, "STRUCTURES", ()))
            else:
                _add(each, groups, heads)
        # A pattern is somebody's file: whatever is wrong with it must not take the others along.
        except Exception as error:  # noqa: BLE001
            problems.append(problem(each.pattern.path, str(error) or type(error).__name__))
    wanted = (*regions.structures(family_of(language)), *groups, *extra)
    query, structures = _compile(language, tuple(dict.fromkeys(wanted)), groups, problems)
    about_file = [each for each in modules if each.pattern.category in _ABOUT_FILE]
    about_places = [each for each in modules if each.pattern.category not in _ABOUT_FILE]
    return RuleSet(
        query,
        structures,
        groups,
        tuple(about_places),
        tuple(about_file),
        frozenset(heads),
        tuple(problems),
    )


_ABOUT_FILE = frozenset({"imports"})
"""Categories of modules that look at all of a file whatever changed: any line may use an import."""


def _add(definition: Definition, groups: dict[str, Group], heads: set[str]) -> None:
    """Add the rules of a query file, all or none."""
    ready = [(clause, *_rule(definition.pattern, clause)) for clause in definition.clauses]
    for clause in definition.clauses:
        heads.update(
            name.partition(".")[0] for each in clause.predicates for name in names_of(each)
        )
    for clause, rule, callee in ready:
        group = groups.setdefault(clause.structure, Group())
        method = next(filter(None, map(methods_of, clause.predicates)), None)
        told = next(filter(None, map(texts_of, clause.predicates)), None)
        if callee is None and (method is not None or told is not None):
            capture, words = method or told or ("", frozenset())
            table = group.by_method if method is not None else group.by_text
            by_word = table.setdefault(capture, {})
            for name in sorted(words):
                by_word.setdefault(name, []).append(rule)
            continue
        if callee is None:
            is_of_runner = any(each.name == "runner?" for each in clause.predicates)
            (group.of_runners if is_of_runner else group.always).append(rule)
            continue
        capture, names = callee
        rules = group.by_callee.setdefault(capture, {})
        for name in sorted(names):
            rules.setdefault(name, []).append(rule)


def _rule(pattern: Pattern, clause: Clause) -> tuple[Rule, tuple[str, frozenset[str]] | None]:
    callee = next(filter(None, map(callees_of, clause.predicates)), None)
    asked = [each for each in clause.predicates if callees_of(each) is None]
    about_file = tuple(check_of(each) for each in asked if is_about_file(each))
    checks = tuple(check_of(each) for each in asked if not is_about_file(each))
    key = " ".join(
        f"{each.name} {' '.join(each.arguments)}" for each in asked if is_about_file(each)
    )
    message = clause.settings["message"]
    return Rule(pattern, message, here_of(clause), checks, about_file, key), callee


def here_of(clause: Clause) -> str:
    """Return which part of a match a clause wants underlined."""
    here = clause.settings.get("here", "")
    if here not in ("", "reach", "value", "property", "async"):
        raise ValueError(f"{here} is not a part of a match that can be underlined")
    return here


def _compile(
    language: str,
    structures: tuple[str, ...],
    groups: dict[str, Group],
    problems: list[PatternError],
) -> tuple[Query, tuple[str, ...]]:
    """Compile all structures in one query; if one is broken, find it and leave it out."""
    try:
        return Query(grammar(language), "\n".join(structures)), structures
    except QueryError:
        good = []
        for structure in structures:
            try:
                Query(grammar(language), structure)
                good.append(structure)
            except QueryError as error:
                problems.extend(_blame(structure, groups, str(error)))
        return Query(grammar(language), "\n".join(good)), tuple(good)


def _blame(structure: str, groups: dict[str, Group], reason: str) -> Iterator[PatternError]:
    group = groups.pop(structure, Group())
    by_words = (*group.by_method.values(), *group.by_text.values())
    tables = (*group.by_callee.values(), *by_words)
    by_name = (each for names in tables for each in names.values())
    rules = [*group.always, *group.of_runners, *(rule for rules in by_name for rule in rules)]
    for path in dict.fromkeys(rule.pattern.path for rule in rules):
        yield problem(path, reason)


def _load(path: Path, root: Path) -> ModuleType:
    if root == ROOT:
        return importlib.import_module(f"{__package__}.{path.parent.name}.{path.stem}")
    spec = importlib.util.spec_from_file_location(f"pattern_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ValueError("it cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
