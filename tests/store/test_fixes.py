"""What the store makes of runs: issues, what stands where, and attempts with their ends."""

import struct
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_support import START, Clock, open_store

from skills_lsp.domain.fix import Issue
from skills_lsp.domain.invocation import ToolProblem
from skills_lsp.learning.issues import MAX_MESSAGE, normalised
from skills_lsp.store import fix_questions, fixes
from skills_lsp.store.fixes import Run, issue_of
from skills_lsp.store.issue_vectors import IssueVectors
from skills_lsp.store.text import instant

FILE, OTHER = "/shop/cart.py", "/shop/prices.py"
UNUSED = ToolProblem(FILE, 3, 0, "`os` imported but unused", code="F401")
LONG = ToolProblem(FILE, 9, 0, "Line too long (92 > 88)", code="E501")


class Shop:
    """Runs in one folder, a minute apart."""

    def __init__(self, store):
        self.store = store
        self.n_runs = 0

    def run(self, skill: str, *problems: ToolProblem, **more) -> Run:
        self.n_runs += 1
        at = instant(START + timedelta(minutes=self.n_runs))
        run = Run(
            skill, "ruff", "verification", "/shop", FILE, "", at, problems,
            is_judged=True, has_passed=not problems, key=f"run-{self.n_runs}",
        )  # fmt: skip
        run = replace(run, **more)
        self.store.change(lambda db: fixes.take_run(db, run))
        return run

    def check(self, *problems: ToolProblem, **more) -> Run:
        return self.run("ruff-check", *problems, **more)

    def fix(self, skill: str = "ruff-fix", **more) -> Run:
        return self.run(skill, is_fix=True, is_judged=False, **more)

    @property
    def attempts(self) -> list[tuple[str, str, bool, float]]:
        return [
            tuple(row)
            for row in self.store.query(
                lambda db: db.execute(
                    "SELECT issue.type, strategy, success, credit FROM fix_attempt"
                    " JOIN fix_issue AS issue ON issue.id = issue_id"
                    " WHERE success IS NOT NULL ORDER BY fix_attempt.id"
                ).fetchall(),
                [],
            )
        ]

    @property
    def n_open(self) -> int:
        return self.store.query(lambda db: fix_questions.totals(db, 9), None).n_open


@pytest.fixture
def shop(store):
    return Shop(store)


def test_what_goes_worked_and_what_stays_did_not(shop):
    shop.check(UNUSED, LONG)
    shop.fix()
    shop.check(LONG)
    assert shop.attempts == [("F401", "ruff-fix", 1, 1.0), ("E501", "ruff-fix", 0, 1.0)]
    assert shop.n_open == 1


def test_two_that_were_tried_before_the_next_look_share_the_credit(shop):
    shop.check(UNUSED)
    shop.fix("black")
    shop.fix("ruff-fix")
    shop.fix("ruff-fix")  # twice is no second chance
    shop.check()
    assert shop.attempts == [("F401", "black", 1, 0.5), ("F401", "ruff-fix", 1, 0.5)]


def test_a_hand_that_was_at_work_shares_it_too(shop):
    shop.check(UNUSED)
    shop.fix()
    shop.check(edited=(FILE,))
    assert shop.attempts == [("F401", "ruff-fix", 1, 0.5)]


def test_what_only_a_hand_mended_teaches_nothing(shop):
    shop.check(UNUSED)
    shop.check(edited=(FILE,))
    assert shop.attempts == []
    assert shop.n_open == 0


def test_where_it_is_unknown_what_was_saved_a_hand_may_have_been_at_work(shop):
    shop.check(UNUSED)
    shop.fix(edited=None)
    shop.check()
    assert shop.attempts == [("F401", "ruff-fix", 1, 0.5)]


def test_what_a_fixer_leaves_it_has_not_mended(shop):
    shop.run("ruff-fix", LONG, is_fix=True)
    shop.run("ruff-fix", LONG, is_fix=True)  # as on each save
    assert shop.attempts == [("E501", "ruff-fix", 0, 1.0)]


def test_another_run_of_the_tool_that_looks_at_less_says_nothing_is_gone(shop):
    shop.check(UNUSED, LONG)
    shop.fix()
    shop.run("import-sort")  # ruff with one rule
    assert shop.attempts == []
    assert shop.n_open == 2


