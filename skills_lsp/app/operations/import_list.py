"""List the imports: where each came from, what it added, whether it stands."""

from dataclasses import asdict, dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.domain.imported import PastImport
from skills_lsp.reports.imports import past_document
from skills_lsp.reports.layout import plural
from skills_lsp.store import imports


@dataclass(frozen=True, slots=True)
class Params:
    """Nothing to choose."""


@dataclass(frozen=True, slots=True)
class Result:
    """The imports, newest first, and as a document."""

    imports: tuple[dict[str, Any], ...]
    message: str
    document: str

    def markdown(self) -> str:
        """Return the list as a document."""
        return self.document


async def op(app: App, params: Params) -> Result:
    """Return the list."""
    del params
    nothing: tuple[PastImport, ...] = ()
    found = await app.stored(lambda store: store.query(imports.past, nothing), nothing)
    message = (
        f"{plural(len(found), 'import')}; take one back with `skills-lsp import --rollback N`."
        if found
        else "Nothing was imported yet: `skills-lsp import PATH` brings in a history from elsewhere."
    )
    return Result(tuple(asdict(it) for it in found), message, past_document(message, found))
