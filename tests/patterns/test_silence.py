"""Comments that silence linters silence the patterns that see what their rules see."""

import pytest

from skills_lsp.patterns import inspect

EVAL = "eval(text);"


def seen(code: str) -> list[tuple[str, int]]:
    found = inspect("a.js", code).findings
    return [(each.pattern, each.span.start.line) for each in found if each.category == "security"]


@pytest.mark.parametrize(
    "code",
    [
        f"{EVAL} // eslint-disable-line",
        f"{EVAL} /* eslint-disable-line no-eval */",
        f"{EVAL} // eslint-disable-line no-console, no-eval -- known text",
        f"{EVAL} // eslint-disable-line security/detect-eval-with-expression",
        f"// eslint-disable-next-line no-eval\n{EVAL}",
        f"/* eslint-disable-next-line\n  no-eval -- for a reason\n*/\n{EVAL}",
        f"/* eslint-disable */\n\n{EVAL}",
        f"/* eslint-disable no-eval */\nf();\n{EVAL}",
        f"/* eslint no-eval: 0 */\n{EVAL}",
        f'/* eslint "no-eval": "off", curly: 2 */\n{EVAL}',
        f"{EVAL} // nosemgrep: eval-detected",
        f"// nosemgrep\n{EVAL}",
        f"// biome-ignore lint/security/noGlobalEval: known text\n{EVAL}",
        f"// oxlint-disable-next-line no-eval\n{EVAL}",
    ],
)
def test_a_comment_silences_what_its_rules_see(code: str) -> None:
    assert seen(code) == []


@pytest.mark.parametrize(
    "code",
    [
        f"{EVAL} // eslint-disable-line no-console",
        f"{EVAL} // eslint-disable-line no-console -- eslint-disable-line no-eval",
        f"// eslint-disable-next-line no-eval\n\n{EVAL}",
        f"// eslint-disable\n{EVAL}",
        f"/* eslint-disable no-console */\n{EVAL}",
        f"/* eslint-disable no-eval */\n/* eslint-enable no-eval */\n{EVAL}",
        f"/* eslint-disable no-eval */\n/* eslint-enable */\n{EVAL}",
        f"{EVAL}\n/* eslint-disable */",
        f"const words = '/* eslint-disable */';\n{EVAL}",
        f"/* eslint no-eval: 2 */\n{EVAL}",
    ],
)
def test_a_comment_about_something_else_does_not(code: str) -> None:
    assert [pattern for pattern, _ in seen(code)] == ["code-exec"]


def test_a_block_is_silenced_up_to_where_it_is_enabled_again() -> None:
    code = f"{EVAL}\n/* eslint-disable */\n{EVAL}\n/* eslint-enable */\n{EVAL}"
    assert seen(code) == [("code-exec", 0), ("code-exec", 4)]


def test_lines_that_a_program_wrote_are_left_alone() -> None:
    assert seen("f(1);" * 2_000 + EVAL) == []
    assert seen("f(1);" * 20 + EVAL) == [("code-exec", 0)]
