"""A client that says what it likes: JSON-RPC over pipes, with no library between test and server."""

import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

SECONDS = 60.0  # for what takes milliseconds; two busy cores must do
Message = dict[str, Any]

# What a server of ours is told where a test does not say otherwise.
ACTION_LITERALS = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}
PLAIN_CAPABILITIES = {"textDocument": {"codeAction": ACTION_LITERALS}}
# A skill of the user's that fits every test, and no project.
NEVER_FITS = """\
title = "Never fits"
description = "Is offered until it is known what fits here."
category = "testing"
modality = "testing"
phase = "execution"
requires_files = ["no-file-has-this-name"]

[triggers]
test-function = 1.0

[run]
kind = "program"
tool = "true"
"""
# Our own pytest plugins take each run of a test project three times as long.
LIGHT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
COMMAND = (sys.executable, "-m", "skills_lsp", "serve")


class RawClient:
    """One server process and everything that it said."""

    def __init__(
        self,
        home: Path,
        *,
        command: Sequence[str] = COMMAND,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        skills = home / "config" / "skills"
        skills.mkdir(parents=True, exist_ok=True)
        (skills / "never-fits.toml").write_text(NEVER_FITS)
        self.home = home
        self.stderr_path = home / "stderr.txt"
        self.is_silent = False  # a silent client answers no request of the server
        self.messages: list[Message] = []
        self.last_asked = 0
        self._changed = threading.Condition()
        self._ids = itertools.count(1)
        self._has_ended = False
        environment = {**os.environ, **LIGHT, "SKILLS_LSP_HOME": str(home), **(env or {})}
        with self.stderr_path.open("ab") as stderr:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=environment,
                cwd=cwd or home,
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    # -- out -------------------------------------------------------------------------------------

    def send_bytes(self, data: bytes) -> None:
        """Write bytes as they are."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send_body(self, body: bytes) -> None:
        """Write one framed message of any content."""
        self.send_bytes(framed(body))

    def send(self, message: Any) -> None:
        """Write one message."""
        self.send_body(json.dumps(message).encode())

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: Any = None) -> int:
        """Send a request and return its id at once."""
        number = next(self._ids)
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return number

    # -- in --------------------------------------------------------------------------------------

    def request(self, method: str, params: Any = None, seconds: float = SECONDS) -> Message:
        """Send a request and return the whole answer, an error as well."""
        return self.answer(self.ask(method, params), seconds)

    def result(self, method: str, params: Any = None, seconds: float = SECONDS) -> Any:
        """Send a request and return its result; an error fails the test."""
        answer = self.request(method, params, seconds)
        assert "error" not in answer, answer
        return answer["result"]

    def error(self, method: str, params: Any = None) -> Message:
        """Send a request that must be refused, and return the error."""
        answer = self.request(method, params)
        assert "error" in answer, answer
        error = answer["error"]
        assert "Traceback" not in json.dumps(error), error
        assert "\n" not in error["message"], error
        return dict(error)

    def command(self, name: str, *arguments: Any, seconds: float = SECONDS) -> Any:
        """Run a command and return its result."""
        params = {"command": name, "arguments": list(arguments)}
        return self.result("workspace/executeCommand", params, seconds)

    def answer(self, number: Any, seconds: float = SECONDS) -> Message:
        """Wait for the answer to a request."""
        return self.wait_for(lambda it: is_answer(it, number), seconds)

    def answers(self, number: Any) -> list[Message]:
        """Return the answers to a request that have come so far."""
        return [it for it in self.messages if is_answer(it, number)]

    def wait_for(
        self, is_wanted: Callable[[Message], Any], seconds: float = SECONDS, since: int = 0
    ) -> Message:
        """Wait for a message, among those that have come (from number ``since``) and will come."""
        until = time.monotonic() + seconds
        seen = since
        with self._changed:
            while True:
                while seen < len(self.messages):
                    if is_wanted(self.messages[seen]):
                        return self.messages[seen]
                    seen += 1
                left = until - time.monotonic()
                if self._has_ended:
                    raise AssertionError(f"the server has ended: {self.stderr()[-2000:]}")
                if left <= 0 or not self._changed.wait(left):
                    raise AssertionError(f"not said in {seconds} s: {self.stderr()[-2000:]}")

    def wait_for_method(self, method: str, seconds: float = SECONDS, since: int = 0) -> Message:
        """Wait for a notification or request of the server."""
        return self.wait_for(lambda it: it.get("method") == method, seconds, since)

    def shown(self) -> list[str]:
        """Return the messages that the user was shown."""
        found = [it for it in self.messages if it.get("method") == "window/showMessage"]
        return [it["params"]["message"] for it in found]

    def stderr(self) -> str:
        """Return what the server wrote for its log."""
        return self.stderr_path.read_text("utf-8", "replace")

    # -- a session -------------------------------------------------------------------------------

    def initialize(
        self, capabilities: Any = None, folder: Path | None = None, **params: Any
    ) -> Message:
        """Initialize, and return what the server can do."""
        given = {
            "processId": os.getpid(),
            "rootUri": folder.as_uri() if folder else None,
            "capabilities": PLAIN_CAPABILITIES if capabilities is None else capabilities,
            "initializationOptions": {"python": sys.executable},
            **params,
        }
        result = self.result("initialize", given)
        self.notify("initialized", {})
        return dict(result["capabilities"])

    def open(self, uri: str, text: str, language: str = "python", version: int = 1) -> None:
        """Open a document."""
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def settle(self, uri: str, line: int) -> None:
        """Wait until all that is found out in the background is known; at the line is a test."""
        poll(lambda: "never-fits" in self._skills())
        poll(lambda: "Never fits" not in str(self.actions(uri, line)))

    def _skills(self) -> list[str]:
        arguments: Message = {"language": "python"}
        return [it["name"] for it in self.command("skills.listSkills", arguments)["skills"]]

    def close(self, uri: str) -> None:
        """Close a document."""
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def actions(self, uri: str, line: int, character: int = 0, **context: Any) -> list[Message]:
        """Return the code actions at a place."""
        found = self.result("textDocument/codeAction", at(uri, line, character, **context))
        return list(found)

    def lenses(self, uri: str) -> list[Message]:
        """Return the lenses of a document."""
        return list(self.result("textDocument/codeLens", {"textDocument": {"uri": uri}}))

    def hover(self, uri: str, line: int, character: int) -> Any:
        """Return the hover at a place."""
        position = {"line": line, "character": character}
        return self.result(
            "textDocument/hover", {"textDocument": {"uri": uri}, "position": position}
        )

    def leave(self) -> int:
        """Shut down and exit as one should; return the exit code."""
        self.result("shutdown")
        self.notify("exit", None)
        return self.process.wait(SECONDS)

    def kill(self) -> None:
        """End the server, whatever state it is in."""
        self.process.kill()
        self.process.wait(SECONDS)
        self._reader.join(SECONDS)
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            try:
                stream.close()
            except OSError:  # what was not yet written to a dead server
                continue

    # -- the reader's thread ---------------------------------------------------------------------

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = 0
            while (line := stream.readline()).strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not line:
                break
            self._take(json.loads(stream.read(length)))
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def _take(self, message: Message) -> None:
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()
        if "id" in message and "method" in message and not self.is_silent:
            self.send({"jsonrpc": "2.0", "id": message["id"], "result": None})


def framed(body: bytes) -> bytes:
    """Return a body behind its header."""
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def is_answer(message: Message, number: Any) -> bool:
    """Say whether a message answers the request with this id."""
    answered = message.get("id")
    return "method" not in message and answered == number and type(answered) is type(number)


def at(uri: str, line: int, character: int = 0, **context: Any) -> Message:
    """Return the parameters of a code action request for a bare cursor."""
    position = {"line": line, "character": character}
    return {
        "textDocument": {"uri": uri},
        "range": {"start": position, "end": position},
        "context": {"diagnostics": [], **context},
    }


def poll(is_done: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """Wait until something outside the session is true, and return what it is."""
    until = time.monotonic() + seconds
    while not (found := is_done()):
        assert time.monotonic() < until, f"not so within {seconds} s"
        time.sleep(0.01)  # polling a process or a file: nothing tells of them
    return found


def without_offers(value: Any) -> Any:
    """Return an answer without the numbers of the lists that were shown before it."""
    if isinstance(value, dict):
        return {key: without_offers(item) for key, item in value.items() if key != "offer"}
    return [without_offers(item) for item in value] if isinstance(value, list) else value
