"""Fitting and evaluating, from the server's side."""

import asyncio
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from skills_lsp.learning.replay import Use
from skills_lsp.ml.process import DEFAULT_LIMITS, Limits, Worker, role

_BATCH = 1_000
"""Writing one takes about two milliseconds."""

_FIT_SECONDS = 120.0
_EVALUATION_SECONDS = 3_600.0


class Analyst:
    """The analyst process. It starts with the first question and ends when it has been idle."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.worker = Worker(role("analyst"), limits=limits)

    async def evaluate(
        self, uses: Sequence[Use], *, delay_seconds: float = 0.0
    ) -> dict[str, Any] | None:
        """Return how well a history is foretold, None when the process failed."""
        if not await self._send(uses):
            return None
        request = {"do": "evaluate", "delay_seconds": delay_seconds}
        answer = await self.worker.ask(request, seconds=_EVALUATION_SECONDS)
        return None if answer is None else answer.head["report"]

    async def _send(self, uses: Sequence[Use]) -> bool:
        for first in range(0, max(len(uses), 1), _BATCH):
            rows = [astuple(it) for it in uses[first : first + _BATCH]]
            request = {"do": "uses", "rows": rows, "is_first": first == 0}
            answer = await self.worker.ask(request, seconds=_FIT_SECONDS)
            if answer is None or answer.head.get("n") != first + len(rows):
                return False
            await asyncio.sleep(0)  # The loop has others to serve.
        return True

    async def close(self) -> None:
        """End the process."""
        await self.worker.close()
