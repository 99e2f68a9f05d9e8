"""Groups of skills: planted groups are found, by meaning and by use."""

import base64

import numpy as np
import pytest

from skills_lsp.stats.questions import clusters

SUBJECTS = {
    "test": "run unit test assertions fixtures",
    "format": "format indent style whitespace source",
    "release": "publish package release deploy registry",
}
NAMES = [f"{subject}-{i}" for subject in SUBJECTS for i in range(4)]


def asked(by="meaning", **others):
    texts = [f"{SUBJECTS[it.partition('-')[0]]} word{it[-1]}" for it in NAMES]
    none = {"n_sessions": [0] * len(NAMES), "together": []}
    return {"names": NAMES, "texts": texts, "by": by, **none, **others}


def found(given):
    return {
        frozenset(name for name, _ in it["members"]) for it in clusters.answer(given)["clusters"]
    }


BY_SUBJECT = {frozenset(it for it in NAMES if it.startswith(subject)) for subject in SUBJECTS}


def test_skills_with_like_texts_are_one_group():
    assert found(asked()) == BY_SUBJECT


def test_skills_with_like_vectors_are_one_group():
    rng = np.random.default_rng(2)
    centres = np.repeat(rng.normal(size=(3, 16)), 4, axis=0)
    vectors = (centres + 0.2 * rng.normal(size=(12, 16))).astype("<f4")
    given = asked(vectors=base64.b64encode(vectors.tobytes()).decode())
    assert found(given) == BY_SUBJECT
    assert len(base64.b64decode(clusters.answer(given)["clusters"][0]["centre"])) == 16 * 4


def test_skills_that_are_used_together_are_one_group_by_use():
    """By number, across subjects; what was used too little is in none."""
    together = [
        [i, j, 40]
        for i in range(12)
        for j in range(i)
        if i % 4 == j % 4 and i % 4 < 3
    ]  # fmt: skip
    n_sessions = [50 if i % 4 < 3 else 2 for i in range(12)]
    given = asked("use", together=together, n_sessions=n_sessions)
    assert found(given) == {frozenset(it for it in NAMES if it.endswith(f"-{i}")) for i in range(3)}


def test_a_group_is_named_by_its_most_typical_member():
    given = asked()
    given["texts"] = [*given["texts"]]
    given["texts"][1] = SUBJECTS["test"]  # nothing but what the others have in common
    named = {it["name"] for it in clusters.answer(given)["clusters"]}
    assert "test-1" in named


def test_the_order_of_skills_does_not_matter():
    given = asked()
    turned = {**given, "names": given["names"][::-1], "texts": given["texts"][::-1]}
    assert clusters.answer(turned) == clusters.answer(given)


@pytest.mark.parametrize("by", ["meaning", "use", "both"])
@pytest.mark.parametrize("n", [0, 1, 2, 5, 7])
def test_few_skills_and_empty_texts_are_answered(by, n):
    given = {
        "names": NAMES[:n], "texts": [""] * n, "by": by, "n_sessions": [9] * n, "together": [],
    }  # fmt: skip
    answer = clusters.answer(given)
    n_grouped = sum(len(it["members"]) for it in answer["clusters"])
    assert n_grouped + len(answer["alone"]) == n
