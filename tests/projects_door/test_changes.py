"""Open documents follow the settings of their project."""

from pathlib import Path

from tests.app.session import Session


async def test_open_documents_are_looked_at_anew_when_settings_change(tmp_path: Path) -> None:
    session = Session(tmp_path)
    uri = session.open("check_shop.py", "def check_it(): ...\n")
    document = session.app.documents[uri]

    def tests() -> list[str]:
        return [it.test_id for it in document.look() if it.pattern == "test-function"]

    assert tests() == []
    session.write("pytest.ini", "[pytest]\npython_files = check_*\npython_functions = check_\n")
    session.app.take_projects()
    assert tests() == ["check_it"]
    version = document.source.version
    session.app.take_projects()
    assert document.source.version == version  # Nothing new, so nothing is looked at again.
    await session.app.stop()
