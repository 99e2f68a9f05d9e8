"""Every setting, with its default and its meaning. Schema and docs are generated from here."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set, by ``initializationOptions`` or the section ``skillsLsp``."""

    max_suggestions: int = 6
    """How many suggestions a code-action menu shows at most, 1 to 50."""
    min_confidence: float = 0.15
    """Suggestions below this confidence (0 to 1) are left out."""
    code_lens: bool = True
    """Show Run lenses over tests and definitions."""
    hover: bool = True
    """Show what was seen and what is suggested on hover."""
    finding_hints: bool = False
    """Publish findings as hints. Off by default: users have linters."""
    python: str = ""
    """The Python interpreter of the project; empty to look for one."""
    database: str = ""
    """Path of the database; empty for the platform's data folder."""
    agent_command: tuple[str, ...] = ()
    """Command that runs agent skills, as a list of arguments; {prompt} becomes the instructions."""
    timeout_seconds: float = 0.0
    """Time limit of a run; 0 to use each skill's own."""
    output_limit_bytes: int = 4_000_000
    """How much output of a run is kept, from its end."""
    max_parallel_runs: int = 2
    """How many skills may run at the same time; more wait."""
    disabled_skills: tuple[str, ...] = ()
    """Names of skills that are never suggested."""
    ranking_strategy: str = "workflow-aware"
    """How suggestions are ordered: semantic (code, texts and use) or workflow-aware (what comes next, too)."""
    exploration: float = 0.05
    """In this share of lists two entries change places by chance, so that it can be learned; 0 for never."""
    half_life_days: float = 15.0
    """An outcome so many days old counts half when it is learned what will work."""
    trusted_folders: tuple[str, ...] = field(default=())
    """Folders whose own skills may run without asking."""
    workspace_trusted: bool | None = None
    """What the editor says of the workspace (VS Code's Workspace Trust); null: ask once."""
