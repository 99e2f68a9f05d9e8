"""JUnit XML: pytest (xunit1 and 2), node's test runner, vitest, jest-junit and most others.

The format says which tests failed; where they failed is only in the stack that each tool puts
into the failure's text.
"""

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import Report, shortened, unreadable
from skills_lsp.runner.results._frames import (
    exception_at_frame,
    frames_in_message,
    python_frames,
    script_frames,
)
from skills_lsp.runner.results._places import Frame, Sources
from skills_lsp.runner.results._tests import Case, Verdict, report_on_tests

_MAX_CASES = 100_000
_MAX_DEPTH = 50
_MAX_TEXT_CHARACTERS = 100_000  # of one failure
_N_MESSAGE_LINES = 10
_EXCEPTION = re.compile(r"(?P<name>[A-Za-z_][\w.]*)(?: \[\w+\])?(?::|$)")
_CAUSE = re.compile(r"(?m)^[ \t]*cause: (?P<name>\w+)")
_FILTERED = "test name does not match pattern"  # node's reason for what was not asked for
_VERDICTS = {"failure": Verdict.FAILED, "error": Verdict.ERROR, "skipped": Verdict.SKIPPED}


@dataclass(slots=True)
class _Element:
    """One ``testcase`` as it is read."""

    attributes: dict[str, str]
    verdict: Verdict = Verdict.PASSED
    kind: str = ""
    message: str = ""
    text: list[str] = field(default_factory=list)
    n_characters: int = 0


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return the failed tests, each at the innermost line of the project's own code and at its test."""
    sources = Sources(plan)
    elements = [element for element in _parsed(text) if element.message != _FILTERED]
    return report_on_tests([_case(element, sources) for element in elements], sources, run)


@dataclass(frozen=True, slots=True)
class Totals:
    """What a whole file says, without looking at any source."""

    n_tests: int  # without those that were skipped
    n_failed: int
    duration_seconds: float | None  # None where no test has a time
    first_failure: str  # its name and message in one line; empty without any


def totals(text: str) -> Totals:
    """Return what the file adds up to. Raises RunError for what is no JUnit XML."""
    run = [element for element in _parsed(text) if element.verdict is not Verdict.SKIPPED]
    failed = [element for element in run if element.verdict is not Verdict.PASSED]
    times = [it for it in map(_seconds, run) if it is not None]
    first = ""
    if failed:
        why = _message("".join(failed[0].text), failed[0].message).partition("\n")[0]
        first = ": ".join(it for it in (failed[0].attributes.get("name", "test"), why) if it)
    return Totals(len(run), len(failed), sum(times) if times else None, first)


