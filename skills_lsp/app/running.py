"""Running a skill: trust, record, run, show, record again."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skills_lsp.app.app import App, read_lines
from skills_lsp.app.client import Level
from skills_lsp.app.document import Document
from skills_lsp.app.documents import write_document
from skills_lsp.app.fixes import Started
from skills_lsp.app.problems import Target
from skills_lsp.domain.context import Context
from skills_lsp.domain.foresight import WORKFLOW_AWARE
from skills_lsp.domain.invocation import Invocation, Outcome, Status
from skills_lsp.domain.skill import AgentPrompt, Command, Origin, Scope, Skill
from skills_lsp.errors import RunError, SkillsError
from skills_lsp.ide.lenses import LastRun
from skills_lsp.ide.plain_text import one_line
from skills_lsp.runner.environment import environment_of
from skills_lsp.runner.invoke import run as run_command
from skills_lsp.runner.prompt import prompt
from skills_lsp.text.encoding import unit_column

_FOREIGN = (Origin.PROJECT, Origin.TASK)
_TRUST, _REFUSE = "Trust this folder", "Not now"
_LEVELS = {
    Status.PASSED: Level.INFO,
    Status.HANDED_OVER: Level.INFO,
    Status.CANCELLED: Level.INFO,
    Status.FAILED: Level.WARNING,
}


@dataclass(frozen=True, slots=True)
class Request:
    """One run as it was asked for, so that it can be asked for again."""

    skill: Skill
    context: Context
    rank: int | None = None
    alternatives: tuple[str, ...] = ()
    strategy: str = "patterns"
    offer: str = ""  # the id of the list it was picked from


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that ended, with its number in the history (None when nothing could be stored)."""

    outcome: Outcome
    invocation_id: int | None


async def perform(app: App, request: Request) -> Finished:
    """Run a skill from beginning to end. Cancelling this ends the process and is recorded.

    Raises
    ------
    RunError
        When it must not run: the workspace is not trusted, or there is nothing to run it on.
    """
    skill = request.skill
    await _check_trust(app, skill, request.context)
    app.last_run = request
    began = await app.fixes.started(request)
    invocation_id = await _begin(app, request)
    task = asyncio.current_task()
    assert task is not None
    number = app.jobs.number_of(task)
    app.client.notify("started", {"run": number, **_start_json(app, request, invocation_id)})
    progress = await app.client.begin_progress(one_line(skill.title), _canceller(task))
    outcome = Outcome(Status.CANCELLED, "cancelled", 0.0, error_type="cancelled")
    started = asyncio.get_running_loop().time()
    try:
        async with app.jobs.places:
            outcome = await _run(app, request, number, progress.report)
    except asyncio.CancelledError:
        seconds = asyncio.get_running_loop().time() - started
        outcome = Outcome(Status.CANCELLED, "cancelled", seconds, error_type="cancelled")
    except SkillsError as error:
        outcome = Outcome(Status.ERROR, error.message, 0.0, error_type=error.slug, hint=error.hint)
    finally:
        progress.end(one_line(f"{skill.name}: {outcome.summary}"))
        await asyncio.shield(_finish(app, request, number, invocation_id, outcome))
        await asyncio.shield(_learn(app, request, began, invocation_id, outcome))
    return Finished(outcome, invocation_id)


def _canceller(task: asyncio.Task[Any]) -> Callable[[], None]:
    def cancel() -> None:
        task.cancel()

    return cancel


# -- before ------------------------------------------------------------------------------------


async def _check_trust(app: App, skill: Skill, context: Context) -> None:
    """Refuse what a workspace brings, or anything in a workspace the editor does not trust."""
    is_foreign = skill.origin in _FOREIGN
    folder = home_of(app, skill) if is_foreign else context.workspace
    said = app.is_trusted_by_settings(folder) if folder else app.settings.workspace_trusted
    if said is True:
        return
    if said is False:
        raise RunError(
            "untrusted-workspace",
            f"{skill.name} was not run, because this workspace is not trusted.",
            "Trust the workspace in the editor first.",
        )
    if not is_foreign:
        return
    vouched = await app.client.vouches(skill.name, Path(skill.path), what_runs(skill))
    if vouched is True:
        return
    if vouched is False:
        raise RunError(
            "untrusted-skill",
            f"{skill.name} was not run, because {skill.path} is not trusted.",
            "Trust that file in the editor first.",
        )
    brought = [it for it in app.knowledge.catalogue.skills if it.origin in _FOREIGN]
    brought = [it for it in brought if home_of(app, it) == folder]
    digest = await asyncio.to_thread(digest_of, [skill, *brought])
    if await app.stored(lambda store: store.is_trusted(folder, digest), False):
        return
    question = (
        f"{one_line(skill.name)} comes from {one_line(folder, 300)} and runs: "
        f"{one_line(what_runs(skill), 300)}. Do you trust this folder's skills?"
    )
    if await app.client.ask(question, (_TRUST, _REFUSE)) != _TRUST:
        raise RunError(
            "untrusted-skill",
            f"{skill.name} was not run, because the folder that brings it is not trusted.",
            f"Choose “{_TRUST}” when asked, or add the folder to the setting trustedFolders.",
        )
    await app.stored(lambda store: store.trust(folder, digest), None)


