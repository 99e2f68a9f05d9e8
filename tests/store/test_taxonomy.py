"""The taxonomy in the database: every built-in skill, once, however often it is loaded."""

from datetime import UTC, datetime

import pytest

from skills_lsp.skills import builtin
from skills_lsp.skills.taxonomy import taxonomy
from skills_lsp.store import Store
from skills_lsp.store import taxonomy as shelves

WANTED = taxonomy(builtin().skills)
AT = "2026-02-01T00:00:00.000000Z"


@pytest.fixture
def store():
    made = Store.open(":memory:", now=lambda: datetime(2026, 1, 5, tzinfo=UTC))
    yield made
    made.close()


def load(store, wanted=WANTED):
    return store.change(lambda db: shelves.load(db, wanted, AT))


def test_loading_twice_changes_nothing(store):
    assert load(store)
    before = store.query(shelves.catalog, ())
    assert not load(store)
    assert store.query(shelves.catalog, ()) == before


def test_the_catalogue_by_modality_has_every_builtin_skill_with_its_categories(store):
    load(store)
    found = {it["skill"]: it for it in store.query(shelves.catalog, ())}
    assert {*found} == {it.name for it in builtin().skills}
    assert found["ruff-check"]["categories"] == "Linting & Formatting, Code Quality"
    assert found["pytest-run"]["modality"] == "testing"
    kinds = store.query(lambda db: db.execute("SELECT count(*) FROM skill_dependency_kinds").get, 0)
    assert kinds == 4


def test_another_projects_catalogue_takes_nothing_away(store):
    load(store)
    few = taxonomy(it for it in builtin().skills if it.name.startswith("ruff"))
    assert not load(store, few)
    assert len(store.query(shelves.catalog, ())) == len(builtin().skills)
