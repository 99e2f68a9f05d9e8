"""What bandit and our patterns say about security in the same Python files."""

import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from skills_lsp.patterns import inspect
from tests.accuracy.packages import CACHE, environment
from tests.accuracy.score import Place, Row

BANDIT = "bandit==1.9.4"

CORE = {
    "B102": "code-exec",
    "B307": "code-exec",
    "B601": "shell-injection",
    "B602": "shell-injection",
    "B604": "shell-injection",
    "B605": "shell-injection",
    "B609": "shell-injection",
    "B301": "deserialization",
    "B302": "deserialization",
    "B614": "deserialization",
    "B506": "unsafe-yaml",
    "B105": "hardcoded-secret",
    "B106": "hardcoded-secret",
    "B107": "hardcoded-secret",
    "B323": "tls-verify-off",
    "B501": "tls-verify-off",
    "B303": "weak-hash",
    "B324": "weak-hash",
    "B108": "tempfile",
    "B306": "tempfile",
    "B608": "sql-string",
    "B610": "sql-string",
    "B611": "sql-string",
    "B201": "debug-server",
    "B104": "bind-all",
    "B113": "request-timeout",
}
"""bandit's tests by the pattern that looks for the same; the other tests are not wanted as hints."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One result of bandit."""

    test: str
    pattern: str
    path: str
    line: int
    lines: tuple[int, int]  # the first and last line of what it is about
    severity: str
    confidence: str
    text: str
    code: str


def issues(name: str, root: Path, files: Iterable[Path]) -> list[Issue]:
    """Return what bandit says about files below a folder; kept, as it says the same each time."""
    kept = CACHE / "bandit" / f"{BANDIT}-{name}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        bandit = environment("bandit", BANDIT) / "bin" / "bandit"
        # Relative names, as a folder's name may say "test" or "venv", which bandit leaves out.
        names = [str(each.relative_to(root)) for each in files]
        command = [str(bandit), "--quiet", "--exit-zero", "--format", "json", "--exclude", ""]
        command += ["--output", str(kept.absolute()), "--tests", ",".join(CORE), *names]
        done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
        if not kept.exists():
            raise SystemExit(f"bandit failed on {name}: {done.stderr[-2000:]}")
    return list(_read(json.loads(kept.read_text())))


def _read(said: dict[str, list[dict[str, object]]]) -> Iterator[Issue]:
    for each in said["results"]:
        lines = [int(str(line)) for line in each["line_range"]]  # type: ignore[attr-defined]
        line, test = int(str(each["line_number"])), str(each["test_id"])
        yield Issue(
            test,
            CORE[test],
            str(each["filename"]).removeprefix("./"),
            line,
            (min([line, *lines]), max([line, *lines])),
            str(each["issue_severity"]),
            str(each["issue_confidence"]),
            str(each["issue_text"]),
            str(each["code"]),
        )


def findings(root: Path, files: Iterable[Path]) -> Iterator[Place]:
    """Yield what our patterns of the same kinds see in files, each place once."""
    wanted = frozenset(CORE.values())
    for file in files:
        path = str(file.relative_to(root))
        text = file.read_bytes().decode("utf-8", "replace")
        for each in inspect(path, text).findings:
            if each.pattern in wanted:
                yield Place(path, each.span.start.line + 1, each.pattern)


def paired(seen: Iterable[Place], said: Iterable[Issue]) -> tuple[set[Place], set[Place]]:
    """Return what we saw and what bandit said as places, one place for what is one thing.

    bandit names the first line of a statement, or that of one argument; ours is where one would
    underline. They are one when ours is among the lines of bandit's.
    """
    ours, right = set(seen), set()
    for issue in said:
        place = Place(issue.path, issue.line, issue.pattern)
        if place not in ours:
            first, last = issue.lines
            inside = (
                each
                for each in (Place(issue.path, n, issue.pattern) for n in range(first, last + 1))
                if each in ours
            )
            place = next(inside, place)
        right.add(place)
    return ours, right


def row(
    name: str,
    files: int,
    said: tuple[set[Place], set[Place]],
    bars: tuple[float, float],
    excused: dict[Place, str],
) -> Row:
    """Return the line of the table."""
    seen, right = said
    return Row(name, BANDIT, files, frozenset(right), frozenset(seen), bars[0], bars[1], excused)
