"""What was learned: how well it foretells, which weights order the suggestions, and whether it helps."""

from collections.abc import Mapping, Sequence
from typing import Any

from skills_lsp.reports import charts
from skills_lsp.reports.layout import moment, nothing_yet, percent, plain, plural, signed
from skills_lsp.text.markdown import table

TITLE = "What was learned"
Data = Mapping[str, Any]
_N_FITS, _N_TRIES, _N_FEATURES = 10, 10, 5
_WORTH_SAYING = 0.0005


def verdict(estimate: Data | None, project: str = "") -> str:
    """Return in one sentence how much better the order is than patterns alone, here or anywhere."""
    where = f" in {plain(project)}" if project else ""
    if estimate is None:
        return "The process that does the arithmetic gave no answer, so the order cannot be judged."
    if not estimate["n_picks"]:
        return (
            f"The order cannot be judged yet: nothing was picked from a list{where} so far. Pick skills "
            "from the code actions of your editor, and each pick will count."
        )
    found = estimate["difference"]
    of = f"{plural(estimate['n_picks'], 'pick')} from {plural(estimate['n_lists'], 'list')}{where}"
    if found["estimate"] is None:
        return (
            f"The order cannot be judged from {of}: they never stood as it would have put them. "
            "A little exploration (the setting `exploration`) changes that."
        )
    by = f"{signed(found['estimate'], digits=3)} in reciprocal rank of the pick"
    sure = f"95 % sure: {signed(found['low'], digits=3)} to {signed(found['high'], digits=3)}"
    if found["low"] > 0:
        return f"The order is better than patterns alone: {by} ({sure}; {of})."
    if found["high"] < 0:
        return (
            f"The order is worse than patterns alone: {by} ({sure}; {of}). The setting "
            "`rankingStrategy` set to `semantic` takes what was learned out of it."
        )
    return f"Whether the order is better than patterns alone is open: {by} ({sure}; {of})."


def page(
    fits: Sequence[Data],
    tries: Sequence[Data],
    weights: Data,
    counts: Data,
    estimate: Data | None,
    project: str = "",
) -> str:
    """Return the report as a document."""
    if not fits and not counts["by_answer"]:
        return nothing_yet(TITLE)
    blocks = [
        f"# {TITLE}",
        verdict(estimate, project),
        *_order(estimate),
        *_lists(counts),
        "## Weights in force",
        _weights(weights, tries),
        "## Fits of what foretells success and the next skill",
        *_fits(fits),
    ]
    return "\n\n".join(it for it in blocks if it) + "\n"


def over_time(estimate: Data | None) -> dict[str, Any]:
    """Return the estimates by month as a chart."""
    groups = [it for it in (estimate or {}).get("over_time", ()) if "difference" in it]
    series = {
        name: [it[key]["estimate"] for it in groups]
        for name, key in (("the order in force", "present"), ("patterns alone", "patterns"))
    }
    labels = [it["group"] for it in groups]
    return charts.lines("What was picked stood first", labels, series, "reciprocal rank")


def calibration(fits: Sequence[Data]) -> dict[str, Any]:
    """Return how well each fit foretold what it had not seen, as a chart."""
    measured = [it for it in fits if it["report"].get("held_out")]
    series = {
        title: [it["report"]["held_out"][key] for it in measured]
        for title, key in (("AUC", "auc"), ("log loss", "log_loss"), ("calibration error", "ece"))
    }
    return charts.lines("Success foretold", [it["made_at"] for it in measured], series)


def _order(estimate: Data | None) -> list[str]:
    if not estimate or not estimate["n_picks"]:
        return []
    rows = [_compared("all", estimate)]
    rows += [_compared(it["group"], it) for it in estimate["over_time"]]
    head = ("when", "lists", "picks", "order in force", "patterns alone", "difference")
    return [
        "## The order against patterns alone",
        table(head, rows, numbers=(1, 2, 3, 4, 5)),
        "Estimated from what was picked, weighed by one over the probability with which each entry stood "
        "where it stood (self-normalised; the interval is a bootstrap over lists): the mean reciprocal "
        "rank of the pick, 1 where each list's top was picked.",
    ]


