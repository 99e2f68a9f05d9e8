"""What stands for each ``{placeholder}`` of a command at a place."""
# ruff: noqa: PTH100, PTH110, PTH118, PTH119, PTH120, PTH122, PTH123, PTH206
# Names of files are text here, kept as the user has them.

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice

from skills_lsp.domain.context import Context
from skills_lsp.domain.finding import Finding
from skills_lsp.domain.skill import FileKind
from skills_lsp.errors import RunError
from skills_lsp.runner.environment import Environment
from skills_lsp.text import Encoding, unit_column

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PATHS = frozenset({"file_name", "relative_file", "file", "file_dir"})
# What test runners fill into the titles of parametrized tests: printf's, $name, ${expression}.
_TITLE_PARAMETER = re.compile(r"%[sdifjoOp#%$]|\$\{[^}]*\}|\$[A-Za-z_][\w.]*")
_REGEX_SPECIAL = re.compile(r"[\\^$.*+?()\[\]{}|/]")


@dataclass(frozen=True, slots=True)
class Places:
    """Where a command is run: the user's context, the tools, the working folder."""

    context: Context
    environment: Environment
    cwd: str = ""
    result_path: str = ""

    def started_in(self, cwd: str) -> "Places":
        """Return the same with the folder that relative paths start from."""
        return replace(self, cwd=cwd)


def fill(template: str, places: Places) -> str:
    """Return one argument with its placeholders filled, in one pass: values are never refilled.

    A name that is none of ours stays as it stands (git's ``@{upstream}``). Where a value that is
    not a path would turn the argument into an option, it is refused; a path gets ``./``.

    Raises
    ------
    RunError
        When there is nothing here to fill in, or the value would be read as an option.
    """
    filled = _PLACEHOLDER.sub(lambda match: _value(match[1], match[0], places), template)
    first = _PLACEHOLDER.match(template)
    if first is None or first[1] not in _VALUES:
        return filled
    if first[1] in _PATHS:
        # "@" too: pytest, mypy and many others read more arguments from the file named after it.
        return f"./{filled}" if filled.startswith(("-", "@")) else filled
    if filled.startswith("-"):
        raise RunError("unsafe-argument", f"{filled!r} would be read as an option.")
    return filled


def used_in(template: str) -> set[str]:
    """Return the names of the placeholders in an argument, known or not."""
    return set(_PLACEHOLDER.findall(template))


def innermost_test(context: Context) -> Finding | None:
    """Return the innermost test around the cursor (or within the selection)."""
    tests = [finding for finding in context.findings if finding.test_id]
    at_cursor = [finding for finding in tests if finding.extent.contains(context.cursor)]
    if not at_cursor and context.selection is not None:
        at_cursor = [finding for finding in tests if finding.extent.touches(context.selection)][:1]
    return max(at_cursor, key=lambda finding: finding.extent.start, default=None)


def _value(name: str, as_written: str, places: Places) -> str:
    value = _VALUES.get(name)
    return as_written if value is None else value(places)


def _file(places: Places) -> str:
    path = places.context.path
    if not path:
        raise RunError("no-file", "This buffer has no file.", "Save it first.")
    if not os.path.exists(path):
        raise RunError("no-file", f"{os.path.basename(path)} is not on disk.", "Save it first.")
    return path


def _relative_file(places: Places) -> str:
    path = _file(places)
    try:
        return os.path.relpath(path, places.cwd or _workspace(places))
    except ValueError:  # another drive of Windows
        return path


def _workspace(places: Places) -> str:
    folder = places.environment.workspace or places.environment.project
    if not folder:
        raise RunError("no-workspace", "No folder is open.", "Open the project's folder.")
    return folder


def _project(places: Places) -> str:
    return places.environment.project or _workspace(places)


def _symbol(places: Places) -> str:
    symbol = places.context.symbol
    if symbol is None:
        raise RunError("no-symbol-here", "The cursor is in no function or class.")
    return symbol.name