def test_a_file_that_can_no_more_be_read_has_not_been_mended(shop):
    shop.check(UNUSED)
    shop.fix()
    shop.check(ToolProblem(FILE, 0, 0, "Expected an expression", code="invalid-syntax"))
    assert shop.attempts == []


def test_a_list_that_was_cut_says_nothing_of_what_it_lacks(shop):
    shop.check(UNUSED)
    shop.fix()
    shop.check(LONG, is_cut=True)
    assert shop.attempts == []


def test_a_fix_elsewhere_was_not_tried_against_a_linters_finding(shop):
    shop.check(UNUSED)
    shop.fix(file=OTHER)
    shop.fix("everywhere", file="")
    shop.check()
    assert shop.attempts == [("F401", "everywhere", 1, 1.0)]


def test_a_failing_test_may_be_mended_anywhere_and_a_passing_file_covers_it(shop):
    failure = ToolProblem(FILE, 4, None, "test_pay: assert 1 == 2", code="AssertionError")
    test = {"tool": "pytest", "is_test": True}
    shop.run("pytest-run", failure, test_id="Cart::test_pay", **test)
    shop.fix(file=OTHER)
    shop.run("pytest-run", test_id="test_other", **test)  # another test says nothing
    assert shop.attempts == []
    shop.run("pytest-file", **test)
    assert shop.attempts == [("AssertionError", "ruff-fix", 1, 1.0)]


def test_running_a_test_again_with_nothing_changed_is_a_strategy_of_its_own(shop):
    failure = ToolProblem(FILE, 4, None, "test_pay: timed out", code="TimeoutError")
    test = {"tool": "pytest", "is_test": True}
    shop.run("pytest-run", failure, **test)
    shop.run("pytest-run", failure, **test)
    shop.run("pytest-run", failure, edited=(OTHER,), **test)  # it was not only run again
    shop.run("pytest-run", **test)
    worked = [(strategy, success) for _, strategy, success, _ in shop.attempts]
    assert worked == [("pytest-run", 0), ("pytest-run", 1)]


def test_a_run_that_is_told_twice_counts_once(shop):
    shop.check(UNUSED)
    run = shop.fix()
    shop.store.change(lambda db: fixes.take_run(db, run))
    shop.check()
    assert shop.attempts == [("F401", "ruff-fix", 1, 1.0)]


def test_what_nobody_looked_at_again_is_let_go(shop):
    shop.check(UNUSED)
    shop.fix()
    shop.n_runs += (fixes.SIGHTING_DAYS + 1) * 24 * 60
    shop.check(LONG, file=OTHER)
    ((n_attempts,),) = shop.store.query(
        lambda db: db.execute("SELECT count(*) FROM fix_attempt").fetchall(), []
    )
    assert (n_attempts, shop.n_open) == (0, 1)


def test_one_run_leaves_few_issues(shop):
    many = [ToolProblem(FILE, n, 0, f"name {chr(97 + n % 26) * (n + 1)}") for n in range(100)]
    shop.check(*many)
    assert shop.n_open == fixes.MAX_OF_A_RUN


def test_an_attempt_that_is_told_twice_under_one_key_counts_once(store):
    issue, at = issue_of("ruff", "F401", "x"), instant(START)

    def tell(key: str) -> bool:
        return store.change(lambda db: fixes.tell(db, issue, "ruff-fix", at, success=True, key=key))

    assert [tell("a"), tell("a"), tell("b"), tell(""), tell("")] == [True, False, True, True, True]
    totals = store.query(lambda db: fix_questions.totals(db, 9), None)
    assert (totals.n_issues, totals.n_attempts, totals.n_successes) == (1, 4, 4)
    assert totals.strategies[0].n_issues == 1


def test_secrets_and_lines_of_code_do_not_reach_the_database(store):
    issue = issue_of(
        "pytest", "E", 'login failed with password="hunter2 is mine" at x', "execution"
    )
    store.change(lambda db: fixes.tell(db, issue, "s", instant(START), success=True))
    assert "hunter2" not in issue.message
    assert normalised('bad call: "total = price * rate"') == 'bad call: "…"'


