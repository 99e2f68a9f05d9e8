"""Text from outside (titles, names, messages) made safe to show."""

import unicodedata

from skills_lsp.text.markdown import escaped

_MAX_CHARACTERS = 160


def one_line(text: str, limit: int = _MAX_CHARACTERS) -> str:
    r"""Return the text as one line without control or direction characters, cut at the limit.

    Examples
    --------
    >>> one_line("run\x1b[31m\n tests\u202e")
    'run [31m tests'
    """
    shown = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)
    shown = " ".join(shown.split())
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def markdown_message(text: str, limit: int = 300) -> str:
    r"""Return a finding's message for Markdown: what it has between backticks stays code.

    Examples
    --------
    >>> markdown_message("`a_b` is *new*")
    '`a_b` is \\*new\\*'
    """
    pieces = one_line(text, limit).split("`")
    if len(pieces) % 2 == 0:  # an odd backtick
        return markdown(text, limit)
    return "".join(
        f"`{piece}`" if number % 2 else escaped(piece) for number, piece in enumerate(pieces)
    )


def markdown(text: str, limit: int = _MAX_CHARACTERS) -> str:
    r"""Return the text as one line that Markdown shows as it is.

    Examples
    --------
    >>> markdown("a_b <img>")
    'a_b \\<img\\>'
    """
    return escaped(one_line(text, limit))
