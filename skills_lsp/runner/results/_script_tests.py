"""Where a JavaScript test failed, and with what: shared by the readers of vitest, jest and mocha."""

import re

from skills_lsp.runner.results._frames import frames_in_message, script_frames, without_frames
from skills_lsp.runner.results._places import Frame, Sources
from skills_lsp.runner.results._tests import Case, Verdict

_EXCEPTION = re.compile(r"(?:Uncaught )?(?P<name>[A-Z]\w*)(?: \[\w+\])?: ")
_CONTROL = re.compile(r"\x1b\[[0-9;]*m")
# jest opens a failed file's message with a page of advice; the reason stands behind this.
_JEST_REASON = "    Details:\n\n"


def failed_case(name: str, stack: str, path: str, sources: Sources) -> Case:
    """Return a test that failed with this message and stack; ``path`` is its file's."""
    stack = _CONTROL.sub("", stack)
    message = without_frames(stack)
    match = _EXCEPTION.match(message)
    if match is not None and match["name"] in ("AssertionError", "Error"):
        message = message[match.end() :]  # It says nothing that "failed" does not.
    frames = script_frames(stack)
    frame = sources.first_of_ours(frames)
    return Case(
        name=name,
        verdict=Verdict.FAILED,
        message=message,
        error_type=match["name"] if match is not None else "AssertionError",
        frame=frame or (Frame(path, 1) if path else None),
        own_frame=sources.first_in(path, frames),
    )


def broken_file(name: str, message: str, path: str, sources: Sources) -> Case:
    """Return a test file that could not be loaded at all."""
    message = _CONTROL.sub("", message).rpartition(_JEST_REASON)[2]
    found = sources.first_of_ours(frames_in_message(message))
    found = found or sources.first_of_ours(script_frames(message))
    match = re.search(r"\b(?P<name>[A-Z]\w*Error)\b", message)
    return Case(
        name=name,
        verdict=Verdict.ERROR,
        message=_first_lines(without_frames(message)),
        error_type=match["name"] if match is not None else "load-error",
        frame=found or Frame(path, 1),
    )


def _first_lines(message: str) -> str:
    return message.partition("\n\n")[0].strip()
