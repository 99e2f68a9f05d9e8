"""What was shown, and what came of it: written once for each list, with its answer."""

import pytest

from skills_lsp.app.offers import Showing
from skills_lsp.app.suggesting import suggest
from skills_lsp.store import impressions
from skills_lsp.store.database import rows
from skills_lsp.text import Point
from tests.app.session import Session

TWO_TESTS = "def test_a():\n    assert True\n\n\ndef test_b():\n    assert True\n"


@pytest.fixture
async def uri(session: Session) -> str:
    await (await session.app.start_learning()).loaded.wait()
    session.keep_only("pytest-run", "pytest-file", "pytest-verbose")
    return session.open("test_a.py", TWO_TESTS)


def show(session: Session, uri: str, line: int = 0, showing: Showing = Showing.OPENED):
    return suggest(session.app, session.app.documents[uri], Point(line, 0), showing=showing)


async def written(session: Session, sql: str) -> list:
    await session.app.learning.flush()
    return await session.app.stored(lambda store: store.query(lambda db: rows(db, sql), []), [])


ANSWERS = "SELECT answer, was_asked_for FROM impression ORDER BY id"


async def test_the_same_list_at_the_same_place_is_one(session: Session, uri: str):
    for _ in range(50):
        show(session, uri, showing=Showing.LOOKED)
    show(session, uri)
    show(session, uri, line=4, showing=Showing.LOOKED)
    assert await written(session, ANSWERS) == [("open", 1), ("open", 0)]
    session.clock.move(400)
    assert await written(session, ANSWERS) == [("dismissed", 1), ("unseen", 0)]
    show(session, uri)
    assert await written(session, ANSWERS) == [("dismissed", 1), ("unseen", 0), ("open", 1)]


async def test_a_hover_and_a_program_are_shown_nothing(session: Session, uri: str):
    await session.command("suggest", uri=uri)
    await session.command("explain", uri=uri)
    assert await written(session, ANSWERS) == []


async def test_a_pick_is_tied_to_its_run_and_outcome(session: Session, uri: str):
    offer = show(session, uri).offer
    await session.run("pytest-file", uri, offer=offer)
    await session.run("pytest-file", uri, offer=offer)
    picks = await written(
        session,
        "SELECT item.skill_name, run.skill_name, run.status, run.selection_rank = pick.position"
        " FROM impression_pick AS pick JOIN skill_invocation AS run ON run.id = invocation_id"
        " JOIN impression_item AS item USING (impression_id, position)",
    )
    assert picks == [("pytest-file", "pytest-file", "passed", 1)], "and the same again is no other"
    shown = await session.app.stored(lambda store: store.query(impressions.answered, []), [])
    assert [(it.answer, it.picks) for it in shown] == [("picked", ((2, "passed"),))]
    assert {it.skill: it.position for it in shown[0].items}["pytest-file"] == 2
    assert shown[0].items[0].values["pattern"] > 0.8


async def test_opening_another_list_dismisses_the_one_before(session: Session, uri: str):
    first = show(session, uri)
    show(session, uri, line=4)
    assert await written(session, ANSWERS) == [("dismissed", 1), ("open", 1)]
    # The light bulb keeps a list: who picks from it later did pick.
    await session.run("pytest-run", uri, offer=first.offer)
    assert await written(session, ANSWERS) == [("picked", 1), ("open", 1)]


async def test_what_is_shown_at_the_end_is_written(session: Session, uri: str):
    path = session.folder / "kept.db"
    kept = await Session(session.folder, database=str(path)).start()
    await (await kept.app.start_learning()).loaded.wait()
    show(kept, kept.open("test_b.py"))
    await kept.app.stop()
    again = await Session(session.folder, database=str(path)).start()
    await (await again.app.start_learning()).loaded.wait()
    try:
        assert (await written(again, ANSWERS)) == [("open", 1)]
        again.clock.move(2 * 86_400)
        await again.app.learning._forget()
        assert (await written(again, ANSWERS)) == [("dismissed", 1)]
    finally:
        await again.app.stop()


async def test_the_oldest_are_forgotten(session: Session, uri: str):
    for line in (0, 4):
        show(session, uri, line=line)
    assert len(await written(session, ANSWERS)) == 2
    await session.app.stored(
        lambda store: store.change(lambda db: impressions.forget_oldest(db, kept=1)), 0
    )
    assert len(await written(session, ANSWERS)) == 1
    assert await written(session, "SELECT DISTINCT impression_id FROM impression_item") == [(2,)]


async def test_nothing_of_a_path_or_a_text_is_kept(session: Session, uri: str):
    show(session, uri)
    values = [
        str(value)
        for table in ("impression", "impression_item")
        for row in await written(session, f"SELECT * FROM {table}")
        for value in row
    ]
    assert not [it for it in values if "test_a" in it or str(session.folder) in it]
