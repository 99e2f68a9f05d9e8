"""Reading two thousand Agent Skills, and answering while they are read."""

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.server import Figure
from skills_lsp import skills
from skills_lsp.store.lexical import LexicalIndex

N_SKILLS = 2_000
_BODY = "Look at what the user asked, then change as little as is needed and run the tests. " * 30


def catalogue_figures(n_rounds: int) -> list[Figure]:
    """Measure the loading and the indexing of a large catalogue."""
    loaded, indexed = [], []
    with tempfile.TemporaryDirectory(prefix="skills-lsp-bench-") as scratch:
        workspace = Path(scratch)
        write_skills(workspace)
        for _ in range(n_rounds):
            started = time.perf_counter()
            catalogue = skills.load([workspace], home=workspace / "no", config_dir=workspace / "no")
            read = time.perf_counter()
            LexicalIndex(catalogue.skills)
            loaded.append(read - started)
            indexed.append(time.perf_counter() - read)
            assert len(catalogue.skills) >= N_SKILLS
    both = statistics.median(map(sum, zip(loaded, indexed, strict=True)))
    return [
        Figure("2,000 SKILL.md read", "s", statistics.median(loaded), None, 2.0),
        Figure("2,000 SKILL.md read and indexed", "s", both, None, 2.0),
    ]


def write_skills(workspace: Path) -> None:
    """Write a workspace full of Agent Skills."""
    for number in range(N_SKILLS):
        folder = workspace / ".agents" / "skills" / f"task-{number}"
        folder.mkdir(parents=True)
        front = f"---\nname: task-{number}\ndescription: Does task {number} when asked to.\n---\n"
        (folder / "SKILL.md").write_text(f"{front}\n# Task {number}\n\n{_BODY}\n", "utf-8")
