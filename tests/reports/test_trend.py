"""The page of trends: what is told, and what may be chance."""

from skills_lsp.reports.trend import SkillDays, Trends, trend_markdown, trend_sentence

STABLE = {
    "metric": "uses", "verdict": "stable", "q": 0.4, "first": 4.8, "last": 1.8, "change": -0.63,
    "slope_per_day": -0.1, "low": -0.2, "high": 0.0,
}  # fmt: skip


def trends(*p_values: float) -> Trends:
    skills = tuple(SkillDays(f"skill-{n}", ((1.0, 1, 1, 1, 0.0),) * 6) for n in range(3))
    found = tuple(STABLE | {"skill": f"skill-{n}", "p": p} for n, p in enumerate(p_values))
    return Trends(6, skills, found)


def test_what_is_not_sure_is_told_as_such():
    page = trend_markdown(trends(0.01, 0.5, 0.03))
    told, stable = page.split("Stable:")
    perhaps = told.split("## Perhaps")[1]
    assert perhaps.index("skill-0") < perhaps.index("skill-2")
    assert "of 3 that were looked at, about 0 look so by chance" in perhaps
    assert "skill-1" not in perhaps
    assert stable.startswith(" skill-1.")
    assert "## What moves" not in page
    assert "The likeliest is skill-0" in trend_sentence(trends(0.01, 0.5, 0.03))


def test_where_nothing_is_likely_there_is_no_such_section():
    it = trends(0.3, 0.5, 0.9)
    assert "Perhaps" not in trend_markdown(it)
    assert trend_sentence(it) == "Nothing got better or worse in 6 days, beyond chance."
