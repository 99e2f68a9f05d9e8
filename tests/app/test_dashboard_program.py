"""The dashboard from a terminal: the address on standard output, and a clean end."""

import json
import os
import signal
import socket
import subprocess
import sys
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

PROGRAM = (sys.executable, "-m", "skills_lsp", "dashboard", "--no-open")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_an_address_that_opens_and_ends_when_asked(tmp_path, end):
    environment = {**os.environ, "SKILLS_LSP_HOME": str(tmp_path)}
    serving = subprocess.Popen(
        PROGRAM, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        cwd=tmp_path,
    )  # fmt: skip
    try:
        address = serving.stdout.readline().strip()
        origin = address.partition("/?")[0]
        browser = build_opener(HTTPCookieProcessor())
        with browser.open(address) as page:
            assert b"dashboard.js" in page.read()
        question = json.dumps({"command": "skills.dashboard"}).encode()
        asked = Request(f"{origin}/ask", question, {"Content-Type": "application/json"})
        with browser.open(asked) as answer:
            said = json.load(answer)["result"]["message"]
        assert said.startswith("Nothing has been recorded yet")
    finally:
        serving.send_signal(end)
        out, errors = serving.communicate(timeout=60)
    assert (serving.returncode, out) == (0, "")
    assert errors.startswith("This is the dashboard. The address works once; Ctrl-C ends it.")
    assert "Traceback" not in errors


def test_a_port_that_is_taken_is_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*PROGRAM, "--port", port], capture_output=True, text=True, check=False, cwd=tmp_path,
            env={**os.environ, "SKILLS_LSP_HOME": str(tmp_path)},
        )  # fmt: skip
    assert done.returncode == 2
    assert f"Port {port} cannot be used: Address already in use." in done.stderr
