"""The YAML at the head of a ``SKILL.md``, read within bounds and forgivingly."""

import re
from dataclasses import dataclass, field
from typing import Any

from skills_lsp.domain.skill import Problem

_LIMIT = 64 * 1024
# libyaml's binding composes by recursion in C and takes the process down with it: 100,000 open
# brackets crashed it, 900 levels fit into a thread's 512 kB of stack.
_MAX_NESTING = 200
_OPENERS = re.compile(r"[\[{?:-]")
_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)
_PLAIN_VALUE = re.compile(r"([A-Za-z][\w-]*):[ \t]+([^\s'\"|>\[{&*!#].*)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The head's data (all scalars are text), the body after it, and doubts about the form."""

    data: dict[str, Any]
    body: str
    head: str
    warnings: tuple[Problem, ...] = field(default=())

    def line_of(self, key: str) -> int:
        """Return the line (from 1) of a key in the file, or the first."""
        found = re.search(rf"^[ \t]*{re.escape(key)}[ \t]*:", self.head, re.MULTILINE)
        return self.head.count("\n", 0, found.end()) + 2 if found else 1


def read_front_matter(path: str, text: str) -> FrontMatter | Problem:
    """Split a ``SKILL.md`` into its front matter and its body."""
    opening = _OPENING.match(text)
    if not opening:
        return Problem(path, 1, "has no front matter; the first line must be ---")
    closing = _CLOSING.search(text, opening.end())
    if not closing:
        return Problem(path, 1, "has a front matter that is never closed by ---")
    head = text[opening.end() : closing.start()]
    body = text[closing.end() :].strip()
    if len(head) > _LIMIT:
        return Problem(path, 1, f"has a front matter of more than {_LIMIT // 1024} kB")
    data = parse_yaml(path, head, first_line=2)
    if not isinstance(data, Problem):
        return _checked(path, data, body, head, ())
    mended = _quote_colons(head)
    retried = parse_yaml(path, mended, first_line=2) if mended != head else data
    if isinstance(retried, Problem):
        return data
    message = "has a value with a colon that should stand in quotes; read as if it did"
    return _checked(path, retried, body, head, (Problem(path, data.line, message, is_error=False),))


def parse_yaml(path: str, text: str, first_line: int = 1) -> object:
    """Return a YAML text as plain data in which every scalar is text, or a :class:`Problem`.

    Untyped on purpose: ``version: 1.0``, ``name: on`` and ``2001-13-45`` are what was written.
    """
    import yaml  # noqa: PLC0415 - 25 ms that only projects with YAML files pay

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        if len(_OPENERS.findall(text)) > _MAX_NESTING and _nesting(text, loader) > _MAX_NESTING:
            return Problem(path, first_line, "has a YAML text that is nested too deeply")
        return yaml.load(text, Loader=loader)  # noqa: S506 - builds text, lists and tables alone
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        return Problem(path, line, f"is not valid YAML: {error.problem or error.context}")
    except yaml.YAMLError as error:
        return Problem(path, first_line, f"is not valid YAML: {str(error).splitlines()[0]}")
    except RecursionError:
        return Problem(path, first_line, "has a YAML text that is nested too deeply")


def _checked(
    path: str, data: object, body: str, head: str, warnings: tuple[Problem, ...]
) -> FrontMatter | Problem:
    if isinstance(data, dict):
        return FrontMatter(data, body, head, warnings)
    return Problem(path, 2, "has a front matter that is no table of names and values")


def _nesting(text: str, loader: Any) -> int:
    """Return how deep the text nests, from the parser's events, which need no recursion."""
    import yaml  # noqa: PLC0415 - see parse_yaml

    depth = deepest = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            deepest = max(deepest, depth)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_NESTING:
            break
    return deepest


def _quote_colons(head: str) -> str:
    """Put quotes around plain values that hold a colon, the commonest slip of other clients."""
    return "\n".join(_quoted(line) for line in head.split("\n"))


def _quoted(line: str) -> str:
    match = _PLAIN_VALUE.fullmatch(line.rstrip(" \t\r"))
    if not match or ":" not in match[2]:
        return line
    value = match[2].replace("\\", "\\\\").replace('"', '\\"')
    return f'{match[1]}: "{value}"'
