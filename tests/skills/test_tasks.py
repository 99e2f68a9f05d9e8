"""Tasks that a project already has: read, named, never run."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills_lsp.domain.skill import Command, Origin, Phase, Scope, Skill, ToolKind
from skills_lsp.skills import load_tasks
from skills_lsp.skills.tasks import just, make, tox


def shown(root: Path) -> list[str]:
    """Return the tasks as ``name: tool and arguments``."""
    return [f"{s.name}: {' '.join(argv(s))}" for s in load_tasks(root).skills]


def argv(skill: Skill) -> list[str]:
    assert isinstance(skill.action, Command)
    return [skill.action.tool, *skill.action.args]


def told(root: Path) -> list[str]:
    return [f"{Path(p.path).name}:{p.line} {p.message}" for p in load_tasks(root).problems]


def test_folder_without_tasks(tmp_path: Path) -> None:
    assert load_tasks(tmp_path) == load_tasks(tmp_path / "none")
    assert load_tasks(tmp_path).skills == ()


def test_package_scripts(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(
        '{"scripts": {"test": "vitest run", "pretest": "x", "test:e2e": "playwright test",'
        ' "postinstall": "x", "prepare": "husky", "present": "y", "dev": "vite", "empty": "",'
        ' "odd": 3, "buildAll": "x", "-rf": "x", "a{file}": "x", "日本": "x"}}'
    )
    assert shown(tmp_path) == [
        "npm-test: npm run test",
        "npm-test-e2e: npm run test:e2e",
        "npm-present: npm run present",
        "npm-dev: npm run dev",
        "npm-build-all: npm run buildAll",
    ]
    assert told(tmp_path) == [
        "package.json:0 the task '-rf' has a name that could be taken for an option or placeholder",
        "package.json:0 the task 'a{file}' has a name that could be taken for an option or placeholder",
        "package.json:0 the task '日本' has a name without letters",
    ]


def test_task_as_a_skill(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"scripts": {"test": "vitest\\u202e run", "dev": "v"}}')
    test, dev = load_tasks(tmp_path).skills
    assert (test.origin, test.scope, test.phase) == (Origin.TASK, Scope.PROJECT, Phase.EXECUTION)
    assert test.title == "npm: test"
    assert test.description == "Task test of package.json: vitest run"
    assert test.path == str(tmp_path / "package.json")
    assert isinstance(test.action, Command)
    assert isinstance(dev.action, Command)
    assert test.action.cwd == str(tmp_path)
    assert dev.action.timeout_seconds > test.action.timeout_seconds


@pytest.mark.parametrize(
    ("lock", "declared", "manager"),
    [
        ("", "", "npm"),
        ("package-lock.json", "", "npm"),
        ("pnpm-lock.yaml", "", "pnpm"),
        ("yarn.lock", "", "yarn"),
        ("bun.lockb", "", "bun"),
        ("bun.lock", "", "bun"),
        ("yarn.lock", "pnpm@9.1.0", "pnpm"),
        ("yarn.lock", "evil; rm", "yarn"),
    ],
)
def test_package_manager(tmp_path: Path, lock: str, declared: str, manager: str) -> None:
    (tmp_path / "package.json").write_text(
        f'{{"packageManager": "{declared}", "scripts": {{"test": "x"}}}}'
    )
    if lock:
        (tmp_path / lock).write_text("")
    assert shown(tmp_path) == [f"{manager}-test: {manager} run test"]


MAKEFILE = """\
PREFIX := /usr
CC ?= cc
export A = b: c
.PHONY: all test \\
        clean
.DEFAULT_GOAL := all

