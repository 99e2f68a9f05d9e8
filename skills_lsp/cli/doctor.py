"""``skills-lsp doctor``: what is there, what is missing, what to do."""

import asyncio
import json
import os
import platform
import sys
import textwrap
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path

import click

from skills_lsp import __version__
from skills_lsp.app.app import App
from skills_lsp.app.plain import plain
from skills_lsp.cli.columns import terminal_width
from skills_lsp.cli.console import ConsoleClient, console_app
from skills_lsp.cli.inspect import SKIPPED_FOLDERS
from skills_lsp.cli.places import language_id_of
from skills_lsp.domain.invocation import Invocation
from skills_lsp.domain.skill import Skill
from skills_lsp.errors import SkillsError
from skills_lsp.ml import models
from skills_lsp.patterns import catalogue as patterns
from skills_lsp.reports.layout import ago, plural
from skills_lsp.runner.environment import environment_of
from skills_lsp.store.vectors import vec0_version

_PACKAGES = ("pygls", "lsprotocol", "apsw", "sqlite-vec", "tree-sitter")
# Enough to see which languages a project is in, and quick on a large one.
_MAX_FILES_LOOKED_AT = 20_000
_N_NAMES = 4
_MARKS = {"ok": "✓", "warning": "!", "error": "✗"}
_HEADINGS = {
    "ok": "In order",
    "warning": "Could be better",
    "error": "Broken",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``fix`` is what to do about it, in one line."""

    name: str
    level: str  # ok | warning | error
    message: str
    fix: str = ""


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def command(as_json: bool) -> None:
    """Check the installation, and the tools of the project in this folder.

    Exit code 1: something is broken.
    """
    checks = asyncio.run(_all_checks())
    if as_json:
        click.echo(json.dumps(plain(checks)))
    else:
        click.echo(doctor_text(checks, terminal_width()))
    sys.exit(1 if any(it.level == "error" for it in checks) else 0)


def doctor_text(checks: Sequence[Check], width: int | None) -> str:
    """Return the checks by how bad they are, worst last, with a closing sentence."""
    n_columns = max((len(it.name) for it in checks), default=0) + 6
    parts = []
    for level, heading in _HEADINGS.items():
        lines = [_check_text(it, n_columns, width) for it in checks if it.level == level]
        if lines:
            parts.append("\n".join((heading, *lines)))
    return "\n\n".join((*parts, _closing(checks)))


def _check_text(check: Check, n_columns: int, width: int | None) -> str:
    start = f"  {_MARKS[check.level]} {check.name}".ljust(n_columns)
    n_free = max(40, (width or 100) - n_columns)
    fix = f": {check.fix}" if check.fix else ""
    lines = textwrap.wrap(check.message, n_free, break_on_hyphens=False, break_long_words=False)
    if len(lines) == 1 and len(lines[0] + fix) <= n_free:
        lines = [lines[0] + fix]
    elif fix:  # on a line of its own, to be copied
        lines = [*lines[:-1], f"{lines[-1]}:", check.fix]
    return start + f"\n{' ' * n_columns}".join(lines)


def _closing(checks: Sequence[Check]) -> str:
    n_errors = sum(it.level == "error" for it in checks)
    n_warnings = sum(it.level == "warning" for it in checks)
    if n_errors:
        return f"{plural(n_errors, 'thing')} must be mended."
    if n_warnings:
        return f"skills-lsp works. {plural(n_warnings, 'thing')} could be better."
    return "skills-lsp works, and nothing is missing."


async def _all_checks() -> list[Check]:
    checks = [_program(), *_packages(), _vectors(), _patterns()]
    async with console_app(ConsoleClient()) as app:
        checks += [await _database(app), _model(app), *_catalogue(app), *_project(app)]
    return checks


def _program() -> Check:
    python = f"Python {platform.python_version()} at {sys.executable}"
    return Check("skills-lsp", "ok", f"{__version__} on {python}")


def _packages() -> list[Check]:
    found, checks = [], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            checks.append(Check(name, "error", "is not installed", "install skills-lsp again"))
    return [Check("packages", "ok", ", ".join(found)), *checks]


def _vectors() -> Check:
    found = vec0_version()
    if found is None:
        return Check("vectors", "warning", "sqlite-vec does not load; search stays lexical")
    return Check("vectors", "ok", f"sqlite-vec {found} loads")


def _model(app: App) -> Check:
    model = models.installed(app.folders.models)
    if model is None:
        message = "none is installed; skills are found by patterns and words"
        return Check("model", "warning", message, "skills-lsp model install")
    if wrong := models.damage(model):
        return Check("model", "error", f"it is damaged, {wrong}", "skills-lsp model install")
    return Check("model", "ok", f"{model.id}, by which skills are found by meaning")


def _patterns() -> Check:
    try:
        n_patterns = len({it.id for it in patterns()})
    except SkillsError as error:
        return Check("patterns", "error", str(error))
    return Check("patterns", "ok", f"{plural(n_patterns, 'pattern')} can be looked for")


async def _database(app: App) -> Check:
    path = app.settings.database or app.folders.database
    if app.store is None:
        message = f"{path} cannot be opened, so nothing is recorded; the warning above says why"
        return Check("database", "error", message)
    nothing: tuple[Invocation, ...] = ()
    found = await app.stored(lambda store: store.history(limit=1), nothing)
    last = f"last run {ago(found[0].invoked_at, app.now())}" if found else "nothing was run yet"
    return Check("database", "ok", f"{path}, {last}")


def _catalogue(app: App) -> list[Check]:
    catalogue = app.knowledge.catalogue
    n_skills = plural(len(catalogue.skills), "skill")
    checks = [Check("skills", "ok", f"{n_skills} are known in this folder")]
    for it in catalogue.problems:
        where = f"{it.path}:{it.line}" if it.line else it.path
        level = "error" if it.is_error else "warning"
        checks.append(Check("skills", level, f"{where}: {it.message}"))
    return checks


def _project(app: App) -> list[Check]:
    """Say what the project is in, and which of its skills cannot run for want of a tool."""
    here = str(Path.cwd() / "x.py")
    workspace = app.workspace_of(here)
    spoken = languages_below(Path(workspace))
    checks = [
        Check(
            "project", "ok", f"{workspace}, in {', '.join(sorted(spoken)) or 'no known language'}"
        )
    ]
    if "python" in spoken:
        checks.append(_python(app, here, workspace))
    app.knowledge.take_availability(here, workspace, app.settings, time.monotonic())
    blocked = app.knowledge.availability(here).blocked
    return checks + _tools(
        [it for it in app.knowledge.catalogue.skills if _is_for(it, spoken)], blocked
    )


def _python(app: App, here: str, workspace: str) -> Check:
    environment = environment_of(here, workspace, configured_python=app.settings.python)
    if not environment.python:
        return Check("python", "warning", "none was found for this project", _MAKE_VENV)
    if environment.venv or app.settings.python:
        return Check("python", "ok", f"the project's Python is {environment.python}")
    message = f"no environment of the project's own; {environment.python} runs its tools"
    return Check("python", "warning", message, _MAKE_VENV)


_MAKE_VENV = "python3 -m venv .venv"


def languages_below(folder: Path) -> frozenset[str]:
    """Return the ids of the languages that the files of a project are in."""
    found = set()
    for name in islice(_file_names(folder), _MAX_FILES_LOOKED_AT):
        found.add(language_id_of(name))
    return frozenset(found - {""})


def _file_names(top: Path) -> Iterator[str]:
    for _folder, folders, names in os.walk(top):
        folders[:] = [it for it in folders if it not in SKIPPED_FOLDERS]
        yield from names


def _is_for(skill: Skill, spoken: frozenset[str]) -> bool:
    return not skill.languages or bool(spoken.intersection(skill.languages))


def _tools(skills: Sequence[Skill], blocked: dict[str, str]) -> list[Check]:
    by_reason: dict[str, list[str]] = {}
    for skill in skills:
        if skill.name in blocked:
            by_reason.setdefault(blocked[skill.name], []).append(skill.name)
    checks = []
    for reason, names in sorted(by_reason.items()):
        missing, _, fix = reason.partition(" Install it: ")
        tool = missing.partition(" ")[0]
        n_more = len(names) - _N_NAMES
        shown = [*names[:_N_NAMES], f"{n_more} more"] if n_more > 1 else names
        checks.append(Check(tool, "warning", f"is missing for {', '.join(shown)}", fix))
    return checks
