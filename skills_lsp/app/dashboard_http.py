"""The dashboard over HTTP, for browsers on this machine and for nobody else.

Whoever is to see the page needs the one-time token of the address that the program printed; it is
exchanged for a cookie that no script can read and no other site can send. The ``Host`` header must be
our own, so that a name that somebody points at 127.0.0.1 (DNS rebinding) reaches nothing.
"""

import hmac
import json
import queue
import secrets
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from skills_lsp.errors import SkillsError, UsageError

HOST = "127.0.0.1"
_MAX_BODY_BYTES = 16_384
_READ_SECONDS = 30.0
_ALIVE_SECONDS = 15.0
"""So often a silent stream says that it is there, and we find out whether the page still is."""
_MAX_STREAMS = 32
_FILES = {"/dashboard.js": "text/javascript", "/dashboard.css": "text/css"}
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_AGAIN = "Run `skills-lsp dashboard` in a terminal and open the address that it prints."

Ask = Callable[[str, dict[str, Any]], dict[str, Any]]
Told = Callable[[Callable[[str], None]], AbstractContextManager[None]]


class DashboardServer:
    """Serves the page, its questions and its news, each request on a thread of its own.

    ``ask`` answers a question of the page, ``told`` calls back with news as long as it is entered.
    """

    def __init__(self, ask: Ask, told: Told, port: int) -> None:
        self.ask, self.told = ask, told
        self.streams = threading.BoundedSemaphore(_MAX_STREAMS)
        self.is_ending = threading.Event()
        self._token: str | None = secrets.token_urlsafe(24)
        self._session = secrets.token_urlsafe(32)
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"dashboard": self})
        try:
            self._http = _Server((HOST, port), handler)
        except OSError as error:
            raise UsageError(
                "port-taken",
                f"Port {port} cannot be used: {error.strerror}.",
                "Name another, or leave --port out for one that is free.",
            ) from error
        self.port = int(self._http.server_address[1])
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.1,), daemon=True)

    @property
    def address(self) -> str:
        """The address to open, once."""
        return f"http://{HOST}:{self.port}/?token={self._token}"

    @property
    def cookie_name(self) -> str:
        """The name of the cookie; other ports of this machine share cookies with ours."""
        return f"skills_lsp_{self.port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more; streams end by themselves."""
        self.is_ending.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def take_token(self, given: str) -> str | None:
        """Return the session for the token, which is worth nothing from then on."""
        with self._lock:
            if self._token is None or not _is_same(given, self._token):
                return None
            self._token = None
            return self._session

    def is_session(self, given: str) -> bool:
        """Say whether a cookie is the session's."""
        return _is_same(given, self._session)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    # A program takes the port of one that has just ended, so that open pages go on. Where another still
    # listens it does not; on Windows it would, and two programs would share the visitors of both.
    allow_reuse_address = sys.platform != "win32"
    allow_reuse_port = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of pages that were closed in the middle of an answer."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class _Refusal(Exception):  # noqa: N818 - an answer, no error
    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class _Handler(BaseHTTPRequestHandler):
    dashboard: ClassVar[DashboardServer]
    protocol_version = "HTTP/1.1"
    server_version = "skills-lsp"
    sys_version = ""
    timeout = _READ_SECONDS

    def do_GET(self) -> None:
        """Answer for the page and its files, and open the stream of news."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """Answer a question of the page."""
        self._answer(self._post)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Print nothing: standard output has the address alone, and a token in no log."""

    def _answer(self, work: Callable[[], None]) -> None:
        try:
            self._check_host()
            self._check_site()
            work()
        except _Refusal as refusal:
            self.close_connection = True
            self._send(refusal.status, "text/plain", refusal.message.encode())
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    # -- who may ask ---------------------------------------------------------------------------------

    def _check_host(self) -> None:
        own = {f"{name}:{self.dashboard.port}" for name in (HOST, "localhost")}
        if len(self.headers.get_all("Host", [])) != 1 or self.headers["Host"] not in own:
            raise _Refusal(HTTPStatus.MISDIRECTED_REQUEST, "This is not the host that was meant.")

    def _check_site(self) -> None:
        """Refuse pages of other ports of this machine too: to cookies they are the same site."""
        site = self.headers.get("Sec-Fetch-Site", "none")
        is_link = self.headers.get("Sec-Fetch-Mode") == "navigate" and self.command == "GET"
        if site not in ("none", "same-origin") and not is_link:
            raise _Refusal(HTTPStatus.FORBIDDEN, "Another site may not ask.")

    def _check_session(self) -> None:
        if not self._has_session():
            raise _Refusal(
                HTTPStatus.FORBIDDEN, f"This page needs an address that is new. {_AGAIN}"
            )

    def _has_session(self) -> bool:
        try:
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            return False
        found = cookies.get(self.dashboard.cookie_name)
        return found is not None and self.dashboard.is_session(found.value)

    # -- what is answered ----------------------------------------------------------------------------

    def _get(self) -> None:
        asked = urlsplit(self.path)
        tokens = parse_qs(asked.query).get("token", [])
        if asked.path == "/" and tokens:
            self._enter(tokens[0])
            return
        self._check_session()
        if asked.path == "/":
            self._send(HTTPStatus.OK, "text/html", page())
        elif asked.path in _FILES:
            self._send(HTTPStatus.OK, _FILES[asked.path], built(asked.path[1:]))
        elif asked.path == "/news":
            self._stream()
        else:
            raise _Refusal(HTTPStatus.NOT_FOUND, "There is nothing here.")

    def _enter(self, token: str) -> None:
        session = self.dashboard.take_token(token)
        if session is None and not self._has_session():
            raise _Refusal(HTTPStatus.FORBIDDEN, f"This address has been used. {_AGAIN}")
        headers = {"Location": "/"}
        if session is not None:
            cookie = f"{self.dashboard.cookie_name}={session}"
            headers["Set-Cookie"] = f"{cookie}; HttpOnly; SameSite=Strict; Path=/"
        self._send(HTTPStatus.SEE_OTHER, "text/plain", b"", headers)

    def _post(self) -> None:
        self._check_session()
        # A form of another site can send neither this header nor this type.
        origin = self.headers.get("Origin")
        if origin is not None and origin != f"http://{self.headers['Host']}":
            raise _Refusal(HTTPStatus.FORBIDDEN, "Another site may not ask.")
        if self.headers.get_content_type() != "application/json" or self.path != "/ask":
            raise _Refusal(HTTPStatus.NOT_FOUND, "There is nothing here.")
        command, params = self._question()
        try:
            answer: dict[str, Any] = {"result": self.dashboard.ask(command, params)}
        except SkillsError as error:
            answer = {"error": str(error)}
        self._send(HTTPStatus.OK, "application/json", json.dumps(answer).encode())

    def _question(self) -> tuple[str, dict[str, Any]]:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _MAX_BODY_BYTES:
            raise _Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A question is a short JSON text.")
        try:
            asked = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            asked = None
        command = asked.get("command") if isinstance(asked, dict) else None
        params = asked.get("params", {}) if isinstance(asked, dict) else None
        if not isinstance(command, str) or not isinstance(params, dict):
            raise _Refusal(HTTPStatus.BAD_REQUEST, "A question has a command and params.")
        return command, params

    def _stream(self) -> None:
        """Send news as server-sent events until the page is closed."""
        dashboard = self.dashboard
        if not dashboard.streams.acquire(blocking=False):
            raise _Refusal(HTTPStatus.TOO_MANY_REQUESTS, "Too many pages are open. Close some.")
        self.close_connection = True
        news: queue.SimpleQueue[str] = queue.SimpleQueue()
        try:
            with dashboard.told(news.put):
                self._head(HTTPStatus.OK, "text/event-stream", {"Connection": "close"})
                self._write(b"retry: 1000\n\n")
                silent_seconds = 0.0
                while not dashboard.is_ending.is_set():
                    try:
                        said = news.get(timeout=0.5)
                        self._write(f"data: {said}\n\n".encode())
                    except queue.Empty:
                        silent_seconds += 0.5
                        if silent_seconds >= _ALIVE_SECONDS:
                            silent_seconds = 0.0
                            self._write(b": here\n\n")
        finally:
            dashboard.streams.release()

    def _write(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def _send(
        self, status: HTTPStatus, kind: str, body: bytes, more: dict[str, str] | None = None
    ) -> None:
        self._head(status, kind, {"Content-Length": str(len(body)), **(more or {})})
        self._write(body)

    def _head(self, status: HTTPStatus, kind: str, more: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        for name, value in {**_HEADERS, **more}.items():
            self.send_header(name, value)
        self.end_headers()


def _is_same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def page() -> bytes:
    """Return the page; a webview has it with other words for these three."""
    text = built("index.html").decode()
    words = {"{{nonce}}": secrets.token_hex(16), "{{cspSource}}": "'self'", "{{base}}": "."}
    for word, value in words.items():
        text = text.replace(word, value)
    return text.encode()


def built(name: str) -> bytes:
    """Return a file of the page, which ``editors/dashboard`` is built into."""
    return resources.files("skills_lsp").joinpath("dashboard", name).read_bytes()
