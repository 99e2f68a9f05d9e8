"""The documents hold what the code says: fresh, complete, and without a broken link."""

import json
import re
import tomllib
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest

from scripts import generate
from scripts.reference.command_line import subcommands
from scripts.reference.layout import field_docs
from scripts.reference.patterns import example
from scripts.reference.settings import camel_case
from skills_lsp.app.configuration import settings_from
from skills_lsp.app.operations import table as operations
from skills_lsp.app.plain import plain
from skills_lsp.domain.settings import Settings
from skills_lsp.domain.skill import Origin
from skills_lsp.ide.order import DEFAULT_WEIGHTS
from skills_lsp.patterns import catalogue
from skills_lsp.skills import builtin, load_toml

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
README = (ROOT / "README.md").read_text("utf-8")
EDITORS = (ROOT / "editors" / "README.md").read_text("utf-8")
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in chain(ROOT.glob("*.md"), ROOT.glob("[a-z]*/**/*.md"))
    if not {"node_modules", "projects", "fixtures"}.intersection(path.parts)
)
_BLOCK = re.compile(r"^<!-- ([\w.: -]+) -->\n```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+(?:\([^()]*\)[^()\s]*)*)\)")


def blocks(text: str) -> dict[str, str]:
    """Return the code blocks that have a name, by name."""
    return {found[1]: found[3] for found in _BLOCK.finditer(text)}


@pytest.mark.parametrize("name", generate.FILES)
def test_a_generated_file_is_fresh(name):
    assert (ROOT / name).read_text("utf-8") == generate.FILES[name](), "run: make generated"


def test_each_skill_pattern_command_setting_and_subcommand_is_described():
    missing = [
        f"{page}: {name}"
        for page, names in (
            ("skills.md", {it.name for it in builtin().skills}),
            ("patterns.md", {f"\n### `{it.id}`\n" for it in catalogue()}),
            ("commands.md", {f"\n## {command}\n" for command in operations()}),
            ("settings.md", {f"| `{camel_case(it)}` |" for it in Settings.__slots__}),
            ("cli.md", {f"\n## {path}\n" for path, _ in subcommands()}),
        )
        for name in names
        if name not in (REFERENCE / page).read_text("utf-8")
    ]
    assert missing == []


def test_an_example_is_the_first_match_of_a_fixture_with_its_carets():
    fixture = """\
# path: shop/cart.py
import time

async def buy():
    step = 1
    time.sleep(step)
#   ^^^^^^^^^^ blocking
    time.sleep(2)
#   ^^^^^^^^^^ blocking
"""
    assert example(fixture, "blocking") == [
        "async def buy():",
        "    step = 1",
        "    time.sleep(step)",
        "    ^^^^^^^^^^",
    ]


def test_an_example_that_ends_in_a_decorator_shows_what_it_decorates():
    fixture = "class Cart:\n    @skip\n#    ^^^^ skipped\n    def test_pay(self): ...\n"
    assert example(fixture, "skipped") == [
        "class Cart:",
        "    @skip",
        "     ^^^^",
        "    def test_pay(self): ...",
    ]


def test_each_parameter_and_setting_has_a_sentence():
    for made in (Settings, *(it.params for it in operations().values())):
        assert set(field_docs(made)) == set(made.__slots__), made.__module__


def test_each_option_of_the_command_line_says_what_it_does():
    silent = [
        f"{path} {option.opts[0]}"
        for path, command in subcommands()
        for option in command.params
        if option.param_type_name == "option" and not option.help
    ]
    assert silent == []
    assert all(command.help for _, command in subcommands())


def test_each_pattern_says_why_and_names_its_source():
    unsaid = [it.path.name for it in catalogue() if not it.summary or not it.source]
    assert unsaid == []


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_leads_somewhere(page):
    text = (ROOT / page).read_text("utf-8")
    targets = [it for it in _LINK.findall(_CODE.sub("", text)) if "://" not in it]
    assert [it for it in targets if not leads_somewhere(ROOT / page, it)] == []


