"""List the commands that answer with a document, for a menu of reports."""

from dataclasses import dataclass
from typing import Any

from skills_lsp.app.app import App
from skills_lsp.text.markdown import table as as_table

# Of the commands that are no reports, those that answer a call without arguments with something to read.
_LISTS = (
    "abList",
    "explain",
    "fix.stats",
    "importList",
    "listShortcuts",
    "listSkills",
    "showOutput",
)
_FIRST = "report.overview"
_WORDS = {"ab": "A/B tests", "ab list": "A/B tests, all", "fix.stats": "Memory of fixes"}


@dataclass(frozen=True, slots=True)
class Params:
    """Nothing to choose."""


@dataclass(frozen=True, slots=True)
class Result:
    """The commands with their titles, the reports over the history first."""

    reports: tuple[dict[str, Any], ...]
    message: str

    def markdown(self) -> str:
        """Return the reports as a table."""
        cells = [(it["title"], f"`{it['command']}`", it["summary"]) for it in self.reports]
        shown = as_table(("report", "command", "what it says"), cells)
        return f"# Reports\n\n{self.message}\n\n{shown}\n"


async def op(_app: App, _params: Params) -> Result:
    """Return the reports."""
    from skills_lsp.app.operations import table  # noqa: PLC0415 - it imports this module

    found = [
        {
            "command": it.command,
            "title": title_of(it.name),
            "summary": it.summary,
            "is_report": it.is_report,
        }
        for it in table().values()
        if it.is_report or it.name in _LISTS
    ]
    first = f"skills.{_FIRST}"
    found.sort(key=lambda it: (not it["is_report"], it["command"] != first, it["title"]))
    return Result(tuple(found), f"{len(found)} reports; each is a command without arguments.")


def title_of(name: str) -> str:
    """Return the words of an operation's name.

    >>> title_of("report.similarUsers"), title_of("listSkills"), title_of("report.ab")
    ('Similar users', 'List skills', 'A/B tests')
    """
    words = "".join(f" {it.lower()}" if it.isupper() else it for it in name.removeprefix("report."))
    return _WORDS.get(words, words[:1].upper() + words[1:])
