"""Which files hold a history, what kind each is, and what is in it."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from skills_lsp.app.imports.records import Reader, RefusedRecordError
from skills_lsp.app.imports.salvage import salvage
from skills_lsp.app.imports.sessions import with_sessions
from skills_lsp.app.imports.totals import declared_totals, differences
from skills_lsp.domain.imported import ReadHistory, Skipped
from skills_lsp.errors import UsageError
from skills_lsp.store import foreign

MAX_FILE_BYTES = 1 << 30
# Crackerjack and session-buddy both write the first; documents name the second.
USUAL_PLACES = (
    ".session-buddy/skill_metrics.json",
    ".crackerjack/skill_metrics.json",
    ".session-buddy/skills.db",
)
_FILE_NAMES = ("skill_metrics.json", "skills.db")
_Piece = tuple[str, Any]  # where it stands, and what stands there
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_LISTS = ("alternatives_considered", "follow_up_actions")


def zone_named(name: str) -> tzinfo | None:
    """Return a time zone by its name; None, this machine's own, for an empty one."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        hint = "Write it like Europe/Berlin, or UTC."
        raise UsageError("unknown-zone", f"There is no time zone {name[:60]!r}.", hint) from error


def find_files(paths: Iterable[str], folders: Iterable[Path]) -> list[Path]:
    """Return the files that are named, or in folders that are named; else those in usual places."""
    named = [Path(it).expanduser() for it in paths]
    if not named:
        found = [path for folder in folders for path in _in_places(folder, USUAL_PLACES)]
        if not found:
            where = " or ".join(USUAL_PLACES)
            raise UsageError(
                "no-history-file", f"There is no {where} here.", "Name the file to import."
            )
        return list(dict.fromkeys(found))
    found = []
    for path in named:
        # A folder that is named may be the project, or the one that holds the file.
        places = (*USUAL_PLACES, *_FILE_NAMES)
        inside = list(_in_places(path, places)) if path.is_dir() else [path]
        if path.is_dir() and not inside:
            raise UsageError(
                "no-history-file", f"There is no history in {path}.", "Name the file itself."
            )
        found += inside
    return list(dict.fromkeys(found))


def read_file(path: Path, zone_name: str, now: datetime) -> ReadHistory:
    """Return what a file holds; what is wrong with a piece of it costs that piece alone.

    Raises UsageError or StoreError for what is no history at all.
    """
    zone = zone_named(zone_name)
    data = _bytes(path)
    said_zone = zone_name or f"this machine's ({now.astimezone():%Z})"
    reader = Reader(zone, now)
    if foreign.is_database(data[:16]):
        found = foreign.read_database(path)
        pieces: Iterable[_Piece] = found.records
        totals: Mapping[str, Any] | None
        skipped, totals, damage, variant = found.skipped, found.totals, found.damage, "database"
    else:
        pieces, skipped, totals, damage = _pieces(_text(data), path)
        variant = ""
    found_fields: list[dict[str, Any]] = []
    for place, raw in pieces:
        variant = variant or _variant(raw)
        try:
            fields = reader.read(raw)
        except RefusedRecordError as refusal:
            skipped.append(Skipped(place, str(refusal)))
        else:
            found_fields.append(fields)
    records = with_sessions(found_fields)
    declared = declared_totals(totals)
    return ReadHistory(
        path=str(path),
        variant=variant or "empty",
        digest=hashlib.sha256(data).hexdigest(),
        zone=said_zone,
        records=tuple(records),
        skipped=tuple(skipped),
        mended=tuple(reader.mended.most_common()),
        differences=differences(declared, records) if declared else (),
        has_totals=bool(declared),
        damage=damage,
    )


def _in_places(folder: Path, places: Iterable[str]) -> Iterator[Path]:
    for name in places:
        path = folder / name
        if path.is_file():
            yield path


