"""Real packages of PyPI without their tests, by bandit's verdict."""

from collections.abc import Iterable
from pathlib import Path

from skills_lsp.patterns.test_files import is_test_file
from tests.accuracy import security
from tests.accuracy.packages import sdist
from tests.accuracy.score import Place, Row

_BARS = (0.90, 0.92)
PACKAGES = {
    "ansible-core": "2.18.6",
    "bottle": "0.13.4",
    "buildbot": "4.3.0",
    "celery": "5.5.3",
    "cherrypy": "18.10.0",
    "fabric": "3.2.2",
    "glances": "4.3.1",
    "httpie": "3.2.4",
    "joblib": "1.5.1",
    "locust": "2.37.10",
    "luigi": "3.6.0",
    "nltk": "3.9.1",
    "paramiko": "3.5.1",
    "peewee": "3.18.1",
    "scrapy": "2.13.2",
    "supervisor": "4.2.5",
}
"""Frameworks for the web, tools of operations, tools for data."""


def rows() -> Iterable[Row]:
    """Compare all packages, as one."""
    seen: set[Place] = set()
    right: set[Place] = set()
    excused: dict[Place, str] = {}
    n_files = 0
    for name, version in PACKAGES.items():
        folder = sdist(name, version)
        files = list(_sources(folder))
        n_files += len(files)
        ours, theirs, wrong = security.compared(folder.parent, files, f"{name}-{version}")
        seen |= ours
        right |= theirs
        excused |= wrong
    yield Row(
        "core security, real code",
        security.BANDIT,
        n_files,
        frozenset(right),
        frozenset(seen),
        *_BARS,
        excused,
    )


def _sources(folder: Path) -> Iterable[Path]:
    for file in sorted(folder.rglob("*.py")):
        if file.is_file() and not is_test_file(str(file.relative_to(folder)), "python"):
            yield file
