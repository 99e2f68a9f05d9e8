"""Run a command as if nobody stood in between: its terminal, its signals, its exit code."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import FrameType

# As shells have it: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
NOT_FOUND, NOT_EXECUTABLE, SIGNALLED = 127, 126, 128

_TERMINAL = ("SIGINT", "SIGQUIT")  # a terminal sends these to the command itself
_FORWARDED = ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", *_TERMINAL)


@dataclass(frozen=True, slots=True)
class Passage:
    """How the command went. ``refusal`` says why it could not be started; empty when it was."""

    exit_code: int  # as a shell would say it: 128 and the signal, where one ended it
    duration_seconds: float
    signal: int | None = None
    refusal: str = ""


def run_through(argv: Sequence[str]) -> Passage:
    """Run a command to its end with this process's own input, output and environment."""
    started = time.monotonic()
    relay = _Relay()
    with relay.listening():
        try:
            process = subprocess.Popen(list(argv))
        except (OSError, ValueError) as error:
            return _not_started(argv, error, time.monotonic() - started)
        relay.send_to(process)
        code = _wait(process)
    ended_by = -code if code < 0 else None
    return Passage(
        exit_code=SIGNALLED + ended_by if ended_by else code,
        duration_seconds=time.monotonic() - started,
        signal=ended_by,
    )


def _wait(process: subprocess.Popen[bytes]) -> int:
    while True:
        # Where Ctrl+C raises (Windows), the command has it too, and says itself when it is done.
        with contextlib.suppress(KeyboardInterrupt):
            return process.wait()


def _not_started(argv: Sequence[str], error: OSError | ValueError, seconds: float) -> Passage:
    if isinstance(error, FileNotFoundError):
        return Passage(NOT_FOUND, seconds, refusal=f"{argv[0]}: command not found")
    reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    return Passage(NOT_EXECUTABLE, seconds, refusal=f"{argv[0]}: {reason}")


class _Relay:
    """Hands signals on to the command; what comes before it has started waits for it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        before = {}
        for name in _FORWARDED:
            number = getattr(signal, name, None)
            # What is ignored here (nohup) stays so, for the command too.
            if number is None or signal.getsignal(number) == signal.SIG_IGN:
                continue
            is_told = name in _TERMINAL and _is_in_foreground()
            before[number] = signal.signal(number, _let_pass if is_told else self._hand_on)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def send_to(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        for number in self._early:
            self._send(number)

    def _hand_on(self, number: int, _frame: FrameType | None) -> None:
        if self._process is None:
            self._early.append(number)
        else:
            self._send(number)

    def _send(self, number: int) -> None:
        if self._process is not None:
            with contextlib.suppress(OSError):  # it has ended meanwhile
                self._process.send_signal(number)


def _let_pass(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the terminal has told the command, too."""


def _is_in_foreground() -> bool:
    """Say whether this process's group has the terminal, which then signals each member itself."""
    if sys.platform == "win32":
        return True
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
