"""``skills new``: a start that says what each line is for, and that passes its own check."""

from skills_lsp.domain.skill import Category
from skills_lsp.errors import UsageError
from skills_lsp.skills.vocabulary import PLACEHOLDERS, RESULT_READERS, is_name

_HEAD = """\
# The skill "{name}": its name is this file's. Check it with: skills-lsp skills check .skills
# Every field: schema/skill.schema.json (editors with TOML support show it while you type).

title = "{title}"  # what the menu shows: short, an imperative
description = "Say what it does and when it helps; search reads this."
# {categories}
category = "{category}"
modality = "code"  # code, testing, documentation, deployment
phase = "{phase}"  # setup, execution, verification, deployment
languages = ["python"]  # LSP language ids; leave out for any
scope = "file"  # symbol (what the cursor is in), file, project
file_kind = "any"  # test, source, any
{kind_line}keywords = []  # more words by which a search finds it
# requires_files = ["pyproject.toml"]  # offered only where one of these is
# shortcut = "ctrl+k ctrl+g x"  # a hint that editors can show and bind
estimated_duration_seconds = {seconds}

# What in the code asks for it, and how strongly, above 0 to 1.
[triggers]
{trigger}
"""

_COMMAND = """
# A program and its arguments. No shell reads them: one entry is one argument, and what fills a
# placeholder stays inside its argument.
[run]
kind = "python-tool"  # python-module, python-tool, node-tool, program
tool = "ruff"
# Placeholders:
#   {placeholders}
args = ["check", "--output-format=json", "{{file}}"]
cwd = "{{project}}"
# How the output is read:
#   {readers}
result = "ruff-json"
ok_exit_codes = [0]  # it ran, and all is well
found_exit_codes = [1]  # it ran, and found something
timeout_seconds = 60
changes_files = false
install = "python -m pip install ruff"
"""

_AGENT = '''
# Instructions for a coding agent. The file, the lines, the selection and what was seen there are
# handed over with them.
[agent]
instructions = """
Say what the agent shall do, in the order in which it shall do it.

1. Read the code at the given place, and what calls it.
2. ...
3. Run the tests that cover it, and report what changed and why.

Say what it must not do, and when it shall stop and ask.
"""
allowed_tools = []
'''


def template(name: str, kind: str) -> str:
    """Return the text of a new skill file."""
    if not is_name(name):
        hint = "Use lower-case letters, digits and single hyphens, like pytest-run."
        raise UsageError("skill-name", f"{name[:80]!r} is no skill name.", hint)
    if kind not in ("command", "agent"):
        hint = "The kinds are command and agent."
        raise UsageError("skill-kind", f"{kind[:80]!r} is no kind of skill.", hint)
    is_agent = kind == "agent"
    head = _HEAD.format(
        name=name,
        title=name.replace("-", " ").capitalize()[:60],
        category="code-quality" if is_agent else "linting-and-formatting",
        categories=", ".join(Category),
        phase="execution" if is_agent else "verification",
        kind_line='kind = "refactor.rewrite"  # refactor.*, quickfix or skill\n'
        if is_agent
        else "",
        seconds=60 if is_agent else 2,
        trigger="complex-function = 0.6" if is_agent else "unused-import = 0.5",
    )
    if is_agent:
        return head + _AGENT
    placeholders = " ".join(f"{{{each}}}" for each in PLACEHOLDERS)
    return head + _COMMAND.format(
        placeholders=_wrapped(placeholders), readers=_wrapped(", ".join(RESULT_READERS))
    )


def _wrapped(words: str) -> str:
    import textwrap  # noqa: PLC0415 - for this command alone

    return "\n#   ".join(textwrap.wrap(words, 80, break_on_hyphens=False))
