"""Agent Skills: the open specification, read leniently and within bounds."""

import os
import threading
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skills_lsp.domain.skill import AgentPrompt, Category, FileKind, Origin, Phase, Trigger
from skills_lsp.skills import load_agent_skills
from skills_lsp.skills.agent_skills import MAX_DEPTH, MAX_FOLDERS
from skills_lsp.skills.front_matter import FrontMatter, read_front_matter


def write(root: Path, name: str, text: str) -> Path:
    path = root / name / "SKILL.md"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def skill_md(name: str, *more: str, description: str = "Does it.") -> str:
    return "\n".join(["---", f"name: {name}", f"description: {description}", *more, "---", "Go."])


def told(root: Path) -> list[str]:
    return [
        f"{Path(p.path).parent.name}:{p.line}{'' if p.is_error else '?'} {p.message}"
        for p in load_agent_skills(root, Origin.PROJECT).problems
    ]


def test_example_of_the_specification(tmp_path: Path) -> None:
    write(
        tmp_path, "pdf-processing",
        "---\nname: pdf-processing\n"
        "description: Extract PDF text, fill forms, merge files. Use when handling PDFs.\n"
        'license: Apache-2.0\ncompatibility: Requires Python 3.14+ and uv\nmetadata:\n'
        '  author: example-org\n  version: "1.0"\nallowed-tools: Bash(git:*) Read\n---\n\n# Steps\n1.\n',
    )  # fmt: skip
    catalogue = load_agent_skills(tmp_path, Origin.USER)
    assert catalogue.problems == ()
    (skill,) = catalogue.skills
    assert (skill.name, skill.origin) == ("pdf-processing", Origin.USER)
    assert skill.title == "Pdf processing"
    assert skill.action == AgentPrompt(
        "# Steps\n1.", str(tmp_path / "pdf-processing"), ("Bash(git:*)", "Read")
    )
    assert skill.path == str(tmp_path / "pdf-processing" / "SKILL.md")


def test_our_fields_travel_in_metadata(tmp_path: Path) -> None:
    write(tmp_path, "x", skill_md(
        "x", "metadata:", "  skills-lsp-title: Mend it",
        "  skills-lsp-triggers: test-function=0.8, async-test", "  skills-lsp-languages: python, sql",
        "  skills-lsp-category: testing", "  skills-lsp-phase: deployment",
        "  skills-lsp-file-kind: test", "  skills-lsp-estimated-duration-seconds: 5",
        "  skills-lsp-requires-human-review: true", "  skills-lsp-shortcut: ctrl+alt+x",
    ))  # fmt: skip
    catalogue = load_agent_skills(tmp_path, Origin.PROJECT)
    assert catalogue.problems == ()
    (skill,) = catalogue.skills
    assert skill.title == "Mend it"
    assert skill.triggers == (Trigger("test-function", 0.8), Trigger("async-test", 0.6))
    assert skill.languages == ("python", "sql")
    assert (skill.category, skill.phase) == (Category.TESTING, Phase.DEPLOYMENT)
    assert (skill.file_kind, skill.estimated_duration_seconds) == (FileKind.TEST, 5.0)
    assert (skill.requires_human_review, skill.shortcut) == (True, "ctrl+alt+x")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("skills-lsp-phase: later",
         "x:5? metadata skills-lsp-phase: 'later' is not one of setup, execution, verification,"
         " deployment"),
        ("skills-lsp-triger: a",
         "x:5? metadata skills-lsp-triger: is not known; did you mean 'triggers'?"),
        ("skills-lsp-triggers: no-such",
         "x:5? metadata skills-lsp-triggers: no pattern is called 'no-such'"),
        ("skills-lsp-triggers: async-test=lots", "x:5? metadata skills-lsp-triggers: is no number"),
        ("skills-lsp-triggers: [a]",
         "x:5? metadata skills-lsp-triggers: must be text; separate several with commas"),
    ],
)  # fmt: skip
def test_mistake_in_our_fields_is_a_warning(tmp_path: Path, row: str, expected: str) -> None:
    write(tmp_path, "x", skill_md("x", "metadata:", f"  {row}"))
    assert told(tmp_path) == [expected]
    assert [skill.name for skill in load_agent_skills(tmp_path, Origin.PROJECT).skills] == ["x"]


