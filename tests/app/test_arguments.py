"""Arguments of commands: taken as they come, refused in a sentence."""

from dataclasses import dataclass

import pytest

from skills_lsp.app.operations import table
from skills_lsp.app.operations._arguments import decode
from skills_lsp.errors import UsageError


@dataclass(frozen=True, slots=True)
class Params:
    name: str = ""
    limit: int = 5
    share: float = 0.5
    is_loud: bool = False
    end: int | None = None
    tags: tuple[str, ...] = ()


def decoded(*arguments: object) -> Params:
    return decode("skills.x", Params, list(arguments))


@pytest.mark.parametrize("arguments", [None, [], (), [None], [{}], {}, ({},)])
def test_nothing_given_means_the_defaults(arguments):
    assert decode("skills.x", Params, arguments) == Params()


def test_each_kind_is_taken():
    given = {"name": "n", "limit": 3, "share": 1, "is_loud": True, "end": 4, "tags": ["a", "b"]}
    assert decoded(given) == Params("n", 3, 1.0, True, 4, ("a", "b"))
    assert decoded({"end": None}).end is None
    assert decoded({"tags": ("a",)}).tags == ("a",)


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ({"name": 5}, "skills.x: name must be a text, not 5."),
        ({"name": None}, "skills.x: name must be a text, not None."),
        ({"limit": "5"}, "skills.x: limit must be a whole number, not '5'."),
        ({"limit": 5.0}, "skills.x: limit must be a whole number, not 5.0."),
        ({"limit": True}, "skills.x: limit must be a whole number, not True."),
        ({"share": "x"}, "skills.x: share must be a number, not 'x'."),
        ({"share": False}, "skills.x: share must be a number, not False."),
        ({"is_loud": 1}, "skills.x: is_loud must be true or false, not 1."),
        ({"end": "x"}, "skills.x: end must be a whole number, not 'x'."),
        ({"tags": "a"}, "skills.x: tags must be a list, not 'a'."),
        ({"tags": [1]}, "skills.x: tags must be a text, not 1."),
        ({"nam": 1}, "skills.x has no argument 'nam'. Did you mean 'name'?"),
        ({"zzz": 1}, "skills.x has no argument 'zzz'. It knows: name, limit, share"),
        ("text", "skills.x takes one JSON object, or nothing."),
        (5, "skills.x takes one JSON object, or nothing."),
        ([{}], "skills.x takes one JSON object, or nothing."),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(argument, sentence):
    with pytest.raises(UsageError) as raised:
        decoded(argument)
    assert str(raised.value).startswith(sentence)


def test_two_objects_are_one_too_many():
    with pytest.raises(UsageError, match="takes one JSON object"):
        decoded({}, {})


def test_a_long_value_is_shown_in_part():
    with pytest.raises(UsageError) as raised:
        decoded({"limit": "x" * 10_000})
    assert len(str(raised.value)) < 200


def test_a_huge_share_is_taken_or_refused():
    with pytest.raises(UsageError, match="share must be a number"):
        decoded({"share": 10**400})


def test_every_operation_has_a_summary_and_can_be_called_bare():
    for command, operation in table().items():
        assert command == f"skills.{operation.name}"
        assert operation.summary.endswith(".")
        assert decode(command, operation.params, []) == operation.params()
