"""What the analyst can be asked, one file per question.

A module here has ``answer(asked)``: plain data in (what JSON can say), plain data out. Its name is the
question's. ``skills_lsp.ml.analyst.Analyst.ask`` asks it from a server, in a process of its own.
"""

import importlib.util
import re
from collections.abc import Mapping
from typing import Any

_NAME = re.compile(r"[a-z][a-z_]*")


def answer(question: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a question. Raises ValueError for one that nobody knows.

    >>> answer("life", {})
    Traceback (most recent call last):
    ValueError: there is no question 'life'
    """
    name = f"{__name__}.{question}"
    if not _NAME.fullmatch(question) or importlib.util.find_spec(name) is None:
        raise ValueError(f"there is no question {question!r}")
    found: dict[str, Any] = importlib.import_module(name).answer(asked)
    return found
