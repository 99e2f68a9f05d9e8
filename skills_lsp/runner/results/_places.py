"""Where tools say a problem is, made into paths, lines from 0 and columns in code points."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from skills_lsp.runner.plan import Plan
from skills_lsp.text import Encoding, byte_column, unit_column

_MAX_FILE_BYTES = 5_000_000
# Folders inside a workspace that hold other people's code.
_FOREIGN = frozenset({"site-packages", "dist-packages", "node_modules", ".venv", "venv", ".tox"})


@dataclass(frozen=True, slots=True)
class Frame:
    """A place as a tool names it: a path, a line and perhaps a column, both from 1."""

    path: str
    line: int
    column: int | None = None


@dataclass(slots=True)
class Sources:
    """The files that a run's problems lie in, each read once."""

    plan: Plan
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def path(self, named: str) -> str:
        """Return the absolute path of a file as a tool names it (path or ``file:`` URI)."""
        if named.startswith("file:"):
            named = unquote(urlsplit(named).path)
            if sys.platform == "win32":
                named = named.lstrip("/")
        path = os.path.normpath(Path(self.plan.cwd, named))
        root = self.plan.workspace
        real_root = os.path.realpath(root) if root else ""
        # Tools resolve links (macOS: /private/tmp); the editor knows the file by the user's name.
        if real_root and real_root != root and path.startswith(real_root + os.sep):
            return root + path[len(real_root) :]
        return path

    def line(self, path: str, number: int) -> str:
        """Return a line (from 0) of a file, empty where there is none."""
        lines = self._lines_of(path)
        return lines[number] if 0 <= number < len(lines) else ""

    def n_lines(self, path: str) -> int:
        """Return the number of lines of a file."""
        return len(self._lines_of(path))

    def column(self, path: str, line: int, units: int | None, encoding: Encoding) -> int | None:
        """Return a column from 0 in code points for one from 0 in other units."""
        if units is None or units < 0:
            return None
        text = self.line(path, line)
        if text.isascii():
            return units
        return unit_column(text, byte_column(text, units, encoding), Encoding.UTF32)

    def is_ours(self, path: str) -> bool:
        """Say whether a file is the project's own, and not a library's."""
        root = self.plan.workspace or self.plan.cwd
        try:
            inside = Path(path).relative_to(root)
        except ValueError:
            return False
        return _FOREIGN.isdisjoint(inside.parts)

    def shown(self, message: str) -> str:
        """Return a message with the workspace's files named from the workspace."""
        root = self.plan.workspace or self.plan.cwd
        return message.replace(root + os.sep, "") if len(root) > 1 else message

    def first_of_ours(self, frames: list[Frame]) -> Frame | None:
        """Return the first frame, in the order given, that lies in the project's own code."""
        for frame in frames:
            path = self.path(frame.path)
            if self.is_ours(path):
                return Frame(path, frame.line, frame.column)
        return None

    def first_in(self, path: str, frames: list[Frame]) -> Frame | None:
        """Return the first frame, in the order given, that lies in a file."""
        for frame in frames:
            if self.path(frame.path) == path:
                return Frame(path, frame.line, frame.column)
        return None

    def _lines_of(self, path: str) -> list[str]:
        lines = self._lines.get(path)
        if lines is None:
            lines = self._lines[path] = _read(path)
        return lines


def _read(path: str) -> list[str]:
    try:
        if os.path.getsize(path) > _MAX_FILE_BYTES:  # noqa: PTH202
            return []
        text = Path(path).read_text("utf-8", "replace")
    except (OSError, ValueError):
        return []  # Only columns in lines beyond ASCII need it.
    return text.replace("\r\n", "\n").split("\n")
