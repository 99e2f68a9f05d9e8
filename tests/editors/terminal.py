"""A terminal that a test types into and reads, as a person does."""

import re
import shlex
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.editors.installed import editor
from tests.editors.session import Session

_LOOK_SECONDS = 0.05


class Terminal:
    """One tmux window with one program in it."""

    def __init__(self, tmux: Path, socket: Path) -> None:
        self._tmux = [str(tmux), "-u", "-f", "/dev/null", "-S", str(socket)]

    def call(self, *arguments: str, **options: object) -> str:
        """Call tmux."""
        done = subprocess.run(
            [*self._tmux, *arguments],
            capture_output=True,
            encoding="utf-8",
            timeout=20,
            check=False,
            **options,  # type: ignore[call-overload] # cwd and env
        )
        return str(done.stdout)

    def press(self, *keys: str) -> None:
        """Press keys, in tmux's names: ``Enter``, ``Escape``, ``C-c``."""
        self.call("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text and Enter."""
        self.call("send-keys", "-l", text)
        self.call("send-keys", "Enter")

    def screen(self) -> str:
        """Return what is on the screen, without blanks at the ends of lines."""
        return "\n".join(line.rstrip() for line in self.call("capture-pane", "-p").splitlines())

    def wait_for(self, pattern: str, seconds: float = 20) -> str:
        """Return the screen as soon as a pattern is on it."""
        # Counted, not timed: a machine that stood still has looked once meanwhile.
        for _ in range(round(seconds / _LOOK_SECONDS)):
            if re.search(pattern, screen := self.screen(), re.MULTILINE):
                return screen
            time.sleep(_LOOK_SECONDS)
        raise AssertionError(f"{pattern!r} did not come up in:\n{screen}")

    def tries(self, pattern: str, seconds: float = 60) -> Iterator[None]:
        """Yield once a second, for keys to be pressed again, until a pattern is on the screen."""
        for _ in range(round(seconds)):
            yield
            for _ in range(round(1 / _LOOK_SECONDS)):
                if re.search(pattern, screen := self.screen(), re.MULTILINE):
                    return
                time.sleep(_LOOK_SECONDS)
        raise AssertionError(f"{pattern!r} did not come up in:\n{screen}")

    def wait_for_end(self, seconds: float = 60) -> None:
        """Wait until the program has ended, and the window with it."""
        for _ in range(round(seconds / _LOOK_SECONDS)):
            if not self.call("list-windows"):
                return
            time.sleep(_LOOK_SECONDS)
        raise AssertionError(f"the program did not end:\n{self.screen()}")


@contextmanager
def terminal(session: Session, *command: str | Path, **more: str) -> Iterator[Terminal]:
    """Run a program in a terminal of 110 columns and 34 rows, in the project."""
    tmux = editor("tmux")
    # A socket's path may have 107 bytes, which pytest's folders can exceed.
    with tempfile.TemporaryDirectory(prefix="skl") as folder:
        window = Terminal(tmux, Path(folder) / "s")
        line = shlex.join(str(it) for it in command)
        environment = {**session.environment, **more}
        window.call(
            "new-session", "-d", "-x", "110", "-y", "34", line,
            cwd=session.project, env=environment,
        )  # fmt: skip
        try:
            yield window
        finally:
            window.call("kill-server")
