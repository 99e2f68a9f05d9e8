"""List the A/B tests with their state and how many take part."""

from dataclasses import asdict, dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.operations._experiments import all_tests
from skills_lsp.reports.ab import NO_TEST, list_table
from skills_lsp.reports.layout import plural
from skills_lsp.store import ab


@dataclass(frozen=True, slots=True)
class Params:
    """Nothing to choose."""


@dataclass(frozen=True, slots=True)
class Result:
    """The tests, the newest first."""

    tests: tuple[dict[str, Any], ...]
    message: str
    document: str

    def markdown(self) -> str:
        """Return the list as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:  # noqa: ARG001 - as every operation
    """Return the tests."""
    nothing: tuple[dict[str, Any], ...] = ()
    found = await all_tests(app)
    counts = await app.stored(lambda store: store.query(ab.summaries, nothing), nothing)
    by_test = {it["test_id"]: it for it in counts}
    rows = [(it, by_test.get(it.id, {})) for it in found]
    n_running = sum(it.is_open(app.now()) for it in found)
    message = f"{plural(len(found), 'A/B test')}, {n_running} running." if found else NO_TEST
    body = f"\n\n{list_table(rows)}" if rows else ""
    return Result(
        tuple({**_plain(test), **summary} for test, summary in rows),
        message,
        f"# A/B tests\n\n{message}{body}\n",
    )


def _plain(test: Any) -> dict[str, Any]:
    data = asdict(test)
    data["start_at"] = test.start_at.isoformat()
    data["end_at"] = test.end_at.isoformat() if test.end_at else None
    return data
