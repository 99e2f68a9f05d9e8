"""``skills-lsp evaluate``: the proof of what learning is worth. One file for each: evaluate_<name>.py."""

import importlib
import pkgutil

import click

import skills_lsp.cli
from skills_lsp.cli.groups import Group

_PREFIX = "evaluate_"


class _Evaluations(Group):
    """Finds its commands by their files, and imports the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        modules = pkgutil.iter_modules(skills_lsp.cli.__path__)
        return sorted(
            it.name.removeprefix(_PREFIX).replace("_", "-")
            for it in modules
            if it.name.startswith(_PREFIX)
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = importlib.import_module(f"skills_lsp.cli.{_PREFIX}{name}").command
        return command


@click.group("evaluate", cls=_Evaluations)
def command() -> None:
    """Measure what was learned, by the program's own code."""
