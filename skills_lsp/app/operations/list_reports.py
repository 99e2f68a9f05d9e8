"""List the commands that answer with a document, for a menu of reports."""

from dataclasses import dataclass
from typing import Any, get_type_hints

from skills_lsp.app.app import App
from skills_lsp.text.markdown import table as as_table


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
        if hasattr(get_type_hints(it.run)["return"], "markdown") and it.name != "listReports"
    ]
    found.sort(key=lambda it: (not it["is_report"], it["title"]))
    return Result(tuple(found), f"{len(found)} reports; each is a command without arguments.")


def title_of(name: str) -> str:
    """Return the words of an operation's name.

    >>> title_of("report.abTests"), title_of("listSkills")
    ('Ab tests', 'List skills')
    """
    words = "".join(f" {it.lower()}" if it.isupper() else it for it in name.removeprefix("report."))
    return words[:1].upper() + words[1:]
