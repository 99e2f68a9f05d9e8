"""What a workspace brings runs only where it is trusted."""

from dataclasses import replace
from pathlib import Path

import pytest

from skills_lsp.app.app import App
from skills_lsp.domain.settings import Settings
from skills_lsp.errors import RunError, StoreError
from skills_lsp.store import Store
from tests.app.session import Session

TRUST, REFUSE = "Trust this folder", "Not now"


async def with_skill(session: Session, name: str = "leave-trace") -> str:
    """Give the project a skill of its own, and return the URI of an open file."""
    session.skill(name)
    await session.app.reload_catalogue()
    return session.open("test_a.py")


@pytest.mark.parametrize("answer", [REFUSE, None])
async def test_a_project_skill_does_not_run_unless_it_is_trusted(session, answer):
    uri = await with_skill(session)
    session.client.answer = answer
    with pytest.raises(RunError, match="not trusted"):
        await session.run("leave-trace", uri)
    assert not session.has_run
    assert (await session.command("history")).invocations == ()


async def test_in_the_background_a_refusal_is_shown_once(session):
    uri = await with_skill(session)
    assert (await session.command("run", skill="leave-trace", uri=uri)).status == "started"
    await session.settle()
    assert not session.has_run
    assert len([text for _, text in session.client.shown if "not trusted" in text]) == 1
    assert [event for event, _ in session.client.notified] == ["refused"]


async def test_the_question_names_the_folder_and_what_would_run(session):
    uri = await with_skill(session)
    with pytest.raises(RunError):
        await session.run("leave-trace", uri)
    (question,) = session.client.asked
    assert str(session.project) in question
    assert "touch ran" in question


async def test_trust_is_asked_for_once(session):
    uri = await with_skill(session)
    session.client.answer = TRUST
    assert (await session.run("leave-trace", uri)).status == "passed"
    assert session.has_run
    assert (await session.run("leave-trace", uri)).status == "passed"
    assert len(session.client.asked) == 1


async def test_trust_is_for_all_skills_that_the_folder_brings(session):
    session.skill("other")
    session.write("Makefile", "check:\n\ttouch ran\n")
    uri = await with_skill(session)
    session.client.answer = TRUST
    for name in ("leave-trace", "other", "leave-trace", "make-check"):
        if name in session.app.knowledge.catalogue.by_name:
            assert (await session.run(name, uri)).status == "passed"
    assert len(session.client.asked) == 1


async def test_trust_is_remembered_over_restarts(tmp_path: Path):
    database = str(tmp_path / "skills.db")
    for n_asked in (1, 0):
        session = await Session(tmp_path, database=database).start()
        session.client.answer = TRUST
        assert (await session.run("leave-trace", await with_skill(session))).status == "passed"
        assert len(session.client.asked) == n_asked
        await session.app.stop()


async def test_a_changed_file_is_asked_about_anew(session):
    uri = await with_skill(session)
    session.client.answer = TRUST
    await session.run("leave-trace", uri)
    (session.project / "ran").unlink()
    session.skill("leave-trace", args=("ran", "too"))
    await session.app.reload_catalogue()
    session.client.answer = REFUSE
    with pytest.raises(RunError, match="not trusted"):
        await session.run("leave-trace", uri)
    assert not session.has_run


async def test_a_file_that_changed_since_it_was_read_is_asked_about_anew(session):
    """Trust is for what was shown; the change is not read yet when it is given."""
    uri = await with_skill(session)
    session.skill("leave-trace", args=("ran", "too"))
    session.client.answer = TRUST
    await session.run("leave-trace", uri)
    await session.app.reload_catalogue()
    session.client.answer = REFUSE
    with pytest.raises(RunError, match="not trusted"):
        await session.run("leave-trace", uri)


async def test_a_script_behind_a_task_that_changed_is_asked_about_anew(session):
    session.write("package.json", '{"scripts": {"build": "touch ran"}}')
    uri = await with_skill(session)
    session.client.answer = TRUST
    await session.run("leave-trace", uri)
    session.write("package.json", '{"scripts": {"build": "rm -rf /"}}')
    await session.app.reload_catalogue()
    session.client.answer = REFUSE
    with pytest.raises(RunError, match="not trusted"):
        await session.run("leave-trace", uri)