def leads_somewhere(page: Path, target: str) -> bool:
    path, _, anchor = unquote(target).partition("#")
    file = (page.parent / path).resolve() if path else page
    if not file.exists() or not file.is_relative_to(ROOT):
        return False
    return not anchor or anchor in anchors(file.read_text("utf-8"))


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub makes of headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", it.lower()).replace(" ", "-") for it in headings}


def test_the_readme_names_the_two_commands_that_set_everything_up():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in ("demo", "test"):
        assert f"`make {target}`" in README
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_every_console_block_of_the_readme_is_one_that_is_run():
    assert README.count("```console") == README.count("<!-- example -->\n```console") > 0


def test_the_readmes_count_of_skills_and_its_weights_are_right():
    assert f"[{len(builtin().skills)} built-in skills]" in README
    for name in ("pattern", "habit", "scope", "text"):
        assert f"**{name.capitalize()}, {getattr(DEFAULT_WEIGHTS, name):.2f}**" in README
    assert f"loses {-DEFAULT_WEIGHTS.missing_tool:.2f}" in README


@pytest.mark.parametrize("name", ["helix", "eglot"])
def test_the_readmes_lines_for_an_editor_are_those_that_docs_editors_has_and_tests(name):
    assert meaning(name, blocks(README)[name]) == meaning(name, blocks(EDITORS)[name])


def meaning(name: str, text: str) -> object:
    """Return what an editor reads from lines, wherever they are broken."""
    return tomllib.loads(text) if name == "helix" else re.sub(r"\s", "", text)


def test_the_example_skill_of_the_docs_is_one():
    text = blocks((ROOT / "docs/skills.md").read_text("utf-8"))["skill: count-lines"]
    skill, problems = load_toml("count-lines.toml", text, Origin.PROJECT)
    assert skill is not None
    assert problems == ()


def test_the_settings_schema_agrees_with_the_program():
    schema = json.loads((ROOT / "schema/settings.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    defaults = {camel_case(it): value for it, value in plain(Settings()).items()}
    jsonschema.validate(defaults, schema)
    assert settings_from(defaults, Settings()) == (Settings(), ())
    for name, entry in schema["properties"].items():
        if "maximum" in entry:
            wrong = {name: entry["maximum"] + 1}
            assert settings_from(wrong, Settings())[1], f"{name} is limited in the program too"
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(wrong, schema)


def test_the_protocol_schema_has_each_command_with_valid_schemas():
    protocol = json.loads((ROOT / "schema/protocol.json").read_text("utf-8"))
    assert list(protocol["commands"]) == list(operations())
    for entry in protocol["commands"].values():
        for part in ("params", "result"):
            jsonschema.Draft202012Validator.check_schema(entry[part])
    arguments = {"skill": "pytest-run", "uri": "file:///a.py", "line": 3, "end_line": None}
    run = protocol["commands"]["skills.run"]["params"]
    jsonschema.validate(arguments, run)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"skil": "pytest-run"}, run)


def test_the_picture_is_one():
    import xml.etree.ElementTree as ET

    root = ET.parse(ROOT / "docs/images/session.svg").getroot()
    text = "".join(root.itertext())
    assert "1: Run this test: test_discount_is_taken_once" in text
    assert "✗ assert 1350 == 1300" in text


def test_the_pictures_are_small_and_name_no_machine():
    pictures = [*ROOT.glob("docs/images/*"), *ROOT.glob("editors/*/images/*")]
    assert len(pictures) > 10
    n_bytes = sum(it.stat().st_size for it in pictures)
    assert n_bytes < 1_500_000, "run pngquant --strip --ext .png --force on the largest"
    drawn = [it for it in pictures if it.suffix == ".svg"]
    named = [it for it in drawn if re.search(r"/(tmp|home|root|work)/", it.read_text("utf-8"))]
    assert named == []


def test_the_readmes_pipeline_is_the_example_that_is_run():
    example = (ROOT / "examples" / "ci" / "github-actions.yml").read_text("utf-8")
    assert f"```yaml\n{example}```" in README
