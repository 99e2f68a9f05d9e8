"""What an import did, or would do: counts, what was left out and why, and whether the totals agree."""

from collections import Counter
from collections.abc import Sequence

from skills_lsp.domain.imported import Difference, Imported, PastImport, ReadHistory
from skills_lsp.reports.layout import moment, plain, plural
from skills_lsp.text.markdown import table

TITLE = "Import"
MAX_SKIPPED = 20  # shown one by one; all are counted
MAX_DIFFERENCES = 20
_KINDS = {
    "crackerjack": "of Crackerjack",
    "session-buddy": "of session-buddy",
    "skills-lsp": "of skills-lsp",
    "database": "a database",
    "empty": "without records",
}


def sentence(reads: Sequence[ReadHistory], done: Sequence[Imported], *, is_dry_run: bool) -> str:
    """Return what happened, in one sentence."""
    n_added = sum(it.n_added for it in done)
    n_known, n_finished = sum(it.n_known for it in done), sum(it.n_finished for it in done)
    n_skipped = sum(len(it.skipped) for it in reads)
    verb = "Would import" if is_dry_run else "Imported"
    said = f"{verb} {plural(n_added, 'use')} from {plural(len(reads), 'file')}"
    if not n_added and not n_finished:
        said = f"Nothing new in {plural(len(reads), 'file')}"
    if n_finished:
        said += f", brought the end of {n_finished} that were pending"
    if n_known:
        said += f"; {n_known} {'was' if n_known == 1 else 'were'} here already"
    if n_skipped:
        said += f"; {plural(n_skipped, 'piece')} could not be used"
    return said + "."


def document(
    message: str, reads: Sequence[ReadHistory], done: Sequence[Imported], failed: Sequence[str]
) -> str:
    """Lay out what happened to each file."""
    parts = [f"# {TITLE}", message]
    parts += [_file(read, it) for read, it in zip(reads, done, strict=True)]
    if failed:
        parts.append("## Not read\n\n" + "\n".join(f"- {plain(it, limit=300)}" for it in failed))
    return "\n\n".join(parts) + "\n"


def past_document(message: str, imports: Sequence[PastImport]) -> str:
    """Lay out the list of imports."""
    if not imports:
        return f"# Imports\n\n{message}\n"
    cells = [
        (
            str(it.id),
            moment(it.imported_at),
            plain(it.source, limit=60),
            it.variant,
            str(it.n_added),
            str(it.n_finished),
            str(it.n_known),
            str(it.n_skipped),
            f"rolled back {moment(it.rolled_back_at)}" if it.rolled_back_at else "stands",
        )
        for it in imports
    ]
    head = ("Import", "When (UTC)", "File", "Kind", "Added", "Ended", "Known", "Skipped", "State")
    return f"# Imports\n\n{message}\n\n{table(head, cells, numbers=(0, 4, 5, 6, 7))}\n"


def _file(read: ReadHistory, done: Imported) -> str:
    lines = [f"## {plain(read.path)}", ""]
    lines.append(f"- {_kind(read)}; times without a zone were read in {plain(read.zone)}.")
    if read.damage:
        lines.append(f"- {plain(read.damage, limit=200)} What is whole in it was kept.")
    lines.append(
        f"- {plural(len(read.records), 'use')} read, {done.n_added} new, {done.n_finished} ended, "
        f"{done.n_known} known."
    )
    if read.n_pending:
        lines.append(
            f"- {read.n_pending} pending: begun, and nobody wrote down an end. They count neither as "
            "completed nor as abandoned."
        )
    lines += [f"- {n} kept {plain(what)}." for what, n in read.mended]
    if done.id is not None:
        lines.append(f"- Take it back with `skills-lsp import --rollback {done.id}`.")
    if done.backup:
        lines.append(f"- The backup from before is {plain(done.backup, limit=200)}.")
    lines.append(_totals(read))
    if read.skipped:
        lines += ["", "### Left out", "", _skipped(read)]
    if read.differences:
        lines += ["", "### Totals that do not agree", "", _differences(read.differences)]
    return "\n".join(lines)


def _kind(read: ReadHistory) -> str:
    return f"A history {_KINDS.get(read.variant, read.variant)}".replace(
        "history a", "history in a"
    )


def _totals(read: ReadHistory) -> str:
    if not read.has_totals:
        return "- The file has no totals of its own to compare with."
    if not read.differences:
        return "- Its records add up to its own totals."
    skills = len({it.skill for it in read.differences})
    return (
        f"- Its records do not add up to its own totals for {plural(skills, 'skill')}, see below."
    )


def _skipped(read: ReadHistory) -> str:
    shown = [f"- {plain(it.place)}: {plain(it.reason)}" for it in read.skipped[:MAX_SKIPPED]]
    rest = read.skipped[MAX_SKIPPED:]
    if rest:
        reasons = Counter(it.reason for it in rest).most_common(5)
        said = "; ".join(f"{n} because {plain(reason)}" for reason, n in reasons)
        shown.append(f"- and {len(rest)} more: {said}")
    return "\n".join(shown)


def _differences(found: Sequence[Difference]) -> str:
    cells = [
        (plain(it.skill), it.what, f"{it.declared:g}", f"{it.counted:g}")
        for it in found[:MAX_DIFFERENCES]
    ]
    shown = table(("Skill", "What", "File says", "Records say"), cells, numbers=(2, 3))
    if len(found) > MAX_DIFFERENCES:
        shown += f"\n\nand {len(found) - MAX_DIFFERENCES} more."
    return shown
