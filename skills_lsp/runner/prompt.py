"""What a coding agent is told: the skill's instructions, and where the user is."""

from skills_lsp.domain.context import Context
from skills_lsp.domain.skill import AgentPrompt, Skill


def prompt(skill: Skill, context: Context) -> str:
    """Return the text for an agent; a skill that is none has only its description to give."""
    action = skill.action
    instructions = action.instructions if isinstance(action, AgentPrompt) else skill.description
    parts = [
        f"# {skill.title}",
        instructions.strip(),
        "## Where",
        "\n".join(_where(skill, context)),
    ]
    if context.selected_text.strip():
        fence = _fence_around(context.selected_text)
        parts.append(f"## Selection\n\n{fence}{context.language}\n{context.selected_text}\n{fence}")
    return "\n\n".join(parts) + "\n"


def _where(skill: Skill, context: Context) -> list[str]:
    lines = [f"- Workspace: {context.workspace}"] if context.workspace else []
    if context.path:
        lines.append(f"- File: {context.path}:{context.cursor.line + 1}")
    if context.symbol is not None:
        lines.append(f"- In: {context.symbol.kind} {context.symbol.name}")
    lines += [
        f"- Line {finding.span.start.line + 1}: {finding.message or finding.name}"
        for finding in context.findings[:20]
    ]
    if isinstance(skill.action, AgentPrompt) and skill.action.folder:
        lines.append(f"- Files that the instructions name lie in: {skill.action.folder}")
    return lines or ["- No file is open."]


def _fence_around(text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return fence
