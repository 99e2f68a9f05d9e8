"""What a Python program prints: nothing of interest, or a traceback at its end."""

import re

from skills_lsp.domain.invocation import ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import MAX_PROBLEMS, Report, counted, one_line, shortened
from skills_lsp.runner.results._frames import python_frames
from skills_lsp.runner.results._places import Sources
from skills_lsp.runner.telling import last_line

_START = "Traceback (most recent call last):"
_EXCEPTION = re.compile(r"(?P<name>[A-Za-z_][\w.]*)(?:: |$)")
# Between the tracebacks of one failure, of which the last counts.
_CHAINED = ("During handling of the above exception", "The above exception was the direct cause")
_UNITTEST_END = re.compile(r"(?m)^Ran (?P<n>\d{1,9}) tests? in [\d.]+s$")


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return each exception at the innermost frame of the project's own code."""
    end = _UNITTEST_END.search(text)
    if end is not None and int(end["n"]) == 0:
        return Report(summary="no test was run", error_type="no-tests", did_nothing=True)
    tracebacks = _tracebacks(text)
    if not tracebacks or not run.exit_code:
        return Report(summary=_quiet_summary(text, end))
    sources = Sources(plan)
    problems = [_problem(traceback, sources) for traceback in tracebacks[:MAX_PROBLEMS]]
    first = tracebacks[0]
    summary = _message(first)
    if end is not None:
        summary = f"{len(tracebacks)} of {counted(int(end['n']), 'test')} failed: {summary}"
    return Report(
        tuple(problem for problem in problems if problem is not None),
        one_line(summary),
        _error_type(first),
    )


def _quiet_summary(text: str, end: re.Match[str] | None) -> str:
    line = one_line(last_line(text)) or "done"
    return f"{line}: {end[0][0].lower()}{end[0][1:]}" if end is not None else line


def _tracebacks(text: str) -> list[str]:
    """Return the tracebacks, without those that another exception followed from."""
    blocks = text.split(_START)[1:]
    return [block for block in blocks if not any(chain in block for chain in _CHAINED)]


def _problem(traceback: str, sources: Sources) -> ToolProblem | None:
    frame = sources.first_of_ours(python_frames(traceback))
    if frame is None:
        return None
    line = max(frame.line - 1, 0)
    message = shortened(_message(traceback))
    return ToolProblem(frame.path, line, None, message, code=_error_type(traceback))


def _error_type(traceback: str) -> str:
    match = _EXCEPTION.match(_message(traceback))
    return match["name"].rpartition(".")[2] if match is not None else ""


def _message(traceback: str) -> str:
    """Return what stands behind the frames: from the first line that is not indented."""
    lines = traceback.splitlines()
    for number, line in enumerate(lines):
        if line and not line.startswith(" "):
            paragraph = "\n".join(lines[number : number + 10])
            return paragraph.partition("\n\n")[0].strip()
    return lines[-1].strip() if lines else ""