def home_of(app: App, skill: Skill) -> str:
    """Return the workspace folder that brings a skill; outside all, the folder of its file."""
    path = Path(skill.path)
    return str(next((it for it in app.workspaces if path.is_relative_to(it)), path.parent))


def digest_of(skills: Sequence[Skill]) -> str:
    """Return a hash of all that a folder brings: whatever changes in it, the user is asked anew.

    It is of the skills as they were read, which is what the user is shown, and of their files as
    they are now, as a task's command names a script that only the file spells out.
    """
    shown = sorted({repr(it) for it in skills})
    digest = hashlib.sha256("\0".join(shown).encode("utf-8", "surrogatepass"))
    for path in sorted({it.path for it in skills}):
        try:
            content = Path(path).read_bytes()
        except (OSError, ValueError):
            content = b"cannot be read"
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def what_runs(skill: Skill) -> str:
    """Return a skill's command line, or what it hands to an agent, for people."""
    if isinstance(skill.action, AgentPrompt):
        return f"the instructions of {skill.path}"
    return " ".join((skill.action.tool, *skill.action.args))


async def _begin(app: App, request: Request) -> int | None:
    skill, context = request.skill, request.context
    invocation = Invocation(
        skill_name=skill.name,
        invoked_at=app.now().isoformat(),
        session_id=app.session_id,
        workflow_phase=skill.phase.value,
        user_query=context.query,
        alternatives_considered=request.alternatives,
        selection_rank=request.rank,
        strategy=request.strategy,
        project=context.project,
        language=context.language,
        file_kind=context.file_kind.value,
    )
    invocation_id = await app.stored(lambda store: store.begin(invocation), None)
    if app.learning is not None:
        app.learning.began(invocation_id, skill, context, request.offer)
    return invocation_id


# -- during ------------------------------------------------------------------------------------


async def _run(app: App, request: Request, number: int, report: Callable[[str], None]) -> Outcome:
    skill, context = request.skill, request.context
    if skill.is_agent_skill and not app.settings.agent_command:
        return await _hand_over(app, skill, context)
    environment = await asyncio.to_thread(
        environment_of,
        context.path,
        context.workspace,
        configured_python=app.settings.python,
    )

    def on_output(text: str) -> None:
        line = text.rstrip().rpartition("\n")[2]
        if line and not line[0].isspace():  # an indented line says little by itself
            report(one_line(line, 100))
        app.client.notify("output", {"run": number, "skill": skill.name, "text": text})

    return await run_command(skill, context, environment, app.settings, on_output=on_output)


async def _hand_over(app: App, skill: Skill, context: Context) -> Outcome:
    """Open an agent skill's prompt to read and copy, as no agent is configured."""
    text = prompt(skill, context)
    path = await asyncio.to_thread(write_document, app.folders.reports, skill.name, text, app.now())
    if not await app.client.open_document(path):
        app.client.show(f"The prompt of {skill.name} is in {path}.")
    summary = (
        "its prompt is open, to paste into your agent (set agentCommand to hand it over at once)"
    )
    return Outcome(Status.HANDED_OVER, summary, 0.0)


# -- after -------------------------------------------------------------------------------------


async def _finish(
    app: App, request: Request, number: int, invocation_id: int | None, outcome: Outcome
) -> None:
    """Record the outcome first, then show it: what was seen is what is stored."""
    skill, context = request.skill, request.context
    if invocation_id is not None:
        await app.stored(lambda store: store.finish(invocation_id, outcome), None)
    if app.learning is not None:
        app.learning.ended(invocation_id, skill, context, outcome)
    if app.upkeep is not None:
        await app.upkeep.ended(request, invocation_id, outcome)
    app.last_output = outcome.output
    test_id = target_test_id(skill, context)
    if outcome.status in (Status.PASSED, Status.FAILED):
        runs = app.last_runs.setdefault(context.path, {})
        runs[test_id] = LastRun(outcome.status, outcome.summary)
    await _show_problems(app, request, outcome, test_id)
    app.spawn(app.remember(context.project, context.language))
    app.client.refresh_lenses()
    _announce(app, request, number, invocation_id, outcome)


