"""Features are as of their own time: nothing sees itself, its twin of the same instant, or its future."""

import json
import math
import random

import pytest

from skills_lsp.learning.events import Ending, Event, Setting, ended_at
from skills_lsp.learning.features import FEATURES, REFERENCE_FEATURES, WORDS
from skills_lsp.learning.history import History
from skills_lsp.learning.learner import Asked, Learner

MONDAY = 1_767_571_200.0  # 2026-01-05T00:00:00Z


def event(number, at, skill="pytest-run", user="ann", session="s", **more):
    return Event(skill, Setting(at, user, session, **more), "execution", id=str(number))


def feature(row, name):
    return row[FEATURES.index(name)]


def tell(history, number, at, success, *, after=1.0, **more):
    row = history.begin(event(number, at, **more))
    history.end(Ending(str(number), at + after, success, after))
    return row


def test_the_seven_named_features_are_there_and_each_is_in_words():
    assert set(REFERENCE_FEATURES) <= set(FEATURES)
    assert set(WORDS) == set(FEATURES)
    assert len(set(FEATURES)) == len(FEATURES)


def test_hour_and_weekday_are_those_of_the_event():
    row = History().begin(event(1, MONDAY + 2 * 86_400 + 13.5 * 3600))
    assert feature(row, "hour_of_day") == pytest.approx(13.5)
    assert feature(row, "day_of_week") == 2


def test_an_event_does_not_count_itself():
    history = History()
    row = tell(history, 1, MONDAY, success=True)
    assert feature(row, "user_skill_familiarity") == 0
    assert feature(row, "invocation_count_24h") == 0
    assert feature(row, "position_in_session") == 0


def test_events_of_one_instant_do_not_see_each_other():
    history = History()
    rows = [tell(history, i, MONDAY, success=True, after=0.0) for i in range(5)]
    assert all(row == rows[0] for row in rows)
    later = history.begin(event(9, MONDAY + 1))
    assert feature(later, "user_skill_familiarity") == pytest.approx(math.log1p(5))


def test_an_outcome_is_seen_when_it_is_known_and_no_earlier():
    history = History()
    tell(history, 1, MONDAY, success=True, after=60.0)
    during = history.begin(event(2, MONDAY + 60))
    after = history.begin(event(3, MONDAY + 61))
    assert feature(during, "last_outcome_1") == 0
    assert feature(after, "last_outcome_1") == 1


def test_the_last_three_outcomes_stand_newest_first():
    history = History()
    for i, success in enumerate((True, False, True)):
        tell(history, i, MONDAY + 10 * i, success)
    row = history.begin(event(9, MONDAY + 100))
    assert [feature(row, f"last_outcome_{i}") for i in (1, 2, 3)] == [1, -1, 1]


def test_what_lies_a_day_back_leaves_the_count_of_the_day():
    history = History()
    for i in range(4):
        tell(history, i, MONDAY + i, success=True)
    soon = history.begin(event(8, MONDAY + 3600))
    later = history.begin(event(9, MONDAY + 24.5 * 3600))
    assert feature(soon, "invocation_count_24h") == pytest.approx(math.log1p(4))
    assert feature(later, "invocation_count_24h") == pytest.approx(math.log1p(1))


def test_a_session_ends_by_a_gap_even_under_the_same_name():
    history = History()
    tell(history, 1, MONDAY, success=True)
    near = history.begin(event(2, MONDAY + 600))
    far = history.begin(event(3, MONDAY + 600 + 7200))
    assert feature(near, "session_length_minutes") == pytest.approx(math.log1p(10))
    assert feature(far, "session_length_minutes") == 0


def test_old_evidence_fades():
    history = History()
    for i in range(20):
        tell(history, i, MONDAY + 10 * i, success=True)
    soon = feature(history.begin(event(50, MONDAY + 3600)), "user_skill_rate")
    late = feature(history.begin(event(51, MONDAY + 200 * 86_400)), "user_skill_rate")
    assert late < soon


def test_an_id_counts_once_and_an_outcome_once():
    once, twice = History(), History()
    for history in (once, twice):
        tell(history, 1, MONDAY, success=True)
    assert twice.begin(event(1, MONDAY)) is None
    twice.end(Ending("1", MONDAY + 2, success=False))
    twice.end(Ending("nobody knows it", MONDAY, success=False))
    assert once.begin(event(2, MONDAY + 99)) == twice.begin(event(2, MONDAY + 99))


def test_an_order_of_arrival_within_an_instant_changes_nothing():
    orders = [(1, 2, 3), (3, 1, 2)]
    rows = []
    for order in orders:
        history = History()
        for number in order:
            history.begin(event(number, MONDAY, skill=f"skill-{number}"))
        for number in order:
            history.end(Ending(str(number), MONDAY + number, number != 2))
        rows.append(history.begin(event(9, MONDAY + 60, skill="skill-2")))
    assert rows[0] == pytest.approx(rows[1])


