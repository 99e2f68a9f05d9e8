"""What could not be written yet: kept in order until the disk takes it, and read until then.

An invocation that waits has a negative id. When it is written it gets its real one, and whoever
still holds the negative one is understood.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from skills_lsp.domain.context import Memory, Record
from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.errors import StoreError
from skills_lsp.store import invocations, text

if TYPE_CHECKING:
    import apsw

MAX_WAITING = 10_000  # some 10 MB; a disk that is full for that long has been told about


@dataclass(slots=True)
class Waiting:
    """Invocations without a place on disk, and outcomes of some that have one."""

    begun: dict[int, Invocation] = field(default_factory=dict)
    ended: dict[int, Outcome] = field(default_factory=dict)
    written: dict[int, int] = field(default_factory=dict)  # negative id: the real one

    def __bool__(self) -> bool:
        return bool(self.begun or self.ended)

    def begin(self, invocation: Invocation) -> int:
        """Keep an invocation; return its negative id."""
        if len(self.begun) >= MAX_WAITING:
            raise StoreError(
                "store-unwritable",
                f"{MAX_WAITING} invocations wait for the disk, and no more are kept.",
                "See `skills-lsp doctor`.",
            )
        number = -1 - len(self.begun) - len(self.written)
        self.begun[number] = replace(invocation, id=number)
        return number

    def finish(self, number: int, outcome: Outcome) -> None:
        """Keep an outcome, the first one for each invocation."""
        if number < 0 and number not in self.begun:
            raise StoreError("unknown-invocation", f"There is no invocation {number}.")
        if number < 0:
            self.begun[number] = ended(self.begun[number], outcome)
        else:
            self.ended.setdefault(number, outcome)

    def replay(self, db: "apsw.Connection", server_id: int | None) -> dict[int, int]:
        """Write everything; return the real id of each negative one. Nothing is let go yet."""
        for number, outcome in self.ended.items():
            invocations.finish_if_there(db, number, outcome)
        return {
            number: invocations.insert(db, invocation, server_id)
            for number, invocation in self.begun.items()
        }

    def settle(self, ids: dict[int, int]) -> None:
        """Let go of what :meth:`replay` wrote, now that it is committed."""
        self.written.update(ids)
        self.begun.clear()
        self.ended.clear()

    def over(self, stored: Iterable[Invocation]) -> list[Invocation]:
        """Return stored invocations with the outcomes that wait, before them those that wait."""
        known = [ended(it, self.ended[it.id]) if it.id in self.ended else it for it in stored]
        return [*reversed(self.begun.values()), *known]

    def remember(self, stored: Memory, project: str, language: str) -> Memory:
        """Return the memory with the invocations that wait counted in."""
        here, everywhere = dict(stored.here), dict(stored.everywhere)
        setting = (invocations.setting(project), invocations.setting(language))
        for it in self.begun.values():
            if it.status is Status.RUNNING:
                continue
            everywhere[it.skill_name] = _with(everywhere.get(it.skill_name, Record()), it)
            if (it.project, it.language) == setting:
                here[it.skill_name] = _with(here.get(it.skill_name, Record()), it)
        return Memory(here, everywhere)


def ended(invocation: Invocation, outcome: Outcome) -> Invocation:
    """Return an invocation with its outcome; one that has ended keeps its first."""
    if invocation.status is not Status.RUNNING:
        return invocation
    return invocations.prepared(
        replace(
            invocation,
            status=outcome.status,
            duration_seconds=outcome.duration_seconds,
            error_type=outcome.error_type,
            summary=outcome.summary,
        )
    )


def _with(record: Record, it: Invocation) -> Record:
    """Return a record with one more ended invocation."""
    n_completed = record.n_completed + it.completed
    mean = record.mean_duration_seconds
    if it.completed and it.duration_seconds is not None:
        mean = (
            it.duration_seconds
            if mean is None
            else mean + (it.duration_seconds - mean) / max(n_completed, 1)
        )
    return Record(
        n_runs=record.n_runs + 1,
        n_completed=n_completed,
        n_picked_first=record.n_picked_first + (it.selection_rank == 1),
        mean_duration_seconds=mean,
        last_at=it.invoked_at,
        last_status=it.status.value,
        last_summary=text.clean(it.summary, text.MAX_LINE),
    )
