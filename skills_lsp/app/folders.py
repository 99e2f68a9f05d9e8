"""Where things are kept on this machine: the platform's own folders, or those of a test."""

import os
from dataclasses import dataclass
from pathlib import Path

APP_NAME = "skills-lsp"


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of one user."""

    home: Path
    config: Path
    data: Path
    cache: Path

    @property
    def database(self) -> Path:
        """The default place of the database."""
        return self.data / "skills.db"

    @property
    def models(self) -> Path:
        """Where the encoder's model is kept."""
        return self.data / "models"

    @property
    def reports(self) -> Path:
        """Where documents that are opened in the editor are written."""
        return self.cache / "reports"


def user_folders() -> Folders:
    """Return the folders of the present user.

    ``SKILLS_LSP_HOME`` puts all of them below one folder, for tests and for trying things out.
    """
    home = os.environ.get("SKILLS_LSP_HOME")
    if home:
        root = Path(home)
        return Folders(root, root / "config", root / "data", root / "cache")
    import platformdirs  # noqa: PLC0415 - only where the answer is not given

    return Folders(
        Path.home(),
        platformdirs.user_config_path(APP_NAME, appauthor=False),
        platformdirs.user_data_path(APP_NAME, appauthor=False),
        platformdirs.user_cache_path(APP_NAME, appauthor=False),
    )
