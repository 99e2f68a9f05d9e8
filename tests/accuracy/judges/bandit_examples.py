"""bandit's own examples, which come with its source, by bandit's own verdict on them."""

from collections.abc import Iterable

from tests.accuracy import security
from tests.accuracy.packages import sdist
from tests.accuracy.score import Row

_BARS = (0.92, 0.85)


def rows() -> Iterable[Row]:
    """Compare all examples."""
    root = sdist("bandit", "1.9.4") / "examples"
    files = sorted(root.glob("*.py"))
    said = security.issues("examples", root, files)
    both = security.paired(security.findings(root, files), said)
    yield security.row("core security, bandit's examples", len(files), both, _BARS, {})