@pytest.mark.parametrize(
    ("name", "taken", "warning"),
    [
        ("PDF Tools", "pdf-tools", "breaks the rule"),
        ("-pdf", "pdf", "breaks the rule"),
        ("a--b", "a-b", "breaks the rule"),
        ("x" * 70, "x" * 64, "breaks the rule"),
        ("other", "other", "name 'other' is not the folder's, 'folder'"),
        ("日本", "folder", "breaks the rule"),
        ("on", "on", "is not the folder's"),
        ("123", "123", "is not the folder's"),
        ("[a]", "folder", "name is missing; the folder's, 'folder', is used"),
    ],
)
def test_odd_name_is_a_warning(tmp_path: Path, name: str, taken: str, warning: str) -> None:
    write(tmp_path, "folder", skill_md(name))
    catalogue = load_agent_skills(tmp_path, Origin.PROJECT)
    assert [skill.name for skill in catalogue.skills] == [taken]
    (problem,) = catalogue.problems
    assert (problem.is_error, problem.line) == (False, 2)
    assert warning in problem.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\nname: x\n---\nbody", "x:1 description is missing or empty, so the skill is left out"),
        (skill_md("x", description=""), "x:3 description is missing or empty, so the skill is left out"),
        (skill_md("x", description="~"), "x:3 description is missing or empty, so the skill is left out"),
        ("# x\n", "x:1 has no front matter; the first line must be ---"),
        ("", "x:1 has no front matter; the first line must be ---"),
        ("---\nname: x\n", "x:1 has a front matter that is never closed by ---"),
        ("---\n- a\n---\n", "x:2 has a front matter that is no table of names and values"),
        ("---\n---\n", "x:2 has a front matter that is no table of names and values"),
        ("---\na: [\n---\n", "x:3 is not valid YAML: did not find expected node content"),
        ("---\na: 'x\n---\n", "x:3 is not valid YAML: found unexpected end of stream"),
        ("---\na: \x00\n---\n", "x:2 is not valid YAML: unacceptable character #x0000"),
        ("---\n" + "a: " + "[" * 60_000 + "\n---\n", "x:2 has a YAML text that is nested too deeply"),
        ("---\n" + "- " * 30_000 + "\n---\n", "x:2 has a YAML text that is nested too deeply"),
        ("---\n" + "a: 1\n" * 20_000 + "---\n", "x:1 has a front matter of more than 64 kB"),
        ("---\n" + "x" * 2_000_000, "x:0 is larger than 1024 kB, the limit here"),
    ],
)  # fmt: skip
def test_hopeless_file_is_left_out_with_the_reason(
    tmp_path: Path, text: str, expected: str
) -> None:
    write(tmp_path, "x", text)
    write(tmp_path, "good", skill_md("good"))
    (problem,) = told(tmp_path)
    assert problem.startswith(expected)
    assert [skill.name for skill in load_agent_skills(tmp_path, Origin.USER).skills] == ["good"]


def test_nested_yaml_does_not_end_the_process_on_a_small_stack(tmp_path: Path) -> None:
    write(tmp_path, "x", "---\n" + "{a: " * 15_000 + "\n---\n")
    before = threading.stack_size(512 * 1024)  # macOS gives threads this much
    try:
        found: list[str] = []
        thread = threading.Thread(target=lambda: found.extend(told(tmp_path)))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert found == ["x:2 has a YAML text that is nested too deeply"]