@pytest.mark.parametrize(
    "message", ["x" * 1_000_000, "a\0b\0", "🚀 fails 🔥", "\ud800 half", "", "\n\n", '"' * 5_000]
)
def test_any_message_is_kept_and_found(store, message):
    issue = issue_of("pytest", "Error", message)
    assert len(issue.message) <= MAX_MESSAGE
    assert "\0" not in issue.message
    store.change(lambda db: fixes.tell(db, issue, "s", instant(START), success=True))
    ((similar),) = store.query(lambda db: fix_questions.similar_by_words(db, issue, 5), ())
    assert similar.known.issue == issue
    assert [it.strategy for it in similar.attempts] == ["s"]


@given(st.text(max_size=300), st.text(max_size=40))
@settings(derandomize=True, database=None, max_examples=150)
def test_a_text_that_was_normalised_stays_as_it_is(message, kind):
    once = issue_of("tool", kind, message)
    assert issue_of("tool", kind, once.message).message == once.message


def test_words_find_the_same_kind_first(store):
    at = instant(START)
    told = [
        ("ruff", "F401", "'os' imported but unused"),
        ("ruff", "F841", "Local variable 'os' is assigned to but never used"),
        ("mypy", "import-untyped", "Library stubs not installed for 'yaml'"),
    ]
    for it in told:
        store.change(lambda db, it=it: fixes.tell(db, issue_of(*it), "s", at, success=True))
    asked = issue_of("ruff", "F401", "'sys' imported but unused")
    found = store.query(lambda db: fix_questions.similar_by_words(db, asked, 2), ())
    assert [it.known.issue.type for it in found] == ["F401", "F841"]
    assert found[0].similarity > 0.5 > found[1].similarity


def test_those_longest_unseen_make_room(store, monkeypatch):
    monkeypatch.setattr(fixes, "MAX_ISSUES", 10)
    monkeypatch.setattr(fixes, "_PRUNE_EVERY", 5)
    for n in range(15):
        issue, at = Issue("t", f"E{n}", "m"), instant(START + timedelta(days=n))
        store.change(lambda db, it=issue, at=at: fixes.tell(db, it, "s", at, success=True))
    newest = store.query(lambda db: fix_questions.newest_issues(db, 99), {})
    assert [it.type for it in newest.values()] == [f"E{n}" for n in range(14, 4, -1)]
    # Its words went with it.
    assert store.query(lambda db: fix_questions.similar_by_words(db, Issue("t", "E1", "m"), 9), ())
    gone = store.query(
        lambda db: db.execute("SELECT rowid FROM fix_issue_words WHERE fix_issue_words MATCH 'e1'"),
        (),
    )
    assert list(gone) == []


def vector(*values: float) -> bytes:
    length = sum(it * it for it in values) ** 0.5
    return struct.pack("<8f", *(it / length for it in (*values, *[0.01] * (8 - len(values)))))


def test_vectors_of_two_models_never_meet(tmp_path):
    index = IssueVectors(tmp_path / "cache" / "issues.db")
    index.add("one", {b"a" * 16: ("ruff F401", vector(1, 1)), b"b" * 16: ("mypy", vector(-1, 1))})
    index.add("two", {b"c" * 16: ("ruff F401", vector(1, 1))})
    assert [it for it, _ in index.nearest("one", "ruff F401", vector(1, 0.9), 5)] == [
        b"a" * 16,
        b"b" * 16,
    ]
    assert [it for it, _ in index.nearest("two", "ruff F401", vector(1, 1), 5)] == [b"c" * 16]
    assert index.nearest("three", "ruff F401", vector(1, 1), 5) == []
    assert index.nearest("one", "ruff F401", vector(1, 1)[:-4], 5) == []  # of other dimensions
    assert index.missing("one", [b"a" * 16, b"c" * 16]) == [b"c" * 16]
    index.keep_only("two")
    assert index.nearest("one", "ruff F401", vector(1, 1), 5) == []
    index.close()


def test_a_damaged_index_is_made_anew(tmp_path):
    path = tmp_path / "issues.db"
    path.write_bytes(b"no database" * 1000)
    index = IssueVectors(path)
    index.add("one", {b"a" * 16: ("ruff F401", vector(1, 1))})
    assert index.missing("one", [b"a" * 16]) == []
    index.close()


def test_attempts_outlive_a_restart(path, told):
    clock = Clock()
    store = open_store(path, told, clock)
    shop = Shop(store)
    shop.check(UNUSED)
    shop.fix()
    store.close()
    shop.store = open_store(path, told, clock)
    shop.check(edited=None)
    assert shop.attempts == [("F401", "ruff-fix", 1, 0.5)]
    shop.store.close()
