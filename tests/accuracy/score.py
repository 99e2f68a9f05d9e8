"""What a judge and the patterns said about the same code, and the figures that follow from it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """One thing that a judge or a pattern points at.

    ``path`` is below the set's folder, ``line`` counts from 1; ``what`` tells apart what stands on
    one line (a pattern's id, a name, a test's id) and must be equal on both sides to match.
    """

    path: str
    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what the judge says is there, and what the patterns saw.

    ``excused`` holds disagreements in which the judge is wrong, each with the reason; they are
    counted apart, neither for the patterns nor against them.
    """

    name: str
    judge: str
    n_files: int
    right: frozenset[Place]
    seen: frozenset[Place]
    precision_bar: float
    recall_bar: float
    excused: dict[Place, str] = field(default_factory=dict)

    @property
    def extra(self) -> list[Place]:
        """What the patterns saw and the judge did not."""
        return sorted(self.seen - self.right - self.excused.keys())

    @property
    def missed(self) -> list[Place]:
        """What the judge saw and the patterns did not."""
        return sorted(self.right - self.seen - self.excused.keys())

    @property
    def n_agreed(self) -> int:
        """How many places both point at."""
        return len(self.right & self.seen)

    @property
    def precision(self) -> float:
        """The share of what the patterns saw that the judge confirms; 1 when they saw nothing."""
        n_seen = self.n_agreed + len(self.extra)
        return self.n_agreed / n_seen if n_seen else 1.0

    @property
    def recall(self) -> float:
        """The share of what the judge says that the patterns saw; 1 when there is nothing."""
        n_right = self.n_agreed + len(self.missed)
        return self.n_agreed / n_right if n_right else 1.0

    @property
    def holds(self) -> bool:
        """Say whether both figures reach their bars, on something."""
        enough = self.n_agreed > 0
        return enough and self.precision >= self.precision_bar and self.recall >= self.recall_bar
