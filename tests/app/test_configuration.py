"""Settings from outside: what is right is used, what is wrong is told in a sentence."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills_lsp.app.configuration import settings_from
from skills_lsp.domain.settings import Settings

BASE = Settings(max_suggestions=4, python="/usr/bin/python3")


def taken(given_: object) -> Settings:
    found, problems = settings_from(given_, BASE)
    assert problems == ()
    return found


def problem(given_: object) -> str:
    found, (told,) = settings_from(given_, BASE)
    assert found == BASE
    return told


@pytest.mark.parametrize(
    "given_",
    [
        {"maxSuggestions": 9},
        {"max_suggestions": 9},
        {"skillsLsp": {"maxSuggestions": 9}},
        {"skillsLsp": {"maxSuggestions": 9}, "editor": {"fontSize": 12}},
    ],
)
def test_the_section_may_stand_by_itself_or_under_its_name_in_either_case(given_):
    assert taken(given_) == dataclasses.replace(BASE, max_suggestions=9)


@pytest.mark.parametrize("given_", [None, [], "x", 5, True, {}, {"skillsLsp": {}}])
def test_nothing_given_changes_nothing(given_):
    assert taken(given_) == BASE


def test_every_setting_takes_its_default():
    for field in dataclasses.fields(Settings):
        value = getattr(Settings(), field.name)
        given_ = list(value) if isinstance(value, tuple) else value
        assert getattr(taken({field.name: given_}), field.name) == value


def test_lists_become_tuples_and_whole_numbers_do_for_others():
    found = taken({"agentCommand": ["agent", "-p", "{prompt}"], "timeoutSeconds": 30})
    assert found.agent_command == ("agent", "-p", "{prompt}")
    assert found.timeout_seconds == 30.0
    assert isinstance(found.timeout_seconds, float)


def test_null_says_that_the_editor_says_nothing():
    base = dataclasses.replace(BASE, workspace_trusted=False)
    assert settings_from({"workspaceTrusted": None}, base)[0].workspace_trusted is None


@pytest.mark.parametrize(
    ("given_", "sentence"),
    [
        ({"maxSuggestion": 3}, "no setting 'maxSuggestion'. Did you mean maxSuggestions?"),
        ({"fontSize": 3}, "no setting 'fontSize'."),
        ({"maxSuggestions": "3"}, "maxSuggestions must be a whole number"),
        ({"maxSuggestions": 3.5}, "maxSuggestions must be a whole number"),
        ({"maxSuggestions": True}, "maxSuggestions must be a whole number"),
        ({"maxSuggestions": None}, "maxSuggestions must be a whole number"),
        ({"maxSuggestions": 0}, "maxSuggestions must be from 1 to 50"),
        ({"maxSuggestions": 10**30}, "maxSuggestions must be from 1 to 50"),
        ({"minConfidence": 1.5}, "minConfidence must be from 0 to 1"),
        ({"minConfidence": float("nan")}, "minConfidence must be from 0 to 1"),
        ({"minConfidence": 10**400}, "minConfidence must be from 0 to 1"),
        ({"hover": "no"}, "hover must be true or false"),
        ({"hover": 1}, "hover must be true or false"),
        ({"workspaceTrusted": "yes"}, "workspaceTrusted must be true or false"),
        ({"python": 5}, "python must be a text"),
        ({"agentCommand": "agent -p"}, "agentCommand must be a list of texts"),
        ({"agentCommand": ["agent", 5]}, "agentCommand must be a list of texts"),
        ({"disabledSkills": {"a": 1}}, "disabledSkills must be a list of texts"),
    ],
)
def test_what_is_wrong_is_told_and_left_as_it_was(given_, sentence):
    told = problem(given_)
    assert sentence in told
    assert "\n" not in told


def test_a_wrong_setting_does_not_take_the_others_with_it():
    found, problems = settings_from({"maxSuggestions": 0, "hover": False, "x": 1}, BASE)
    assert found == dataclasses.replace(BASE, hover=False)
    assert len(problems) == 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
names = st.sampled_from([field.name for field in dataclasses.fields(Settings)]) | st.text()


@given(given_=st.dictionaries(names, json_values, max_size=5))
@settings(derandomize=True, database=None, max_examples=120)
def test_no_setting_is_ever_of_a_wrong_type(given_):
    found, problems = settings_from(given_, BASE)
    for field in dataclasses.fields(Settings):
        value, usual = getattr(found, field.name), getattr(BASE, field.name)
        if usual is not None:
            assert type(value) is type(usual)
    assert all(isinstance(it, str) for it in problems)
