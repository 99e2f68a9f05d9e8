"""From the plain data of a definition, known to be right, to a skill."""

from collections.abc import Mapping
from typing import Any

from skills_lsp.domain.skill import (
    AgentPrompt,
    Category,
    Command,
    FileKind,
    FollowUp,
    Modality,
    Origin,
    Phase,
    Scope,
    Skill,
    ToolKind,
    Trigger,
)
from skills_lsp.skills.vocabulary import normalize_shortcut


def to_skill(name: str, data: Mapping[str, Any], origin: Origin, path: str) -> Skill:
    """Build a skill from data that the checks of ``fields`` let through."""
    run = data.get("run")
    return Skill(
        name=name,
        title=data["title"],
        description=data["description"],
        category=Category(data["category"]),
        modality=Modality(data["modality"]),
        phase=Phase(data["phase"]),
        action=_command(run) if run is not None else _agent(data["agent"]),
        languages=tuple(data.get("languages", ())),
        triggers=tuple(Trigger(*item) for item in data.get("triggers", {}).items()),
        scope=Scope(data.get("scope", Scope.FILE)),
        file_kind=FileKind(data.get("file_kind", FileKind.ANY)),
        requires_files=tuple(data.get("requires_files", ())),
        requires_packages=tuple(data.get("requires_packages", ())),
        requires_imports=tuple(data.get("requires_imports", ())),
        kind=data.get("kind", "skill"),
        shortcut=normalize_shortcut(data.get("shortcut", "")) or "",
        estimated_duration_seconds=float(data.get("estimated_duration_seconds", 0.0)),
        keywords=tuple(data.get("keywords", ())),
        source=data.get("source", ""),
        origin=origin,
        path=path,
        requires_human_review=data.get("requires_human_review", False),
        next_passed=_follow_ups(data.get("next_passed", {})),
        next_failed=_follow_ups(data.get("next_failed", {})),
    )


def _follow_ups(table: Mapping[str, float]) -> tuple[FollowUp, ...]:
    return tuple(FollowUp(*item) for item in table.items())


def _command(run: Mapping[str, Any]) -> Command:
    return Command(
        kind=ToolKind(run["kind"]),
        tool=run["tool"],
        args=tuple(run.get("args", ())),
        cwd=run.get("cwd", "{workspace}"),
        result=run.get("result", "text"),
        ok_exit_codes=tuple(run.get("ok_exit_codes", (0,))),
        found_exit_codes=tuple(run.get("found_exit_codes", (1,))),
        timeout_seconds=float(run.get("timeout_seconds", 300.0)),
        changes_files=run.get("changes_files", False),
        needs=tuple(run.get("needs", ())),
        install=run.get("install", ""),
        environment=tuple(run.get("environment", {}).items()),
    )


def _agent(agent: Mapping[str, Any]) -> AgentPrompt:
    return AgentPrompt(
        instructions=agent["instructions"].strip(),
        folder=agent.get("folder", ""),  # of a SKILL.md; no field of the TOML
        allowed_tools=tuple(agent.get("allowed_tools", ())),
    )
