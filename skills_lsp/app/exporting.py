"""The history as JSON or CSV, piece by piece, so that a million runs need no memory."""

import csv
import io
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict, fields
from enum import StrEnum
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.domain.invocation import Invocation
from skills_lsp.errors import StoreError
from skills_lsp.store import text, usage
from skills_lsp.store.usage import Filters

BATCH = 2_000
FORMAT = "skills-lsp history"
VERSION = 1
_DOCTOR = "See `skills-lsp doctor`."
COLUMNS = tuple(it.name for it in fields(Invocation) if it.name != "id")


class Form(StrEnum):
    """How an export is written."""

    JSON = "json"
    CSV = "csv"


async def exported(app: App, wanted: Filters, form: Form) -> AsyncIterator[tuple[str, int]]:
    """Yield the export in pieces, each with the number of runs in it, in the order of recording.

    JSON is one object whose ``invocations`` stand on a line each; CSV has a line of names first, and
    lists as JSON in their cells. ``skills-lsp import`` reads both.
    """
    yield _head(form, text.instant(app.now())), 0
    last, is_first = 0, True
    while batch := await _next(app, wanted, last):  # an empty one is the end
        yield _piece(form, batch, is_first=is_first), len(batch)
        last, is_first = batch[-1].id or 0, False
        if len(batch) < BATCH:
            break
    if form is Form.JSON:
        yield "\n]}\n" if not is_first else "]}\n", 0


async def _next(app: App, wanted: Filters, last: int) -> list[Invocation]:
    batch: list[Invocation] | None = await app.stored(
        lambda store: store.query(lambda db: usage.batch(db, wanted, last, BATCH), None), None
    )
    if batch is None:  # half an export must not look like a whole one
        raise StoreError("export-broke-off", "The history could not be read to its end.", _DOCTOR)
    return batch


def _head(form: Form, at: str) -> str:
    if form is Form.CSV:
        return _csv([COLUMNS])
    about = {"format": FORMAT, "version": VERSION, "exported_at": at}
    return f'{json.dumps(about)[:-1]}, "invocations": ['


def _piece(form: Form, batch: Iterable[Invocation], *, is_first: bool) -> str:
    records = [_record(it) for it in batch]
    if form is Form.CSV:
        return _csv([[_cell(it[name]) for name in COLUMNS] for it in records])
    lines = ",\n".join(json.dumps(it, ensure_ascii=False) for it in records)
    return f"\n{lines}" if is_first else f",\n{lines}"


def _record(it: Invocation) -> dict[str, Any]:
    record = asdict(it)
    del record["id"]
    return record


def _cell(value: Any) -> Any:
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return int(value)
    return value


def _csv(rows: Iterable[Iterable[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)  # With LF alone as its line end it leaves a CR unquoted.
    return out.getvalue()
