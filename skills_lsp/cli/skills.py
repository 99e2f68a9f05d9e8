"""``skills-lsp skills``: list, show, check and make skill definitions."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import click

from skills_lsp.app.operations import list_skills as operation
from skills_lsp.app.plain import plain
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.domain.skill import Command, Skill
from skills_lsp.errors import UsageError
from skills_lsp.patterns import catalogue as patterns
from skills_lsp.skills import check, template


@click.group("skills")
def command() -> None:
    """List, show, check and make skills."""


@command.command("list")
@click.option("--language", default="", help="Only those for a language.")
@click.option("--phase", default="", help="Only those of a workflow phase.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(language: str, phase: str, as_json: bool) -> None:
    """List the skills that are known here."""
    result = asyncio.run(_listed(operation.Params(language, phase)))
    if as_json:
        click.echo(json.dumps(plain(result)))
        return
    for it in result.skills:
        click.echo(f"{it['name']:<28} {it['phase']:<13} {it['origin']:<8} {it['title']}")
    click.echo(result.message, err=True)
    if result.problems:
        click.echo(f"{len(result.problems)} problems; see skills-lsp skills check.", err=True)


@command.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(name: str, as_json: bool) -> None:
    """Show one skill: what it does, when it is suggested, what it runs."""
    skill = asyncio.run(_named(name))
    data = {**operation.skill_json(skill), "runs": _runs(skill)}
    if as_json:
        click.echo(json.dumps(data))
        return
    for key, value in data.items():
        if value not in (None, "", [], {}):
            shown = ", ".join(map(str, value)) if isinstance(value, (list, dict)) else value
            click.echo(f"{key:<12} {shown}")


@command.command("check")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
def check_(paths: tuple[str, ...]) -> None:
    """Explain every mistake in skill definitions, with file and line."""
    for path in paths:
        if not Path(path).exists():
            raise UsageError("unknown-file", f"There is no file or folder {path!r}.")
    known = frozenset(pattern.id for pattern in patterns())
    problems = check([Path(path) for path in paths or (".",)], patterns=known)
    for it in problems:
        kind = "error" if it.is_error else "warning"
        click.echo(f"{it.path}:{it.line}: {kind}: {it.message}")
    n_errors = sum(it.is_error for it in problems)
    click.echo(f"{n_errors} errors, {len(problems) - n_errors} warnings.", err=True)
    sys.exit(1 if n_errors else 0)


@command.command()
@click.argument("name")
@click.option("--agent", is_flag=True, help="A SKILL.md for a coding agent, not a command.")
def new(name: str, agent: bool) -> None:
    """Write a good start for a skill of this project."""
    path = Path(".agents/skills", name, "SKILL.md") if agent else Path(".skills", f"{name}.toml")
    text = template(name, "agent" if agent else "command")
    if path.exists():
        raise UsageError("exists", f"{path} exists already.", "Choose another name.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    click.echo(f"Wrote {path}. Edit it, then run: skills-lsp skills check {path}")


async def _listed(params: operation.Params) -> Any:
    async with console_app(ConsoleClient()) as app:
        return await operation.op(app, params)


async def _named(name: str) -> Skill:
    async with console_app(ConsoleClient()) as app:
        skill = app.knowledge.catalogue.by_name.get(name)
    if skill is None:
        raise UsageError("unknown-skill", f"There is no skill {name!r}.", "See skills list.")
    return skill


def _runs(skill: Skill) -> str:
    if isinstance(skill.action, Command):
        return " ".join((skill.action.tool, *skill.action.args))
    return "a coding agent, with its instructions"
