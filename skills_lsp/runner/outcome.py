"""From the end of a process to an outcome: its status, one line, and what the tool found."""

import contextlib
import logging
import os
import signal
from pathlib import Path

from skills_lsp.domain.invocation import Outcome, Status
from skills_lsp.errors import RunError
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Ended, Run
from skills_lsp.runner.report import MAX_RESULT_BYTES, Report, one_line
from skills_lsp.runner.results import reader
from skills_lsp.runner.telling import error_name, telling_line, without_colours

_log = logging.getLogger(__name__)
# What an exit code means where the tool itself documents it, and prints no line that says so.
_EXIT_MEANINGS = {
    ("pytest", 2): "the test run was interrupted, or test files could not be loaded",
    ("pytest", 3): "pytest had an internal error",
    ("pytest", 5): "no tests were collected",
    ("eslint", 2): "eslint could not run, most often for its configuration",
    ("mypy", 2): "mypy could not run",
}
_ERROR_TYPES = {("pytest", 5): "no-tests"}
_NOT_FOUND = 127  # a shell's, and env's: the script's interpreter is missing


def outcome_of(plan: Plan, run: Run) -> Outcome:
    """Return the outcome; whatever the tool left behind, this does not raise.

    Exit codes say the status, the result says what was found. A result that cannot be read makes
    an ERROR of a run that would else have PASSED or FAILED: we do not know what it found.
    """
    if run.ended is not Ended.EXITED:
        return _unfinished(plan, run)
    if run.exit_code in plan.ok_exit_codes:
        return _finished(Status.PASSED, plan, run)
    if run.exit_code in plan.found_exit_codes:
        return _finished(Status.FAILED, plan, run)
    return _broken(plan, run)


def failed_to_start(error: RunError, duration_seconds: float = 0.0) -> Outcome:
    """Return the outcome of a skill that could not be planned."""
    status = Status.MISSING_TOOL if error.slug == "missing-tool" else Status.ERROR
    return Outcome(status, error.message, duration_seconds, error_type=error.slug, hint=error.hint)


def _unfinished(plan: Plan, run: Run) -> Outcome:
    seconds = run.duration_seconds
    status, summary, error_type = {
        Ended.TIMED_OUT: (
            Status.TIMED_OUT,
            f"stopped at the time limit of {plan.timeout_seconds:g} s",
            "timeout",
        ),
        Ended.CANCELLED: (Status.CANCELLED, f"cancelled after {seconds:.1f} s", "cancelled"),
        Ended.NOT_STARTED: (
            Status.ERROR,
            one_line(f"{plan.tool or plan.argv[0]} could not be started: {run.output}"),
            "not-started",
        ),
    }[run.ended]
    return _outcome(status, Report((), summary, error_type), run)


def _finished(status: Status, plan: Plan, run: Run) -> Outcome:
    try:
        report = _report(plan, run)
    except RunError as error:
        is_silent = status is Status.FAILED and error.slug != "tool-error"
        said = one_line(telling_line(run.output)) if is_silent else ""
        summary = said if said and not _is_machine_text(said) else error.message
        return _outcome(Status.ERROR, Report((), summary, error.slug), run)
    if report.did_nothing:
        return _outcome(Status.ERROR, report, run)
    if status is Status.FAILED and not (report.problems or report.summary):
        return _outcome(Status.ERROR, Report((), f"ended with exit code {run.exit_code}"), run)
    return _outcome(status, report, run)


def _broken(plan: Plan, run: Run) -> Outcome:
    code = run.exit_code
    if code is not None and code < 0:
        name = _signal_name(-code)
        return _outcome(Status.ERROR, Report((), f"was ended by {name}", name), run)
    report = Report()
    # A broken run may still say what broke it: pytest's collection errors are in its result. Where
    # it does not, the exit code has said already that all is not well.
    with contextlib.suppress(RunError):
        report = _report(plan, run)
    tool = (os.path.basename(plan.tool), code or 0)  # noqa: PTH119
    line = telling_line(run.output)
    known = _EXIT_MEANINGS.get(tool, "")
    summary = (report.summary if report.problems else "") or known or one_line(line)
    if _is_machine_text(summary) or not summary:
        summary = f"ended with exit code {code}"
    error_type = (
        report.error_type if report.problems else _ERROR_TYPES.get(tool) or error_name(line)
    )
    hint = "Its interpreter was not found." if code == _NOT_FOUND else ""
    report = Report(report.problems, summary, error_type or f"exit-{code}")
    return _outcome(Status.ERROR, report, run, hint=hint)


def _outcome(status: Status, report: Report, run: Run, *, hint: str = "") -> Outcome:
    return Outcome(
        status=status,
        summary=report.summary or status.value,
        duration_seconds=run.duration_seconds,
        problems=report.problems,
        exit_code=run.exit_code,
        error_type=report.error_type,
        output=without_colours(run.output),
        hint=hint,
        is_truncated=run.is_truncated,
    )


def _report(plan: Plan, run: Run) -> Report:
    """Return what the reader makes of the result; RunError where it cannot."""
    text = _result(plan, run)
    read = reader(plan.result)
    try:
        return read(text, plan, run)
    except RunError:
        raise
    except Exception as error:  # A reader's mistake costs its own result and nothing else.
        _log.exception("the reader %s failed", plan.result)
        raise RunError(
            "unreadable-result", f"The result of {plan.tool or 'the tool'} cannot be read."
        ) from error


def _result(plan: Plan, run: Run) -> str:
    if not plan.result_path:
        return without_colours(run.stdout if plan.separates_stdout else run.output)
    try:
        with Path(plan.result_path).open("rb") as file:
            data = file.read(MAX_RESULT_BYTES + 1)
    except OSError as error:
        raise RunError(
            "unreadable-result", f"{plan.tool or 'The tool'} wrote no result."
        ) from error
    if len(data) > MAX_RESULT_BYTES:
        raise RunError(
            "unreadable-result", f"The result is larger than {MAX_RESULT_BYTES // 10**6} MB."
        )
    return data.decode("utf-8", "replace")


def _is_machine_text(line: str) -> bool:
    return line.startswith(("{", "[", "<", "}", "]", '"'))


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
