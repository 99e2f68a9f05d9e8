"""Ends the processes of a run when the server that started it is gone.

A program of its own, started beside each run with the read end of a pipe as its standard input.
Only the server holds the write end, so end of file means that the server died, however it died
(``kill -9`` runs no handler). A run that ends in the usual way kills its guard first.

It runs by path under ``python -I -S`` and imports nothing of ours: ready in about 10 ms.
"""

import os
import signal
import sys
import time

_GRACE_SECONDS = 1.0


def main() -> None:
    """Read the group's id from standard input, wait for end of file, end the group."""
    for harmless in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(harmless, signal.SIG_IGN)
    line = sys.stdin.buffer.readline().strip()
    if not line.isdigit() or int(line) <= 1:  # The server died, or gave up, before it started one.
        return
    group = int(line)
    while sys.stdin.buffer.read(1):
        pass
    _end(group)


def _end(group: int) -> None:
    try:
        os.killpg(group, signal.SIGTERM)
        os.killpg(group, signal.SIGCONT)  # A stopped process acts on SIGTERM once it goes on.
        deadline = time.monotonic() + _GRACE_SECONDS
        while time.monotonic() < deadline:
            time.sleep(0.02)
            os.killpg(group, 0)
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # All gone, or not ours to end.


if __name__ == "__main__":
    main()
