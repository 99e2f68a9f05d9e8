"""One record of a history from elsewhere: checked, mended where that loses nothing, or refused."""

import math
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from skills_lsp.domain.gate import GATE_PHASES
from skills_lsp.domain.invocation import Status

_FIRST_YEAR = 1970
_MAX_SHOWN = 40
_WORDS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
_PHASES = {**GATE_PHASES, "fast": "setup", "comprehensive": "verification"}
_NOT_UTF8 = range(0xDC80, 0xDD00)  # what "surrogateescape" makes of a byte that is no UTF-8
_TEXTS = (
    "session_id", "workflow_path", "workflow_phase", "workflow_step_id", "workflow_step_id", "user_query", "error_type", "strategy",
    "summary", "project", "language", "file_kind",
)  # fmt: skip


class RefusedRecordError(ValueError):
    """A record cannot be used; the message says why."""


class Reader:
    """Reads the records of one file; counts what it mended.

    Parameters
    ----------
    zone
        The zone of times that name none; None for this machine's own.
    """

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        self.mended: Counter[str] = Counter()
        self._zone = zone
        self._latest = now.astimezone(UTC)

    def read(self, raw: Any) -> dict[str, Any]:
        """Return the fields of an Invocation; the session may be empty. Raises RefusedRecordError."""
        if not isinstance(raw, Mapping):
            raise RefusedRecordError(f"it is {_shown(raw)}, not an object")
        name = raw.get("skill_name")
        if not isinstance(name, str) or not name.strip("\0 \t\r\n"):
            raise RefusedRecordError(
                "it names no skill" if name in (None, "") else f"its skill is {_shown(name)}"
            )
        if not name.isascii() and any(ord(it) in _NOT_UTF8 for it in name):
            raise RefusedRecordError("its skill has bytes that are no UTF-8")
        at = self._instant(raw.get("invoked_at"))
        is_completed = _flag(raw.get("completed"))
        texts: dict[str, Any] = {key: self._text(raw, key) for key in _TEXTS if raw.get(key)}
        seconds, had_duration = self._duration(raw.get("duration_seconds"))
        status = _status(
            raw.get("status"), is_completed, had_duration, bool(texts.get("error_type"))
        )
        path = texts.get("workflow_path", "")
        texts.setdefault("workflow_phase", _PHASES.get(path, ""))
        texts.setdefault("strategy", "")
        texts.setdefault("session_id", "")
        return {
            "skill_name": name,
            "invoked_at": at,
            "status": status,
            "completed": status.is_completed,
            "duration_seconds": None if status is Status.RUNNING else seconds,
            "selection_rank": self._rank(raw.get("selection_rank")),
            "alternatives_considered": self._names(raw, "alternatives_considered"),
            "follow_up_actions": self._names(raw, "follow_up_actions"),
            **texts,
        }

    def _instant(self, value: Any) -> str:
        if value is None or value == "":
            raise RefusedRecordError("it has no time")
        if not isinstance(value, str):
            raise RefusedRecordError(f"its time is {_shown(value)}, not a text")
        try:
            at = datetime.fromisoformat(value)
            if at.tzinfo is None:
                at = at.astimezone() if self._zone is None else at.replace(tzinfo=self._zone)
            at = at.astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            raise RefusedRecordError(f"its time is {_shown(value)}, which is no instant") from None
        if at.year < _FIRST_YEAR:
            raise RefusedRecordError(f"its time is {_shown(value)}, before {_FIRST_YEAR}")
        if at > self._latest:
            self.mended["though its time is in the future"] += 1
        return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def _duration(self, value: Any) -> tuple[float | None, bool]:
        """Return seconds, and whether the record has ended by having any."""
        if value is None or value == "":
            return None, False
        number = _number(value)
        if number is None or number < 0:
            self.mended["without its duration, which was none"] += 1
            return None, True
        return number, True

    def _rank(self, value: Any) -> int | None:
        if value is None or value == "":
            return None
        number = _number(value)
        if number is None or number < 1 or number != int(number) or number >= 2**31:
            self.mended["without its rank, which was none"] += 1
            return None
        return int(number)

    def _text(self, raw: Mapping[str, Any], key: str) -> str:
        value = raw.get(key)
        if value is None or isinstance(value, str):
            return value or ""
        self.mended[f"without its {key.replace('_', ' ')}, which was no text"] += 1
        return ""

    def _names(self, raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = raw.get(key)
        if not value:
            return ()
        if isinstance(value, list):
            kept = tuple(it for it in value if isinstance(it, str))
            if len(kept) == len(value):
                return kept
        else:
            kept = ()
        self.mended[f"without some of its {key.replace('_', ' ')}, which were no texts"] += 1
        return kept


def _flag(value: Any) -> bool:
    if value is None:
        return False
    if isinstance(value, str):
        value = _WORDS.get(value.strip().lower(), value)
    if isinstance(value, (bool, int)) and value in (0, 1):
        return bool(value)
    raise RefusedRecordError(f"completed is {_shown(value)}, neither true nor false")


def _status(given: Any, is_completed: bool, had_duration: bool, has_error: bool) -> Status:
    """Return how it stands: what has neither an end nor a duration is pending, and not abandoned."""
    if isinstance(given, str) and given:
        try:
            return Status(given)
        except ValueError:
            raise RefusedRecordError(f"its status is {_shown(given)}, which is none") from None
    if is_completed:
        return Status.FAILED if has_error else Status.PASSED
    if has_error:
        return Status.ERROR
    return Status.CANCELLED if had_duration else Status.RUNNING


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _shown(value: Any) -> str:
    text = (
        repr(value)
        if isinstance(value, (str, int, float, bool, type(None)))
        else type(value).__name__
    )
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1]}…"
