"""``skills-lsp run``: run a skill as the editor would, and record it."""

import asyncio
import contextlib
import json
import signal
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from skills_lsp.app.app import App
from skills_lsp.app.client import Level
from skills_lsp.app.operations import run as operation
from skills_lsp.app.plain import plain
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.cli.main import EXIT_ERROR
from skills_lsp.cli.places import FilePlace, parse_place
from skills_lsp.cli.suggest import opened
from skills_lsp.domain.skill import Command, Skill
from skills_lsp.errors import RunError, UsageError

_EXIT_CODES = {"passed": 0, "handed-over": 0, "failed": 1, "cancelled": 130}


@click.command("run")
@click.argument("skill")
@click.argument("place", metavar="FILE[:LINE[:COL]]")
@click.option("--trust", is_flag=True, help="Trust the folder's own skills from now on.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON object.")
def command(skill: str, place: str, trust: bool, as_json: bool) -> None:
    """Run a skill on a file, and record it.

    What the tool prints is shown as it comes, then the problems it found, then the outcome. An
    agent skill prints its prompt, to be piped into an agent.

    Exit code 0: passed; 1: it found something; 2: asked wrongly; 3: it could not do its work;
    130: cancelled.
    """
    client = _RunClient(skill, is_trusting=trust, is_streaming=not as_json)
    result = asyncio.run(_run(client, skill, parse_place(place)))
    if as_json:
        click.echo(json.dumps(plain(result)))
    else:
        _print_outcome(client, result)
    sys.exit(_EXIT_CODES.get(result.status, EXIT_ERROR))


class _RunClient(ConsoleClient):
    """Leaves out the message that an editor shows at the end: the outcome is printed in full."""

    def __init__(self, skill: str, *, is_trusting: bool, is_streaming: bool) -> None:
        super().__init__(is_trusting=is_trusting, is_streaming=is_streaming)
        self._prefix = f"{skill}: "

    def show(self, message: str, level: Level = Level.INFO) -> None:
        if not message.startswith(self._prefix):
            super().show(message, level)


def _print_outcome(client: ConsoleClient, result: operation.Result) -> None:
    outcome = result.outcome or {}
    client.end_line()
    for it in outcome["problems"]:
        message = it["message"].partition("\n")[0]
        click.echo(f"{_from_here(it['path'])}:{it['line']}: {it['severity']}: {message}")
    # A prompt stands alone on standard output, for the agent it is piped into.
    is_prompt = result.status == "handed-over"
    summary = "its prompt stands above" if is_prompt else result.message
    click.echo(f"{result.skill}: {result.status}: {summary}", err=is_prompt)
    if outcome["hint"]:
        click.echo(outcome["hint"], err=True)


def _from_here(path: str) -> str:
    """Return a path as short as a terminal can open it: relative when it is below this folder."""
    with contextlib.suppress(ValueError):
        return str(Path(path).relative_to(Path.cwd()))
    return path


async def _run(client: ConsoleClient, name: str, place: FilePlace) -> operation.Result:
    async with console_app(client, place.path.parent) as app:
        document = await opened(app, place)
        skill = skill_called(app, name)
        if _prints_data(skill):
            client.is_streaming = False
        params = operation.Params(name, document.uri, place.line - 1, place.column - 1, wait=True)
        task: asyncio.Task[Any] = asyncio.ensure_future(operation.op(app, params))
        # Ctrl+C ends the skill, which is then recorded as cancelled.
        with contextlib.suppress(NotImplementedError):  # Windows' loop has none
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, task.cancel)
        try:
            result: operation.Result = await task
        except RunError as error:
            if error.slug != "untrusted-skill":
                raise
            hint = f"See what it runs with: skills-lsp skills show {name}; then add --trust."
            raise RunError(error.slug, error.message, hint) from error
        if result.status == "error" and not client.is_streaming and client.is_human:
            click.echo(app.last_output.rstrip(), err=True)
        return result


def skill_called(app: App, name: str) -> Skill:
    """Return a skill of the catalogue, or say which name was probably meant."""
    by_name = app.knowledge.catalogue.by_name
    if name in by_name:
        return by_name[name]
    if any(Path(it.path).stem == name for it in app.knowledge.catalogue.problems if it.is_error):
        hint = "Its file has a mistake: skills-lsp skills check"
        raise UsageError("unknown-skill", f"The skill {name!r} cannot be used.", hint)
    near = get_close_matches(name, by_name, 1)
    hint = f"Did you mean {near[0]}?" if near else "skills-lsp skills list shows all."
    raise UsageError("unknown-skill", f"There is no skill {name!r} here.", hint)


def _prints_data(skill: Skill) -> bool:
    """Say whether the tool's output is JSON for our reader, and nothing for people."""
    action = skill.action
    if not isinstance(action, Command) or not action.result.endswith(("-json", "sarif")):
        return False
    return not any("{result}" in argument for argument in action.args)
