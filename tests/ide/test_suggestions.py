"""Rules of candidates and order: code with a cursor in, ranked skills out."""

import random
from dataclasses import replace

import pytest

from skills_lsp import skills
from skills_lsp.domain.context import Memory, Record
from skills_lsp.domain.skill import (
    Catalogue,
    Category,
    Command,
    Modality,
    Phase,
    Scope,
    Skill,
    ToolKind,
    Trigger,
)
from skills_lsp.ide.candidates import Candidate, candidates
from skills_lsp.ide.context import Place, context_at
from skills_lsp.ide.order import DEFAULT_WEIGHTS, habit_value, order
from skills_lsp.patterns import findings
from skills_lsp.syntax.source import Source
from skills_lsp.text import Point, Span


def context_of(marked: str, path: str = "/shop/prices.py", language: str = "python"):
    """Take the marks out of a text: one `$0` is the cursor, two are a selection."""
    pieces = marked.split("$0")
    assert len(pieces) in (2, 3), "one $0 for the cursor, two for a selection"
    text = "".join(pieces)
    places = [_point("".join(pieces[:n])) for n in range(1, len(pieces))]
    source = Source(text, language, path)
    place = Place(f"file://{path}", path, "/shop", "shop")
    selection = Span(*places) if len(places) == 2 else None
    about_file = [it for it in findings(source) if it.category == "imports"]
    return context_at(source, place, places[0], selection, about_file)


def _point(before: str) -> Point:
    line = before.count("\n")
    return Point(line, len(before[before.rfind("\n") + 1 :].encode()))


def ranked(marked: str, memory: Memory | None = None, **where: str):
    memory = memory or Memory()
    context = context_of(marked, **where)
    found = candidates(context, skills.builtin(), {}, memory)
    return order(found, context, memory)


def names(marked: str, **where: str) -> list[str]:
    return [it.skill.name for it in ranked(marked, **where)]


def skill(name: str, strength: float = 0.9, scope: Scope = Scope.FILE, **fields) -> Skill:
    action = Command(ToolKind.PROGRAM, "true")
    made = Skill(
        name, name, name, Category.TESTING, Modality.TESTING, Phase.EXECUTION, action,
        languages=("python",), triggers=(Trigger("code-exec", strength),), scope=scope,
    )  # fmt: skip
    return replace(made, **fields)


def of(*made: Skill) -> Catalogue:
    return Catalogue(made)


@pytest.mark.parametrize("line", ["$0    def test_b(self):", "  $0  def test_b(self):"])
def test_before_a_definition_the_cursor_is_at_it(line):
    marked = f"class TestA:\n    def test_a(self):\n        pass\n\n{line}\n        pass\n"
    context = context_of(marked, path="/shop/tests/test_a.py")
    assert [it.name for it in context.symbols] == ["TestA", "test_b"]


def test_an_empty_line_belongs_to_what_is_around_it():
    marked = "class A:\n    def b(self):\n        pass\n$0    \n    def c(self):\n        pass\n"
    assert context_of(marked).cursor == Point(3, 0)


EVAL = "def price(text):\n    return ev$0al(text)\n"


def test_a_test_under_the_cursor_offers_to_run_it_first():
    at_test = "def test_a():\n    ass$0ert 1\n"
    assert names(at_test, path="/shop/test_a.py")[0] == "pytest-run"


def test_eval_offers_the_security_audit_first():
    assert names(EVAL)[0] == "bandit-security"


def test_a_word_in_a_comment_or_string_is_not_code():
    assert "bandit-security" not in names("# ev$0al(x)\nx = 'eval(y)'\n")


def test_latest_py_is_no_test_file():
    context = context_of("def latest():$0\n    return 1\n", path="/shop/latest.py")
    assert context.file_kind.value == "source"


def test_jest_is_not_offered_for_python():
    found = names("def it(x):\n    return x\n\nit$0('y')\n")
    assert not {"jest-run", "vitest-run", "mocha-test"} & set(found)


def test_import_class_async_and_eval_together_keep_the_security_finding():
    # The reference cut the list before it ranked it, and lost the one that mattered.
    text = "$0import os\nimport json\n\n\nclass A:\n    async def b(self, t):\n        return eval(t)\n$0"
    assert "bandit-security" in names(text)[:5]


def test_the_innermost_test_is_the_one_that_is_run():
    text = "class TestA:\n    def test_b(self):\n        $0assert 1\n"
    best = ranked(text, path="/shop/test_a.py")[0]
    assert best.finding is not None
    assert best.finding.test_id == "TestA::test_b"


def test_each_skill_is_there_once_and_ranks_count_from_one():
    found = ranked(EVAL)
    assert len({it.skill.name for it in found}) == len(found)
    assert [it.rank for it in found] == list(range(1, len(found) + 1))


