"""The group of subcommands, and how errors leave the program."""

import sys

import click

from skills_lsp import __version__
from skills_lsp.cli import doctor, history, inspect, serve, skills, suggest
from skills_lsp.cli import run as run_skill
from skills_lsp.errors import SkillsError

_EXIT_USAGE = 2


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without a subcommand, and with a client on standard input, it serves.",
)
@click.version_option(__version__, prog_name="skills-lsp")
def cli() -> None:
    """Suggest, run and learn the development tasks worth one keystroke."""


for module in (serve, suggest, inspect, run_skill, skills, history, doctor):
    cli.add_command(module.command)


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