all: build  ## Build everything
test check:: ; pytest
%.o: %.c
\tcc -c $<
build/app: main.o
\tnot_a_target: x
define TEXT
inside: define
endef
$(DYNAMIC): x
clean:
\trm -rf build
## Publish to the index
publish: all
all: DEBUG = 1
ifeq ($(A),b)
hidden: x
endif
"""


def test_make_targets(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(MAKEFILE)
    assert shown(tmp_path) == [
        "make-all: make all",
        "make-test: make test",
        "make-clean: make clean",
        "make-publish: make publish",
    ]
    by_name = load_tasks(tmp_path).by_name
    assert by_name["make-all"].description == "Task all of Makefile: Build everything"
    assert by_name["make-publish"].description == "Task publish of Makefile: Publish to the index"
    assert by_name["make-publish"].requires_human_review


def test_makefile_without_phony_gives_its_plain_words(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("all: x.o\nx.o: x.c\nout/app: all\nlint:\n\truff\n")
    assert shown(tmp_path) == ["make-all: make all", "make-lint: make lint"]


def test_gnumakefile_comes_first(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("b:\n")
    (tmp_path / "GNUmakefile").write_text("a:\n")
    assert shown(tmp_path) == ["make-a: make a"]


def test_just_recipes(tmp_path: Path) -> None:
    (tmp_path / "justfile").write_text(
        "set shell := ['bash']\nversion := '1'\nalias t := test\nimport 'x.just'\n\n"
        "# Run the tests\ntest *ARGS:\n    pytest\n\n"
        "build target='all' mode=\"fast: x\": test\n    make\n"
        "needs-one name:\n    x\nsome +FILES:\n    x\n_hidden:\n    x\n"
        "[private]\nsecret:\n    x\n[no-cd]\n@quiet: build\n    inside: x\n"
    )
    assert shown(tmp_path) == [
        "just-test: just test",
        "just-build: just build",
        "just-quiet: just quiet",
    ]
    description = load_tasks(tmp_path).by_name["just-test"].description
    assert description == "Task test of justfile: Run the tests"


@pytest.mark.parametrize(
    ("file", "text", "names"),
    [
        ("tox.ini", "[tox]\nenvlist =\n    py{311,312}-{a,b}\n    lint, docs # c\n[testenv:type]\n"
         "description = Check types\n", ["py311-a", "py311-b", "py312-a", "py312-b", "lint", "docs", "type"]),
        ("tox.ini", "[tox]\nenv_list = {py39,py310}, style\n", ["py39", "py310", "style"]),
        ("setup.cfg", "[metadata]\nname = x\n[tox:tox]\nenvlist = py\n", ["py"]),
        ("tox.toml", 'env_list = ["3.13", "lint"]\n[env.type]\ndescription = "Check types"\n', ["3.13", "lint", "type"]),
        ("pyproject.toml", '[tool.tox]\nenv_list = ["py311"]\n[tool.tox.env.type]\n', ["py311", "type"]),
        ("pyproject.toml", '[tool.tox]\nlegacy_tox_ini = """\n[tox]\nenvlist = a, b\n"""\n', ["a", "b"]),
        ("tox.ini", "[tox]\nenvlist = ;rm, $(x), -x, ok\n", ["ok"]),
        ("tox.ini", "[pytest]\nx = 1\n", []),
    ],
)  # fmt: skip
def test_tox_environments(tmp_path: Path, file: str, text: str, names: list[str]) -> None:
    (tmp_path / file).write_text(text)
    assert [argv(skill) for skill in load_tasks(tmp_path).skills] == [
        ["tox", "-e", n] for n in names
    ]
    if "type" in names and "Check types" in text:
        assert load_tasks(tmp_path).by_name["tox-type"].description.endswith(": Check types")


def test_tox_names_are_bounded() -> None:
    assert len(tox.expand("{" + ",".join("abcdefghij") + "}" * 1 + "{a,b,c,d,e,f,g,h}" * 12)) == 100
    assert tox.expand("{a") == ["{a"]


def test_nox_sessions_are_read_and_not_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    (tmp_path / "noxfile.py").write_text(
        f"open({str(marker)!r}, 'w')\nimport nox\n"
        '@nox.session\ndef tests(session):\n    """Run the tests.\n\n    More."""\n'
        '@nox.session(name="type-check", python=["3.11", "3.12"])\ndef t(session): pass\n'
        "@session(venv_backend='uv')\ndef docs_live(session): pass\n"
        "@other\ndef no(session): pass\ndef helper(): pass\n'\\d'\n"
    )
    assert shown(tmp_path) == [
        "nox-tests: nox --session tests",
        "nox-type-check: nox --session type-check",
        "nox-docs-live: nox --session docs_live",
    ]
    assert load_tasks(tmp_path).skills[0].description == "Task tests of noxfile.py: Run the tests."
    assert not marker.exists()


def test_pre_commit_hooks(tmp_path: Path) -> None:
    (tmp_path / ".pre-commit-config.yaml").write_text(
        "repos:\n- repo: https://x\n  rev: v1\n  hooks:\n  - id: ruff\n    args: [--fix]\n"
        "  - id: mypy\n    alias: types\n    name: Check types\n  - id: m\n    stages: [manual]\n"
        "  - name: no id\n- repo: meta\n"
    )
    assert shown(tmp_path) == [
        "pre-commit-ruff: pre-commit run ruff --all-files --color=never",
        "pre-commit-types: pre-commit run types --all-files --color=never",
    ]


def test_poe_tasks(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.poe.tasks]\ntest = "pytest"\n_private = "x"\nseq = ["test", "lint"]\n'
        'lint = {cmd = "ruff check", help = "Lint it"}\n'
        '[tool.poe.tasks.release]\nshell = "x"\nargs = [{name = "version", required = true}]\n'
        '[tool.poe.tasks.serve]\ncmd = "x"\nargs.port = {default = 1}\n'
    )
    assert shown(tmp_path) == ["poe-test: poe test", "poe-seq: poe seq", "poe-lint: poe lint", "poe-serve: poe serve"]  # fmt: skip
    assert load_tasks(tmp_path).by_name["poe-lint"].description.endswith(": Lint it")
    action = load_tasks(tmp_path).skills[0].action
    assert isinstance(action, Command)
    assert action.kind is ToolKind.PYTHON_TOOL


BAD = [
    ("package.json", b"{", "package.json:1 is not valid JSON: "),
    ("package.json", b"[" * 200_000, "package.json:0 is nested too deeply"),
    ("package.json", b"[]", "package.json:0 has no table of scripts, but something else"),
    ("package.json", b'{"scripts": []}', "package.json:0 has no table of scripts"),
    ("package.json", b'{"a": ' + b"9" * 5000 + b"}", "package.json:0 is not valid JSON: a number"),
    ("package.json", b"\xff\xfe", "package.json:1 is not UTF-8 text"),
    ("package.json", b" " * 2_000_000, "package.json:0 is larger than 1024 kB, the limit here"),
    ("Makefile", b"\x00\xff", "Makefile:1 is not UTF-8 text"),
    ("justfile", b"\xff", "justfile:1 is not UTF-8 text"),
    ("tox.ini", b"\xff", "tox.ini:1 is not UTF-8 text"),
    ("tox.toml", b"a = [", "tox.toml:1 is not valid TOML: "),
    ("noxfile.py", b"def (:", "noxfile.py:1 is not valid Python: "),
    ("noxfile.py", b"\x00", "noxfile.py:"),
    ("noxfile.py", b"-" * 200_000 + b"1", "noxfile.py:0 is nested too deeply"),
    ("noxfile.py", b"x = 1" + b"+1" * 100_000, "noxfile.py:0 is nested too deeply"),
    ("noxfile.py", b"#" * 300_000, "noxfile.py:0 is larger than 256 kB, the limit here"),
    ("pyproject.toml", b"[tool", "pyproject.toml:1 is not valid TOML: "),
    ("pyproject.toml", b"a." * 60_000 + b"b=1", "pyproject.toml:1 has more dots in a line"),
    (".pre-commit-config.yaml", b"[", ".pre-commit-config.yaml:"),
    (".pre-commit-config.yaml", b"[" * 90_000, ".pre-commit-config.yaml:1 has a YAML text that is"),
    (".pre-commit-config.yaml", b"a: 1", ".pre-commit-config.yaml:0 has no list of repos"),
]


@pytest.mark.parametrize(("file", "data", "expected"), BAD, ids=lambda v: str(v)[:30])
def test_broken_file_is_one_problem_and_the_others_load(
    tmp_path: Path, file: str, data: bytes, expected: str
) -> None:
    (tmp_path / file).write_bytes(data)
    other = "Makefile" if file == "package.json" else "package.json"
    (tmp_path / other).write_text("a:\n" if other == "Makefile" else '{"scripts": {"a": "x"}}')
    (problem,) = told(tmp_path)
    assert problem.startswith(expected)
    assert len(load_tasks(tmp_path).skills) == 1


def test_names_that_are_no_plain_text_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(
        '{"scripts": {"a\\ud800": "x", "b\\n": "x", "c\\u202e": "x", "'
        + "d" * 300
        + '": "x", "e": "x"}}'
    )
    assert shown(tmp_path) == ["npm-e: npm run e"]
    assert len(told(tmp_path)) == 4
    assert all(line.endswith("has a name that is no plain text") for line in told(tmp_path))
    "".join(told(tmp_path)).encode()


HOSTILE = [
    ("Makefile", "a" + " " * 900_000 + "\n" + ("b" + " " * 900 + "\n") * 90),
    ("justfile", "a" + " b" * 400_000 + "\n" + ("a" + " b=" * 300 + "\n") * 90),
    ("tox.ini", "[tox]\nenvlist = " + "{a,b}" * 20_000 + "{" * 50_000),
    (".pre-commit-config.yaml",
     "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
     + "repos:\n- hooks:\n  - id: x\n    stages: *a59\n    name: *a59\n"),
    ("noxfile.py", "@nox.session(name=" + "9" * 9_000 + ")\ndef a(s): pass\n"),
    ("pyproject.toml", "[tool.poe.tasks.a]\ncmd = 'x'\nargs = 5\n"),
    ("noxfile.py", "@" + "a." * 500 + "session\ndef a(s): pass\n"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "text"), HOSTILE, ids=lambda v: v[:24])
def test_hostile_text_takes_no_time(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).write_text(text)
    start = time.process_time()
    load_tasks(tmp_path)
    assert time.process_time() - start < 2.0


def test_number_of_tasks_is_bounded(tmp_path: Path) -> None:
    scripts = ", ".join(f'"s{number}": "x"' for number in range(2_000))
    (tmp_path / "package.json").write_text(f'{{"scripts": {{{scripts}}}}}')
    catalogue = load_tasks(tmp_path)
    assert len(catalogue.skills) == 500
    assert [problem.message for problem in catalogue.problems] == [
        "has more than 500 tasks; the rest is left out"
    ]


def test_pipe_in_place_of_a_file_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "package.json")
    os.mkfifo(tmp_path / "Makefile")
    (tmp_path / "noxfile.py").mkdir()
    assert load_tasks(tmp_path).skills == ()


@given(st.text(alphabet="ab:=# \t\n\\.PHONY%$()define,ARGS*+'\"", max_size=80))
def test_any_text_is_read_as_make_and_just(text: str) -> None:
    for targets in (make._targets(text)[0], dict.fromkeys(just._RECIPE.findall(text))):
        assert all(str(name).strip() for name in targets)