def test_unquoted_colon_is_read_as_if_quoted(tmp_path: Path) -> None:
    write(tmp_path, "x", skill_md("x", description='Use when: the user says "hi" \\ there'))
    (skill,) = load_agent_skills(tmp_path, Origin.USER).skills
    assert skill.description == 'Use when: the user says "hi" \\ there'
    assert told(tmp_path) == [
        "x:3? has a value with a colon that should stand in quotes; read as if it did"
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_and_byte_order_mark_do_not_matter(tmp_path: Path, newline: str) -> None:
    path = write(tmp_path, "x", "")
    path.write_bytes(("\ufeff" + skill_md("x").replace("\n", newline)).encode())
    catalogue = load_agent_skills(tmp_path, Origin.USER)
    assert catalogue.problems == ()
    assert catalogue.skills[0].description == "Does it."


HOSTILE = [
    "\n" * 60_000 + "name: x",
    "name: x y: z\nb: c: d" + " " * 60_000 + "e",
    "a0: &a0 [x, x]\n"
    + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    + "description: d\nname: *a59\ncompatibility: *a59\nallowed-tools: *a59\nmetadata:\n"
    + "  skills-lsp-title: *a59\n",
]


@pytest.mark.parametrize("head", HOSTILE, ids=["blank lines", "blanks", "aliases"])
def test_hostile_front_matter_takes_no_time(tmp_path: Path, head: str) -> None:
    write(tmp_path, "x", f"---\n{head}\n---\nbody")
    start = time.process_time()
    load_agent_skills(tmp_path, Origin.PROJECT)
    assert time.process_time() - start < 2.0


def test_text_for_menus_is_plain(tmp_path: Path) -> None:
    write(tmp_path, "x", skill_md("x", description='"a\\u202Eb\\n  c\\u0007"'))
    (skill,) = load_agent_skills(tmp_path, Origin.USER).skills
    assert skill.description == "a b c"


def test_only_files_named_exactly_so_are_skills(tmp_path: Path) -> None:
    for name in ("skill.md", "SKILL.MD", "SKILL.markdown", "README.md"):
        folder = tmp_path / name.replace(".", "-")
        folder.mkdir()
        (folder / name).write_text(skill_md("x"))
    (tmp_path / "SKILL.md").write_text(skill_md("root"))
    assert load_agent_skills(tmp_path, Origin.USER).skills == ()


def test_folders_that_hold_no_skills_are_passed_by(tmp_path: Path) -> None:
    for folder in ("node_modules/a", ".git/b", "deep/" * MAX_DEPTH + "c"):
        write(tmp_path, folder, skill_md("x"))
    write(tmp_path, "deep/" * (MAX_DEPTH - 1) + "d", skill_md("d"))
    write(tmp_path, "outer", skill_md("outer"))
    write(tmp_path, "outer/inner", skill_md("inner"))
    names = [skill.name for skill in load_agent_skills(tmp_path, Origin.USER).skills]
    assert names == ["d", "outer"]


def test_loop_of_links_ends(tmp_path: Path) -> None:
    write(tmp_path, "a/x", skill_md("x"))
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "a")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    catalogue = load_agent_skills(tmp_path, Origin.USER)
    assert [skill.name for skill in catalogue.skills] == ["x"]
    assert catalogue.problems == ()


def test_number_of_folders_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skills_lsp.skills.agent_skills.MAX_FOLDERS", 10)
    for number in range(20):
        write(tmp_path, f"s{number}", skill_md(f"s{number}"))
    catalogue = load_agent_skills(tmp_path, Origin.USER)
    assert len(catalogue.skills) == 9
    assert [problem.message for problem in catalogue.problems] == [
        "holds more than 10 folders; the rest is not looked at"
    ]
    assert MAX_FOLDERS >= 2_000


def test_absent_root_is_no_problem(tmp_path: Path) -> None:
    assert load_agent_skills(tmp_path / "none", Origin.USER).problems == ()


def test_what_is_no_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "x" / "SKILL.md").mkdir(parents=True)
    (tmp_path / "y").mkdir()
    os.mkfifo(tmp_path / "y" / "SKILL.md")
    (tmp_path / "z").mkdir()
    (tmp_path / "z" / "SKILL.md").write_bytes(b"---\nname: z\n\xff\n---\n")
    assert told(tmp_path) == [
        "x:0 is a folder, where a file is expected",
        "y:0 is not a regular file",
        "z:3 is not UTF-8 text",
    ]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
@settings(max_examples=200)
@example("name: x\ndescription: y")
@example("? [a]\n: b")
@example("a: &a [*a]")
@example("a: !!python/object:os.system x")
@example("<<: [a]")
def test_any_front_matter_is_data_or_a_problem(head: str) -> None:
    front = read_front_matter("x", f"---\n{head}\n---\nbody")
    if isinstance(front, FrontMatter):
        assert isinstance(front.data, dict)
    else:
        assert front.line >= 1
        assert "\n" not in front.message
