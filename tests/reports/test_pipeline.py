"""Stages and phases in, figures and advice out."""

from dataclasses import replace

from skills_lsp.domain.gate import ToolTotal
from skills_lsp.domain.pipeline import PipelineHistory, StageTotal
from skills_lsp.reports import crackerjack, pipeline


def total(stage="test", skill="pytest-coverage", n=10, ok=10, seconds=10.0, **others):
    values = {"project": "shop", "pipeline": "CI", **others}
    return StageTotal(stage=stage, skill=skill, n_stages=n, n_succeeded=ok, n_timed=n,
                      total_duration_seconds=n * seconds, **values)  # fmt: skip


def advised(*totals):
    found = pipeline.recommendations(pipeline.stage_figures(totals))
    return [(it.priority, it.stage, it.skills) for it in found]


COMPLETE = (
    total("lint", "ruff-check"), total("lint", "mypy-check"),
    total("security", "bandit-security"), total("security", "pip-audit"),
)  # fmt: skip


def test_a_stage_below_four_fifths_is_a_bottleneck():
    rates = {n: pipeline.stage_figures([total(ok=n)])[0] for n in (10, 8, 7, 4)}
    assert {n: (it.is_bottleneck, it.severity) for n, it in rates.items()} == {
        10: (False, ""), 8: (False, ""), 7: (True, "medium"), 4: (True, "high"),
    }  # fmt: skip


def test_advice_is_ordered_by_what_is_urgent():
    assert advised(total(), *COMPLETE) == []
    assert advised(total(ok=7), *COMPLETE) == []  # 70 % is not below 70 %
    assert advised(
        total(seconds=300.5), total("build", "package-build", ok=6), *COMPLETE[:3]
    ) == [
        ("high", "build", ("package-build",)),
        ("medium", "test", ("pytest-coverage",)),
        ("low", "security", ("pip-audit", "safety-check")),
    ]  # fmt: skip


def test_only_skills_of_the_pipelines_languages_are_missed():
    assert [it[2][0] for it in advised(total(skill="jest-coverage"), total("lint", "eslint-check"))] == [
        "tsc-check", "npm-audit",
    ]  # fmt: skip
    # A pipeline without a stage for it is not asked for linters: it may run elsewhere.
    assert [it[1] for it in advised(total())] == ["security", "security"]
    assert advised(total("build", "my-own-thing")) == []


def test_the_mean_time_is_of_all_that_were_timed_not_of_successes():
    one = StageTotal("shop", "CI", "test", "a", 4, 0, 2, 30.0)
    assert pipeline.stage_figures([one])[0].mean_duration_seconds == 15.0
    never = replace(one, n_timed=0, total_duration_seconds=0.0)
    assert pipeline.stage_figures([never])[0].mean_duration_seconds is None


def test_names_from_outside_are_shown_as_they_are():
    history = PipelineHistory(totals=(total("<b>|x", "*a*", ok=0),), n_builds=1, others=("CI",))
    stages = pipeline.stage_figures(history.totals)
    page = pipeline.document(
        pipeline.sentence(history, stages, "weekly"),
        history,
        stages,
        pipeline.recommendations(stages),
    )
    assert "<b>" not in page.replace("\\<b\\>", "")
    assert "\\*a\\*" in page


def test_an_empty_answer_says_what_to_do():
    assert "skills-lsp ci run" in pipeline.empty_sentence("weekly", "", ())
    assert pipeline.empty_sentence("daily", "CI", ("Nightly",)) == (
        "No pipeline is called CI: there are `Nightly`."
    )
    assert pipeline.empty_sentence("daily", "CI", ("CI",)).endswith("`--window monthly`.")


def test_what_helped_before_comes_before_what_usually_helps():
    tools = crackerjack.tool_figures(
        [
            ToolTotal("tests", "pytest-run", 4, 2, 4, 8.0, ""),
            ToolTotal("fast_hooks", "a", 1, 1, 0, 0.0, ""),
        ]
    )
    assert [(it.tool, it.n_failed, it.mean_duration_seconds) for it in tools] == [
        ("a", 0, None), ("pytest-run", 2, 2.0),
    ]  # fmt: skip
    found = crackerjack.advice(tools, {"pytest-run": ("security-agent",)})
    assert [(it.tool, it.skills[0], it.is_from_history) for it in found] == [
        ("pytest-run", "security-agent", True)
    ]
