"""Records a run in a database, as another editor does: ``python record.py DATABASE``."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.store import Store
from skills_lsp.store.text import instant

NAME = "planted-now"

if __name__ == "__main__":
    store = Store.open(Path(sys.argv[1]), now=lambda: datetime.now(UTC))
    at = instant(datetime.now(UTC))
    run = store.begin(Invocation(NAME, at, "another", "execution", project="shop"))
    store.finish(run, Outcome(Status.PASSED, "<img src=x onerror=alert(1)> passed", 1.5))
    store.close()
