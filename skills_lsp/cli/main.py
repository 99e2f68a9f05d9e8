"""The group of subcommands, and how errors leave the program."""

import importlib
import sys

import click

from skills_lsp import __version__
from skills_lsp.errors import SkillsError

_EXIT_USAGE = 2
_COMMANDS = ("serve", "suggest", "inspect", "run", "skills", "history", "doctor")


class _LazyGroup(click.Group):
    """Imports a subcommand's module when it is asked for: ``inspect`` needs no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"skills_lsp.cli.{cmd_name}")
        command: click.Command = module.command
        return command


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without a subcommand, and with a client on standard input, it serves.",
)
@click.version_option(__version__, prog_name="skills-lsp")
def cli() -> None:
    """Suggest, run and learn the development tasks worth one keystroke."""


def run() -> None:
    """Run the command line: what the user did wrong is one sentence and exit 2."""
    try:
        cli.main(prog_name="skills-lsp", standalone_mode=False)
    except SkillsError as error:
        click.echo(f"skills-lsp: {error}", err=True)
        sys.exit(_EXIT_USAGE)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:  # `skills-lsp inspect . | head`
        sys.stderr.close()
        sys.exit(0)
