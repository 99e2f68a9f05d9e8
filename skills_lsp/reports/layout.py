"""Laying out reports: bars, times and names as Markdown."""

import re
from collections.abc import Sequence
from datetime import datetime

from skills_lsp.text.markdown import escaped

BAR_CELLS = 8

_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
_EIGHTHS = " ▏▎▍▌▋▊▉"
_COLUMNS = "▁▂▃▄▅▆▇█"
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


def sparkline(values: Sequence[float | None]) -> str:
    """Return values as a line of small columns, from 0 to the largest; a gap is a dot.

    >>> sparkline([1, 2, None, 4, 8]), sparkline([0, 0]), sparkline([])
    ('▁▂·▄█', '▁▁', '')
    """
    top = max((it for it in values if it is not None), default=0.0)
    return "".join(_column(it, top) for it in values)


def percent(share: float | None, *, digits: int = 0) -> str:
    """Return a share of 0 to 1 in percent; what is not all or nothing is not rounded to it.

    >>> percent(0.5), percent(None), percent(0.999), percent(0.001), percent(0.1234, digits=1)
    ('50 %', '–', '> 99 %', '< 1 %', '12.3 %')
    """
    if share is None:
        return "–"
    rounded = round(share * 100, digits)
    step = 10.0**-digits
    if share < 1 and rounded >= 100:  # noqa: PLR2004 - percent
        return f"> {100 - step:.{digits}f} %"
    if share > 0 and rounded <= 0:
        return f"< {step:.{digits}f} %"
    return f"{rounded:.{digits}f} %"


def signed(value: float | None, unit: str = "", *, digits: int = 0) -> str:
    """Return a change with its sign, which no change has not.

    >>> signed(0.5, "s", digits=1), signed(-3, "%"), signed(0.0), signed(-0.2), signed(None)
    ('+0.5 s', '−3 %', '0', '0', '–')
    """
    if value is None:
        return "–"
    number = f"{abs(value):,.{digits}f}"
    is_zero = not number.strip("0.,")
    sign = "" if is_zero else "+" if value > 0 else "−"
    return f"{sign}{number} {unit}".rstrip()


def change(before: float | None, after: float | None) -> str:
    """Return by how much something changed, in percent of what it was.

    >>> change(10, 12), change(10, 5), change(0, 3), change(None, 3), change(10, 10)
    ('+20 %', '−50 %', 'new', 'new', '0 %')
    """
    if not before:
        return "new" if after else "–"
    return signed(((after or 0.0) / before - 1) * 100, "%")


def listed(words: Sequence[str], *, last: str = "and") -> str:
    """Return words as a person lists them.

    >>> listed(["a"]), listed(["a", "b", "c"]), listed([])
    ('a', 'a, b and c', '')
    """
    return f" {last} ".join(it for it in (", ".join(words[:-1]), *words[-1:]) if it)


def nothing_yet(title: str, what: str = "Nothing has been recorded yet") -> str:
    """Return the page of a report that has no history to speak of: what is missing, what to do.

    >>> print(nothing_yet("Trends"))  # doctest: +ELLIPSIS
    # Trends
    <BLANKLINE>
    Nothing has been recorded yet: pick a skill ...
    """
    return f"# {title}\n\n{nothing_sentence(what)}\n"


def nothing_sentence(what: str = "Nothing has been recorded yet") -> str:
    """Return that there is no history, and what to do about it."""
    return (
        f"{what}: pick a skill from the code actions of your editor, or run one with "
        "`skills-lsp run SKILL FILE:LINE`, and it will be counted here."
    )


def _column(value: float | None, top: float) -> str:
    if value is None:
        return "·"
    height = round(max(value, 0.0) / top * len(_COLUMNS)) if top > 0 else 0
    return _COLUMNS[max(height - 1, 0)]


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

    >>> plural(1, "run"), plural(2_000, "run")
    ('1 run', '2,000 runs')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
