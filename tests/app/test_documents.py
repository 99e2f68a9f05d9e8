"""Reports and prompts as files."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from skills_lsp.app.documents import write_document

NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


def test_a_report_never_takes_the_name_of_one_that_may_still_be_open(tmp_path: Path):
    paths = [write_document(tmp_path, "history", str(n), NOW) for n in range(3)]

    assert [path.read_text() for path in paths] == ["0", "1", "2"]
    assert [path.name for path in paths] == [
        "history-20260131-093000.md",
        "history-20260131-093000-1.md",
        "history-20260131-093000-2.md",
    ]


def test_a_document_stays_in_its_folder_whatever_its_name(tmp_path: Path):
    for name in ("../../outside", "/etc/passwd", "..", "a/b", "", "x" * 1000, "make: all\n"):
        assert write_document(tmp_path / "reports", name, "", NOW).parent == tmp_path / "reports"


def test_a_document_is_for_its_owner_alone(tmp_path: Path):
    path = write_document(tmp_path, "history", "", NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_a_week_old_is_taken_away_and_nothing_younger(tmp_path: Path):
    old, young = (write_document(tmp_path, name, "", NOW) for name in ("old", "young"))
    other = tmp_path / "notes.txt"
    other.touch()
    for path, age in ((old, timedelta(days=8)), (young, timedelta(days=6)), (other, timedelta(9))):
        os.utime(path, times=((NOW - age).timestamp(),) * 2)

    new = write_document(tmp_path, "new", "", NOW)

    assert sorted(tmp_path.iterdir()) == sorted([young, other, new])
