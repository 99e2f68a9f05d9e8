"""What people read: hovers, lenses, explanations; hostile names shown as text."""

import pytest

from skills_lsp import skills
from skills_lsp.domain.context import Memory, Record
from skills_lsp.domain.finding import Finding
from skills_lsp.domain.foresight import SEMANTIC
from skills_lsp.domain.invocation import Status
from skills_lsp.domain.suggestion import Suggestion
from skills_lsp.ide.actions import could_answer, is_wanted, kind_of
from skills_lsp.ide.explain import Ranking, explanation_markdown
from skills_lsp.ide.hover import findings_at, hover_markdown
from skills_lsp.ide.lenses import LastRun, lens_title, lenses
from skills_lsp.ide.order import DEFAULT_WEIGHTS
from skills_lsp.ide.plain_text import markdown, one_line
from skills_lsp.text import Point, Span
from tests.ide.test_suggestions import EVAL, context_of, ranked, skill

BY = Ranking(SEMANTIC, DEFAULT_WEIGHTS)
HERE = Finding("code-exec", "security", Span(Point(1, 11), Point(1, 15)), "eval", "runs any code")


def test_source_kinds_are_never_ours():
    assert not could_answer(["source.fixAll", "source.organizeImports"])
    assert could_answer(["quickfix"])
    assert could_answer(None)
    assert could_answer([""])
    assert not could_answer([])


def test_a_kind_asked_for_brings_those_below_it():
    assert is_wanted("refactor.rewrite", ["refactor"])
    assert not is_wanted("refactoring", ["refactor"])
    assert is_wanted("skill", [""])


def test_what_answers_a_fault_is_a_quick_fix_and_a_test_run_is_none():
    assert kind_of(ranked(EVAL)[0]) == "quickfix"
    run = ranked("def test_a():\n    $0assert 1\n", path="/shop/test_a.py")[0]
    assert kind_of(run) == "skill"


def test_the_refactoring_agent_is_a_refactoring():
    agent = skills.builtin().by_name["refactoring-agent"]
    assert kind_of(Suggestion(1, agent, 0.5, ())) == "refactor.rewrite"


def test_hover_says_what_was_seen_what_is_suggested_and_how_it_went():
    memory = Memory(here={"bandit-security": Record(3, 3, 0, 1.0, "", "failed", "1 issue")})
    text = hover_markdown([HERE], ranked(EVAL), memory)
    assert "**code-exec** · runs any code" in text
    assert "last time ✗ failed: 1 issue" in text


def test_hover_is_silent_where_nothing_was_seen():
    assert hover_markdown([], ranked(EVAL), Memory()) == ""
    assert findings_at([HERE], Point(0, 0)) == []


def test_a_lens_stands_over_each_test_once_and_tells_the_last_run():
    span = Span(Point(0, 4), Point(0, 10))
    both = [
        Finding("test-function", "tests", span, "test_a", "", "test_a"),
        Finding("async-test", "tests", span, "test_a", "", "test_a"),
    ]
    runs = {"test_a": LastRun(Status.FAILED, "1 failed")}
    made = lenses(both, skills.builtin().skills, {}, runs)
    assert len(made) == 1
    assert made[0].title.startswith("▶ ")
    assert made[0].title.endswith("✗ 1 failed")


def test_a_lens_leaves_out_what_cannot_run():
    every = skills.builtin().skills
    span = Span(Point(0, 4), Point(0, 10))
    seen = [Finding("test-function", "tests", span, "test_a", "", "test_a")]
    blocked = {it.name: "not installed" for it in every}
    assert lenses(seen, every, blocked, {}) == []


def test_a_title_of_markdown_html_and_control_characters_is_shown_as_text():
    hostile = skill("x", title="**b** <img src=x>\x1b[31m\u202e\nnext")
    assert lens_title(hostile.title, None) == "▶ **b** <img src=x> [31m next"
    assert markdown(hostile.title) == r"\*\*b\*\* \<img src=x\> \[31m next"


def test_one_line_cuts_at_its_limit():
    assert one_line("a" * 500, 10) == "a" * 9 + "…"


def test_the_explanation_adds_up_and_names_what_cannot_run():
    found = ranked(EVAL)[:2]
    text = explanation_markdown(
        context_of(EVAL), found, Memory(), {found[1].skill.name: "it is not installed"}, BY
    )
    row = [cell.strip() for cell in text.splitlines()[6].split("|")]
    assert row[1:4] == ["1", found[0].skill.name, f"{found[0].confidence:.2f}"]
    parts = [float(it) for it in row[4:-1]]
    assert sum(parts) == pytest.approx(found[0].confidence, abs=0.005 * len(parts))
    assert "For prices.py:" in text
    assert "cannot run here: it is not installed" in text


def test_the_explanation_of_nothing_is_a_sentence():
    assert "Nothing fits" in explanation_markdown(context_of("x = 1$0\n"), [], Memory(), {}, BY)
