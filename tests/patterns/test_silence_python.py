"""Comments that keep bandit and ruff quiet keep us quiet."""

import pytest

from skills_lsp.patterns import inspect


def seen(text: str) -> list[str]:
    return [each.pattern for each in inspect("code.py", text).findings if each.category == "security"]


@pytest.mark.parametrize(
    "comment",
    ["# nosec", "#nosec B307", "# nosec: B307", "# nosec B101, B307", "# noqa: S307", "# noqa: E501,S307", "# noqa"],
)
def test_a_comment_about_the_risk_silences_it(comment: str) -> None:
    assert not seen(f"eval(text)  {comment}\n")


@pytest.mark.parametrize("comment", ["# nosec B602", "# nosec: B101", "# noqa: S602", "# noqa: E501", "# nosecret"])
def test_a_comment_about_another_risk_does_not(comment: str) -> None:
    assert seen(f"eval(text)  {comment}\n") == ["code-exec"]


@pytest.mark.parametrize("line", [0, 1, 2, 3])
def test_a_comment_on_any_line_of_a_statement_speaks_for_it(line: int) -> None:
    lines = ["x = eval(", "    text,", "    {},", ")"]
    lines[line] += "  # nosec"
    assert not seen("\n".join(lines))


def test_a_comment_in_a_body_does_not_speak_for_the_head() -> None:
    assert seen("if eval(text):\n    pass  # nosec\n") == ["code-exec"]
    assert seen("with open('/tmp/x') as file:\n    pass  # nosec\n") == ["tempfile"]
    assert not seen("with open('/tmp/x') as file:  # nosec\n    pass\n")


def test_a_file_may_be_silenced_but_for_what_is_not_named() -> None:
    assert not seen("# ruff: noqa: S3\neval(text)\n")
    assert seen("# ruff: noqa: S602\neval(text)\n") == ["code-exec"]
