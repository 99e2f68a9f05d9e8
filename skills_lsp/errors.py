"""Every error that skills-lsp raises on purpose.

    SkillsError
    ├── UsageError          the caller asked for something that cannot be (CLI: exit 2)
    ├── CatalogueError      a skill file, SKILL.md or task list cannot be used
    ├── PatternError        a pattern file cannot be compiled
    ├── StoreError          the database cannot be opened, read or written
    ├── RunError            a skill cannot be started, or is not allowed to
    └── ModelError          the encoder's model cannot be had, made or read

Each carries a slug (stable, kebab-case, the anchor in the docs), one sentence for the user, and a
hint that says what to do.
"""


class SkillsError(Exception):
    """Base of all expected errors: what happened and what to do, in two short sentences."""

    def __init__(self, slug: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.slug = slug
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(SkillsError):
    """The request itself is wrong: an unknown file, skill, line, argument."""


class CatalogueError(SkillsError):
    """A skill definition cannot be used."""


class PatternError(SkillsError):
    """A pattern file cannot be compiled."""


class StoreError(SkillsError):
    """The database cannot be opened, read or written."""


class RunError(SkillsError):
    """A skill cannot be started, or is not allowed to run here."""


class ModelError(SkillsError):
    """The encoder's model cannot be had, made or read."""
