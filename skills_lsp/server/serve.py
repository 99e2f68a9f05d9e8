"""Starting the server: quick imports first, then the loop."""

import asyncio
import contextlib
import gc
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from skills_lsp.app.folders import user_folders
from skills_lsp.errors import UsageError
from skills_lsp.server import faststart

if TYPE_CHECKING:
    from skills_lsp.server.server import SkillsServer

_PARENT_SECONDS = 2.0
_IDLE_SECONDS = 3.0
_STOP_SECONDS = 8.0
_MAX_PORT = 65_535
_INTERRUPTED = 130
# A look at a file makes tens of thousands of small objects and hardly a cycle. With Python's 700 new
# objects between two collections, these took half of a query's time.
COLLECTIONS = (20_000, 20, 20)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How to serve: standard input and output, or one TCP client."""

    tcp: str = ""
    allow_remote: bool = False
    log_file: str = ""
    log_level: str = "warning"


def serve(options: ServeOptions) -> NoReturn:
    """Serve one client until it says ``exit`` or is gone, and end this process."""
    _set_up_logging(options)
    address = _address(options) if options.tcp else None
    folders = user_folders()
    with faststart.quick_imports(folders.cache) as cache:
        from skills_lsp.server.server import SkillsServer  # noqa: PLC0415 - inside the block

        server = SkillsServer(folders)
    gc.set_threshold(*COLLECTIONS)
    code = _INTERRUPTED
    with contextlib.suppress(KeyboardInterrupt):
        code = asyncio.new_event_loop().run_until_complete(_serve(server, cache, address))
    # Runs and store have ended. Freeing every tree and module one by one takes 100 ms, and a
    # thread that still reads standard input would be waited for.
    logging.shutdown()
    os._exit(code)


async def _serve(
    server: "SkillsServer", cache: faststart.CodeCache | None, address: tuple[str, int] | None
) -> int:
    from skills_lsp.server.transport import (  # noqa: PLC0415 - after the quick imports
        Receiver,
        connect_stdin,
        listen,
        stdout_writer,
    )

    loop = asyncio.get_running_loop()
    ended = server.ended = loop.create_future()
    # The client is gone without `exit`: that is an abnormal end.
    receiver = Receiver(server.protocol, lambda: server.end(1))
    if address is None:
        server.protocol.set_writer(await stdout_writer())
        await connect_stdin(receiver)
    else:
        port = await listen(receiver, server.protocol, *address)
        sys.stderr.write(f"skills-lsp listens on {address[0]}:{port}\n")
    watch = loop.create_task(_watch_parent(server))
    if cache is not None:
        loop.call_later(_IDLE_SECONDS, lambda: loop.run_in_executor(None, cache.save_if_grown))
    code: int = await ended
    watch.cancel()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(server.app.stop(), _STOP_SECONDS)
    if cache is not None:
        cache.save_if_grown()
    writer = server.protocol.writer
    if writer is not None and hasattr(writer, "drain"):
        await writer.drain()
    return code


async def _watch_parent(server: "SkillsServer") -> None:
    """End when the process that started us dies without closing our input.

    A process id that does not exist at first is of another machine or container: not watched.
    """
    if os.name == "nt":  # Here kill(pid, 0) would end the process; the closed pipe must do.
        return
    was_seen = False
    while True:
        await asyncio.sleep(_PARENT_SECONDS)
        pid = server.process_id
        if not isinstance(pid, int) or pid <= 0:
            continue
        if _is_alive(pid):
            was_seen = True
        elif was_seen:
            server.end(1)
            return


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _address(options: ServeOptions) -> tuple[str, int]:
    host, _, port = options.tcp.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or int(port) > _MAX_PORT:
        raise UsageError("bad-address", f"--tcp needs HOST:PORT, not {options.tcp!r}.")
    if host not in _LOOPBACK and not options.allow_remote:
        raise UsageError(
            "not-loopback",
            f"{host} can be reached from other machines, and whoever connects can run programs.",
            "Use 127.0.0.1, or add --allow-remote if you are sure.",
        )
    return host, int(port)


def _is_no_answer(record: logging.LogRecord) -> bool:
    from pygls.exceptions import JsonRpcException  # noqa: PLC0415 - after the quick imports

    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, JsonRpcException)


def _set_up_logging(options: ServeOptions) -> None:
    target: dict[str, Any] = {"stream": sys.stderr}
    if options.log_file:
        path = Path(options.log_file).expanduser()
        path.parent.mkdir(parents=True, exist_ok=True)
        target = {"filename": str(path), "encoding": "utf-8"}
    logging.basicConfig(
        level=options.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        **target,
    )
    # pygls logs each error answer with its traceback; what was not expected we have logged already.
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_no_answer)
