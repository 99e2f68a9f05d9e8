"""What a reader makes of a tool's result, and the bounds that all readers keep."""

from dataclasses import dataclass

from skills_lsp.domain.invocation import ToolProblem
from skills_lsp.errors import RunError

MAX_PROBLEMS = 500  # what an editor's list still shows with profit
MAX_MESSAGE_CHARACTERS = 2000
MAX_SUMMARY_CHARACTERS = 200
MAX_RESULT_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class Report:
    """The problems a tool found, one line about them, and a short class of failure.

    ``did_nothing`` says that the tool ended well without doing what it was asked to, such as
    running a test that is not there.
    """

    problems: tuple[ToolProblem, ...] = ()
    summary: str = ""
    error_type: str = ""
    did_nothing: bool = False


def unreadable(reason: str) -> RunError:
    """Return the error of a result that is not what the tool was asked for."""
    return RunError("unreadable-result", f"The tool's result cannot be read: {reason}.")


def refused(reason: str) -> RunError:
    """Return the error of a tool that says itself, in its result, why it did not do its work."""
    return RunError("tool-error", reason)


def shortened(text: str, limit: int = MAX_MESSAGE_CHARACTERS) -> str:
    """Return the text, cut with an ellipsis where it is longer than the limit."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def one_line(text: str, limit: int = MAX_SUMMARY_CHARACTERS) -> str:
    """Return the text's first line that says something, in bounds."""
    return shortened(next((line.strip() for line in text.splitlines() if line.strip()), ""), limit)


def counted(n: int, noun: str) -> str:
    """Return a number with its noun, as in "1 problem" and "2 problems"."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
