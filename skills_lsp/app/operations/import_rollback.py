"""Take an import back: what it added goes, and nothing else."""

from dataclasses import asdict, dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.app.importing import take_back
from skills_lsp.errors import UsageError
from skills_lsp.reports.layout import plural


@dataclass(frozen=True, slots=True)
class Params:
    """Which import."""

    id: int | None = None
    """Its number, as skills.importList has it."""


@dataclass(frozen=True, slots=True)
class Result:
    """The import as it is listed now."""

    import_: dict[str, Any]
    message: str


async def op(app: App, params: Params) -> Result:
    """Roll the import back."""
    if params.id is None:
        raise UsageError("missing-argument", "Say which import: skills.importList has the numbers.")
    done = await take_back(app, params.id)
    return Result(asdict(done), rolled_back_sentence(done.id, done.n_added, done.n_finished))


def rolled_back_sentence(number: int, n_added: int, n_finished: int) -> str:
    """Return what a rollback did."""
    said = f"Import {number} is rolled back: {plural(n_added, 'use')} of it went"
    return f"{said}, and {n_finished} are pending again." if n_finished else f"{said}."
