"""From a skill and a place to an exact command: every placeholder filled into its one argument."""
# ruff: noqa: PTH109, PTH112, PTH118
# Names of files are text here, kept as the user has them.

import os
from collections.abc import Mapping
from dataclasses import dataclass

from skills_lsp.domain.context import Context
from skills_lsp.domain.settings import Settings
from skills_lsp.domain.skill import AgentPrompt, Command, Skill, ToolKind
from skills_lsp.errors import RunError
from skills_lsp.runner.environment import Environment, Missing, Tool, find_tool
from skills_lsp.runner.placeholders import Places, fill, used_in
from skills_lsp.runner.prompt import prompt

# Linux takes 128 KiB in one argument (MAX_ARG_STRLEN), Windows 32 Ki characters in all.
_MAX_ARGUMENT_BYTES = 30_000 if os.name == "nt" else 131_000
_AGENT_TIMEOUT_SECONDS = 1800.0
# The endings matter: some tools choose their format by them.
_RESULT_ENDINGS = {"junit": ".xml", "sarif": ".sarif", "text": ".txt"}
# Colours would stand in messages and summaries.
_NO_COLOUR = {"NO_COLOR": "1", "TERM": "dumb"}
_COLOUR = ("FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS", "MYPY_FORCE_COLOR")


@dataclass(frozen=True, slots=True)
class Plan:
    """A command as it will be run, and how its end is read."""

    argv: tuple[str, ...]
    cwd: str
    env: Mapping[str, str]
    timeout_seconds: float
    output_limit_bytes: int
    result: str = "text"  # name of a reader
    result_path: str = ""  # the file that the tool writes; empty: what it prints is the result
    tool: str = ""
    ok_exit_codes: tuple[int, ...] = (0,)
    found_exit_codes: tuple[int, ...] = (1,)
    workspace: str = ""
    file: str = ""  # absolute path of the file the skill was run on

    @property
    def separates_stdout(self) -> bool:
        """Say whether stdout is itself a machine format, which stderr must not be mixed into."""
        return not self.result_path and self.result.endswith(("-json", "junit", "sarif"))


def plan(
    skill: Skill,
    context: Context,
    environment: Environment,
    settings: Settings,
    *,
    result_folder: str = "",
) -> Plan:
    """Return the command of a skill at a place. Looks for the tool, so call it off the loop.

    Parameters
    ----------
    result_folder
        An empty folder for the result's file; else it gets a fresh name in the temporary folder.

    Raises
    ------
    RunError
        With the slug ``missing-tool``, ``no-file``, ``no-test-here``, ``no-symbol-here``,
        ``no-selection``, ``no-module``, ``no-workspace``, ``no-agent-command``,
        ``unsafe-argument`` or ``argument-too-long``.
    """
    if isinstance(skill.action, AgentPrompt):
        return _agent_plan(skill, context, environment, settings)
    command = skill.action
    tool = find_tool(command, environment, context.path)
    if isinstance(tool, Missing):
        raise RunError("missing-tool", tool.message, tool.hint)
    places = Places(context, environment, result_path=_result_path(command, result_folder))
    cwd = os.path.normpath(fill(command.cwd, places))
    if not os.path.isdir(cwd):
        raise RunError("no-workspace", f"The folder {cwd} does not exist.")
    places = places.started_in(cwd)
    argv = (*tool.argv, *(fill(argument, places) for argument in command.args))
    own = {name: fill(value, places) for name, value in command.environment}
    return Plan(
        argv=_checked(argv),
        cwd=cwd,
        env={**_environment_variables(environment, tool), **own},
        timeout_seconds=settings.timeout_seconds or command.timeout_seconds,
        output_limit_bytes=settings.output_limit_bytes,
        result=command.result,
        result_path=places.result_path,
        tool=command.tool,
        ok_exit_codes=command.ok_exit_codes,
        found_exit_codes=command.found_exit_codes,
        workspace=environment.workspace,
        file=context.path,
    )


def _agent_plan(
    skill: Skill, context: Context, environment: Environment, settings: Settings
) -> Plan:
    if not settings.agent_command:
        raise RunError(
            "no-agent-command",
            "No command for agent skills is configured.",
            "Set skillsLsp.agentCommand, for example to your agent's non-interactive command.",
        )
    name, *arguments = settings.agent_command
    command = Command(ToolKind.PROGRAM, name)
    tool = find_tool(command, environment, context.path)
    if isinstance(tool, Missing):
        raise RunError("missing-tool", tool.message, "See the setting skillsLsp.agentCommand.")
    text = prompt(skill, context)
    if not any("{prompt}" in argument for argument in arguments):
        arguments.append("{prompt}")
    argv = (*tool.argv, *(argument.replace("{prompt}", text) for argument in arguments))
    return Plan(
        argv=_checked(argv),
        cwd=environment.workspace or environment.project or os.getcwd(),
        env=_environment_variables(environment, tool),
        timeout_seconds=settings.timeout_seconds or _AGENT_TIMEOUT_SECONDS,
        output_limit_bytes=settings.output_limit_bytes,
        tool=name,
        workspace=environment.workspace,
        file=context.path,
    )


def _result_path(command: Command, folder: str) -> str:
    templates = (*command.args, *(value for _, value in command.environment))
    if not any("result" in used_in(template) for template in templates):
        return ""
    ending = _RESULT_ENDINGS.get(command.result, ".json")
    if folder:
        return os.path.join(folder, f"result{ending}")
    import secrets  # noqa: PLC0415 - with tempfile 5 ms, and a run brings its folder along
    import tempfile  # noqa: PLC0415

    return os.path.join(tempfile.gettempdir(), f"skills-lsp-{secrets.token_hex(12)}{ending}")


def _checked(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Return the arguments if the operating system can take them."""
    for argument in argv:
        try:
            data = os.fsencode(argument)
        except UnicodeEncodeError as error:  # a lone surrogate out of a broken buffer
            raise RunError("unsafe-argument", "A name here is not valid text.") from error
        if b"\0" in data:
            raise RunError("unsafe-argument", "A name here holds a NUL character.")
        if len(data) > _MAX_ARGUMENT_BYTES:
            raise RunError(
                "argument-too-long",
                f"The text for this command is too long ({len(data):,} bytes).",
                "Select less.",
            )
    return argv


def _environment_variables(environment: Environment, tool: Tool) -> dict[str, str]:
    """Return the user's variables with the project's environment activated, as a shell has them."""
    variables = {name: value for name, value in os.environ.items() if name not in _COLOUR}
    if environment.venv:
        variables["VIRTUAL_ENV"] = environment.venv
        variables.pop("PYTHONHOME", None)  # as every activate script does
    elif variables.get("VIRTUAL_ENV"):
        del variables["VIRTUAL_ENV"]  # It names another environment than the one that is used.
    first = [folder for folder in (tool.node_bin, environment.venv_bin) if folder]
    variables["PATH"] = os.pathsep.join((*first, environment.path))
    return variables | _NO_COLOUR
