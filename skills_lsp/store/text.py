"""What may be stored: text without NULs, half characters or secrets, in bounded length; instants."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from skills_lsp.errors import StoreError
from skills_lsp.store.scrub import scrub

MAX_NAME = 200
MAX_LINE = 500
MAX_QUERY = 1000
MAX_LIST = 50

_SCRUB_WINDOW = 4  # times the limit: a secret that the limit would cut in two is still seen whole


def clean(text: str, limit: int) -> str:
    r"""Return text that every SQLite tool can hold: no NUL, no lone surrogate, at most ``limit``.

    >>> clean("a\x00b\ud800c", 10) == "a\ufffdb\ufffdc"
    True
    """
    if not text:
        return ""
    short = text[:limit].replace("\0", "\ufffd")
    if short.isascii():
        return short
    return short.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def clean_free(text: str, limit: int) -> str:
    """Return free text, as :func:`clean` and without secrets."""
    return clean(scrub(text[: limit * _SCRUB_WINDOW]), limit)


def clean_list(values: Iterable[str]) -> str:
    """Return a JSON array of short cleaned names, at most ``MAX_LIST`` of them."""
    kept = [clean(value, MAX_NAME) for value, _ in zip(values, range(MAX_LIST), strict=False)]
    return json.dumps(kept, ensure_ascii=False) if kept else "[]"


def read_list(text: str) -> tuple[str, ...]:
    """Return the texts of a stored JSON array."""
    if text == "[]":
        return ()
    values: Sequence[object] = json.loads(text)
    return tuple(str(value) for value in values)


def instant(moment: datetime) -> str:
    """Return an instant in the one form that sorts as text; without a zone it is taken as UTC.

    >>> instant(datetime(2026, 1, 31, 9, 30, tzinfo=UTC))
    '2026-01-31T09:30:00.000000Z'
    """
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant_of(text: str) -> str:
    """Return an ISO-8601 text in the stored form; anything else is a StoreError."""
    try:
        return instant(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        message = f"{clean(text, 40)!r} is no instant in ISO-8601."
        raise StoreError("bad-invocation", message) from error
