"""What goes with what: lift in its range, planted pairs found, and none where chance would do."""

import random
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills_lsp.reports import dependencies
from skills_lsp.reports.dependencies import Kind, Pair


def pairs_of(sessions):
    """Count sessions; the order within each is its own."""
    alone = Counter(it for session in sessions for it in {*session})
    both = Counter(it for session in sessions for it in combinations(sorted({*session}), 2))
    then = Counter(
        (a, b)
        for session in sessions
        for a, b in {
            (session[i], later)
            for i in range(len(session))
            for later in dict.fromkeys(it for it in session[i + 1 :] if it != session[i])
        }
    )
    return [
        Pair(a, b, alone[a], alone[b], both[a, b], then[a, b], then[b, a])
        for a, b in combinations(sorted(alone), 2)
    ]


def kinds(sessions):
    found = dependencies.dependencies(pairs_of(sessions), len(sessions))
    return {(it.first, it.second): it.kind for it in found if it.kind is not None}


@given(st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5), min_size=1, max_size=40))
def test_lift_is_the_share_of_both_by_what_chance_gives(sessions):
    n = len(sessions)
    for it in dependencies.dependencies(pairs_of(sessions), n):
        with_a = {i for i, session in enumerate(sessions) if it.first in session}
        with_b = {i for i, session in enumerate(sessions) if it.second in session}
        expected = (len(with_a & with_b) / n) / ((len(with_a) / n) * (len(with_b) / n))
        assert it.lift == pytest.approx(expected)
        assert 0 <= it.low <= it.lift <= it.high <= n / max(len(with_a), len(with_b)) + 1e-9
        assert 0 <= it.followed_low <= it.followed <= 1
        assert 0 <= it.support <= 1


def test_two_skills_that_always_come_together_have_the_lift_of_their_rarity():
    """The reference system has 0.1 and calls it negative."""
    sessions = [["a", "b"]] * 10 + [["c"]] * 90
    (found,) = (it for it in dependencies.dependencies(pairs_of(sessions), 100) if it.second == "b")
    assert found.lift == 10
    assert found.kind is Kind.LEADS_TO


def test_the_bounds_hold_the_true_lift():
    rng = random.Random(5)
    n_missed = 0
    for _ in range(1_000):
        # P(a) 0.4; P(b | a) 0.5; P(b | not a) 0.25: P(b) is 0.35, and lift 0.5 / 0.35.
        has_a = [rng.random() < 0.4 for _ in range(300)]
        has_b = [rng.random() < (0.5 if it else 0.25) for it in has_a]
        both = sum(a and b for a, b in zip(has_a, has_b, strict=True))
        low, high = dependencies.lift_bounds(sum(has_a), sum(has_b), both, 300, 1.96)
        n_missed += not low <= 0.5 / 0.35 <= high
    assert 30 <= n_missed <= 70


def test_nothing_is_found_where_nothing_was_planted():
    """45 pairs at once, in 200 histories: any is called dependent in one of twenty."""
    rng = random.Random(11)
    n_wrong = sum(bool(kinds(drawn_independently(rng, 300))) for _ in range(200))
    assert n_wrong <= 200 * 0.05 + 2 * (200 * 0.05 * 0.95) ** 0.5


def drawn_independently(rng, n_sessions):
    shares = {name: 0.1 + 0.06 * i for i, name in enumerate("abcdefghij")}
    sessions = []
    for _ in range(n_sessions):
        names = [name for name, share in shares.items() if rng.random() < share]
        rng.shuffle(names)
        sessions.append(names or ["-"])
    return sessions


def test_planted_dependencies_are_found_and_have_their_kinds():
    rng = random.Random(3)
    sessions = drawn_independently(rng, 600)
    for i, session in enumerate(sessions):
        if i % 3 == 0:
            session.extend(["build", "check"])
        if i % 4 == 0:
            session.extend(rng.sample(["types", "style"], 2))
        session.append("left" if i % 2 else "right")
    found = kinds(sessions)
    assert found["build", "check"] is Kind.LEADS_TO
    assert found.get(("types", "style"), found.get(("style", "types"))) is Kind.TOGETHER
    assert Kind.INSTEAD in (found.get(("left", "right")), found.get(("right", "left")))
    # Every third and every fourth have nothing to do with each other; even and fourth do.
    assert not [it for it in found if {*it} <= {"build", "types"}]


def test_the_page_reads_well():
    sessions = [["package-build", "package-check", f"skill-{i % 7}"] for i in range(40)]
    sessions += [["mypy-check", f"skill-{i % 7}"] for i in range(60)]
    found = dependencies.dependencies(pairs_of(sessions), 100)
    sure = [it for it in found if it.kind is not None]
    counted = dependencies.Counted(100, len(found), len(sure), n_pending=1)
    message = dependencies.sentence(sure, counted, "")
    known = [dependencies.Known("jest-run", "vitest-run", "instead", "two runners of one language")]
    page = dependencies.page(sure, known, 100, message)
    assert message.endswith(" 1 session is still to be counted.")
    assert "package-build is followed by package-check in 100 % of its sessions" in message
    assert "| package-build | leads to " in page
    assert "| jest-run | instead of | vitest-run | two runners of one language |" in page
