"""The memory of fixes as documents: similar issues, a recommendation with its reasons, effectiveness."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from skills_lsp.domain.fix import Advice, Issue, Similar, StrategyRecord, Totals, Vote
from skills_lsp.reports.charts import bars
from skills_lsp.reports.layout import ago, bar, plain, plural
from skills_lsp.text.markdown import escaped, table

_N_SHOWN = 10
_N_CHARTED = 12
EMPTY = (
    "Nothing is known about fixes yet: run a check that finds something, then what may mend it, and "
    "the check again; or tell of an attempt with `skills-lsp fix record`."
)


def similar_sentence(issue: Issue, similar: Sequence[Similar], engine: str) -> str:
    """Return what was found, in one sentence."""
    if not similar:
        return f"No issue like {named(issue)} is known; searched {_how(engine)}."
    n_tried = sum(1 for it in similar if it.attempts)
    tried = (
        "something was tried against it"
        if len(similar) == n_tried == 1
        else (f"something was tried against {n_tried} of them")
    )
    return f"{plural(len(similar), 'issue')} like {named(issue)}, found {_how(engine)}; {tried}."


def similar_page(issue: Issue, similar: Sequence[Similar], engine: str, now: datetime) -> str:
    """Return the similar issues as a table."""
    lines = ["# Similar issues", "", escaped(similar_sentence(issue, similar, engine))]
    if similar:
        lines += ["", _similar_table(similar, now), "", "0 stands for any number."]
    return "\n".join(lines) + "\n"


def advice_sentence(advice: Advice) -> str:
    """Return what to try, in one sentence."""
    best = advice.recommendation.best
    if best is not None:
        others = [plain(it.strategy, code=True) for it in advice.recommendation.alternatives]
        rest = f"; else {', '.join(others)}" if others else ""
        return f"Try {plain(best.strategy, code=True)}: {_record(best)}, {best.confidence:.0%} sure{rest}."
    if not advice.similar:
        return (
            f"No issue like {named(advice.issue)} is known yet, so there is nothing to recommend."
        )
    if not any(it.attempts for it in advice.similar):
        return (
            f"Issues like {named(advice.issue)} are known, but nothing was tried against them yet."
        )
    return f"What was tried against issues like {named(advice.issue)} helped too seldom to recommend it."


def advice_page(advice: Advice, votes: Sequence[Vote], now: datetime) -> str:
    """Return a recommendation with all that it rests on."""
    lines = ["# What to try", "", escaped(advice_sentence(advice))]
    if votes:
        lines += [
            "",
            "Sure is the lower end of the interval of the success rate; evidence is the number of "
            "attempts, each weighted by how alike its issue is and halved every 90 days.",
            "",
            table(
                ("Strategy", "Sure", "Rate", "Worked", "Tried", "Evidence"),
                [
                    (
                        plain(it.strategy), f"{it.confidence:.0%}", f"{it.rate:.0%}",
                        str(it.n_worked), str(it.n_tried), f"{it.evidence:.1f}",
                    )
                    for it in votes[:_N_SHOWN]
                ],
                numbers=(1, 2, 3, 4, 5),
            ),
        ]  # fmt: skip
    tried = [it for it in advice.similar if it.attempts]
    if tried:
        lines += ["", f"## Issues it rests on, found {_how(advice.engine)}", ""]
        lines.append(_similar_table(tried, now))
    return "\n".join(lines) + "\n"


def stats_sentence(totals: Totals) -> str:
    """Return what the memory holds, in one sentence."""
    if not totals.n_issues:
        return EMPTY
    share = f", {totals.n_successes} of which helped" if totals.n_attempts else ""
    standing = f"; {plural(totals.n_open, 'problem')} still there" if totals.n_open else ""
    return (
        f"{plural(totals.n_issues, 'issue')} known, {plural(totals.n_attempts, 'attempt')}"
        f"{share}{standing}."
    )


def stats_page(totals: Totals, now: datetime) -> str:
    """Return how each strategy went, and what is reported most."""
    lines = ["# Fixes", "", stats_sentence(totals)]
    if totals.strategies:
        lines += ["", "## What was tried", "", _strategy_table(totals.strategies, now)]
    if totals.types:
        rows = [
            (plain(tool), plain(kind) or "–", str(n_issues), str(n_runs))
            for tool, kind, n_issues, n_runs in totals.types
        ]
        head = ("Tool", "Type", "Issues", "Reported")
        lines += ["", "## What is reported", "", table(head, rows, numbers=(2, 3))]
    return "\n".join(lines) + "\n"


def stats_charts(totals: Totals) -> tuple[dict[str, Any], ...]:
    """Return how often each strategy worked and did not, to be drawn."""
    shown = totals.strategies[:_N_CHARTED]
    if not shown:
        return ()
    worked = [it.n_successes for it in shown]
    failed = [it.n_attempts - it.n_successes for it in shown]
    names = [it.strategy for it in shown]
    return (bars("Attempts", names, {"worked": worked, "did not": failed}, "attempts"),)


def attempts_by_strategy(similar: Similar) -> list[tuple[str, int, int]]:
    """Return strategy, attempts and successes on one issue, the most successful first."""
    counts: dict[str, list[int]] = {}
    for it in similar.attempts:
        count = counts.setdefault(it.strategy, [0, 0])
        count[0] += 1
        count[1] += it.success
    found = ((strategy, n_tried, n_worked) for strategy, (n_tried, n_worked) in counts.items())
    return sorted(found, key=lambda it: (-it[2], it[1], it[0]))


def named(issue: Issue) -> str:
    """Return an issue for the middle of a sentence; not yet escaped."""
    head = " ".join(filter(None, (issue.tool, issue.type)))
    said = f": {issue.message}" if head and issue.message else issue.message
    return f"“{plain(f'{head}{said}', limit=100, code=True)}”"


def _similar_table(similar: Iterable[Similar], now: datetime) -> str:
    rows = [
        (
            f"{it.similarity:.2f}",
            plain(" ".join(filter(None, (it.known.issue.tool, it.known.issue.type)))),
            plain(it.known.issue.message, limit=80),
            ago(it.known.last_seen_at, now),
            _tried(it),
        )
        for _, it in zip(range(_N_SHOWN), similar, strict=False)
    ]
    return table(("Alike", "Reported by", "Message", "Last seen", "Tried"), rows, numbers=(0,))


def _tried(similar: Similar) -> str:
    counts = attempts_by_strategy(similar)
    said = [f"{plain(name)} {n_worked} of {n_tried}" for name, n_tried, n_worked in counts[:3]]
    if len(counts) > len(said):
        said.append(f"{len(counts) - len(said)} more")
    return ", ".join(said) or "nothing"


def _strategy_table(strategies: Sequence[StrategyRecord], now: datetime) -> str:
    rows = [
        (
            plain(it.strategy),
            bar(it.n_successes / it.n_attempts),
            f"{it.n_successes / it.n_attempts:.0%}",
            str(it.n_successes),
            str(it.n_attempts),
            str(it.n_issues),
            ago(it.last_tried_at, now),
            ago(it.last_worked_at, now) if it.last_worked_at else "never",
        )
        for it in strategies
    ]
    head = ("Strategy", "", "Rate", "Worked", "Tried", "Issues", "Last tried", "Last worked")
    return table(head, rows, numbers=(2, 3, 4, 5))


def _record(vote: Vote) -> str:
    return f"it worked {vote.n_worked} of {vote.n_tried} times for issues like this"


def _how(engine: str) -> str:
    return "by words" if engine == "words" else f"by meaning ({engine})"
