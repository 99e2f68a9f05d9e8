"""The analyst process itself: fits, evaluates, and says so when it cannot."""

import os
import random
import signal

import pytest

from skills_lsp.learning.events import Setting
from skills_lsp.learning.learner import Asked, Learner
from skills_lsp.learning.replay import Use
from skills_lsp.ml.analyst import Analyst

START = 1_767_571_200.0


def uses(n):
    """Alternating skills: ``easy`` nearly always works, ``hard`` seldom does."""
    rng = random.Random(5)
    return [
        Use("ann", f"s{i // 20}", START + 600.0 * i, "hard" if i % 2 else "easy",
            rng.random() < (0.1 if i % 2 else 0.9), 5.0)
        for i in range(n)
    ]  # fmt: skip


@pytest.fixture
async def analyst():
    it = Analyst()
    yield it
    await it.close()


async def test_a_fit_gives_a_model_and_what_a_learner_knows(analyst):
    history = uses(1_500)
    now = START + 600.0 * 1_500
    found = await analyst.fit(history, now=now)
    assert found is not None, analyst.worker.trouble
    learner = Learner()
    for part in found.parts:
        learner.put(part)
    learner.use_model(found.model, now)
    assert found.model.report["n_rows"] == 1_500
    here = Setting(now, "ann", "s75")
    easy, hard = learner.rates(here, [Asked("easy"), Asked("hard")])
    assert easy > 0.7
    assert hard < 0.3
    assert learner.next_skills(here)[0].skill == "easy"
    assert not learner.is_fit_due(now + 60)


async def test_nothing_gives_the_prior(analyst):
    found = await analyst.fit([], now=START)
    assert found is not None, analyst.worker.trouble
    assert found.model.kind == "prior"


async def test_an_evaluation_reports_both_halves(analyst):
    report = await analyst.evaluate(uses(600))
    assert report is not None, analyst.worker.trouble
    assert report["n_test"] == 120
    assert report["next_skill"]["all"]["skills-lsp"]["mrr@5"] > 0.95
    assert report["success"]["skills-lsp"]["auc"] > 0.7


async def test_a_killed_process_costs_an_answer_and_no_error(analyst):
    assert await analyst.fit(uses(50), now=START + 1e6) is not None
    os.kill(analyst.worker.process_id, signal.SIGKILL)
    found = await analyst.fit(uses(50), now=START + 1e6)
    assert found is None or found.model.kind == "prior"


async def test_what_the_server_itself_takes_up_does_not_count(analyst, monkeypatch):
    monkeypatch.setenv("SKILLS_LSP_WORKER_MEGABYTES", "500")
    taken = b"x" * (600 << 20)
    assert await analyst.fit([], now=START) is not None, analyst.worker.trouble
    number = analyst.worker.process_id
    assert await analyst.fit([], now=START) is not None, analyst.worker.trouble
    assert analyst.worker.process_id == number
    assert len(taken) == 600 << 20