def test_confidence_is_the_sum_of_its_parts_and_falls_with_rank():
    found = ranked(EVAL)
    for it in found:
        assert it.confidence == pytest.approx(min(1, sum(p.contribution for p in it.parts)))
        assert 0 <= it.confidence <= 1
    assert [it.confidence for it in found] == sorted((it.confidence for it in found), reverse=True)


def test_order_does_not_depend_on_the_order_of_its_input():
    context = context_of(EVAL)
    found = candidates(context, skills.builtin(), {}, Memory())
    expected = [it.skill.name for it in order(found, context, Memory())]
    for seed in range(20):
        random.Random(seed).shuffle(found)
        assert [it.skill.name for it in order(found, context, Memory())] == expected


def test_what_worked_here_before_goes_ahead_of_its_equal():
    context = context_of(EVAL)
    found = candidates(context, of(skill("a-first"), skill("b-used")), {}, Memory())
    assert [it.skill.name for it in order(found, context, Memory())] == ["a-first", "b-used"]
    used = Memory(here={"b-used": Record(n_runs=5, n_completed=5)})
    assert [it.skill.name for it in order(found, context, used)] == ["b-used", "a-first"]


def test_what_always_broke_gains_less_than_what_always_worked():
    worked, broke = Record(n_runs=6, n_completed=6), Record(n_runs=6, n_completed=0)
    assert habit_value(worked) > 3 * habit_value(broke)


def test_runs_elsewhere_count_less_than_runs_here():
    context = context_of(EVAL)
    found = [Candidate(skill("a"), None, 0, 0)]
    record = {"a": Record(n_runs=5, n_completed=5)}
    here = order(found, context, Memory(here=record))[0]
    elsewhere = order(found, context, Memory(everywhere=record))[0]
    assert here.confidence > elsewhere.confidence > order(found, context, Memory())[0].confidence


def test_of_equal_confidence_the_narrower_scope_is_first():
    weights = replace(DEFAULT_WEIGHTS, scope=0.0)
    context = context_of(EVAL)
    found = candidates(
        context, of(skill("a", scope=Scope.PROJECT), skill("b", scope=Scope.SYMBOL)), {}, Memory()
    )
    assert [it.skill.name for it in order(found, context, Memory(), (), weights)] == ["b", "a"]


def test_a_near_finding_speaks_louder_than_a_far_one():
    near = ranked(EVAL)[0]
    far = next(
        it for it in ranked("def price(text):\n$0    x = 1\n\n    return eval(text)\n")
        if it.skill.name == near.skill.name
    )  # fmt: skip
    assert near.confidence > far.confidence


def test_a_missing_tool_puts_a_skill_behind_its_equals_and_says_so():
    context = context_of(EVAL)
    found = candidates(context, of(skill("a"), skill("b")), {}, Memory())
    ready, missing = order(found, context, Memory(), {"a"})
    assert (ready.skill.name, missing.skill.name) == ("b", "a")
    assert missing.confidence == pytest.approx(sum(it.contribution for it in missing.parts))
    assert missing.reasons[-1] == "its tool is missing here"


def test_plain_code_still_offers_the_checks_of_its_language():
    assert {"ruff-check", "ruff-format", "mypy-check"} <= set(names("x$0 = 1\n"))


def test_what_fits_any_file_stands_behind_what_fits_this_place():
    found = ranked(EVAL)
    general = [it.rank for it in found if it.finding is None and it.parts[0].value]
    special = [it.rank for it in found if it.finding is not None and it.parts[0].value > 0.3]
    assert min(general) > max(special)


def test_disabled_skills_stay_away():
    context = context_of(EVAL)
    found = candidates(context, skills.builtin(), {}, Memory(), frozenset({"bandit-security"}))
    assert "bandit-security" not in {it.skill.name for it in found}


def test_a_skill_that_needs_an_import_waits_for_it():
    wants = skill("vitest", requires_imports=("json",))
    without = context_of(EVAL)
    assert not candidates(without, of(wants), {}, Memory())
    with_it = context_of("import json\n\n\n" + EVAL)
    assert candidates(with_it, of(wants), {}, Memory())


def test_moving_inside_a_function_asks_nothing_new():
    first = context_of("def price(text):\n    a$0 = 1\n    return a\n")
    second = context_of("def price(text):\n    a = 1\n    return$0 a\n")
    assert first.query == second.query


def test_the_query_holds_names_and_no_line_of_the_buffer():
    query = context_of("def load_user(): $0\n    key = 'AKIA secret'\n").query
    assert "load user" in query
    assert "AKIA" not in query
