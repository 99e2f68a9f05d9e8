"""The group of subcommands, and how errors leave the program."""

import contextlib
import importlib
import io
import sys
from difflib import get_close_matches

import click

from skills_lsp import __version__
from skills_lsp.cli.groups import Group
from skills_lsp.errors import SkillsError, UsageError

EXIT_USAGE = 2
EXIT_ERROR = 3
_COMMANDS = (
    "serve",
    "suggest",
    "inspect",
    "run",
    "skills",
    "search",
    "history",
    "fix",
    "record",
    "ci",
    "import",
    "report",
    "dashboard",
    "ab",
    "demo-data",
    "db",
    "evaluate",
    "model",
    "doctor",
)

_MODULES = {"import": "import_"}


class _LazyGroup(Group):
    """Imports a subcommand's module when it is asked for: ``inspect`` needs no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"skills_lsp.cli.{_module_of(cmd_name)}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the command that was probably meant."""
        if args and not args[0].startswith("-") and args[0] not in _COMMANDS:
            near = get_close_matches(args[0], _COMMANDS, 1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(_COMMANDS)}."
            raise UsageError("unknown-command", f"There is no command {args[0]!r}.", hint)
        return super().resolve_command(ctx, args)


def _module_of(command: str) -> str:
    """Return the module of a command; `import` is a word of the language, and names none."""
    return _MODULES.get(command) or command.replace("-", "_")


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without a subcommand, and with a client on standard input, it serves.",
)
@click.version_option(__version__, prog_name="skills-lsp", message="%(prog)s %(version)s")
def cli() -> None:
    """Suggest, run and learn the development tasks worth one keystroke."""


def run() -> None:
    """Run the command line: what the user did wrong is one sentence and exit 2."""
    _let_anything_be_printed()
    try:
        cli.main(prog_name="skills-lsp", standalone_mode=False)
    except SkillsError as error:
        click.echo(f"skills-lsp: {error}", err=True)
        sys.exit(EXIT_USAGE if isinstance(error, UsageError) else EXIT_ERROR)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.UsageError as error:
        click.echo(f"skills-lsp: {_one_sentence(error)}", err=True)
        sys.exit(EXIT_USAGE)
    except click.ClickException as error:
        click.echo(f"skills-lsp: {error.format_message()}", err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except OSError as error:
        # A full disk, a port that is taken, a log that cannot be written. A broken pipe
        # (`inspect . | head`) does not come here: click ends on it, quietly, with exit 1.
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"skills-lsp: {where}{error.strerror or error}.", err=True)
        sys.exit(EXIT_ERROR)


def _one_sentence(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx is not None else "skills-lsp"
    return f"{' '.join(error.format_message().split())} See {command} --help."


def _let_anything_be_printed() -> None:
    """Show characters that the terminal lacks, and file names that are no text, as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(ValueError):  # closed, or detached
                stream.reconfigure(errors="backslashreplace")