def _compared(when: str, it: Data) -> tuple[str, ...]:
    counted = (when, str(it["n_lists"]), str(it["n_picks"]))
    if "difference" not in it:
        return (*counted, "–", "–", "–")
    cells = (_interval(it[key]) for key in ("present", "patterns", "difference"))
    return (*counted, *cells)


def _interval(it: Data) -> str:
    if it["estimate"] is None:
        return "–"
    return f"{it['estimate']:.3f} ({it['low']:.3f} to {it['high']:.3f})"


def _lists(counts: Data) -> list[str]:
    by_answer = counts["by_answer"]
    if not by_answer:
        return []
    total = sum(by_answer.values())
    parts = [
        f"{by_answer.get(name, 0):,} {words}"
        for name, words in (
            ("picked", "with a pick"),
            ("dismissed", "opened in vain"),
            ("unseen", "that nobody opened"),
            ("open", "still open"),
        )
    ]
    explored = f"in {counts['n_explored']:,} two entries changed places by chance"
    return [
        f"{plural(total, 'list')} since {moment(counts['first_at'])}: {', '.join(parts)}; {explored}."
    ]


def _weights(weights: Data, tries: Sequence[Data]) -> str:
    names = list(weights["in_force"])
    rows = [
        ("in force", *(f"{weights['in_force'][it]:.3f}" for it in names)),
        ("default", *(f"{weights['defaults'][it]:.3f}" for it in names)),
    ]
    head = ("", *(it.replace("_", " ") for it in names))
    shown = table(head, rows, numbers=range(1, len(head)))
    if not tries:
        return f"{shown}\n\nThey were never fitted: that takes forty picks."
    listed = "\n".join(
        f"- {moment(it['made_at'])}: {_try(it)}" for it in reversed(tries[-_N_TRIES:])
    )
    return f"{shown}\n\n{listed}"


def _try(it: Data) -> str:
    report = it["report"]
    of = f"{plural(it['n_picks'], 'pick')}"
    if "gain" not in report:
        return f"{of}: {report.get('why', 'not fitted')}."
    gain = f"{signed(report['gain'], digits=4)} ± {report['gain_error']:.4f} a list on the newest quarter"
    return f"{of}: {'kept' if it['is_better'] else 'not kept'}, as it gained {gain}."


def _fits(fits: Sequence[Data]) -> list[str]:
    if not fits:
        return ["None yet: that takes fifty outcomes."]
    rows = [_fit(it) for it in reversed(fits[-_N_FITS:])]
    head = ("when", "from runs", "model", "AUC", "log loss", "Brier", "calibration error")
    found = [table(head, rows, numbers=(1, 3, 4, 5, 6))]
    important = [
        (name, value)
        for name, value in fits[-1]["report"].get("importances", {}).items()
        if value > _WORTH_SAYING
    ][:_N_FEATURES]
    if important:
        said = ", ".join(f"{name.replace('_', ' ')} ({value:.3f})" for name, value in important)
        found.append(
            f"What matters most to the last: {said}, in log loss when its values are mixed up."
        )
    found.append(
        "Each is measured on the newest runs, which it had not seen: AUC 0.5 is a coin's, and a "
        f"calibration error of {percent(0.02)} means that what is said to be 80 % likely comes true 78 to "
        "82 times in 100."
    )
    return found


def _fit(it: Data) -> tuple[str, ...]:
    held_out = it["report"].get("held_out", {})
    numbers = (held_out.get(name) for name in ("auc", "log_loss", "brier", "ece"))
    shown = ("–" if value is None else f"{value:.3f}" for value in numbers)
    return (moment(it["made_at"]), f"{it['n_uses']:,}", it["kind"], *shown)
