"""What it costs to foretell success and the next skill, and to fit. CPU time, as two cores are shared.

``python -m benchmarks.prediction`` prints the table.
"""

import os
import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))  # as the analyst

import numpy as np

from skills_lsp.learning.events import Ending, Event, Setting
from skills_lsp.learning.features import FEATURES
from skills_lsp.learning.history import Example
from skills_lsp.learning.learner import Asked, Learner
from skills_lsp.learning.success import SuccessModel
from skills_lsp.stats.predictor import SkillSuccessPredictor

N_CANDIDATES = 50
N_SKILLS = 200
_START = 1_767_225_600.0


def main() -> None:
    print("| what | CPU ms, median | at most |")
    print("| --- | ---: | ---: |")
    for name, milliseconds, limit in figures():
        print(f"| {name} | {milliseconds:.3f} | {limit:g} |")


def figures(sizes: tuple[int, ...] = (10_000, 100_000)) -> list[tuple[str, float, float]]:
    examples: list[Example] = []
    learner = Learner(examples.append)
    found = [("one event learned", _cost(_events(learner, max(sizes))), 1.0)]
    asked = [Asked(f"skill-{i}", "execution") for i in range(N_CANDIDATES)]
    now = _Clock()
    for kind, model in _models(examples[-20_000:]).items():
        learner.model = model
        cost = _cost((lambda: learner.rates(now.setting(), asked)) for _ in range(300))
        found.append((f"{N_CANDIDATES} candidates, features and probability ({kind})", cost, 1.0))
    setting = now.setting()
    cost = _cost((lambda: learner.explanation(setting, asked[0])) for _ in range(300))
    found.append(("one explanation", cost, 1.0))
    cost = _cost((lambda: learner.next_skills(now.setting())) for _ in range(300))
    found.append(("five next skills", cost, 1.0))
    for size in sizes:
        cost = _cost(partial(_fit, examples[-size:]) for _ in range(3))
        found.append((f"fit on {size:,} invocations", cost, 1_000.0 if size <= 10_000 else 8_000.0))
    return found


def _models(examples: list[Example]) -> dict[str, SuccessModel]:
    X = np.array([it.features for it in examples])
    y = np.array([it.success for it in examples])
    predictor, weights = SkillSuccessPredictor(), np.ones(len(y))
    mean = X.mean(axis=0).tolist()
    return {
        kind: SuccessModel(kind, it.intercept, it.coefficients.tolist(), mean, it.trees)
        for kind in ("logistic 0.03", "forest")
        for it in [predictor._fitted(kind, X, y, weights)]  # noqa: SLF001 - each kind by itself
    }


class _Clock:
    def __init__(self) -> None:
        self._at = _START + 90 * 86_400.0

    def setting(self) -> Setting:
        self._at += 1.0
        return Setting(self._at, "user-3", "session", "project-1", "python", "test", 12.0)


def _events(learner: Learner, n: int) -> Iterator[Callable[[], object]]:
    rng = random.Random(1)
    for number in range(n):
        at = _START + number * 60.0
        user, skill = f"user-{rng.randrange(20)}", f"skill-{int(rng.paretovariate(0.6)) % N_SKILLS}"
        setting = Setting(
            at, user, f"{user}-{number // 400}", f"project-{rng.randrange(5)}", "python"
        )
        event = Event(skill, setting, "execution", id=str(number))
        is_good = rng.random() < 0.3 + 0.06 * (sum(map(ord, user + skill)) % 10)

        def learn(event=event, is_good=is_good) -> None:
            learner.begin(event)
            learner.end(Ending(event.id, event.setting.at + 5.0, is_good, 5.0))

        yield learn


def _fit(examples: list[Example]) -> None:
    SkillSuccessPredictor().fit(
        np.array([it.features for it in examples]),
        np.array([it.success for it in examples]),
        np.array([it.at for it in examples]),
    )


def _cost(calls: Iterable[Callable[[], object]]) -> float:
    times = []
    for call in calls:
        started = time.process_time()
        call()
        times.append((time.process_time() - started) * 1_000)
    return statistics.median(times)


assert len(FEATURES) < 64, "each feature is paid for fifty times at each keystroke"


if __name__ == "__main__":
    main()
