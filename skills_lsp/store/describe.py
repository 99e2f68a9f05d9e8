"""Write ``schema/README.md`` from the migrations: ``python -m skills_lsp.store.describe``.

The words come from the comments in the scripts: the first lines inside a table speak of the table,
the comment that ends a column's line of the column, the lines above an index, a view or a trigger
of that. With ``--check`` nothing is written, and the exit code is 1 when the page is not fresh.
"""

import contextlib
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import apsw

from skills_lsp.store.database import open_writer, rows
from skills_lsp.store.migrations import Migration, load_migrations, migrate_up, schema_folder

_TABLE = re.compile(r"CREATE (?:VIRTUAL )?TABLE (\w+)")
_ADDED = re.compile(r"ALTER TABLE (\w+) ADD COLUMN (\w+)[^;]*;\s*--\s*(.+)")
_OTHER = re.compile(r"CREATE (?:UNIQUE )?(INDEX|VIEW|TRIGGER) (\w+)")
_COLUMN = re.compile(r"\s+(\w+)[ ,].*?--\s*(.+)")
_COMMENT = re.compile(r"\s*--\s?(.*)")

_INTRODUCTION = """\
# The database

Written by `python -m skills_lsp.store.describe` from the comments in the migrations; a test keeps it
fresh. One SQLite file per user, in WAL mode, shared by all servers; `skills_lsp/store/` is the only
code that opens it. Instants are text in UTC, `2026-01-31T09:30:00.000000Z`; shares run from 0 to 1.

## Adding a migration

Write `V<n>__<name>__up.sql` and `V<n>__<name>__down.sql`, numbered without a gap, without BEGIN or
COMMIT: script and record are one transaction. A sentence on each table, column, index, view and
trigger. `up` then `down` must give back the schema, and no `down` but the first may lose what the
versions before it hold. A script that has been released is not changed: the next number is.
"""


@dataclass(slots=True)
class Notes:
    """What the scripts say of each thing: ``table``, ``table.column`` or another name."""

    words: dict[str, str] = field(default_factory=dict)


def read_notes(scripts: Sequence[str]) -> Notes:
    """Collect the comments of the scripts."""
    notes = Notes()
    for script in scripts:
        _read_script(script, notes)
    return notes


def page(steps: Sequence[Migration]) -> str:
    """Return the page for a schema."""
    notes = read_notes([step.up for step in steps])
    with contextlib.closing(open_writer(":memory:")) as db:
        migrate_up(db, steps, datetime(2026, 1, 1, tzinfo=UTC))
        sections = [
            _INTRODUCTION,
            _migrations(steps),
            *_tables(db, notes),
            *_others(db, notes),
        ]
    return "\n".join(section.rstrip() + "\n" for section in sections)


def undescribed(steps: Sequence[Migration]) -> list[str]:
    """Return the tables, columns, indexes, views and triggers without a sentence."""
    notes = read_notes([step.up for step in steps]).words
    with contextlib.closing(open_writer(":memory:")) as db:
        migrate_up(db, steps, datetime(2026, 1, 1, tzinfo=UTC))
        return [name for name in _names(db) if not notes.get(name, "").strip()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or with ``--check`` say whether it is fresh."""
    asked = sys.argv[1:] if arguments is None else arguments
    target = schema_folder() / "README.md"
    fresh = page(load_migrations())
    if "--check" in asked:
        return 0 if is_fresh(target, fresh) else 1
    target.write_text(fresh, encoding="utf-8")
    return 0


def is_fresh(target: Path, fresh: str) -> bool:
    """Say whether the file holds the page."""
    return target.is_file() and target.read_text(encoding="utf-8") == fresh


def _read_script(script: str, notes: Notes) -> None:
    table = ""
    above: list[str] = []
    for line in script.splitlines():
        if match := _TABLE.match(line):
            table = match[1]
        elif match := _ADDED.match(line):
            notes.words[f"{match[1]}.{match[2]}"] = match[3]
        elif match := _OTHER.match(line):
            notes.words[match[2]] = " ".join(above)
        elif table and line.startswith(")"):
            table = ""
        elif table and (match := _COMMENT.fullmatch(line)):
            notes.words[table] = f"{notes.words.get(table, '')} {match[1]}".strip()
        elif table and (match := _COLUMN.match(line)):
            notes.words[f"{table}.{match[1]}"] = match[2]
        comment = None if table else _COMMENT.fullmatch(line)
        above = [*above, comment[1]] if comment and comment[1] else []


def _migrations(steps: Sequence[Migration]) -> str:
    lines = [f"- V{step.version}, {step.name.replace('_', ' ')}" for step in steps]
    return "\n".join(("## Migrations", "", *lines))


def _tables(db: apsw.Connection, notes: Notes) -> Iterator[str]:
    for name in _of_kind(db, "table"):
        lines = [f"## {name}", "", notes.words.get(name, ""), ""]
        lines += ["| column | type | meaning |", "| --- | --- | --- |"]
        for column, kind, is_required, key in _columns(db, name):
            marks = [kind.removesuffix("GENERATED ALWAYS").strip().lower()]
            marks += ["key"] if key else []
            marks += ["required"] if is_required and not key else []
            said = notes.words.get(f"{name}.{column}", "")
            lines.append(f"| {column} | {', '.join(marks)} | {said} |")
        yield "\n".join(lines)


def _others(db: apsw.Connection, notes: Notes) -> Iterator[str]:
    for kind, title in (("view", "Views"), ("index", "Indexes"), ("trigger", "Triggers")):
        names = _of_kind(db, kind)
        if names:
            lines = [f"- `{name}`: {notes.words.get(name, '')}" for name in names]
            yield "\n".join((f"## {title}", "", *lines))


def _names(db: apsw.Connection) -> Iterator[str]:
    for table in _of_kind(db, "table"):
        yield table
        yield from (f"{table}.{column}" for column, *_ in _columns(db, table))
    for kind in ("view", "index", "trigger"):
        yield from _of_kind(db, kind)


def _of_kind(db: apsw.Connection, kind: str) -> list[str]:
    # Tables that a virtual table keeps for itself, and SQLite's own, are nobody's to describe.
    query = (
        "SELECT name FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT IN"
        " (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY rowid"
    )
    return [name for (name,) in rows(db, query, (kind,))]


def _columns(db: apsw.Connection, table: str) -> list[tuple[str, str, bool, bool]]:
    query = 'SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?) WHERE hidden <> 1'
    return [
        (name, kind, bool(need), bool(key)) for name, kind, need, key in rows(db, query, (table,))
    ]


if __name__ == "__main__":
    sys.exit(main())
