"""Likeness of users: against sets, planted tastes found, and nothing kept for too long."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills_lsp.stats.questions import similar_users

people = st.lists(st.sets(st.sampled_from("abcdefgh")), max_size=20)


def asked(own, others, key="k", limit=100, least_common=1):
    return similar_users.answer(
        {
            "key": key,
            "own": sorted(own),
            "limit": limit,
            "least_common": least_common,
            "others": ["\n".join(sorted(it)) for it in others],
        }
    )


@settings(deadline=None, max_examples=100)
@given(st.sets(st.sampled_from("abcdefgh")), people)
def test_similarity_is_common_by_all(own, others):
    found = asked(own, others)
    expected = sorted(
        ((len(own & it) / len(own | it), len(own & it)) for it in others if own & it), reverse=True
    )
    assert [(it["similarity"], it["common"]) for it in found["users"]] == expected
    assert all(0 < it["similarity"] <= 1 for it in found["users"])
    assert all(0 < it["share"] <= 1 + 1e-9 for it in found["votes"])
    assert not {it["skill"] for it in found["votes"]} & own


def test_alike_is_one_however_often_a_skill_was_used():
    """The reference system has 5.0 for two equal sets, as it counts uses."""
    found = similar_users.answer(
        {"key": "k", "own": ["a", "a", "b"], "limit": 5, "least_common": 1, "others": ["a\na\nb"]}
    )
    assert found["users"][0]["similarity"] == 1


def test_planted_tastes_are_found():
    rng = random.Random(2)
    tastes = {"tester": "abcdef", "writer": "uvwxyz"}
    others = [
        {*rng.sample(tastes["tester" if n % 2 else "writer"], 4), *rng.sample("klmno", 2)}
        for n in range(60)
    ]
    found = asked({"a", "b", "c", "k"}, others)
    assert {it["skill"] for it in found["votes"][:3]} == {"d", "e", "f"}


def test_the_order_of_users_does_not_matter():
    rng = random.Random(4)
    others = [{*rng.sample("abcdefgh", rng.randrange(1, 8))} for _ in range(40)]
    one, other = asked({*"abc"}, others), asked({*"abc"}, others[::-1])
    assert one["users"] == other["users"]
    assert one["votes"] == [pytest.approx(it) for it in other["votes"]]


def test_a_matrix_is_kept_for_an_hour_and_few_are(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(similar_users.time, "monotonic", lambda: clock[0])
    question = {"key": "0", "own": ["a"], "limit": 5, "least_common": 1}
    for number in range(5):
        asked({"a"}, [{"a"}], key=str(number))
    assert not similar_users.answer(question)["is_known"]
    question["key"] = "4"
    assert similar_users.answer(question)["is_known"]
    clock[0] = similar_users.KEPT_SECONDS + 1
    assert not similar_users.answer(question)["is_known"]
