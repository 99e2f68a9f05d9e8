"""``docs/reference/cli.md``: every subcommand with its arguments and options.

It is laid out here and not by click, whose layout changes with its version.
"""

import inspect
from collections.abc import Iterator

import click

from scripts.reference.layout import code, table, written_by
from skills_lsp.cli.main import cli

_INTRODUCTION = """\
`skills-lsp` and `python -m skills_lsp` are the same program. Lines and columns count from 1, columns
in Unicode code points. What you did wrong is one sentence on standard error, and exit code 2; what
could not be done is one sentence, and exit code 3. Without a subcommand, and with a client on
standard input, it serves.
"""


def page() -> str:
    """Return the page."""
    lines = ["# The command line", "", written_by("skills_lsp/cli/"), "", _INTRODUCTION]
    for path, command in subcommands():
        lines += [f"## {path}", "", code(_usage(path, command)), "", _help(command), ""]
        rows = [_row(it) for it in command.params if isinstance(it, click.Option)]
        if rows:
            lines += [*table(("option", "value", "default", "meaning"), rows), ""]
    return "\n".join(lines).rstrip() + "\n"


def subcommands(
    group: click.Group = cli, path: str = "skills-lsp"
) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, by its full name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            yield from subcommands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _usage(path: str, command: click.Command) -> str:
    arguments = [
        it.metavar or (it.name or "").upper()
        for it in command.params
        if isinstance(it, click.Argument)
    ]
    return " ".join((path, "[OPTIONS]", *arguments))


def _help(command: click.Command) -> str:
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    return "\n\n".join(" ".join(it.split()) for it in paragraphs)


def _row(option: click.Option) -> tuple[str, ...]:
    default = str(option.default) if option.show_default and option.default is not None else ""
    return (", ".join(map(code, option.opts)), _value(option), code(default), option.help or "")


def _value(option: click.Option) -> str:
    if option.is_flag:
        return ""
    if isinstance(option.type, click.Choice):
        return ", ".join(map(str, option.type.choices))
    if isinstance(option.type, click.IntRange):
        return f"{option.type.min} to {option.type.max}"
    return option.metavar or option.type.name