async def _learn(
    app: App, request: Request, began: Started, invocation_id: int | None, outcome: Outcome
) -> None:
    """Let the memory of fixes see how it ended."""
    key = f"{app.session_id}:{invocation_id}:{began.at}"
    test_id = target_test_id(request.skill, request.context)
    await app.fixes.ended(request, began, outcome, test_id, key)


async def _show_problems(app: App, request: Request, outcome: Outcome, test_id: str) -> None:
    # What could not do its work may still say where: pytest, of a file that does not import.
    is_judged = outcome.status in (Status.PASSED, Status.FAILED)
    if not is_judged and not outcome.problems:
        return
    skill, context = request.skill, request.context
    tool = skill.action.tool if isinstance(skill.action, Command) else skill.name
    if skill.scope is Scope.PROJECT:
        target = Target(tool)
    elif skill.scope is Scope.FILE:
        target = Target(tool, context.path)
    else:
        target = Target(tool, context.path, test_id)
    lines_of = {}
    for path in {problem.path for problem in outcome.problems}:
        document = app.document_at(path)
        lines_of[path] = (
            document.buffer.lines if document else await asyncio.to_thread(read_lines, path)
        )
    for path in app.problems.take(target, skill.name, outcome.problems, lines_of):
        app.publish(path)


def target_test_id(skill: Skill, context: Context) -> str:
    """Return which test a run is about; empty when it is about more than one."""
    if skill.scope is not Scope.SYMBOL:
        return ""
    around = [it for it in context.findings if it.test_id and it.extent.contains(context.cursor)]
    if around:
        return max(around, key=lambda it: it.extent.start).test_id
    return context.symbol.name if context.symbol else ""


def _announce(
    app: App, request: Request, number: int, invocation_id: int | None, outcome: Outcome
) -> None:
    skill = request.skill
    message = one_line(f"{skill.name}: {outcome.summary}", 300)
    if outcome.hint:
        message = f"{message} {one_line(outcome.hint, 200)}"
    step = _next_step(app, request.context)
    if step is not None:
        end = "" if message.endswith((".", "!", "?", "…")) else "."
        message = f"{message}{end} Next: {one_line(step.title)}."
    app.client.show_result(message, _LEVELS.get(outcome.status, Level.ERROR))
    identity = {"run": number, "invocation": invocation_id, "skill": skill.name}
    next_ = None if step is None else {"skill": step.name, "title": one_line(step.title)}
    told = {**identity, "message": message, "next": next_, **outcome_json(outcome)}
    app.client.notify("finished", told)


def _next_step(app: App, context: Context) -> Skill | None:
    """Return what most likely comes next here; the first code action offers it, too."""
    if app.learning is None or app.strategy_for("") != WORKFLOW_AWARE:
        return None
    return app.knowledge.catalogue.by_name.get(app.learning.next_step(context))


def _start_json(app: App, request: Request, invocation_id: int | None) -> dict[str, Any]:
    """Return what a client shows of a run that starts; the place is LSP's, from 0."""
    skill, context = request.skill, request.context
    document = app.documents.get(context.uri)
    cursor, character = context.cursor, 0
    if document is not None:
        character = unit_column(document.buffer.line(cursor.line), cursor.column, app.encoding)
    return {
        "invocation": invocation_id,
        "skill": skill.name,
        "title": one_line(skill.title),
        "command": one_line(what_runs(skill), 300),
        "uri": context.uri,
        "line": cursor.line,
        "character": character,
        "folder": context.workspace,
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as plain data; lines and columns from 1."""
    return {
        "status": outcome.status.value,
        "summary": outcome.summary,
        "duration_seconds": round(outcome.duration_seconds, 3),
        "exit_code": outcome.exit_code,
        "error_type": outcome.error_type,
        "hint": outcome.hint,
        "problems": [
            {
                "path": it.path,
                "line": it.line + 1,
                "column": None if it.column is None else it.column + 1,
                "message": it.message,
                "severity": it.severity.value,
                "code": it.code,
            }
            for it in outcome.problems
        ],
    }


def unsaved_note(document: Document) -> str:
    """Say that the file on disk differs from the buffer; empty when it does not."""
    if not document.path:
        return ""
    try:
        saved = Path(document.path).read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError:
        return "the file is not on disk yet"
    return "" if saved == document.buffer.data else "the saved file was run, not the unsaved edits"
