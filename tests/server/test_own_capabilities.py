"""What a client of ours asks for beyond the protocol: reports as Markdown, and trust of its own."""

from pathlib import Path
from typing import Any

import pytest

from tests.server.conftest import Connect
from tests.server.raw_client import PLAIN_CAPABILITIES, RawClient, poll

SKILL = """\
title = "Leave a trace"
description = "Leaves a file."
category = "testing"
modality = "testing"
phase = "execution"

[run]
kind = "program"
tool = "touch"
args = ["ran"]
"""
SHOW_DOCUMENT = {"window": {"showDocument": {"support": True}}}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / ".skills").mkdir(parents=True)
    (folder / ".skills" / "leave-trace.toml").write_text(SKILL)
    (folder / "a.py").write_text("x = 1\n")
    return folder


def initialize(client: RawClient, project: Path, **own: bool) -> None:
    capabilities: dict[str, Any] = {**PLAIN_CAPABILITIES, **SHOW_DOCUMENT}
    client.initialize({**capabilities, "experimental": {"skills": own}}, project)
    poll(lambda: "leave-trace" in str(client.command("skills.listSkills", {"phase": ""})))


def test_a_report_carries_markdown_for_who_shows_it_and_opens_nothing(connect: Connect, project):
    client = connect()
    initialize(client, project, reports=True)
    for arguments in ([], [{}]):
        answer = client.command("skills.sessionSummary", *arguments)
        assert answer["markdown"].startswith("# ")
        assert answer["message"]
    assert "window/showDocument" not in [it.get("method") for it in client.messages]


def test_a_report_carries_no_markdown_for_others(connect: Connect, project):
    client = connect()
    initialize(client, project)
    assert "markdown" not in client.command("skills.sessionSummary", {"session": ""})


@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_client_with_a_record_of_trust_is_asked_about_the_file(
    connect: Connect, project, is_trusted
):
    client = connect()
    initialize(client, project, trust=True)
    client.is_silent = True  # or it would answer before this test does
    uri = (project / "a.py").as_uri()
    number = client.ask(
        "workspace/executeCommand",
        {
            "command": "skills.run",
            "arguments": [{"skill": "leave-trace", "uri": uri, "wait": True}],
        },
    )
    asked = client.wait_for_method("skills/trust")
    file = project / ".skills" / "leave-trace.toml"
    assert asked["params"] == {"skill": "leave-trace", "uri": file.as_uri(), "runs": "touch ran"}
    client.send({"jsonrpc": "2.0", "id": asked["id"], "result": {"trusted": is_trusted}})
    answer = client.answer(number)
    assert (project / "ran").exists() is is_trusted
    if not is_trusted:
        assert "leave-trace.toml is not trusted" in answer["error"]["message"]
