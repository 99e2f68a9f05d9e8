"""Tools without a machine format: their telling line is all there is."""

from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, one_line
from skills_lsp.runner.telling import error_name, last_line, telling_line


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return the last line of a good run, and the line that tells most of another."""
    if run.exit_code in plan.ok_exit_codes:
        return Report(summary=one_line(last_line(text)) or "done")
    line = telling_line(text)
    return Report(summary=one_line(line), error_type=error_name(line))
