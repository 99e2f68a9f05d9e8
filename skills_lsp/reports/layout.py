"""Laying out reports: bars, times and names as Markdown."""

import re
from datetime import datetime

from skills_lsp.text.markdown import escaped

BAR_CELLS = 8

_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
_EIGHTHS = " ▏▎▍▌▋▊▉"
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|www)(?=[:.])")


def plain(text: str, *, limit: int = 120, code: bool = False) -> str:
    r"""Return text that Markdown shows as it is: no markup, no HTML, no control characters.

    With ``code`` it is for the inside of a code span, where only backticks and bars matter.

    >>> plain("run *all* <b>tests</b> | now")
    'run \\*all\\* \\<b\\>tests\\</b\\> \\| now'
    """
    line = _INVISIBLE.sub(" ", text).strip()
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    if code:
        return line.replace("`", "'").replace("|", "¦")
        # A bare address is a link for many renderers; an entity for its dot or colon is not.
    return _LINK.sub(lambda match: f"{match[0]}&#8203;", escaped(line))


def bar(share: float) -> str:
    """Return a bar of at most eight cells for a share of 0 to 1.

    >>> bar(1), bar(0.5), bar(0.01)
    ('████████', '████', '▏')
    """
    n_eighths = round(min(max(share, 0.0), 1.0) * BAR_CELLS * 8)
    if share > 0:
        n_eighths = max(n_eighths, 1)
    return ("█" * (n_eighths // 8) + _EIGHTHS[n_eighths % 8]).strip()


def duration(seconds: float | None) -> str:
    """Return a duration as a person says it.

    >>> duration(0.0123), duration(4.25), duration(125), duration(7260), duration(None)
    ('12 ms', '4.2 s', '2 min 5 s', '2 h 1 min', '')
    """
    if seconds is None:
        return ""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:  # noqa: PLR2004 - what would be shown as 60.0 s is a minute
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def moment(at: str) -> str:
    """Return a stored instant to the minute; text that is none is shown as it is."""
    try:
        return f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M}"
    except ValueError:
        return plain(at)


def ago(at: str, now: datetime) -> str:
    """Return how long ago an instant was.

    >>> from datetime import UTC, datetime
    >>> ago("2026-01-31T09:00:00Z", datetime(2026, 1, 31, 11, 30, tzinfo=UTC))
    '2 h ago'
    """
    try:
        seconds = (now - datetime.fromisoformat(at)).total_seconds()
    except (ValueError, TypeError):
        return plain(at)
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return "just now"


def plural(n: int, noun: str) -> str:
    """Return a count with its noun.

    >>> plural(1, "run"), plural(2, "run")
    ('1 run', '2 runs')
    """
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
