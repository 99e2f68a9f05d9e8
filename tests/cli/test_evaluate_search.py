"""The measures of a search, and what the command makes of odd files."""

import json
import math

import pytest

from skills_lsp.cli.evaluate_search import measures
from skills_lsp.errors import UsageError


def test_the_measures_are_those_of_the_textbook():
    found = measures(
        {"first": ["a", "x", "b"], "late": ["x", "y", "c"], "lost": ["x"], "silent": []},
        {"first": {"a": 1.0, "b": 1.0}, "late": {"c": 1.0}, "lost": {"d": 1.0}, "silent": {"e": 1}},
    )
    ideal = 1 + 1 / math.log2(3)
    assert found == pytest.approx(
        {
            "queries": 4,
            "hit@1": 1 / 4,
            "MRR@5": (1 + 1 / 3) / 4,
            "recall@5": (1 + 1) / 4,
            "nDCG@10": ((1 + 0.5) / ideal + 0.5) / 4,
        }
    )


def test_a_query_that_nobody_judged_does_not_count():
    assert measures({"a": ["x"], "b": ["x"]}, {"a": {"x": 1.0}})["queries"] == 1


def test_without_a_judgement_nothing_is_measured():
    with pytest.raises(UsageError, match="nothing can be measured"):
        measures({"a": ["x"]}, {})


@pytest.fixture
def files(cli):
    def write(name, rows):
        cli.write(name, "\n".join(it if isinstance(it, str) else json.dumps(it) for it in rows))

    return write


def test_each_query_has_a_line_and_bad_lines_are_told(cli, files):
    files(
        "corpus.jsonl",
        [
            {"id": "lint-shell", "name": "Lint", "description": "Checks shell scripts", "body": ""},
            {"id": "sort", "name": "Sort imports", "description": "Puts imports in order"},
            "no json",
            {"name": "without an id"},
        ],
    )
    files("queries.jsonl", [{"qid": "1", "text": "shell scripts"}, {"qid": 2, "text": "zzz"}, "[]"])
    files("qrels.jsonl", [{"qid": "1", "id": "lint-shell"}])
    ran = cli("evaluate", "search", "corpus.jsonl", "queries.jsonl", "--qrels", "qrels.jsonl")
    assert [json.loads(line) for line in ran.out.splitlines()] == [
        {"qid": "1", "ranked": ["lint-shell"]},
        {"qid": "2", "ranked": []},
    ]
    assert "corpus.jsonl:3: no object with id." in ran.err
    assert "corpus.jsonl:4: no object with id." in ran.err
    assert "queries.jsonl:3: no object with qid." in ran.err
    assert "hit@1     1.0000" in ran.err


def test_an_empty_corpus_is_one_sentence(cli, files):
    files("corpus.jsonl", [])
    files("queries.jsonl", [{"qid": "1", "text": "x"}])
    ran = cli("evaluate", "search", "corpus.jsonl", "queries.jsonl")
    assert ran.code == 2
    assert ran.err == "skills-lsp: There is no skill in corpus.jsonl.\n"