@pytest.mark.parametrize("jump", [-30 * 86_400.0, 30 * 86_400.0, 3e9, -MONDAY])
def test_a_clock_that_jumps_does_no_harm(jump):
    examples = []
    history = History(examples.append)
    for i in range(30):
        at = MONDAY + 60 * i + (jump if 10 <= i < 15 else 0)
        row = tell(history, i, at, success=i % 2 == 0, after=-5.0)
        assert row is not None
        assert all(map(math.isfinite, row))
    history.advance(MONDAY + 4000)
    # Those after the clock was put right are learned from again.
    assert sum(it.at >= MONDAY + 900 for it in examples) >= 14


@pytest.mark.parametrize("at", [math.nan, math.inf, -math.inf])
def test_what_is_no_instant_is_left_out(at):
    history = History()
    assert history.begin(event(1, at)) is None
    assert history.begin(event(2, MONDAY)) is not None


@pytest.mark.parametrize("duration", [None, -1.0, math.nan, math.inf, 1e12])
def test_a_duration_that_cannot_be_counts_as_none(duration):
    assert ended_at(100.0, duration) == 100.0


def test_a_latecomer_is_counted_and_not_fitted_on():
    examples = []
    history = History(examples.append)
    for i in range(10):
        tell(history, i, MONDAY + 100 * i, success=True)
    history.advance(MONDAY + 5000)
    tell(history, 99, MONDAY + 50, success=False)
    history.advance(MONDAY + 6000)
    assert len(examples) == 10
    assert history.n_outcomes == 11


def busy_learner(n=400):
    rng, learner = random.Random(3), Learner()
    for i in range(n):
        skill, user = f"skill-{rng.randrange(9)}", f"user-{rng.randrange(3)}"
        at = MONDAY + 300 * i
        learner.begin(
            event(i, at, skill, user, f"{user}-{i // 50}", project="shop", language="python")
        )
        learner.end(Ending(str(i), at + 9, rng.random() < 0.6, 9.0))
    learner.advance(MONDAY + 300 * n + 3600)
    return learner, MONDAY + 300 * n + 7200


def test_a_state_that_was_written_and_read_answers_alike():
    learner, now = busy_learner()
    other = Learner()
    for part in json.loads(json.dumps(list(learner.parts()))):
        other.put(part)
    asked = [Asked(f"skill-{i}", "execution") for i in range(12)]
    for user in ("user-0", "user-2", "stranger"):
        here = Setting(now, user, "new", "shop", "python")
        assert other.rates(here, asked) == pytest.approx(learner.rates(here, asked), abs=1e-4)
        ours = [it.skill for it in learner.next_skills(here)]
        assert [it.skill for it in other.next_skills(here)] == ours


def test_states_of_two_machines_add_up():
    both = History()
    halves = [History(), History()]
    for i in range(200):
        at = MONDAY + 60 * i
        for history in (both, halves[i % 2]):
            tell(history, i, at, success=i % 5 != 0)
    for history in (both, *halves):
        history.advance(MONDAY + 20_000)
    merged = History()
    for half in halves:
        merged.merge(half.parts())
    row, other = (it.begin(event(999, MONDAY + 30_000)) for it in (both, merged))
    assert merged.n_outcomes == both.n_outcomes
    for name in ("user_skill_rate", "skill_rate_ever", "user_skill_familiarity"):
        assert feature(other, name) == pytest.approx(feature(row, name), abs=0.01)
    assert feature(other, "expected_log_odds") == pytest.approx(
        feature(row, "expected_log_odds"), abs=0.3
    )


@pytest.mark.parametrize(
    "part",
    [[], [1], ["history", 2, 0], ["user", [["ann", [1, 2]]]], ["next", 1], ["next", "own", [["a", {"b": -1}]]],
     ["people", [["ann", None]]], ["skill", [["a", [math.nan] * 14]]], ["next", "tracks", [["a", []]]], None],
)  # fmt: skip
def test_a_part_that_is_none_is_told(part):
    with pytest.raises(ValueError, match="cannot be read"):
        Learner().put(part)


def test_memory_is_bounded(monkeypatch):
    from skills_lsp.learning import history as module

    small = {name: (*it[:3], min(it[3], 50)) for name, it in module._KINDS.items()}
    monkeypatch.setattr(module, "_KINDS", small)
    history = History()
    for i in range(2_000):
        tell(
            history, i, MONDAY + 10 * i, success=True, skill=f"s{i}", user=f"u{i}", session=f"x{i}"
        )
    history.advance(MONDAY + 1e6)
    assert max(len(it) for it in history._tallies.values()) <= 50
    assert not history._waiting
