"""What a file says of itself, held against its records."""

from collections.abc import Iterable, Mapping
from typing import Any

from skills_lsp.domain.imported import Difference, Record, SkillTotal

_KINDS = ("total", "completed", "abandoned")
_SLACK = 1e-6  # relative; sums of seconds depend on their order


def declared_totals(raw: Mapping[str, Any] | None) -> dict[str, SkillTotal]:
    """Return the totals of a file's ``skills`` block that are numbers."""
    found = {}
    for name, it in (raw or {}).items():
        if not isinstance(it, Mapping):
            continue
        total, completed, abandoned = (it.get(f"{kind}_invocations") for kind in _KINDS)
        if not (
            isinstance(total, int) and isinstance(completed, int) and isinstance(abandoned, int)
        ):
            continue
        seconds = it.get("total_duration_seconds")
        is_number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
        found[name] = SkillTotal(
            total, completed, abandoned, float(seconds or 0) if is_number else None
        )
    return found


def differences(
    declared: Mapping[str, SkillTotal], records: Iterable[Record]
) -> tuple[Difference, ...]:
    """Return where totals and records do not agree; what is pending stands in no total."""
    counted: dict[str, list[float]] = {}
    for it in records:
        if it.is_pending:
            continue
        sums = counted.setdefault(it.invocation.skill_name, [0, 0, 0, 0.0])
        completed = it.invocation.completed
        sums[0] += 1
        sums[1 if completed else 2] += 1
        if completed:
            sums[3] += it.invocation.duration_seconds or 0.0
    found = []
    for skill in sorted(declared):
        total, sums = declared[skill], counted.get(skill, [0, 0, 0, 0.0])
        pairs = (
            ("uses", total.n_invocations, sums[0]),
            ("completed", total.n_completed, sums[1]),
            ("abandoned", total.n_abandoned, sums[2]),
        )
        found += [Difference(skill, what, said, n) for what, said, n in pairs if said != n]
        seconds = total.total_duration_seconds
        if seconds is not None and abs(seconds - sums[3]) > _SLACK * max(abs(seconds), 1.0):
            found.append(Difference(skill, "seconds", seconds, sums[3]))
    missing = sorted(counted.keys() - declared.keys()) if declared else []
    found += [Difference(skill, "uses", 0, counted[skill][0]) for skill in missing]
    return tuple(found)
