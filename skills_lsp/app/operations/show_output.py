"""Show what the last run printed."""

from dataclasses import dataclass

from skills_lsp.app.app import App
from skills_lsp.errors import UsageError


@dataclass(frozen=True, slots=True)
class Params:
    """Nothing to choose."""


@dataclass(frozen=True, slots=True)
class Result:
    """The output's tail."""

    output: str
    message: str

    def markdown(self) -> str:
        """Return the output as a document."""
        fence = "~" * (4 + self.output.count("~~~~"))
        return f"# {self.message}\n\n{fence}\n{self.output}\n{fence}\n"


async def op(app: App, _params: Params) -> Result:
    """Return the last output."""
    if app.last_run is None:
        raise UsageError("no-output", "Nothing was run in this session yet.")
    return Result(app.last_output, f"Output of {app.last_run.skill.name}")
