"""Runs are found by words of the code that they were offered for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_support import open_store, run

from skills_lsp.store import usage
from skills_lsp.store.usage import Filters


@pytest.fixture(scope="module")
def filled():
    store = open_store(":memory:")
    for number, query in enumerate(("python test_checkout_cart pytest", "test delete_order", "")):
        store.begin(run(f"skill-{number}", minute=number, user_query=query))
    yield store
    store.close()


def found(store, words):
    return [
        it.skill_name
        for it in store.query(lambda db: usage.history(db, Filters(words=words), 9), [])
    ]


@pytest.mark.parametrize(
    ("words", "skills"),
    [("checkout", ["skill-0"]), ("CHECK cart", ["skill-0"]), ("test", ["skill-1", "skill-0"]),
     ("test_checkout", ["skill-0"]), ("test cart order", []), ("cart OR python", []), ('"', []), ("user_query:test", [])],
)  # fmt: skip
def test_all_words_are_found_each_by_its_beginning(filled, words, skills):
    assert found(filled, words) == skills


@given(st.text(min_size=1, max_size=30))
def test_any_text_is_a_question(filled, words):
    assert set(found(filled, words)) <= {"skill-0", "skill-1", "skill-2"}


def test_a_corrected_or_deleted_text_is_found_as_it_is_now(path):
    store = open_store(path)
    first, second = store.begin(run(user_query="alpha")), store.begin(run(user_query="beta"))
    store.change(
        lambda db: db.execute(
            "UPDATE skill_invocation SET user_query = 'gamma' WHERE id = ?", (first,)
        )
    )
    store.change(lambda db: db.execute("DELETE FROM skill_invocation WHERE id = ?", (second,)))
    assert [len(found(store, word)) for word in ("alpha", "beta", "gamma")] == [0, 0, 1]
    store.change(
        lambda db: db.execute(
            "INSERT INTO skill_invocation_fts (skill_invocation_fts, rank) VALUES ('integrity-check', 1)"
        )
    )
    store.close()
