"""``skills-lsp doctor``: what is there, what is missing, what to do."""

import asyncio
import json
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from skills_lsp import __version__
from skills_lsp.app.app import App
from skills_lsp.app.plain import plain
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.domain.invocation import Invocation
from skills_lsp.errors import SkillsError
from skills_lsp.patterns import catalogue as patterns
from skills_lsp.runner.environment import environment_of
from skills_lsp.store.vectors import vec0_version

_PACKAGES = ("pygls", "lsprotocol", "apsw", "sqlite-vec", "tree-sitter")
_MARKS = {"ok": "✓", "warning": "!", "error": "✗"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    level: str  # ok | warning | error
    message: str


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def command(as_json: bool) -> None:
    """Check the installation and the project in this folder."""
    checks = asyncio.run(_all_checks())
    if as_json:
        click.echo(json.dumps(plain(checks)))
    else:
        for it in checks:
            click.echo(f"{_MARKS[it.level]} {it.name:<12} {it.message}")
    sys.exit(1 if any(it.level == "error" for it in checks) else 0)


async def _all_checks() -> list[Check]:
    checks = [_program(), *_packages(), _vectors(), _patterns()]
    async with console_app(ConsoleClient()) as app:
        checks += [await _database(app), *_catalogue(app), *_tools(app)]
    return checks


def _program() -> Check:
    python = f"Python {platform.python_version()} at {sys.executable}"
    return Check("skills-lsp", "ok", f"{__version__} on {python}")


def _packages() -> list[Check]:
    checks = []
    for name in _PACKAGES:
        try:
            checks.append(Check(name, "ok", version(name)))
        except PackageNotFoundError:
            checks.append(Check(name, "error", "is not installed: pip install skills-lsp again"))
    return checks


def _vectors() -> Check:
    found = vec0_version()
    if found is None:
        return Check("vectors", "warning", "sqlite-vec does not load; search stays lexical")
    return Check("vectors", "ok", f"sqlite-vec {found} loads")


def _patterns() -> Check:
    try:
        n_patterns = len(patterns())
    except SkillsError as error:
        return Check("patterns", "error", str(error))
    return Check("patterns", "ok", f"{n_patterns} patterns compile")


async def _database(app: App) -> Check:
    if app.store is None:
        return Check("database", "error", f"{app.folders.database} cannot be opened")
    nothing: tuple[Invocation, ...] = ()
    found = await app.stored(lambda store: store.history(limit=1), nothing)
    last = f"last run {found[0].invoked_at}" if found else "nothing run yet"
    return Check("database", "ok", f"{app.settings.database or app.folders.database}, {last}")


def _catalogue(app: App) -> list[Check]:
    catalogue = app.knowledge.catalogue
    checks = [Check("skills", "ok", f"{len(catalogue.skills)} skills are known in this folder")]
    checks += [
        Check("skills", "error" if it.is_error else "warning", f"{it.path}:{it.line}: {it.message}")
        for it in catalogue.problems
    ]
    return checks


def _tools(app: App) -> list[Check]:
    """Say which skills of this project cannot run, and how to get their tools."""
    here = str(Path.cwd() / "x.py")
    workspace = app.workspace_of(here)
    environment = environment_of(here, workspace, configured_python=app.settings.python)
    checks = [Check("python", "ok", f"the project's Python is {environment.python or 'not found'}")]
    app.knowledge.take_availability(here, workspace, app.settings, 0.0)
    blocked = app.knowledge.availability(here).blocked
    by_reason: dict[str, list[str]] = {}
    for name, reason in blocked.items():
        by_reason.setdefault(reason, []).append(name)
    checks += [
        Check("tools", "warning", f"{reason} ({', '.join(names)})")
        for reason, names in by_reason.items()
    ]
    return checks
