"""The time that a report looks at: whole days in UTC, the present one the last."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from skills_lsp.errors import UsageError

MAX_DAYS = 3_660


@dataclass(frozen=True, slots=True)
class Window:
    """``n_days`` days, from ``since`` to ``until``, both included, as dates in UTC."""

    n_days: int
    since: str
    until: str

    @property
    def dates(self) -> tuple[str, ...]:
        """Every day, oldest first."""
        first = datetime.fromisoformat(self.since)
        return tuple(f"{first + timedelta(days=n):%Y-%m-%d}" for n in range(self.n_days))

    @property
    def since_instant(self) -> str:
        """The first instant, as stored ones are written."""
        return f"{self.since}T00:00:00.000000Z"

    @property
    def until_instant(self) -> str:
        """The last instant."""
        return f"{self.until}T23:59:59.999999Z"

    def before(self) -> "Window":
        """Return as many days right before."""
        first = datetime.fromisoformat(self.since)
        return Window(
            self.n_days,
            f"{first - timedelta(days=self.n_days):%Y-%m-%d}",
            f"{first - timedelta(days=1):%Y-%m-%d}",
        )


def window(now: datetime, n_days: int, command: str) -> Window:
    """Return the last so many days. Raises UsageError for a number that is none."""
    check_days(n_days, command)
    today = now.astimezone(UTC)
    return Window(n_days, f"{today - timedelta(days=n_days - 1):%Y-%m-%d}", f"{today:%Y-%m-%d}")


def check_days(n_days: int, command: str) -> None:
    """Refuse a number of days that is none."""
    if not 0 < n_days <= MAX_DAYS:
        raise UsageError(
            "bad-days", f"{command}: n_days must be 1 to {MAX_DAYS:,}, not {n_days:,}."
        )
