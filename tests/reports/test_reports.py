"""The pages about the history and a session: what they say, and that names stay names."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from skills_lsp.domain.invocation import Invocation, Status
from skills_lsp.reports.history import history_markdown
from skills_lsp.reports.layout import ago, bar, duration, moment, plain
from skills_lsp.reports.session import session_markdown, summarise

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def run(skill="pytest-run", minute=0, status=Status.PASSED, **others):
    values = {
        "skill_name": skill,
        "invoked_at": f"2026-01-31T11:{minute:02}:00.000000Z",
        "session_id": "shop_1",
        "workflow_phase": "execution",
        "status": status,
        "completed": status.is_completed,
        "duration_seconds": None if status is Status.RUNNING else 2.0,
        "project": "shop",
    }
    return Invocation(**{**values, **others})


def shown(markdown):
    """Return the text that a reader sees, with every tag that is not layout told."""
    pieces = []
    for token in MARKDOWN.parse(markdown):
        for child in token.children or [token]:
            if child.type in ("text", "code_inline"):
                pieces.append(child.content)
            elif child.type in (
                "html_inline",
                "html_block",
                "link_open",
                "image",
                "em_open",
                "strong_open",
                "s_open",
            ):
                pieces.append(f"<{child.type}>")
    return " ".join(pieces)


def test_a_history_is_a_sentence_and_two_tables():
    page = history_markdown(
        [
            run("mypy-check", 50, Status.FAILED, summary="2 errors", selection_rank=1),
            run("pytest-run", 30, selection_rank=3, duration_seconds=62.0, summary="41 passed"),
            run("ruff-format", 10, Status.MISSING_TOOL, duration_seconds=0.001),
        ],
        NOW,
    )
    assert (
        page
        == """\
# History

3 runs, from 50 min ago until now: 1 failed, 1 passed, 1 broke off. The top suggestion was picked \
1 time of 2.

| Outcome        | Runs  |
| -------------- | ----- |
| ✗ failed       | ██▋ 1 |
| ✓ passed       | ██▋ 1 |
| ! tool missing | ██▋ 1 |

## Runs

| When       | Skill       | Outcome        |      Time | Rank | Project | Summary   |
| ---------- | ----------- | -------------- | --------: | ---: | ------- | --------- |
| 10 min ago | mypy-check  | ✗ failed       |     2.0 s |    1 | shop    | 2 errors  |
| 30 min ago | pytest-run  | ✓ passed       | 1 min 2 s |    3 | shop    | 41 passed |
| 50 min ago | ruff-format | ! tool missing |      1 ms |      | shop    |           |
"""
    )


def test_an_empty_history_says_what_to_do():
    page = history_markdown([], NOW)
    assert "Nothing has been recorded yet." in page
    assert "pick a skill" in page


def test_a_history_in_which_nothing_has_ended():
    assert "1 run, 1 h ago: 1 still running." in history_markdown([run(status=Status.RUNNING)], NOW)


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_its_words(status):
    assert history_markdown([run(status=status)], NOW).count("\n") > 5


def test_a_session_is_a_sentence_and_its_tables():
    page = session_markdown(
        summarise(
            "shop_1",
            [
                run(
                    "mypy-check",
                    3,
                    Status.ERROR,
                    error_type="ImportError",
                    workflow_phase="verification",
                ),
                run("pytest-run", 1),
                run("pytest-run", 2, Status.FAILED, error_type="AssertionError"),
                run("pytest-run", 4, Status.RUNNING),
            ],
        )
    )
    assert (
        page
        == """\
# This session

4 runs of 2 skills from 2026-01-31 11:01 to 2026-01-31 11:04 UTC, 2 completed, 1 still running; \
most used: pytest-run.

## Skills

| Skill      | Runs       | Passed | Found something | Not completed | Mean time |
| ---------- | ---------- | -----: | --------------: | ------------: | --------: |
| pytest-run | ████████ 3 |      1 |               1 |             0 |     2.0 s |
| mypy-check | ██▋ 1      |      0 |               0 |             1 |           |

## Phases

| Phase        | Runs     |
| ------------ | -------- |
| execution    | ██████ 3 |
| verification | ██ 1     |

## What failed

| Error          | Runs |
| -------------- | ---: |
| AssertionError |    1 |
| ImportError    |    1 |

Session `shop_1`
"""
    )


def test_an_empty_session_says_what_to_do():
    assert "Nothing was run in this session yet." in session_markdown(summarise("s", []))


HOSTILE = [
    "<script>alert(1)</script>", "<b>x", "![x](http://h/p.png)", "[x](command:evil)", "a | b | c", "**bold** _it_ ~~s~~",
    "`code`", "line\nbreak\r\n# head", "http://evil.example", "www.evil.example", "\x1b[31mred", "\u202egnp.exe", "&lt;",
    "\ud800", "\\", "a\\|b", "<!-- c", "$x$", "1. item", "- item",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_names_and_summaries_are_never_markup(text):
    runs = [
        run(
            "a " + text,
            project=text,
            summary=text,
            error_type=text,
            workflow_phase=text,
            session_id=text,
        )
    ]
    for page in (history_markdown(runs, NOW), session_markdown(summarise(text, runs))):
        assert "<" not in shown(page).replace("<script>", "").replace("</script>", "").replace(
            "<b>", ""
        ).replace("<!--", "")
        page.encode()  # no lone surrogate
        assert "\x1b" not in page
        assert "\u202e" not in page


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_any_text_stays_in_its_cell(text):
    page = history_markdown([run(summary=text, project=text)], NOW)
    rows = [token for token in MARKDOWN.parse(page) if token.type == "tr_open"]
    cells = [token for token in MARKDOWN.parse(page) if token.type in ("td_open", "th_open")]
    assert (len(rows), len(cells)) == (2 + 2, 2 * 2 + 2 * 7)


def test_long_text_is_cut_with_a_sign():
    assert plain("x" * 500, limit=10) == "xxxxxxxxx…"


def test_a_bare_address_is_no_link():
    assert shown(f"see {plain('https://evil.example')}").startswith("see https\u200b")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 ms"),
        (0.9994, "999 ms"),
        (1, "1.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min"),
        (3599.6, "1 h"),
        (3661, "1 h 1 min"),
        (90_000, "25 h"),
    ],
)
def test_durations_read_as_a_person_says_them(seconds, said):
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-01-31T12:00:00Z", "just now"),
        ("2026-01-31T12:05:00Z", "just now"),
        ("2026-01-29T11:00:00Z", "2 d ago"),
        ("never", "never"),
        ("2026-01-31", "2026-01-31"),
    ],
)
def test_moments_are_told_from_now(at, said):
    assert ago(at, NOW) == said


def test_bars_are_shares_of_eight_cells():
    assert [bar(share) for share in (-1, 0, 0.0001, 0.25, 1, 7)] == [
        "",
        "",
        "▏",
        "██",
        "████████",
        "████████",
    ]


def test_a_moment_that_is_none_is_shown_as_it_is():
    assert moment("<never>") == "\\<never\\>"
