"""From lists and picks to weights, to the estimate of the order, and to the report of both."""

import random
from datetime import timedelta

import pytest

from skills_lsp.app.suggesting import suggest
from skills_lsp.store import impressions, invocations
from skills_lsp.store.impressions import DISMISSED, PICKED, Impression, Item, Pick
from skills_lsp.store.text import instant
from skills_lsp.text import Point
from tests.app.session import Session
from tests.app.test_learning import past, remembered

NAMES = ("alpha", "beta", "delta", "gamma")
EXPLORATION = 0.4


async def shown(session: Session, n_lists: int, by: str, seed: int = 1) -> None:
    """Write lists ordered by the pattern, from which people pick by the part ``by``."""
    rng = random.Random(seed)
    runs = [
        invocations.prepared(it)
        for it in past(session, ["pytest-run"] * n_lists, minutes=240, session_id="old")
    ]

    def write(db) -> None:
        for i in range(n_lists):
            at = session.clock() - timedelta(hours=4 * (n_lists - i))
            parts = [{"pattern": rng.random(), "next": rng.random()} for _ in NAMES]
            order = sorted(range(len(NAMES)), key=lambda k: -parts[k]["pattern"])
            chances = [1 - 2 * EXPLORATION / len(NAMES)] * len(NAMES)
            if rng.random() < EXPLORATION:
                a, b = rng.sample(range(len(NAMES)), 2)
                order[a], order[b] = order[b], order[a]
                chances[a] = chances[b] = EXPLORATION / 6
            wanted = max(order, key=lambda k: parts[k][by] + 0.1 * rng.random())
            position = order.index(wanted) + 1
            is_found = rng.random() < 1 / position
            items = tuple(
                Item(place, place, NAMES[k], 0.5, chances[place - 1], parts[k])
                for place, k in enumerate(order, 1)
            )
            run = invocations.insert(db, runs[i], None)
            picks = (Pick(position, run),) if is_found else ()
            answer = PICKED if is_found else DISMISSED
            one = Impression(
                instant(at), "old", "p", "python", "workflow-aware", 0, EXPLORATION, False, True,
                answer, instant(at), items, picks,
            )  # fmt: skip
            impressions.write(db, [one])

    await session.app.stored(lambda store: store.change(write), None)
    await (await session.app.start_learning()).load()


async def test_weights_follow_the_picks_and_are_shown(session: Session):
    await shown(session, 400, by="next")
    learning = session.app.learning
    default = learning.weights("workflow-aware")
    assert await learning.fit_weights()
    fitted = learning.weights("workflow-aware")
    assert fitted.pattern < default.pattern
    assert not await learning.fit_weights(), "nothing is new"
    uri = session.open("test_a.py")
    explained = await session.command("explain", uri=uri, line=1)
    assert f"fitted to {learning.n_picks} picks" in explained.document
    again = type(learning)(session.app)
    await again.load()
    assert again.weights("workflow-aware") == fitted


async def test_picks_by_what_orders_already_change_nothing_for_the_worse(session: Session):
    await shown(session, 300, by="pattern")
    learning = session.app.learning
    await learning.fit_weights()
    weights = learning.weights("workflow-aware")
    assert weights.pattern >= 0.5


async def test_the_report_says_whether_the_order_helps(session: Session):
    await shown(session, 400, by="next")
    await session.app.learning.fit_weights()
    found = await session.command("report.learning")
    assert found.message.startswith("The order is better than patterns alone: +0.")
    assert "## The order against patterns alone" in found.document
    assert "kept, as it gained" in found.document
    assert found.estimate["difference"]["low"] > 0
    months = [it["group"] for it in found.estimate["over_time"]]
    assert months == sorted(months)
    assert found.charts[0]["labels"] == months


async def test_a_report_of_nothing_says_what_to_do(session: Session):
    found = await session.command("report.learning")
    assert "Nothing has been recorded yet" in found.document
    assert "nothing was picked from a list so far" in found.message


async def test_a_dead_analyst_leaves_a_sentence_and_the_weights(session: Session):
    await shown(session, 100, by="next")
    session.app.analyst().worker._command = ("/nowhere/at/all",)
    before = session.app.learning.fitted
    assert not await session.app.learning.fit_weights()
    assert session.app.learning.fitted is before
    found = await session.command("report.learning")
    assert "gave no answer" in found.message


async def test_each_list_has_its_own_chance_and_none_before_there_is_a_history(session: Session):
    uri = session.open("test_a.py")
    await (await session.app.start_learning()).loaded.wait()
    document = session.app.documents[uri]
    found = suggest(session.app, document, Point(0, 0)).suggestions
    context = suggest(session.app, document, Point(0, 0)).context
    explore = lambda name: session.app.learning.explored(found, name, context, {}, "")
    assert not any(explore(str(i)).is_explored for i in range(200))
    await remembered(session, past(session, ["pytest-run", "pytest-file"] * 30))
    share = sum(explore(str(i)).is_explored for i in range(2_000)) / 2_000
    assert share == pytest.approx(0.05, abs=0.02)