def _seconds(element: _Element) -> float | None:
    try:
        seconds = float(element.attributes.get("time", "").replace(",", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _parsed(text: str) -> list[_Element]:
    if not text.strip():
        raise unreadable("it is empty")
    handler = _Handler()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    try:
        parser.Parse(text.lstrip("\ufeff \t\r\n").encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise unreadable(f"it is not XML ({error})") from error
    if not handler.is_junit:
        raise unreadable("it is XML of another kind")
    return handler.cases


def _refuse_doctype(*_: object) -> None:
    # No tool writes one, and entities can make gigabytes out of a kilobyte.
    raise unreadable("it declares a document type")


class _Handler:
    """Takes the cases out of the stream of elements; no tree is built."""

    def __init__(self) -> None:
        self.cases: list[_Element] = []
        self.is_junit = False
        self._depth = 0
        self._case: _Element | None = None
        self._is_in_verdict = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise unreadable("it is nested too deeply")
        if name in ("testsuites", "testsuite"):
            self.is_junit = True
        elif name == "testcase":
            self._case = _Element(attributes)
            self.cases.append(self._case)
            if len(self.cases) > _MAX_CASES:
                raise unreadable(f"it has more than {_MAX_CASES:,} tests")
        elif name in _VERDICTS and self._case is not None:
            # A test that failed and then broke in its teardown has two; the first one says why.
            self._is_in_verdict = self._case.verdict in (Verdict.PASSED, Verdict.SKIPPED)
            if self._is_in_verdict:
                self._case.verdict = _VERDICTS[name]
                self._case.kind = attributes.get("type", "")
                self._case.message = attributes.get("message", "")

    def end(self, name: str) -> None:
        self._depth -= 1
        if name == "testcase":
            self._case = None
        elif name in _VERDICTS:
            self._is_in_verdict = False

    def text(self, data: str) -> None:
        case = self._case
        if case is None or not self._is_in_verdict or case.n_characters > _MAX_TEXT_CHARACTERS:
            return
        case.text.append(data)
        case.n_characters += len(data)


def _case(element: _Element, sources: Sources) -> Case:
    name = element.attributes.get("name", "") or "test"
    if element.verdict in (Verdict.PASSED, Verdict.SKIPPED):
        return Case(name, element.verdict)
    text = shortened("".join(element.text), _MAX_TEXT_CHARACTERS)
    message = _message(text, element.message)
    return Case(
        name=name,
        verdict=element.verdict,
        message=message,
        error_type=_error_type(text, message, element.kind),
        frame=_frame(text, element, sources),
        own_frame=_own_frame(text, element, sources),
    )


def _message(text: str, attribute: str) -> str:
    """Return pytest's "E" lines without their mark, else the attribute."""
    lines = [line[1:] for line in text.splitlines() if line.startswith("E  ")]
    if not lines:
        return attribute.strip()
    if lines[0].lstrip().startswith('File "'):  # a syntax error: the place stands first
        return lines[-1].strip()
    indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(line[indent:].rstrip() for line in lines[:_N_MESSAGE_LINES]).strip()


def _error_type(text: str, message: str, kind: str) -> str:
    """Return the exception's class: from pytest's last line, node's cause, or the message."""
    named = exception_at_frame(text)
    if named:
        return named
    if kind and not kind.startswith(("testCode", "pytest.")) and kind.isidentifier():
        return kind
    cause = _CAUSE.search(text)
    if cause is not None:
        return cause["name"]
    match = _EXCEPTION.match(message)
    if match is not None and match["name"].rpartition(".")[2][:1].isupper():
        return match["name"].rpartition(".")[2]
    return "AssertionError" if message.startswith("assert") else kind


def _frame(text: str, element: _Element, sources: Sources) -> Frame | None:
    found = sources.first_of_ours(python_frames(text))
    found = found or sources.first_of_ours(script_frames(text))
    found = found or sources.first_of_ours(frames_in_message(element.message + "\n" + text))
    return found or _definition(element.attributes, sources)


def _own_frame(text: str, element: _Element, sources: Sources) -> Frame | None:
    test = _definition(element.attributes, sources)
    frames = python_frames(text) or script_frames(text)
    return sources.first_in(test.path, frames) if test is not None else None


def _definition(attributes: dict[str, str], sources: Sources) -> Frame | None:
    """Return where the test itself is, from the names alone (``pytest --tb=no``)."""
    named = attributes.get("file", "")
    if named:
        line = attributes.get("line", "")
        number = int(line[:9]) if line.isdecimal() else 1
        is_from_zero = sources.plan.tool == "pytest"  # its xunit1 files, against all others
        return Frame(sources.path(named), number + 1 if is_from_zero else number)
    parts = attributes.get("classname", "").split(".")
    for n_parts in range(len(parts), 0, -1):
        path = sources.path("/".join(parts[:n_parts]) + ".py")
        if Path(path).is_file():
            return Frame(path, _line_of(attributes.get("name", ""), path, sources))
    path = sources.path(attributes.get("classname", ""))
    return Frame(path, 1) if Path(path).is_file() else None


def _line_of(name: str, path: str, sources: Sources) -> int:
    wanted = re.compile(rf"\s*(?:async\s+)?def {re.escape(name.partition('[')[0])}\b")
    for number in range(sources.n_lines(path)):
        if wanted.match(sources.line(path, number)):
            return number + 1
    return 1
