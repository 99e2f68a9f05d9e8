"""Habits are found, what is random is not made up, and everything is bounded."""

import random

import pytest

from skills_lsp.learning.events import Ending, Event, Setting
from skills_lsp.learning.followers import Contexts, Followers
from skills_lsp.learning.sequences import NextSkill

START = 1_767_571_200.0


def play(skills, *, user="ann", session="s", step=60.0, start=START, outcomes=None, it=None):
    it = it or NextSkill()
    for i, skill in enumerate(skills):
        number = f"{user}{start}{i}"
        at = start + step * i
        it.begin(Event(skill, Setting(at, user, session), id=number))
        if outcomes is not None:
            it.end(Ending(number, at + 5, outcomes[i]))
    return it, start + step * len(skills)


def foretold(it, at, user="ann", session="s"):
    return [each.skill for each in it.predict(Setting(at, user, session))]


def test_a_planted_habit_stands_first():
    it, at = play(["ruff-fix", "pytest-run", "commit"] * 10)
    assert foretold(it, at)[0] == "ruff-fix"
    it, at = play(["ruff-fix", "pytest-run", "commit"] * 10 + ["ruff-fix"])
    assert foretold(it, at)[0] == "pytest-run"


def test_a_habit_of_two_steps_is_told_from_one_of_one():
    it, at = play(["a", "x", "b", "c", "x", "d"] * 12 + ["a", "x"])
    assert foretold(it, at)[0] == "b"
    it, at = play(["a", "x", "b", "c", "x", "d"] * 12 + ["c", "x"])
    assert foretold(it, at)[0] == "d"


def test_what_follows_a_failure_is_told_from_what_follows_a_success():
    skills, outcomes, rng = [], [], random.Random(1)
    for _ in range(60):
        passed = rng.random() < 0.5
        skills += ["pytest-run", "commit" if passed else "debug"]
        outcomes += [passed, True]
    for passed, expected in ((True, "commit"), (False, "debug")):
        it, at = play([*skills, "pytest-run"], outcomes=[*outcomes, passed])
        assert foretold(it, at)[0] == expected


def test_one_user_s_habit_is_not_another_s():
    it, _ = play(["a", "b"] * 20, user="ann")
    it, at = play(["a", "c"] * 20 + ["a"], user="bob", session="t", it=it)
    assert foretold(it, at, "bob", "t")[0] == "c"


def test_who_is_new_gets_what_everyone_does():
    it, at = play(["a", "b"] * 20)
    it, at = play(["a"], user="new", session="n", start=at + 9, it=it)
    assert foretold(it, at, "new", "n")[0] == "b"


def test_uses_of_one_instant_do_not_see_each_other():
    it = NextSkill()
    for number in range(5):
        it.begin(Event("a", Setting(START, "ann", "s"), id=str(number)))
    assert foretold(it, START) == []
    assert foretold(it, START + 1)[0] == "a"


def test_probabilities_are_some_and_reasons_are_sentences():
    it, at = play(["a", "b", "c", "a", "c"] * 10)
    found = it.predict(Setting(at, "ann", "s"))
    assert 0 < sum(each.probability for each in found) <= 1 + 1e-9
    assert all(each.reason for each in found)
    assert found == sorted(found, key=lambda each: -each.probability)


def test_nothing_is_foretold_from_nothing():
    assert NextSkill().predict(Setting(START)) == []


def test_a_habit_that_changed_is_followed():
    it, at = play(["a", "b"] * 40)
    it, at = play(["a", "c"] * 8 + ["a"], start=at, it=it)
    assert foretold(it, at)[0] == "c"


def test_counts_are_those_of_a_sum_that_fades():
    it = Followers()
    for skill in "aab":
        it.add(skill, 0.5, 10)
    assert it.counts["a"] / it.step == pytest.approx(0.25 + 0.5)
    assert it.counts["b"] / it.step == pytest.approx(1.0)
    assert it.total == pytest.approx(sum(it.counts.values()))


def test_counts_stay_right_for_ever():
    it = Followers()
    for _ in range(5_000):
        it.add("a", 0.9, 10)
    assert it.counts["a"] / it.step == pytest.approx(10.0, rel=1e-6)


def test_memory_is_bounded():
    contexts = Contexts(0.9, 10, 8)
    for i in range(1_000):
        contexts.add(i % 50, f"skill-{i}")
        contexts.add("same", f"skill-{i}")
    assert len(contexts) <= 10
    assert all(len(found.counts) <= 9 for _, found in contexts.items())
