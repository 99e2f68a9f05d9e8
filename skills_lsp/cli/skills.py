"""``skills-lsp skills``: list, show, check and make skill definitions."""

import asyncio
import json
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import click

from skills_lsp.app.app import App
from skills_lsp.app.operations import list_skills as operation
from skills_lsp.app.plain import plain
from skills_lsp.app.running import what_runs
from skills_lsp.cli.columns import columns, terminal_width
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.cli.groups import Group
from skills_lsp.cli.run import skill_called
from skills_lsp.domain.skill import Category, Command, Phase, Skill
from skills_lsp.errors import UsageError
from skills_lsp.ide.candidates import CODE_FILE
from skills_lsp.patterns import catalogue as patterns
from skills_lsp.reports.layout import plural
from skills_lsp.skills import check, template
from skills_lsp.skills.vocabulary import LANGUAGE_SLIPS

_TEXT_COLUMNS = 88  # a line of prose that is comfortable to read


@click.group("skills", cls=Group)
def command() -> None:
    """List, show, check and make skills."""


@command.command("list")
@click.option("--language", default="", help="Only those for a language, such as python.")
@click.option(
    "--phase", type=click.Choice([it.value for it in Phase]), help="Only those of a workflow phase."
)
@click.option("--search", default="", help="Only those that fit some words, the best first.")
@click.option(
    "--by",
    type=click.Choice(["category", "phase", "origin"]),
    default="category",
    show_default=True,
    help="What to group them by.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(language: str, phase: str | None, search: str, by: str, as_json: bool) -> None:
    """List the skills that are known in this folder."""
    language = LANGUAGE_SLIPS.get(language.lower(), language.lower())
    result = asyncio.run(_listed(operation.Params(language, phase or ""), search))
    if as_json:
        click.echo(json.dumps(plain(result)))
        return
    if search:
        click.echo(_table(result.skills))
    else:
        click.echo(_grouped(result.skills, by))
    click.echo(f"{plural(len(result.skills), 'skill')}; skills show NAME tells more.", err=True)
    if result.problems:
        n_problems = plural(len(result.problems), "problem")
        click.echo(f"{n_problems} in skill files; see: skills-lsp skills check", err=True)


def _grouped(skills: tuple[dict[str, Any], ...], by: str) -> str:
    order = {it.value: n for n, it in enumerate((*Category, *Phase))}
    names = sorted({it[by] for it in skills}, key=lambda name: (order.get(name, 0), name))
    every = _table(skills).splitlines()  # one table, so that the groups are aligned
    parts = []
    for name in names:
        lines = [every[n] for n, it in enumerate(skills) if it[by] == name]
        parts.append("\n".join((f"{name} ({len(lines)})", *(f"  {line}" for line in lines))))
    return "\n\n".join(parts)


def _table(skills: tuple[dict[str, Any], ...]) -> str:
    rows = [(it["name"], it["title"], it["shortcut"] or "") for it in skills]
    return columns(("", "", ""), rows, width=terminal_width()).partition("\n")[2]


@command.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(name: str, as_json: bool) -> None:
    """Show one skill: what it does, when it is suggested, what it runs."""
    skill, blocked = asyncio.run(_named(name))
    if as_json:
        click.echo(json.dumps({**operation.skill_json(skill), "runs": what_runs(skill)}))
        return
    click.echo(f"{skill.name}: {skill.title}\n")
    click.echo(f"{textwrap.fill(skill.description, _TEXT_COLUMNS)}\n")
    facts = {**_facts(skill), "here": blocked or "its tool is there"}
    if skill.is_agent_skill:
        del facts["here"]
    for key, value in facts.items():
        if value:
            lines = textwrap.wrap(
                value, _TEXT_COLUMNS - 12, break_long_words=False, break_on_hyphens=False
            )
            click.echo(f"{key:<12}" + f"\n{'':<12}".join(lines))


def _facts(skill: Skill) -> dict[str, str]:
    """Return what there is to say of a skill, in words; what is empty is not said."""
    facts = {
        "suggested": ", ".join(f"{it.pattern} {it.strength:g}" for it in skill.triggers),
        "languages": ", ".join(skill.languages) or "any",
        "covers": {"symbol": "what the cursor is in", "file": "the file"}.get(
            skill.scope.value, "the project"
        ),
        "phase": skill.phase.value,
        "category": skill.category.value,
        "works on": skill.modality.value,
        "shortcut": skill.shortcut,
        "takes": f"about {skill.estimated_duration_seconds:g} s"
        if skill.estimated_duration_seconds
        else "",
        "runs": what_runs(skill),
    }
    if isinstance(skill.action, Command):
        facts["changes"] = "files, in place" if skill.action.changes_files else ""
        facts["install"] = skill.action.install
    else:
        facts["runs"] = "your coding agent, with its instructions"
    return {**facts, "from": f"{skill.origin.value}, {skill.path}", "source": skill.source}


@command.command("check")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
def check_(paths: tuple[str, ...]) -> None:
    """Explain every mistake in skill definitions, with file and line.

    Without a path it checks what the project in this folder brings. Exit code 1: there are errors.
    """
    for path in paths:
        if not Path(path).exists():
            raise UsageError("unknown-file", f"There is no file or folder {path!r}.")
    known = frozenset({CODE_FILE, *(pattern.id for pattern in patterns())})
    problems = check([Path(path) for path in paths or (".",)], patterns=known)
    for it in problems:
        kind = "error" if it.is_error else "warning"
        where = f"{it.path}:{it.line}" if it.line else it.path
        click.echo(f"{where}: {kind}: {it.message}")
    n_errors = sum(it.is_error for it in problems)
    n_warnings = len(problems) - n_errors
    click.echo(f"{plural(n_errors, 'error')}, {plural(n_warnings, 'warning')}.", err=True)
    sys.exit(1 if n_errors else 0)


@command.command()
@click.argument("name")
@click.option("--agent", is_flag=True, help="Instructions for a coding agent, not a command.")
@click.option("--skill-md", is_flag=True, help="An Agent Skill: .agents/skills/NAME/SKILL.md.")
def new(name: str, agent: bool, skill_md: bool) -> None:
    """Write a good start for a skill of the project in this folder: .skills/NAME.toml."""
    text = template(name, "agent" if agent else "command")
    path = Path(".skills", f"{name}.toml")
    if skill_md:
        path = Path(".agents/skills", name, "SKILL.md")
        text = _SKILL_MD.format(name=name, title=name.replace("-", " ").capitalize())
    if path.exists():
        raise UsageError("exists", f"{path} exists already.", "Choose another name.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    click.echo(f"Wrote {path}. Edit it, then run: skills-lsp skills check {path}")


# The open specification asks for these two fields; agents read the description to choose.
_SKILL_MD = """\
---
name: {name}
description: Say what this skill does and when to use it, in the words a user would use.
---

# {title}

Say what the agent shall do, in the order in which it shall do it.

1. Read the code at the given place, and what calls it.
2. ...
3. Run the tests that cover it, and report what changed and why.

Say what it must not do, and when it shall stop and ask.
"""


async def _listed(params: operation.Params, search: str) -> operation.Result:
    async with console_app(ConsoleClient()) as app:
        _check_language(app, params.language)
        result = await operation.op(app, params)
        if not search:
            return result
        scores = app.knowledge.text_scores(search)
        found = sorted(
            (it for it in result.skills if it["name"] in scores),
            key=lambda it: (-scores[it["name"]], it["name"]),
        )
        message = f"{plural(len(found), 'skill')} for {search!r}."
        return operation.Result(tuple(found), result.problems, message)


def _check_language(app: App, language: str) -> None:
    known = sorted({name for it in app.knowledge.catalogue.skills for name in it.languages})
    if language and language not in known:
        raise UsageError(
            "unknown-language",
            f"No skill is for the language {language!r}.",
            f"There are skills for: {', '.join(known)}.",
        )


async def _named(name: str) -> tuple[Skill, str]:
    """Return a skill, and why it cannot run in this folder (empty when it can)."""
    async with console_app(ConsoleClient()) as app:
        skill = skill_called(app, name)
        here = str(Path.cwd() / "x")
        workspace = app.workspace_of(here)
        app.knowledge.take_availability(here, workspace, app.settings, time.monotonic())
        known = app.knowledge.availability(here)
        if name in known.unfit:
            return skill, "this project does not use it"
        return skill, known.blocked.get(name, "")
