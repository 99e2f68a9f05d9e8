"""Fitting and evaluating, from the server's side."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from skills_lsp.learning.replay import Use
from skills_lsp.learning.success import SuccessModel
from skills_lsp.ml.process import DEFAULT_LIMITS, Limits, Worker, role

HALF_LIFE_DAYS = 15.0
"""An outcome so old counts half when the model of success is fitted."""

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""The matrices are small: threads that wait for each other on busy cores made a fit ten times slower."""

_BATCH = 1_000
"""Writing one takes about two milliseconds."""

_FIT_SECONDS = 120.0
_QUESTION_SECONDS = 60.0
_EVALUATION_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class Learned:
    """A fitted model, and the state of a learner that has seen the history, in small parts."""

    model: SuccessModel
    parts: list[list[Any]]


class Analyst:
    """The analyst process. It starts with the first question and ends when it has been idle.

    One question at a time: others wait. Each answer is None when the process failed.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.worker = Worker(role("analyst"), limits=limits, environment=_ONE_THREAD)
        self._lock = asyncio.Lock()

    async def fit(
        self, uses: Sequence[Use], *, now: float, half_life_days: float = HALF_LIFE_DAYS
    ) -> Learned | None:
        """Return the model that fits a history, and what a learner knows after it."""
        async with self._lock:
            if not await self._send(uses):
                return None
            request = {"do": "fit", "now": now, "half_life_days": half_life_days}
            answer = await self.worker.ask(request, seconds=_FIT_SECONDS)
            if answer is None:
                return None
            parts: list[list[Any]] = []
            for number in range(int(answer.head["n_parts"])):
                part = await self.worker.ask({"do": "part", "number": number})
                if part is None:
                    return None
                parts += part.head["parts"]
            return Learned(SuccessModel.of(answer.head["model"]), parts)

    async def evaluate(
        self, uses: Sequence[Use], *, delay_seconds: float = 0.0
    ) -> dict[str, Any] | None:
        """Return how well a history is foretold."""
        async with self._lock:
            if not await self._send(uses):
                return None
            request = {"do": "evaluate", "delay_seconds": delay_seconds}
            answer = await self.worker.ask(request, seconds=_EVALUATION_SECONDS)
            return None if answer is None else answer.head["report"]

    async def ask(self, question: str, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the answer to one of ``stats/questions/``; both sides are what JSON can say."""
        async with self._lock:
            request = {"do": "question", "question": question, "asked": dict(asked)}
            answer = await self.worker.ask(request, seconds=_QUESTION_SECONDS)
            return None if answer is None else answer.head["answer"]

    async def _send(self, uses: Sequence[Use]) -> bool:
        for first in range(0, max(len(uses), 1), _BATCH):
            rows = [astuple(it) for it in uses[first : first + _BATCH]]
            request = {"do": "uses", "rows": rows, "is_first": first == 0}
            answer = await self.worker.ask(request, seconds=_FIT_SECONDS)
            if answer is None or answer.head.get("n") != first + len(rows):
                return False
        return True

    async def close(self) -> None:
        """End the process."""
        await self.worker.close()
