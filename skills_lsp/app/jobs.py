"""The skills that run now: at most so many at a time, each with a way to stop it."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any


@dataclass(eq=False, slots=True)
class Job:
    """One run, waiting or going. ``number`` tells it from others of its skill in this session."""

    skill: str
    title: str
    task: asyncio.Task[Any]
    number: int

    def cancel(self) -> None:
        """Stop it: its process group is ended, and the outcome is recorded as cancelled."""
        self.task.cancel()


class Jobs:
    """Running and waiting jobs; ``places`` is what each takes while its process runs."""

    def __init__(self, limit: int) -> None:
        self.all: list[Job] = []
        self.places = asyncio.Semaphore(max(1, limit))
        self._n_started = 0

    def set_limit(self, limit: int) -> None:
        """Let so many run at a time from now on; those that run or wait keep their places."""
        self.places = asyncio.Semaphore(max(1, limit))

    def start(self, skill: str, title: str, work: Coroutine[Any, Any, Any]) -> Job:
        """Start a run as a task of its own."""
        self._n_started += 1
        job = Job(skill, title, asyncio.ensure_future(work), self._n_started)
        self.all.append(job)
        job.task.add_done_callback(lambda _: self.all.remove(job))
        return job

    def number_of(self, task: asyncio.Task[Any]) -> int:
        """Return the number of the job that a task is; 0 when it is none."""
        return next((job.number for job in self.all if job.task is task), 0)

    async def stop(self) -> None:
        """Cancel everything and wait until it has ended."""
        tasks = [job.task for job in self.all]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
