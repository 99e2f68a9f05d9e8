"""What was done before orders what a real server offers, and what comes next is offered first."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.store import Store
from tests.server.conftest import Connect
from tests.server.profiles import vscode
from tests.server.raw_client import poll

TEXT = "def test_it():\n    assert 1 == 2\n"
HABIT = ("pytest-file", "pytest-verbose", "pytest-run")


def remember(home: Path, skills: list[str]) -> None:
    """Write runs of the last hours into the database of a home."""
    now = datetime.now(UTC)
    store = Store.open(home / "data" / "skills.db", now=lambda: now)
    store.load(
        Invocation(
            skill,
            (now - timedelta(minutes=30 + 2 * (len(skills) - i))).isoformat(),
            "before",
            "execution",
            project="shop",
            language="python",
            file_kind="test",
            status=Status.PASSED,
            duration_seconds=1.0,
        )
        for i, skill in enumerate(skills)
    )
    store.close()


def titles(client, uri: str) -> list[str]:
    return [it["title"] for it in client.actions(uri, 1)]


def test_a_planted_habit_stands_first_in_a_real_server(connect: Connect, tmp_path: Path):
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    file = shop / "test_it.py"
    file.write_text(TEXT)
    # In a session, the first that is run is the first of the round.
    remember(tmp_path / "home", [*HABIT * 30])
    client = connect(home=tmp_path / "home")
    client.initialize(vscode().capabilities, shop)
    client.open(file.as_uri(), TEXT)
    client.settle(file.as_uri(), 0)
    uri = file.as_uri()

    def explained():
        return client.command("skills.explain", {"uri": uri, "line": 1})

    found = poll(lambda: (it := explained())["ranking"]["n_uses"] >= 90 and it)
    parts = {it["part"]: it for it in found["suggestions"][0]["parts"]}
    assert found["suggestions"][0]["skill"] == "pytest-file"
    assert parts["next"]["contribution"] > 0.5
    assert (
        "after pytest-run" in parts["next"]["reason"]
        or "follows pytest-run" in (parts["next"]["reason"])
    )
    assert titles(client, uri)[0] == "Run the tests of this file"
    # Run from the list: the message names what comes next, and it stands first from then on.
    first = client.result("codeAction/resolve", client.actions(uri, 1)[0])
    client.command(first["command"]["command"], *first["command"]["arguments"])
    poll(lambda: [it for it in client.shown() if it.startswith("pytest-file:")])
    assert client.shown()[-1].endswith("Next: Run this test and show locals and logs.")
    assert titles(client, uri)[0].startswith("Next: Run this test and show locals and logs")
    assert client.leave() == 0
    store = Store.open(tmp_path / "home" / "data" / "skills.db", now=lambda: datetime.now(UTC))
    rows = store.query(
        lambda db: db.execute(
            "SELECT skill_name FROM impression_pick JOIN impression_item"
            " USING (impression_id, position)"
        ).fetchall(),
        [],
    )
    store.close()
    assert rows == [("pytest-file",)], "the pick is kept with the list it was made from"
