"""The taxonomy: every built-in skill has its place."""

from skills_lsp.domain.skill import Category, Modality
from skills_lsp.skills import builtin
from skills_lsp.skills.taxonomy import taxonomy
from skills_lsp.skills.vocabulary import RESULT_READERS

SKILLS = builtin().skills
FOUND = taxonomy(SKILLS)


def test_there_are_six_categories_four_modalities_and_four_dependencies():
    assert [it.id for it in FOUND.categories] == [it.value for it in Category]
    assert [it.id for it in FOUND.modalities] == [it.value for it in Modality]
    assert [it.id for it in FOUND.dependencies] == ["requires", "leads-to", "together", "instead"]


def test_every_builtin_skill_stands_in_it_and_each_category_and_modality_has_some():
    assert {it.skill for it in FOUND.places} == {it.name for it in SKILLS}
    assert {category for it in FOUND.places for category, _ in it.categories} == {*Category}
    assert {it.modality for it in FOUND.places} == {*Modality}
    assert all(it.categories[0][1] == 1.0 for it in FOUND.places)
    assert all(it.input_format and it.output_format for it in FOUND.places)


def test_what_it_names_is_there():
    names = {it.name for it in SKILLS}
    assert {name for it in FOUND.categories for name in it.also} <= names
    assert {name for it in FOUND.known for name in (it.first, it.second)} <= names
    assert {it.kind for it in FOUND.known} == {it.id for it in FOUND.dependencies}
    assert all(it.first < it.second for it in FOUND.known if it.kind in ("together", "instead"))
    import tomllib

    from skills_lsp.skills import taxonomy as module

    outputs = tomllib.loads(module.FILE.read_text())["outputs"]
    assert {it for readers in outputs.values() for it in readers} <= {*RESULT_READERS}


def test_what_goes_in_and_comes_out():
    by_name = {it.skill: it for it in FOUND.places}
    formats = {
        name: (by_name[name].input_format, by_name[name].output_format)
        for name in (
            "pytest-run",
            "ruff-check",
            "ruff-fix",
            "tsc-check",
            "pip-audit",
            "doc-generate",
        )
    }
    assert formats == {
        "pytest-run": ("python-tests", "test-results"),
        "ruff-check": ("python-source", "diagnostics"),
        "ruff-fix": ("python-source", "changed-files"),
        "tsc-check": ("typescript-source", "diagnostics"),
        "pip-audit": ("package", "diagnostics"),
        "doc-generate": ("text", "agent-answer"),
    }
    assert by_name["ruff-check"].categories == (
        ("linting-and-formatting", 1.0),
        ("code-quality", 0.5),
    )