async def test_another_folder_with_the_same_skill_is_asked_about(session, tmp_path):
    uri = await with_skill(session)
    session.client.answer = TRUST
    await session.run("leave-trace", uri)
    session.project = tmp_path / "other"
    session.project.mkdir()
    session.app.set_workspaces([session.project])
    await session.run("leave-trace", await with_skill(session))
    assert len(session.client.asked) == 2


async def test_a_skill_of_one_folder_is_asked_about_in_a_trusted_other(session, tmp_path):
    session.skill("leave-trace")
    other = tmp_path / "other"
    other.mkdir()
    session.app.set_workspaces([session.project, other])
    session.app.configure(replace(session.app.settings, trusted_folders=(str(other),)))
    await session.app.reload_catalogue()
    session.project = other
    uri = session.open("test_b.py")
    with pytest.raises(RunError, match="not trusted"):
        await session.run("leave-trace", uri)


async def test_an_editor_that_keeps_a_record_of_trust_is_asked_about_the_file_each_time(session):
    uri = await with_skill(session)
    session.client.vouch = True
    assert (await session.run("leave-trace", uri)).status == "passed"
    assert session.client.asked == ["leave-trace of leave-trace.toml runs touch ran"]

    session.client.vouch = False  # it was taken back
    with pytest.raises(RunError, match=r"leave-trace.toml is not trusted"):
        await session.run("leave-trace", uri)
    assert len(session.client.asked) == 2


async def test_what_the_editor_does_not_trust_is_refused_without_asking(session):
    uri = await with_skill(session)
    session.app.configure(replace(session.app.settings, workspace_trusted=False))
    for name in ("leave-trace", "py-compile-check"):
        with pytest.raises(RunError, match="this workspace is not trusted"):
            await session.run(name, uri)
    assert session.client.asked == []
    assert not session.has_run


async def test_what_was_trusted_once_is_refused_when_the_editor_no_longer_does(session):
    uri = await with_skill(session)
    session.client.answer = TRUST
    await session.run("leave-trace", uri)
    session.app.configure(replace(session.app.settings, workspace_trusted=False))
    with pytest.raises(RunError, match="this workspace is not trusted"):
        await session.run("leave-trace", uri)
    with pytest.raises(RunError, match="this workspace is not trusted"):
        await session.command("rerunLast", wait=True)


@pytest.mark.parametrize("is_by_folder", [True, False])
async def test_what_the_settings_trust_runs_without_asking(session, is_by_folder):
    uri = await with_skill(session)
    given = (
        {"trusted_folders": (str(session.folder),)} if is_by_folder else {"workspace_trusted": True}
    )
    session.app.configure(replace(session.app.settings, **given))
    assert (await session.run("leave-trace", uri)).status == "passed"
    assert session.client.asked == []


async def test_a_skill_of_the_users_own_runs_without_asking(session):
    own = session.skill("leave-trace")
    place = session.folder / "home" / "config" / "skills" / own.name
    place.parent.mkdir(parents=True)
    own.rename(place)
    await session.app.reload_catalogue()
    assert (await session.run("leave-trace", session.open("test_a.py"))).status == "passed"
    assert session.client.asked == []


async def test_without_a_store_trust_is_asked_for_each_time(tmp_path: Path, monkeypatch):
    def refuse(*_args: object, **_options: object) -> Store:
        raise StoreError("no-database", "The database cannot be opened.")

    monkeypatch.setattr(Store, "open", refuse)
    session = await Session(tmp_path).start()
    uri = await with_skill(session)
    session.client.answer = TRUST
    for _ in range(2):
        assert (await session.run("leave-trace", uri)).status == "passed"
    assert len(session.client.asked) == 2
    await session.app.stop()


def test_a_relative_trusted_folder_trusts_nothing(tmp_path: Path):
    session = Session(tmp_path)
    for folder in ("", ".", "project", "../"):
        session.app.settings = Settings(trusted_folders=(folder,))
        assert App.is_trusted_by_settings(session.app, str(session.project)) is None
