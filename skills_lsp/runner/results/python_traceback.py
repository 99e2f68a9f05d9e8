"""What a Python program prints: nothing of interest, or a traceback at its end."""

import re

from skills_lsp.domain.invocation import ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, one_line, shortened
from skills_lsp.runner.results._frames import python_frames
from skills_lsp.runner.results._places import Sources
from skills_lsp.runner.telling import last_line

_START = "Traceback (most recent call last):"
_EXCEPTION = re.compile(r"(?P<name>[A-Za-z_][\w.]*)(?:: |$)")


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return the last exception at the innermost frame of the project's own code."""
    start = text.rfind(_START)
    if start < 0 or not run.exit_code:
        return Report(summary=one_line(last_line(text)) or "done")
    traceback = text[start:]
    message = _message(traceback)
    match = _EXCEPTION.match(message)
    error_type = match["name"].rpartition(".")[2] if match is not None else ""
    sources = Sources(plan)
    frame = sources.first_of_ours(python_frames(traceback))
    if frame is None:
        return Report((), one_line(message), error_type)
    problem = ToolProblem(
        frame.path, max(frame.line - 1, 0), None, shortened(message), code=error_type
    )
    return Report((problem,), one_line(message), error_type)


def _message(traceback: str) -> str:
    """Return what stands behind the frames: the lines from the last that is not indented."""
    lines = traceback.splitlines()
    for number in range(1, len(lines)):
        if lines[number] and not lines[number].startswith((" ", "Traceback")):
            return "\n".join(lines[number : number + 10]).strip()
    return lines[-1].strip()
