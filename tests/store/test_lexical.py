import subprocess
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills_lsp.domain.skill import (
    AgentPrompt,
    Category,
    Command,
    Modality,
    Phase,
    Skill,
    ToolKind,
    Trigger,
)
from skills_lsp.store.lexical import LexicalIndex, words
from skills_lsp.store.vectors import extension_path, vec0_version


def skill(name, title="", description="", *, triggers=(), keywords=(), instructions=None):
    action = (
        Command(ToolKind.PROGRAM, "tool") if instructions is None else AgentPrompt(instructions)
    )
    return Skill(
        name=name, title=title, description=description, category=Category.TESTING,
        modality=Modality.CODE, phase=Phase.EXECUTION, action=action, keywords=keywords,
        triggers=tuple(Trigger(pattern, 0.5) for pattern in triggers),
    )  # fmt: skip


CATALOGUE = (
    skill("pytest-run", "Run this test", "Runs one test with pytest", triggers=("test-function",)),
    skill("pytest-coverage", "Coverage of this test", "Runs a test and measures coverage"),
    skill("mypy-check", "Check the types", "Type-checks a module", keywords=("annotations",)),
    skill("bandit-security", "Audit risky calls", "Looks for eval and other vulnerabilities"),
    skill("api-review", "Review the API", "Reviews an interface",
          instructions="Look for breaking changes in parseHttpResponse and pagination."),
)  # fmt: skip


@pytest.fixture(scope="module")
def index():
    return LexicalIndex(CATALOGUE)


def names(index, query, **options):
    return [name for name, _ in index.search(query, **options)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("run the test", "pytest-run"),
        ("coverage", "pytest-coverage"),
        ("checking types", "mypy-check"),  # porter: checking, check
        ("annotation", "mypy-check"),
        ("vulnerability", "bandit-security"),
        ("test_function", "pytest-run"),
        ("parse_http", "api-review"),
        ("http response paginate", "api-review"),
        ("PYTEST-RUN", "pytest-run"),
    ],
)
def test_words_find_their_skill(index, query, first):
    assert names(index, query)[0] == first


def test_the_name_weighs_more_than_the_description():
    index = LexicalIndex(
        [skill("other", description="about types"), skill("types", description="other words")]
    )
    assert names(index, "types") == ["types", "other"]


def test_scores_run_from_the_best_of_the_query_down(index):
    scores = [score for _, score in index.search("run pytest coverage types")]
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_the_limit_cuts_after_ranking(index):
    assert names(index, "test coverage", limit=1) == names(index, "test coverage")[:1]
    assert index.search("test", limit=0) == index.search("test", limit=-1) == ()


@pytest.mark.parametrize(
    "query",
    ["", "   ", "the of and", "zebra", "***", '"', "\0", "\ud800", "😀", "(((", "AND OR NOT NEAR"],
)
def test_a_query_without_a_known_word_finds_nothing(index, query):
    assert index.search(query) == ()


@pytest.mark.parametrize(
    "query",
    ['"coverage', "coverage*", "coverage AND", "name:coverage", "NOT coverage", "^coverage", "-coverage",
     "coverage' OR 1=1 --", "cover\0age coverage", "😀coverage😀", "NEAR(coverage", "{coverage}:", "coverage\ud800"],
)  # fmt: skip
def test_operators_and_quotes_are_only_text(index, query):
    assert "pytest-coverage" in names(index, query)


@settings(max_examples=200, deadline=None)
@given(query=st.text(alphabet=st.characters(exclude_categories=()), max_size=100))
def test_any_text_is_a_query(index, query):
    assert all(0 <= score <= 1 for _, score in index.search(query))


def test_a_megabyte_is_a_query(index):
    assert names(index, "coverage " + "words upon_words " * 70_000)[0] == "pytest-coverage"
    index.search("x" * 1_000_000)
    index.search(" ".join(f"w{n}" for n in range(100_000)))


def test_an_empty_catalogue_finds_nothing():
    assert LexicalIndex([]).search("test") == ()


def test_a_word_in_every_skill_still_gives_scores():
    index = LexicalIndex([skill(f"run-{n}") for n in range(3)])
    assert all(0 <= score <= 1 for _, score in index.search("run"))
    assert len(index.search("run")) == 3


def test_searches_from_several_threads_agree(index):
    expected, found = index.search("test coverage"), []
    threads = [
        threading.Thread(target=lambda: found.append(index.search("test coverage")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


def test_identifiers_are_found_whole_and_in_parts():
    assert list(words("snake_case camelCase HTTPServer x2y")) == [
        "snake", "case", "camelcase", "camel", "case", "httpserver", "http", "server", "x2y",
    ]  # fmt: skip


def test_the_vector_extension_loads_without_importing_numpy():
    assert extension_path() is not None
    assert vec0_version().startswith("v0.")
    code = (
        "import sys; from skills_lsp.store.vectors import vec0_version; assert vec0_version();"
        "from skills_lsp.store import Store, lexical;"
        "print([m for m in ('numpy', 'sqlite_vec', 'sqlite3', 'yaml', 'asyncio') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_or_broken_extension_is_no_error(monkeypatch, tmp_path):
    broken = tmp_path / "vec0.so"
    broken.write_bytes(b"not a library")
    monkeypatch.setattr("skills_lsp.store.vectors.extension_path", lambda: broken)
    assert vec0_version() is None
    monkeypatch.setattr("skills_lsp.store.vectors.extension_path", lambda: None)
    assert vec0_version() is None
