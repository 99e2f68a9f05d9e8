"""``python -m tests.accuracy``: fetch the set, ask the judges, print the table and what differs.

Names of judges (``python -m tests.accuracy bandit ruff_imports``) run only those. ``--quiet`` leaves
the disagreements out. Ends with 1 when a row is under its bar.
"""

import argparse
import importlib
import pkgutil
import sys
import time

from tests.accuracy import judges
from tests.accuracy.packages import CACHE
from tests.accuracy.score import Place, Row


def main() -> int:
    """Run the judges that are named, or all."""
    every = sorted(each.name for each in pkgutil.iter_modules(judges.__path__))
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("judges", nargs="*", metavar="JUDGE", help=f"of {', '.join(every)}")
    parser.add_argument("--quiet", action="store_true", help="print the table alone")
    options = parser.parse_args()
    unknown = set(options.judges) - set(every)
    if unknown:
        parser.error(f"no judge is called {', '.join(sorted(unknown))}; there are {every}")
    CACHE.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    for name in options.judges or every:
        started = time.perf_counter()
        print(f"{name} ...", file=sys.stderr, flush=True)
        rows.extend(importlib.import_module(f"tests.accuracy.judges.{name}").rows())
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    if not options.quiet:
        for row in rows:
            _print_disagreements(row)
    print(table(rows))
    return 0 if all(row.holds for row in rows) else 1


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = [
        "| what | judge | files | agreed | extra | missed | judge wrong | precision | recall | bars |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for row in rows:
        bars = (
            f"{row.precision_bar:.3f} / {row.recall_bar:.3f}{'' if row.holds else ' NOT REACHED'}"
        )
        cells = (
            row.name, row.judge, row.n_files, row.n_agreed, len(row.extra), len(row.missed),
            len(row.excused), f"{row.precision:.4f}", f"{row.recall:.4f}", bars,
        )  # fmt: skip
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _print_disagreements(row: Row) -> None:
    def show(sign: str, places: list[Place]) -> None:
        for place in places:
            print(f"{row.name}: {sign} {place.path}:{place.line}: {place.what}")

    show("extra ", row.extra)
    show("missed", row.missed)
    for place, reason in sorted(row.excused.items()):
        print(f"{row.name}: judge  {place.path}:{place.line}: {place.what} ({reason})")


if __name__ == "__main__":
    sys.exit(main())
