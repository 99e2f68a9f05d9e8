"""Documents written for the editor to open: reports and prompts."""

import contextlib
import re
from datetime import datetime
from pathlib import Path

_KEEP_SECONDS = 7 * 86_400  # as long as anybody could still have one open
_MAX_NAME = 60


def write_document(folder: Path, name: str, text: str, now: datetime) -> Path:
    """Write a document under a name of its own, for this user's eyes only; return its path.

    Helix shows the old text when a file that it still has open is written anew and opened again,
    and Emacs and Vim ask; so no name is used twice. What is a week old is taken away.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_old(folder, now)
    stem = f"{_file_name(name)}-{now:%Y%m%d-%H%M%S}"
    n_tries = 0
    while True:
        path = folder / (f"{stem}-{n_tries}.md" if n_tries else f"{stem}.md")
        try:
            path.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            n_tries += 1
            continue
        path.write_text(text, encoding="utf-8", errors="replace")
        return path


def _file_name(name: str) -> str:
    """Return a name that is a file's and no path: a project's skill may be called anything.

    Examples
    --------
    >>> _file_name("sessionSummary")
    'session-summary'
    >>> _file_name("../make: all")
    'make-all'
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name)
    return re.sub(r"\W+", "-", words).strip("-").lower()[:_MAX_NAME] or "document"


def _forget_old(folder: Path, now: datetime) -> None:
    for path in folder.glob("*.md"):
        # Gone already, by another server of the same user.
        with contextlib.suppress(OSError):
            if now.timestamp() - path.stat().st_mtime > _KEEP_SECONDS:
                path.unlink()
