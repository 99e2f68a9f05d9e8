"""What was on offer is kept with what was picked of it."""

from dataclasses import replace

import pytest

from skills_lsp.app.offers import Offers
from skills_lsp.app.suggesting import suggest
from skills_lsp.text import Point
from tests.app.session import Session

PASSES = "py-compile-check"


async def picked(session: Session, **arguments) -> object:
    """Run a skill, and return what the history holds of it."""
    await session.run(arguments.pop("skill", PASSES), **arguments)
    return (await session.command("history", limit=1)).invocations[0]


def offered(session: Session, uri: str) -> tuple[str, list[str]]:
    """Show a menu; return its number and its skills in their order."""
    suggested = suggest(session.app, session.app.documents[uri], Point(0, 6))
    return suggested.offer, [it.skill.name for it in suggested.suggestions]


@pytest.fixture
async def uri(session: Session) -> str:
    session.keep_only("pytest-run", "pytest-file", "pytest-verbose", PASSES, "python-run")
    session.app.settings = replace(session.app.settings, min_confidence=0.0)
    return session.open("test_a.py", "import os\n\n\ndef test_it():\n    assert os\n")


async def test_the_rank_and_what_else_was_shown_are_stored(session, uri):
    offer, names = offered(session, uri)
    assert len(names) >= 2
    for rank, name in enumerate(names, 1):
        if name in ("pytest-run", "pytest-file"):
            found = await picked(session, skill=name, uri=uri, offer=offer)
            assert found["selection_rank"] == rank
            assert found["alternatives_considered"] == tuple(it for it in names if it != name)
            assert found["user_query"].startswith("python test file")
            assert found["strategy"] == "workflow-aware"


async def test_an_offer_counts_as_it_was_shown_not_as_it_would_be_now(session, uri):
    offer, names = offered(session, uri)
    session.app.settings = replace(session.app.settings, disabled_skills=(names[0],))
    found = await picked(session, skill=names[1], uri=uri, offer=offer)
    assert found["selection_rank"] == 2
    assert names[0] in found["alternatives_considered"]


@pytest.mark.parametrize("offer", ["", "o999", "nonsense"])
async def test_what_was_picked_from_no_list_has_no_rank(session, uri, offer):
    _, names = offered(session, uri)
    found = await picked(session, skill=names[0], uri=uri, line=0, character=6, offer=offer)
    assert found["selection_rank"] is None
    assert found["alternatives_considered"] == ()


async def test_what_was_not_in_the_list_was_not_picked_from_it(session, uri):
    session.app.settings = replace(session.app.settings, max_suggestions=1)
    offer, (only,) = offered(session, uri)
    other = "python-run" if only != "python-run" else "pytest-run"
    found = await picked(session, skill=other, uri=uri, offer=offer)
    assert found["selection_rank"] is None
    assert found["alternatives_considered"] == ()


async def test_running_again_keeps_what_was_on_offer(session, uri):
    offer, names = offered(session, uri)
    first = await picked(session, skill=names[1], uri=uri, offer=offer)
    await session.command("rerunLast", wait=True)
    again = (await session.command("history", limit=1)).invocations[0]
    assert again["id"] != first["id"]
    for key in ("skill_name", "selection_rank", "alternatives_considered", "user_query"):
        assert again[key] == first[key]


async def test_a_run_is_stored_before_its_process_starts(session):
    session.skill("slow", tool="sleep", args=("30",))
    await session.app.reload_catalogue()
    session.app.configure(replace(session.app.settings, workspace_trusted=True))
    uri = session.open("test_a.py")
    await session.command("run", skill="slow", uri=uri)
    found = ()
    while not found:
        found = (await session.command("history")).invocations
    assert found[0]["status"] == "running"
    assert found[0]["invoked_at"] == "2026-03-01T09:30:00.000000Z"
    await session.command("cancel")
    await session.settle()
    assert (await session.command("history")).invocations[0]["status"] == "cancelled"


def test_the_same_list_shown_again_is_one_offer():
    offers = Offers()
    assert offers.add([], "a", "patterns") == offers.add([], "a", "patterns")
    assert offers.add([], "a", "patterns") != offers.add([], "b", "patterns")
    assert offers.add([], "a", "patterns") != offers.add([], "a", "semantic")


def test_old_offers_are_forgotten_and_the_number_is_not_given_twice():
    offers = Offers()
    first = offers.add([], "first", "patterns")
    kept = offers.add([], "kept", "patterns")
    made = {first, kept}
    for number in range(300):
        made.add(offers.add([], str(number), "patterns"))
        assert offers.add([], "kept", "patterns") == kept  # shown again, it stays
    assert len(made) == 302
    assert offers.get(first) is None
    assert offers.get(kept) is not None