def _test_id(places: Places) -> str:
    context = places.context
    finding = innermost_test(context)
    if finding is not None:
        return finding.test_id
    definitions = [symbol.name for symbol in context.symbols if symbol.kind in _DEFINITIONS]
    if not definitions or context.file_kind is not FileKind.TEST:
        raise RunError("no-test-here", "The cursor is in no test.", "Put it in a test.")
    return ("::" if context.language == "python" else " ").join(definitions)


_DEFINITIONS = frozenset({"class", "function", "method"})


def _test_name(places: Places) -> str:
    finding = innermost_test(places.context)
    return finding.name if finding is not None else _test_id(places).rpartition("::")[2]


def _test_name_regex(places: Places) -> str:
    """Return the test's full name as a JavaScript regular expression, for ``-t`` and ``-g``."""
    finding = innermost_test(places.context)
    if finding is not None and finding.test_pattern:
        return finding.test_pattern
    title = _test_id(places)
    pattern = _title_pattern(title)
    # A suite's name is where the names of its tests begin.
    return f"^{pattern} " if _is_suite(places.context, title) else f"^{pattern}$"


def _test_title_regex(places: Places) -> str:
    """Return a test's own title as a regular expression, for runners that compare only that."""
    return f"^{_title_pattern(_test_name(places))}$"


def _title_pattern(title: str) -> str:
    pieces = _TITLE_PARAMETER.split(title)
    pattern = "[\\s\\S]*".join(_REGEX_SPECIAL.sub(r"\\\g<0>", piece) for piece in pieces)
    return pattern.replace("\n", r"\n")


def _is_suite(context: Context, title: str) -> bool:
    finding = innermost_test(context)
    if finding is not None and finding.pattern.endswith(("suite", "describe")):
        return True
    findings = (*context.findings, *context.file_findings)
    return any(finding.test_id.startswith(f"{title} ") for finding in findings)


def _module(places: Places) -> str:
    """Return the file's dotted name: by its packages, else by its place in ``src`` or the project."""
    path = os.path.abspath(_file(places))
    stem, ending = os.path.splitext(path)
    folder = os.path.dirname(path)
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder = os.path.dirname(folder)
    if folder == os.path.dirname(path):  # in no package
        root = _project(places)
        source = os.path.join(root, "src")
        folder = source if path.startswith(source + os.sep) else root
    parts = os.path.relpath(stem, folder).split(os.sep)
    if parts[-1] == "__init__":
        parts.pop()
    if ending != ".py" or not parts or not all(part.isidentifier() for part in parts):
        raise RunError("no-module", f"{os.path.basename(path)} cannot be imported by name.")
    return ".".join(parts)


def _selection(places: Places) -> str:
    if not places.context.selected_text:
        raise RunError("no-selection", "Nothing is selected.", "Select the code first.")
    return places.context.selected_text


def _column(places: Places) -> str:
    cursor = places.context.cursor
    try:
        with open(_file(places), encoding="utf-8", errors="surrogateescape") as file:
            line = next(islice(file, cursor.line, None), "")
    except OSError:
        line = ""  # Bytes and characters are the same for most lines.
    return str((unit_column(line, cursor.column, Encoding.UTF32) if line else cursor.column) + 1)


def _python(places: Places) -> str:
    if not places.environment.python:
        raise RunError("missing-tool", "No Python interpreter was found.", "Set skillsLsp.python.")
    return places.environment.python


_VALUES: dict[str, Callable[[Places], str]] = {
    "file": _file,
    "file_name": lambda places: os.path.basename(_file(places)),
    "file_dir": lambda places: os.path.dirname(_file(places)),
    "relative_file": _relative_file,
    "line": lambda places: str(places.context.cursor.line + 1),
    "column": _column,
    "symbol": _symbol,
    "test_id": _test_id,
    "test_name": _test_name,
    "test_name_regex": _test_name_regex,
    "test_title_regex": _test_title_regex,
    "module": _module,
    "selection": _selection,
    "workspace": _workspace,
    "project": _project,
    "python": _python,
    "result": lambda places: places.result_path,
}
