"""What fails beside a suggestion never stops suggestions."""

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from skills_lsp.app.suggesting import suggest
from skills_lsp.errors import StoreError
from skills_lsp.store import Store
from skills_lsp.text import Point, Span
from tests.app.session import TEST, Session


def names(session: Session, uri: str) -> list[str]:
    suggested = suggest(session.app, session.app.documents[uri], Point(0, 6))
    return [it.skill.name for it in suggested.suggestions]


def failing(*_args: object, **_options: object) -> object:
    raise StoreError("disk-full", "The history cannot be written: the disk is full.")


@pytest.mark.parametrize("method", ["memory", "begin", "finish", "history", "shortcuts"])
async def test_a_store_that_fails_is_told_once_and_all_else_goes_on(
    session, monkeypatch, method: str
):
    monkeypatch.setattr(Store, method, failing)
    uri = session.open("test_a.py")
    assert "pytest-run" in names(session, uri)
    for _ in range(2):
        assert (await session.run("py-compile-check", uri)).status == "passed"
        await session.command("history")
        await session.command("listShortcuts")
    await session.settle()
    assert "pytest-run" in names(session, uri)
    told = [text for _, text in session.client.shown if "disk is full" in text]
    assert len(told) == 1
    assert session.client.published == {}


async def test_a_store_that_does_not_open_is_told_once_and_all_else_goes_on(
    tmp_path: Path, monkeypatch
):
    monkeypatch.setattr(Store, "open", failing)
    session = await Session(tmp_path).start()
    uri = session.open("test_a.py")
    assert "pytest-run" in names(session, uri)
    assert (await session.run("py-compile-check", uri)).status == "passed"
    assert (await session.command("history")).invocations == ()
    summary = await session.command("sessionSummary")
    assert "not open" in summary.message
    with pytest.raises(StoreError, match="cannot be kept"):
        await session.command("registerShortcut", skill="pytest-run", keys="ctrl+alt+t")
    assert len([text for _, text in session.client.shown if "disk is full" in text]) == 1
    await session.app.stop()


async def test_suggestions_come_before_anything_was_started(tmp_path: Path):
    session = Session(tmp_path)
    session.app.open("file:///nowhere/test_a.py", "python", 1, TEST)
    assert names(session, "file:///nowhere/test_a.py")[0] == "pytest-run"
    await session.app.stop()


async def test_a_folder_that_cannot_be_read_stops_nothing(session, monkeypatch):
    def refuse(*_args: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(type(session.app.knowledge), "take_availability", refuse)
    uri = session.open("test_a.py")
    await session.settle()
    assert "pytest-run" in names(session, uri)
    assert any("Permission denied" in line for line in session.client.logged)


async def test_what_worked_before_is_remembered_for_the_next_suggestion(session):
    uri = session.open("test_a.py")
    await session.settle()
    before = suggest(session.app, session.app.documents[uri], Point(0, 6)).memory
    assert before.here == {}
    session.clock.move(60)
    await session.run("pytest-file", uri)
    await session.settle()
    suggested = suggest(session.app, session.app.documents[uri], Point(0, 6))
    assert suggested.memory.here["pytest-file"].n_completed == 1
    assert suggested.memory.here["pytest-file"].last_at.startswith("2026-03-01T09:31")


async def test_what_cannot_run_here_is_told_with_its_reason(session, tmp_path):
    uri = session.open("test_a.py")
    empty = tmp_path / "venv" / "bin" / "python"
    empty.parent.mkdir(parents=True)
    empty.write_text("#!/bin/sh\nexit 1\n")
    empty.chmod(0o755)
    (tmp_path / "venv" / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    (tmp_path / "venv" / "pyvenv.cfg").write_text("home = /nowhere\n")
    session.app.configure(replace(session.app.settings, python=str(tmp_path / "venv")))
    await session.settle()
    suggested = suggest(session.app, session.app.documents[uri], Point(0, 6))
    assert "pytest was not found" in suggested.blocked["pytest-run"]


async def test_reading_the_catalogue_again_takes_no_document_along(session):
    uri = session.open("test_a.py")
    document = session.app.documents[uri]
    session.app.edit(document, Span(Point(0, 0), Point(0, 0)), "import os\n")
    await session.app.reload_catalogue()
    assert session.app.documents[uri] is document
    assert document.buffer.text == "import os\n" + TEST