def _bytes(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > MAX_FILE_BYTES:
            raise UsageError("large-file", f"{path} is larger than {MAX_FILE_BYTES >> 30} GiB.")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise UsageError("unknown-file", f"Cannot read {path}: {reason}.") from error
    if not data.strip(b"\0 \t\r\n"):
        raise UsageError("empty-file", f"{path} is empty.")
    return data


def _text(data: bytes) -> str:
    encoding = _MARKS.get(data[:2])
    if encoding:
        return data.decode(encoding, "replace")
    # Bytes that are no UTF-8 stay visible, so that the record that has them can be told.
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def _pieces(
    text: str, path: Path
) -> tuple[Iterable[_Piece], list[Skipped], Mapping[str, Any] | None, str]:
    """Return the raw records of a text with their places, what is lost, its totals, its damage."""
    start = text.lstrip()[:1]
    if start not in ("{", "["):
        rows = _csv_rows(text)
        if rows is not None:
            return *rows, None, ""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = _json_lines(text)
        if lines is not None:
            return *lines, None, ""
        saved = salvage(text)
        if not saved.records and not saved.totals and '"invocations"' not in text:
            raise _foreign(path) from error
        return saved.records, list(saved.skipped), saved.totals, _damage(error)
    return *_of_document(whole, path), ""


def _of_document(
    whole: Any, path: Path
) -> tuple[Iterable[_Piece], list[Skipped], Mapping[str, Any] | None]:
    totals = whole.get("skills") if isinstance(whole, dict) else None
    listed = _listed(whole)
    if listed is None:
        if not isinstance(totals, dict):
            raise _foreign(path)
        listed = []  # totals alone: no use can be told from another
    pieces = ((f"record {n}", raw) for n, raw in enumerate(listed, 1))
    return pieces, [], totals if isinstance(totals, dict) else None


def _listed(whole: Any) -> list[Any] | None:
    """Return the list of records of a document, also where its key has been damaged."""
    if isinstance(whole, list):
        return whole if _looks_right(whole) else None
    if not isinstance(whole, dict):
        return None
    if isinstance(named := whole.get("invocations"), list):
        return named
    lists = [it for it in whole.values() if isinstance(it, list) and it and _looks_right(it)]
    return max(lists, key=len, default=None)


def _looks_right(listed: list[Any]) -> bool:
    return not listed or any(isinstance(it, dict) and "skill_name" in it for it in listed)


def _json_lines(text: str) -> tuple[list[_Piece], list[Skipped]] | None:
    """Return one record for each line; None where the first line is none."""
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    pieces: list[_Piece] = []
    skipped: list[Skipped] = []
    for n, line in lines:
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict) and "skill_name" in found:
            pieces.append((f"line {n}", found))
        elif not pieces:
            return None
        else:
            skipped.append(Skipped(f"line {n}", "it is damaged, and no JSON"))
    return pieces, skipped


def _csv_rows(text: str) -> tuple[list[_Piece], list[Skipped]] | None:
    """Return one record for each row of CSV; None where its first line names no records."""
    rows = csv.reader(io.StringIO(text.replace("\0", "\ufffd"), newline=""))
    pieces: list[_Piece] = []
    skipped: list[Skipped] = []
    head: list[str] = []
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            if not head:
                return None
            skipped.append(Skipped(f"line {rows.line_num}", f"it is no CSV: {error}"))
            continue
        if not head:
            head = [it.strip().lower() for it in cells]
            if not {"skill_name", "invoked_at"} <= set(head):
                return None
        elif len(cells) != len(head):
            if any(it.strip() for it in cells):
                reason = f"it has {len(cells)} cells, and the head has {len(head)}"
                skipped.append(Skipped(f"line {rows.line_num}", reason))
        else:
            pieces.append((f"line {rows.line_num}", _of_row(dict(zip(head, cells, strict=True)))))
    return pieces, skipped


def _of_row(row: dict[str, Any]) -> dict[str, Any]:
    for key in _LISTS:
        cell = row.get(key)
        if cell:
            try:
                row[key] = json.loads(cell)
            except (ValueError, RecursionError):
                row[key] = [it.strip() for it in cell.split(";") if it.strip()]
    return row


def _variant(raw: Any) -> str:
    if not isinstance(raw, Mapping):
        return ""
    if "status" in raw:
        return "skills-lsp"
    return "session-buddy" if "session_id" in raw else "crackerjack"


def _damage(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"The file is no whole JSON: {error.msg} in line {error.lineno}."
    return "The file is no whole JSON."


def _foreign(path: Path) -> UsageError:
    return UsageError(
        "foreign-file",
        f"{path} holds no history of skills.",
        "Import reads skill_metrics.json, skills.db, and what `skills-lsp report export` wrote.",
    )
