"""What is foretold in the order: how it moves suggestions, and how it is said."""

import pytest

from skills_lsp.domain.context import Memory
from skills_lsp.domain.foresight import Following, Foresight
from skills_lsp.domain.invocation import Status
from skills_lsp.domain.skill import FollowUp
from skills_lsp.ide.candidates import candidates
from skills_lsp.ide.hover import hover_markdown
from skills_lsp.ide.next_step import Ended, with_declared
from skills_lsp.ide.order import WORKFLOW_WEIGHTS, Weights, order
from tests.ide.test_suggestions import EVAL, context_of, of, skill
from tests.ide.test_texts import HERE

CONTEXT = context_of(EVAL)
FOUND = candidates(
    CONTEXT, of(skill("a-fits"), skill("b-fits"), skill("c-weak", 0.3)), {}, Memory()
)


def ranked(foresight: Foresight, weights: Weights = WORKFLOW_WEIGHTS):
    return order(FOUND, CONTEXT, Memory(), (), weights, foresight)


def names(foresight: Foresight, weights: Weights = WORKFLOW_WEIGHTS) -> list[str]:
    return [it.skill.name for it in ranked(foresight, weights)]


def following(name: str, probability: float) -> Foresight:
    return Foresight(following={name: Following(probability, "you often use it after ruff-fix")})


def test_what_comes_next_goes_ahead_of_its_equal_and_surely_of_what_fits_better():
    assert names(Foresight()) == ["a-fits", "b-fits", "c-weak"]
    assert names(following("b-fits", 0.2)) == ["b-fits", "a-fits", "c-weak"]
    assert names(following("c-weak", 0.2)) == ["a-fits", "b-fits", "c-weak"]
    assert names(following("c-weak", 0.95)) == ["c-weak", "a-fits", "b-fits"]


def test_only_the_difference_to_most_skills_moves_the_order():
    alike = Foresight(rates=dict.fromkeys(("a-fits", "b-fits", "c-weak"), 0.4), typical=0.4)
    assert [it.confidence for it in ranked(alike)] == [it.confidence for it in ranked(Foresight())]
    breaks = Foresight(rates={"a-fits": 0.2, "b-fits": 0.9}, typical=0.8)
    assert names(breaks) == ["b-fits", "a-fits", "c-weak"]
    part = {it.name: it for it in ranked(breaks)[1].parts}["success"]
    assert part.contribution == pytest.approx(-0.6 * WORKFLOW_WEIGHTS.success)
    assert part.reason == "20% likely to do its work, where most are at 80%"


def test_what_is_not_trusted_yet_does_not_count():
    assert names(following("c-weak", 0.95), WORKFLOW_WEIGHTS.trusted(0.0)) == names(Foresight())


def test_fitted_weights_take_the_place_of_the_defaults_by_name():
    assert Weights().with_fitted({"pattern": 0.5, "no-such": 9.0}) == Weights(pattern=0.5)


def test_a_hover_says_what_was_foretold():
    text = hover_markdown([HERE], ranked(following("b-fits", 0.9)), Memory())
    assert "you often use it after ruff-fix" in text
    assert text.count("ruff-fix") == 1


def test_a_declared_step_gives_way_to_what_is_done():
    ended = Ended(skill("first", next_failed=(FollowUp("declared", 0.6),)), Status.FAILED, 0.0)
    learned = {"done": Following(0.9, "you often use it after first")}
    at_first = with_declared(learned, ended, 0)
    assert [*at_first] == ["declared", "done"]
    assert at_first["declared"].probability == pytest.approx(0.6)
    assert at_first["declared"].reason == "it is the next step when first finds something"
    later = with_declared(learned, ended, 10)
    assert [*later] == ["done", "declared"]
    assert later["done"].reason == "you often use it after first"
    passed = Ended(ended.skill, Status.PASSED, 0.0)
    assert "declared" not in with_declared(learned, passed, 0)
