"""``skills-lsp report``: one subcommand for each report of the table of operations."""

import asyncio
import dataclasses
import json
import re
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import click

from skills_lsp.app.operations import Operation, table
from skills_lsp.app.operations._fields import field_docs
from skills_lsp.app.plain import plain
from skills_lsp.cli.columns import columns, terminal_width
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.cli.groups import Group
from skills_lsp.cli.readable import readable
from skills_lsp.errors import UsageError

_TYPES: dict[type, Any] = {
    str: click.STRING,
    int: click.INT,
    float: click.FLOAT,
}
_TEXT, _JSON, _MARKDOWN = "text", "json", "markdown"


def reports() -> dict[str, Operation]:
    """Return the operations that are reports, by the name that a terminal has for them."""
    return {_kebab(it.name.partition(".")[2]): it for it in table().values() if it.is_report}


class _Reports(Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [*reports()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        operation = reports().get(cmd_name)
        return None if operation is None else _command(cmd_name, operation)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the report that was probably meant."""
        if args and not args[0].startswith("-") and args[0] not in reports():
            near = get_close_matches(args[0], reports(), 1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(reports())}."
            raise UsageError("unknown-report", f"There is no report {args[0]!r}.", hint)
        return super().resolve_command(ctx, args)


@click.group("report", cls=_Reports, invoke_without_command=True, no_args_is_help=False)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Answer a question about what was run; without a name, list the reports."""
    if ctx.invoked_subcommand is None:
        rows = [(name, it.summary) for name, it in reports().items()]
        click.echo(columns(("Report", "What it says"), rows, width=terminal_width()))
        click.echo("\nOpen one with: skills-lsp report NAME [--json | --markdown]")


def _command(name: str, operation: Operation) -> click.Command:
    """Return the subcommand of a report: its parameters are options, or its one argument."""
    docs, hints = field_docs(operation.params), get_type_hints(operation.params)
    argument = getattr(operation.module, "ARGUMENT", "")
    params: list[click.Parameter] = [
        _argument(it) if it.name == argument else _option(it, hints[it.name], docs[it.name])
        for it in dataclasses.fields(operation.params)
    ]
    form = "The data, also of the charts, as one JSON object."
    params += [
        click.Option(["--json", "form"], flag_value=_JSON, help=form),
        click.Option(["--markdown", "form"], flag_value=_MARKDOWN, help="The page of the editors."),
        click.Option(
            ["--database"],
            type=click.Path(exists=True, dir_okay=False),
            metavar="FILE",
            help="Another database than your own, such as one of demo-data.",
        ),
    ]
    said = (operation.module.__doc__ or "").strip()
    if argument:
        said += f"\n\n{argument.upper()}: {docs[argument]}"

    def show(form: str | None, database: str | None, **given: Any) -> None:
        params = operation.params(**given)
        if form is None and asyncio.run(_streamed(operation, params, database or "")):
            return
        result = asyncio.run(_result(operation, params, database or ""))
        if form == _JSON:
            data = plain(result)
            data.pop("document", None)
            click.echo(json.dumps(data))
        elif form == _MARKDOWN:
            click.echo(result.markdown(), nl=False)
        else:
            click.echo(readable(result.markdown(), terminal_width()))

    return click.Command(name, params=params, callback=show, help=said)


async def _result(operation: Operation, params: Any, database: str) -> Any:
    async with console_app(ConsoleClient(), database=database) as app:
        return await operation.run(app, params)


async def _streamed(operation: Operation, params: Any, database: str) -> bool:
    """Print what an operation has for standard output; most have nothing."""
    stream = getattr(operation.module, "stream", None)
    if stream is None:
        return False
    async with console_app(ConsoleClient(), database=database) as app:
        pieces = await stream(app, params)
        if pieces is None:
            return False
        async for piece in pieces:
            click.echo(piece, nl=False)
    return True


def _argument(field: dataclasses.Field[Any]) -> click.Argument:
    return click.Argument([field.name], required=False, default=field.default)


def _option(field: dataclasses.Field[Any], expected: Any, said: str) -> click.Option:
    name = f"--{field.name.replace('_', '-')}"
    if expected is bool:
        return click.Option([name, field.name], is_flag=True, default=field.default, help=said)
    if get_origin(expected) is tuple:
        inner = _TYPES[get_args(expected)[0]]
        help_text = f"{said} May be given several times."
        return click.Option([name, field.name], type=inner, multiple=True, help=help_text)
    if isinstance(expected, UnionType):
        expected = next(it for it in get_args(expected) if it is not NoneType)
    return click.Option(
        [name, field.name],
        type=_TYPES[expected],
        default=field.default,
        show_default=field.default not in ("", None),
        help=said,
    )


def _kebab(name: str) -> str:
    """Return a name as a terminal has it.

    >>> _kebab("similarUsers")
    'similar-users'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
