"""A raw JSON-RPC session with a language server; the client's own share is some 0.03 ms."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SERVERS = {
    "skills-lsp": [sys.executable, "-m", "skills_lsp", "--stdio"],
    "empty pygls": [sys.executable, str(HERE / "empty_pygls.py")],
}
# What makes Python servers look slower than any user sees them.
_NOT_THE_USERS = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
_HOME = tempfile.mkdtemp(prefix="skills-lsp-bench-")


class Session:
    """One server process and its one client."""

    def __init__(self, server: str, home: str = _HOME, root: str | None = None) -> None:
        environment = {**os.environ, "SKILLS_LSP_HOME": home}
        self._root = root
        for name in _NOT_THE_USERS:
            environment.pop(name, None)
        self.spawned_at = time.perf_counter()
        self.process = subprocess.Popen(
            SERVERS[server],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._n_sent = 0

    def initialize(self) -> float:
        """Initialize; return the seconds since the spawn."""
        capabilities = {
            "textDocument": {
                "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}
            }
        }
        params = {"processId": os.getpid(), "rootUri": self._root, "capabilities": capabilities}
        self.request("initialize", params)
        took = time.perf_counter() - self.spawned_at
        self.notify("initialized", {})
        return took

    def open(self, uri: str, text: str) -> None:
        """Open a document."""
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def insert(self, uri: str, line: int, column: int, text: str) -> None:
        """Type into a document."""
        here = {"line": line, "character": column}
        change = {"range": {"start": here, "end": here}, "text": text}
        document = {"uri": uri, "version": 2}
        params = {"textDocument": document, "contentChanges": [change]}
        self.notify("textDocument/didChange", params)

    def code_action(self, uri: str, line: int) -> Any:
        """Ask for code actions at the start of a line."""
        here = {"line": line, "character": 0}
        return self.request(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": uri},
                "range": {"start": here, "end": here},
                "context": {"diagnostics": []},
            },
        )

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: Any) -> Any:
        """Send a request and return its answer's result."""
        self._n_sent += 1
        self._send({"jsonrpc": "2.0", "id": self._n_sent, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._n_sent and "method" not in message:
                return message.get("result")
            if "id" in message and "method" in message:
                self._send({"jsonrpc": "2.0", "id": message["id"], "result": None})

    def memory_mib(self) -> float:
        """Return the resident memory of the process and its children."""
        import psutil  # noqa: PLC0415

        process = psutil.Process(self.process.pid)
        every = [process, *process.children(recursive=True)]
        return sum(it.memory_info().rss for it in every) / 2**20

    def end(self) -> float:
        """Shut down; return the seconds from ``exit`` to gone."""
        self.request("shutdown", None)
        started = time.perf_counter()
        self.notify("exit", None)
        self.process.wait(10)
        return time.perf_counter() - started

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        if not length:
            raise EOFError("the server is gone")
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return message
