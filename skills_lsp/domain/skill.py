"""A skill: a named development task, when it fits, and how it runs."""

from dataclasses import dataclass, field
from enum import StrEnum


class Phase(StrEnum):
    """Where in the work a skill belongs."""

    SETUP = "setup"
    EXECUTION = "execution"
    VERIFICATION = "verification"
    DEPLOYMENT = "deployment"


class Category(StrEnum):
    """The six shelves of the taxonomy."""

    CODE_QUALITY = "code-quality"
    TESTING = "testing"
    DOCUMENTATION = "documentation"
    BUILD_AND_DEPLOY = "build-and-deploy"
    VERSION_CONTROL = "version-control"
    LINTING_AND_FORMATTING = "linting-and-formatting"


class Modality(StrEnum):
    """What kind of thing a skill works on."""

    CODE = "code"
    TESTING = "testing"
    DOCUMENTATION = "documentation"
    DEPLOYMENT = "deployment"


class Origin(StrEnum):
    """Who brought the skill. What a workspace brings (project, task) needs trust before it runs.

    An Agent Skill is PROJECT or USER by the folder it was found in; what makes it one is its
    :class:`AgentPrompt`.
    """

    BUILTIN = "builtin"
    USER = "user"
    PROJECT = "project"
    TASK = "task"


class Scope(StrEnum):
    """How much a run covers; what is nearest to the cursor is suggested first."""

    SYMBOL = "symbol"
    FILE = "file"
    PROJECT = "project"


class FileKind(StrEnum):
    """What a file is for."""

    TEST = "test"
    SOURCE = "source"
    ANY = "any"


class ToolKind(StrEnum):
    """How a tool is found and started."""

    PYTHON_MODULE = "python-module"  # {python} -m tool, in the project's environment
    PYTHON_TOOL = "python-tool"  # a console script of the project's environment, else of PATH
    NODE_TOOL = "node-tool"  # node_modules/.bin, walking up from the file, else PATH
    PROGRAM = "program"  # PATH alone


@dataclass(frozen=True, slots=True)
class Trigger:
    """A pattern that asks for the skill, and how strongly (0 to 1)."""

    pattern: str
    strength: float


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A skill that is likely to be run next, and how likely (0 to 1) before anything is learned."""

    skill: str
    likely: float


@dataclass(frozen=True, slots=True)
class Command:
    """A program run with a list of arguments, never through a shell.

    ``args`` and ``cwd`` may hold placeholders, each filled inside its one argument: ``{file}``,
    ``{file_name}``, ``{file_dir}``, ``{relative_file}``, ``{line}`` (from 1), ``{column}``
    (from 1), ``{symbol}``, ``{test_id}``, ``{test_name}``, ``{test_name_regex}``,
    ``{test_title_regex}`` (without the suites around), ``{module}`` (dotted), ``{selection}``, ``{workspace}``, ``{project}`` (folder of the
    nearest project file), ``{python}``, ``{result}`` (a fresh file for the machine-readable result).
    """

    kind: ToolKind
    tool: str
    args: tuple[str, ...] = ()
    cwd: str = "{workspace}"
    result: str = "text"  # name of a reader in runner/results
    ok_exit_codes: tuple[int, ...] = (0,)
    found_exit_codes: tuple[int, ...] = (1,)  # ran well, and found something to show
    timeout_seconds: float = 300.0
    changes_files: bool = False
    needs: tuple[str, ...] = ()  # Python modules that must import beside the tool (pytest_cov)
    install: str = ""  # one line that a person can type
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AgentPrompt:
    """Instructions for a coding agent, run by the configured agent command or opened to read."""

    instructions: str
    folder: str = ""  # of the SKILL.md, for its relative references
    allowed_tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skill:
    """One entry of the catalogue.

    ``requires_files`` are glob patterns relative to the project, ``requires_packages`` names that
    its ``package.json`` or ``pyproject.toml`` may declare: when either is given, one file or one
    package must be there for the skill to be offered. ``requires_imports``: when given, the file
    must import one of these modules (or something inside one). ``keywords`` are extra words for
    the lexical search. ``next_passed`` and ``next_failed`` say what usually comes next, by whether it
    found something; what people really do takes their place.
    """

    name: str
    title: str
    description: str
    category: Category
    modality: Modality
    phase: Phase
    action: Command | AgentPrompt
    languages: tuple[str, ...] = ()  # empty: any
    triggers: tuple[Trigger, ...] = ()
    scope: Scope = Scope.FILE
    file_kind: FileKind = FileKind.ANY
    requires_files: tuple[str, ...] = ()
    requires_packages: tuple[str, ...] = ()
    requires_imports: tuple[str, ...] = ()
    kind: str = "skill"  # code action kind: "skill", "refactor.rewrite", ... (never source.*)
    shortcut: str = ""
    estimated_duration_seconds: float = 0.0
    keywords: tuple[str, ...] = ()
    source: str = ""  # URL of what it wraps
    origin: Origin = Origin.BUILTIN
    path: str = ""  # the file that defines it
    requires_human_review: bool = False
    next_passed: tuple[FollowUp, ...] = ()
    next_failed: tuple[FollowUp, ...] = ()

    @property
    def is_agent_skill(self) -> bool:
        """Say whether an agent, and not a program, does the work."""
        return isinstance(self.action, AgentPrompt)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a definition file: where (line from 1, 0 = the whole file) and what."""

    path: str
    line: int
    message: str
    is_error: bool = True  # else a warning: the skill is still used


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All skills that were found, and what was wrong with those that were not taken."""

    skills: tuple[Skill, ...] = ()
    problems: tuple[Problem, ...] = ()
    by_name: dict[str, Skill] = field(init=False, compare=False, repr=False)
    by_pattern: dict[str, tuple[Skill, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {skill.name: skill for skill in self.skills})
        by_pattern: dict[str, tuple[Skill, ...]] = {}
        for skill in self.skills:
            for trigger in skill.triggers:
                by_pattern[trigger.pattern] = (*by_pattern.get(trigger.pattern, ()), skill)
        object.__setattr__(self, "by_pattern", by_pattern)
