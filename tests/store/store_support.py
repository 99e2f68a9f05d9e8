"""What the store's tests share: a clock, invocations, and stores that collect what the user is told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.store import Store

START = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
PASSED = Outcome(Status.PASSED, "41 passed", 2.0)
FAILED = Outcome(Status.FAILED, "1 failed", 4.0, error_type="AssertionError")


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Told:
    """What the user was told."""

    sentences: list[str] = field(default_factory=list)

    def __call__(self, sentence: str) -> None:
        self.sentences.append(sentence)


def open_store(
    path: Path | str, told: Callable[[str], None] | None = None, clock: Clock | None = None
) -> Store:
    return Store.open(path, now=clock or Clock(), notify=told or _fail)


def run(skill: str = "pytest-run", minute: int = 0, **others: object) -> Invocation:
    values: dict[str, object] = {
        "skill_name": skill,
        "invoked_at": (START + timedelta(minutes=minute)).isoformat(),
        "session_id": "shop_1",
        "workflow_phase": "execution",
        "project": "shop",
        "language": "python",
    }
    return Invocation(**{**values, **others})  # type: ignore[arg-type]


def _fail(sentence: str) -> None:
    raise AssertionError(f"the user was told: {sentence}")
