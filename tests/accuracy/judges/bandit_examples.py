"""bandit's own examples, which come with its source, by bandit's own verdict on them."""

from collections.abc import Iterable

from tests.accuracy import security
from tests.accuracy.packages import sdist
from tests.accuracy.score import Row

_BARS = (0.92, 0.85)


def rows() -> Iterable[Row]:
    """Compare all examples."""
    name, _, version = security.BANDIT.partition("==")
    root = sdist(name, version) / "examples"
    files = sorted(root.glob("*.py"))
    seen, right, excused = security.compared(root, files, "examples")
    yield Row(
        "core security, bandit's examples",
        security.BANDIT,
        len(files),
        frozenset(right),
        frozenset(seen),
        *_BARS,
        excused,
    )
