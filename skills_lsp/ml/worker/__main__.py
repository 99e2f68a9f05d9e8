"""``python -m skills_lsp.ml.worker ROLE …``: answer frames from standard input until it ends."""

import importlib
import os
import re
import sys
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from skills_lsp import __version__
from skills_lsp.ml.messages import PROTOCOL, GarbledError, Message, Unpacker, packed

_ROLES = {
    "analyst": "skills_lsp.ml.worker.analyst",
    "encoder": "skills_lsp.ml.worker.encoder",
}
_READ_BYTES = 1 << 16
EXIT_GARBLED = 3
EXIT_TOO_LARGE = 4


class Role(Protocol):
    """What a role can do."""

    def hello(self) -> dict[str, object]:
        """Return what the server should know of it."""
        ...

    def answer(self, message: Message) -> Message:
        """Return the answer to a message; what it raises is told as an error."""
        ...


def main(arguments: list[str]) -> int:
    """Load a role, greet, and answer until the pipe ends."""
    answers = _take_stdout()
    module = importlib.import_module(_ROLES[arguments[0]])
    role: Role = module.start(arguments[1:])
    hello = {"hello": PROTOCOL, "version": __version__, **role.hello()}
    _say(answers, Message(hello))
    try:
        for message in _messages(sys.stdin.fileno()):
            _say(answers, _answer(role, message))
            if _peak_megabytes() > _limit_megabytes():
                return EXIT_TOO_LARGE  # The server starts a fresh one when it next needs it.
    except GarbledError:
        return EXIT_GARBLED
    except BrokenPipeError:
        pass  # The server has ended, and so does this.
    return 0


def _take_stdout() -> BinaryIO:
    """Keep the pipe for answers; what a library prints goes where errors go."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _say(answers: BinaryIO, message: Message) -> None:
    answers.write(packed(message))
    answers.flush()


def _messages(pipe: int) -> Iterator[Message]:
    unpacker = Unpacker()
    while data := os.read(pipe, _READ_BYTES):
        yield from unpacker.feed(data)


def _answer(role: Role, message: Message) -> Message:
    number = message.head.get("id")
    try:
        answer = role.answer(message)
    except Exception as error:  # noqa: BLE001 - one bad request must not end the helper
        return Message({"id": number, "error": f"{type(error).__name__}: {error}"})
    return Message({**answer.head, "id": number}, answer.body)


def _peak_megabytes() -> float:
    """Return the most memory that this process has had; 0 where nobody says."""
    try:
        with open("/proc/self/status", "rb") as status:  # noqa: PTH123 - after each answer
            found = re.search(rb"VmHWM:\s+(\d+) kB", status.read())
    except OSError:
        found = None
    if found is not None:
        return int(found[1]) / (1 << 10)
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return 0.0
    # On Linux this would count what the server had when it started this process.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / (1 << 10)


def _limit_megabytes() -> float:
    return float(os.environ.get("SKILLS_LSP_WORKER_MEGABYTES", "600"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
