"""Who sees the dashboard in a browser, and who does not."""

import http.client
import json
import re
import socket
import threading
from contextlib import contextmanager

import pytest

from skills_lsp.app.dashboard_http import DashboardServer
from skills_lsp.errors import UsageError


@pytest.fixture
def server():
    tells = []

    def ask(command, params):
        if command == "no":
            raise UsageError("no", "It may not be asked.")
        return {"command": command, **params}

    @contextmanager
    def told(tell):
        tells.append(tell)
        yield
        tells.remove(tell)

    made = DashboardServer(ask, told, 0)
    made.tells = tells
    made.start()
    yield made
    made.stop()


def get(server, path, **headers):
    return request(server, "GET", path, None, headers)


def post(server, body, path="/ask", **headers):
    sent = {"Content-Type": "application/json", **headers}
    return request(server, "POST", path, body if isinstance(body, str) else json.dumps(body), sent)


def request(server, method, path, body, headers):
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        client.request(method, path, body, headers)
        answer = client.getresponse()
        return answer, answer.read().decode()
    finally:
        client.close()


def enter(server) -> str:
    """Open the address; return the cookie."""
    path = server.address.partition(str(server.port))[2]
    answer, _ = get(server, path)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    return answer.headers["Set-Cookie"].partition(";")[0]


def test_the_address_gives_a_cookie_that_no_script_and_no_other_site_can_use(server):
    path = server.address.partition(str(server.port))[2]
    answer, _ = get(server, path)
    flags = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict"} <= set(flags.split("; "))
    answer, body = get(server, "/", Cookie=flags.partition(";")[0])
    assert answer.status == 200
    assert "dashboard.js" in body
    assert "{{" not in body


def test_the_token_works_once(server):
    path = server.address.partition(str(server.port))[2]
    cookie = enter(server)
    answer, body = get(server, path)
    assert answer.status == 403
    assert "has been used. Run `skills-lsp dashboard`" in body
    answer, _ = get(server, path, Cookie=cookie)  # the same browser, from its history
    assert (answer.status, answer.headers["Set-Cookie"]) == (303, None)


@pytest.mark.parametrize("path", ["/", "/dashboard.js", "/news", "/?token=", "/?token=wrong", "/x"])
@pytest.mark.parametrize(
    "cookie", ["", "skills_lsp_{port}=wrong", "other=1; ;;=", "skills_lsp_{port}="]
)
def test_without_token_or_cookie_nothing_is_served(server, path, cookie):
    answer, body = get(server, path, Cookie=cookie.format(port=server.port))
    assert answer.status == 403
    assert "skills-lsp dashboard" in body
    answer, body = post(server, {"command": "skills.dashboard"})
    assert answer.status == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", ""]
)
def test_another_host_name_reaches_nothing(server, host):
    cookie = enter(server)
    answer, _ = get(server, "/", Cookie=cookie, Host=host.format(port=server.port))
    assert answer.status == 421
    answer, _ = get(server, "/", Cookie=cookie, Host=f"localhost:{server.port}")
    assert answer.status == 200


def test_questions_are_answered_to_the_page_alone(server):
    cookie = enter(server)
    answer, body = post(server, {"command": "a", "params": {"n": 1}}, Cookie=cookie)
    assert json.loads(body) == {"result": {"command": "a", "n": 1}}
    own = f"http://127.0.0.1:{server.port}"
    assert post(server, {"command": "a"}, Cookie=cookie, Origin=own)[0].status == 200
    for refused in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Content-Type": "text/plain"},
    ):
        answer, _ = post(server, {"command": "a"}, Cookie=cookie, **refused)
        assert answer.status in {403, 404}
    _, body = post(server, {"command": "no"}, Cookie=cookie)
    assert json.loads(body) == {"error": "It may not be asked."}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])  # same: another port of this machine
@pytest.mark.parametrize("path", ["/news", "/dashboard.js"])
def test_a_page_of_another_site_gets_nothing_even_with_the_cookie(server, site, path):
    sent = {"Cookie": enter(server), "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}
    answer, body = get(server, path, **sent)
    assert (answer.status, body) == (403, "Another site may not ask.")
    assert post(server, {"command": "a"}, **sent)[0].status == 403
    opened = get(server, "/", **{**sent, "Sec-Fetch-Mode": "navigate"})[0]  # a link to the page
    assert opened.status == 200
    assert (
        get(server, "/dashboard.js", **{**sent, "Sec-Fetch-Site": "same-origin"})[0].status == 200
    )
    assert not server.tells


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400), ("[]", 400), ("{", 400), ('{"command": 1}', 400), ('{"command": "a", "params": 3}', 400),
        ("[" * 10_000, 400), ("x" * 20_000, 413),
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused(server, body, status):
    answer, _ = post(server, body, Cookie=enter(server))
    assert answer.status == status


def test_each_answer_forbids_what_the_page_does_not_need(server):
    cookie = enter(server)
    for answer, _ in (get(server, "/", Cookie=cookie), get(server, "/")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert not re.search(r"python|basehttp", str(answer.headers), re.IGNORECASE)


def test_news_come_as_events_and_end_with_the_server(server):
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    client.request("GET", "/news", headers={"Cookie": enter(server)})
    answer = client.getresponse()
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.readline() == b"retry: 1000\n"
    (tell,) = server.tells
    tell('{"new": ["runs"]}')
    assert [answer.readline() for _ in range(2)] == [b"\n", b'data: {"new": ["runs"]}\n']
    ending = threading.Thread(target=server.is_ending.set)
    ending.start()
    assert answer.read() == b"\n"
    ending.join()
    client.close()


def test_only_this_machine_is_listened_to(server):
    assert server._http.server_address[0] == "127.0.0.1"
    with pytest.raises(UsageError, match=f"Port {server.port} cannot be used"):
        DashboardServer(server.ask, server.told, server.port)


def test_what_is_no_http_does_no_harm(server):
    for junk in (b"\0" * 100 + b"\r\n\r\n", b"GET\r\n\r\n", b"BREW / HTTP/1.1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), 10) as raw:
            raw.sendall(junk)
            raw.shutdown(socket.SHUT_WR)
            while raw.recv(4096):
                pass
    assert get(server, "/")[0].status == 403
