"""Counts of pairs and sequences: equal to a fresh count, whatever the order in which uses arrive."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.reports import dependencies as report
from skills_lsp.store import Store, dependencies

START = datetime(2026, 1, 5, tzinfo=UTC)
AT = "2026-02-01T00:00:00.000000Z"

uses = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 40), st.sampled_from("abcdef")), max_size=30
)


@pytest.fixture
def store():
    made = Store.open(":memory:", now=lambda: START)
    yield made
    made.close()


def invocation(session, minute, skill):
    at = START + timedelta(minutes=minute)
    return Invocation(
        skill, at.isoformat(), f"s{session}", "", status=Status.PASSED, completed=True
    )


def record(store, given, size=3):
    """Write uses a few at a time, and count after each few."""
    for first in range(0, len(given), size):
        store.load(invocation(*it) for it in given[first : first + size])
        store.change(lambda db: dependencies.count_pending(db, AT, 2))
    while store.change(lambda db: dependencies.count_pending(db, AT, 2)):
        pass
    return counts(store)


def counts(store):
    found = store.query(dependencies.whole_network, dependencies.Network())
    sequences = store.query(
        lambda db: db.execute(
            "SELECT skill_a, skill_b, n_sessions, n_followed FROM skill_sequences WHERE n_followed"
        ).fetchall(),
        [],
    )
    together = {(it.first, it.second): it.n_both for it in found.pairs}
    return (
        found.n_sessions,
        dict(found.by_skill),
        together,
        {(a, b): (m, n) for a, b, m, n in sequences},
    )


def counted_anew(given):
    """The definitions, word for word."""
    sessions = {}
    for session, minute, skill in given:
        sessions.setdefault(session, []).append((minute, skill))
    by_skill, together, in_sessions, often = Counter(), Counter(), Counter(), Counter()
    for found in sessions.values():
        order = [skill for _, skill in sorted(found)]
        by_skill.update({*order})
        together.update(combinations(sorted({*order}), 2))
        here = Counter()
        for i, skill in enumerate(order):
            different = []
            for later in order[i + 1 :]:
                if later != skill and later not in different:
                    different.append(later)
            here.update((skill, it) for it in different[:3])
        often.update(here)
        in_sessions.update({*here})
    followed = {it: (in_sessions[it], often[it]) for it in often}
    return len(sessions), dict(by_skill), dict(together), followed


@settings(deadline=None, max_examples=60)
@given(uses, st.randoms(use_true_random=False))
def test_counts_are_those_of_a_fresh_count_in_any_order_of_arrival(given, rng):
    arrived = [*given]
    rng.shuffle(arrived)
    store = Store.open(":memory:", now=lambda: START)
    assert record(store, arrived) == counted_anew(given)
    store.close()


def test_deleted_uses_are_taken_out(store):
    rng = random.Random(1)
    kept = [(rng.randrange(3), minute, rng.choice("abcd")) for minute in range(30)]
    gone = [(rng.randrange(5), minute, rng.choice("abcd")) for minute in range(30, 60)]
    record(store, kept + gone)
    limit = (START + timedelta(minutes=30)).isoformat()[:16]
    store.change(
        lambda db: db.execute("DELETE FROM skill_invocation WHERE invoked_at >= ?", (limit,))
    )
    assert record(store, []) == counted_anew(kept)


def test_sessions_that_wait_are_in_no_count(store):
    rng = random.Random(6)
    counted = [(n % 4, n, rng.choice("abcd")) for n in range(20)]
    record(store, counted)
    store.load(invocation(9, n, it) for n, it in enumerate("abe"))
    found = store.query(dependencies.whole_network, dependencies.Network())
    assert found.n_pending == 1
    n_sessions, by_skill, together, _ = counted_anew(counted)
    assert (found.n_sessions, dict(found.by_skill)) == (n_sessions, by_skill)
    assert {(it.first, it.second): it.n_both for it in found.pairs} == together
    assert all(it.n_first == by_skill[it.first] for it in found.pairs)


def test_the_lift_that_is_kept_is_that_of_the_view(store):
    record(store, [(0, 0, "a"), (0, 1, "b"), (1, 0, "a"), (2, 0, "c"), (3, 0, "b"), (3, 1, "a")])
    kept = store.query(
        lambda db: db.execute(
            "SELECT skill_a, lift_score FROM skill_dependencies UNION ALL"
            " SELECT skill_a, lift_score FROM v_skill_dependency_network"
        ).fetchall(),
        [],
    )
    assert kept == [("a", pytest.approx(4 * 2 / (3 * 2)))] * 2


def test_only_pairs_that_chance_gives_are_left_out(store):
    rng = random.Random(8)
    given = [(n // 4, n, rng.choice("abcdefgh")) for n in range(800)]
    given += [(n, 900 + n, it) for n in range(0, 200, 5) for it in "xy"]
    record(store, given)
    everything = store.query(dependencies.whole_network, dependencies.Network())
    notable = store.query(dependencies.network, dependencies.Network())
    assert notable.n_pairs == len(everything.pairs) == everything.n_pairs
    pairs = store.query(lambda db: dependencies.directed(db, notable.pairs), [])
    assert {*pairs} < {*everything.pairs}
    of_all = report.dependencies(everything.pairs, 200, everything.n_pairs)
    assert [it for it in of_all if it.kind] == [
        it for it in report.dependencies(pairs, 200, notable.n_pairs) if it.kind
    ]


def test_one_skill_has_its_own_pairs(store):
    record(store, [(0, 0, "a"), (0, 1, "b"), (0, 2, "c")])
    found = store.query(lambda db: dependencies.network(db, "b"), dependencies.Network())
    assert {(it.first, it.second, it.n_then, it.n_back) for it in found.pairs} == {
        ("a", "b", 1, 0),
        ("b", "c", 1, 0),
    }


def test_a_session_with_thousands_of_skills_counts_the_most_used():
    sequence = [f"skill-{i}" for i in range(3_000)] + ["skill-7"] * 5
    given = dependencies.contribution(sequence)
    assert len(given.skills) == dependencies.MAX_SKILLS
    assert "skill-7" in given.skills


def test_uses_without_a_session_depend_on_nothing(store):
    store.load([Invocation(it, START.isoformat(), "", "", status=Status.PASSED) for it in "ab"])
    record(store, [])
    assert counts(store)[2] == {}
