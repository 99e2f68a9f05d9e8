"""What the application learns by itself from runs: what was reported, what was tried, what helped."""

import sys

from tests.app.session import Session

# A check that finds "bad" in a file, and a fixer that takes it out, or does not.
CHECK = """\
import sys
path = sys.argv[1]
found = [n for n, line in enumerate(open(path), 1) if "bad" in line]
for n in found:
    print(f"{path}:{n}:1: error: bad word number {n}")
sys.exit(1 if found else 0)
"""
SKILL = """\
title = "{name}"
description = "Looks for bad words, or takes them out."
category = "{category}"
modality = "code"
phase = "verification"
scope = "file"

[run]
kind = "program"
tool = "{tool}"
args = {args}
cwd = "{{workspace}}"
result = "{result}"
changes_files = {changes}
"""


def skill(session: Session, name: str, code: str, *, changes: bool, category: str) -> None:
    script = session.write(f"{name}.py", code)
    text = SKILL.format(
        name=name,
        category=category,
        tool=sys.executable,
        args=f'["{script}", "{{file}}"]',
        result="text" if changes else "gcc-text",
        changes=str(changes).lower(),
    )
    session.write(f".skills/{name}.toml", text)


async def prepared(session: Session, category: str = "code-quality") -> str:
    mend = "import sys\np = sys.argv[1]\ns = open(p).read()\nopen(p, 'w').write(s.replace('bad', 'good!'))"
    skill(session, "word-check", CHECK, changes=False, category=category)
    skill(session, "word-fix", mend, changes=True, category="code-quality")
    skill(session, "no-fix", "print('nothing')", changes=True, category="code-quality")
    await session.app.reload_catalogue()
    session.client.answer = "Trust this folder"
    return session.open("words.txt", "a bad word\n", "plaintext")


async def run(session: Session, name: str, uri: str) -> str:
    session.clock.move(60)
    status = (await session.run(name, uri)).status
    await session.settle()
    return status


def attempts(session: Session) -> list[tuple[str, bool, float]]:
    def ask(db):
        rows = db.execute(
            "SELECT strategy, success, credit FROM fix_attempt WHERE success IS NOT NULL ORDER BY id"
        )
        return [(strategy, bool(success), credit) for strategy, success, credit in rows]

    return session.app.store.query(ask, [])


async def test_what_was_run_between_a_failure_and_the_next_look_is_what_helped(session):
    uri = await prepared(session)
    assert await run(session, "word-check", uri) == "failed"
    assert await run(session, "no-fix", uri) == "passed"
    assert attempts(session) == []  # nobody has looked yet
    assert await run(session, "word-check", uri) == "failed"
    assert attempts(session) == [("no-fix", False, 1.0)]
    assert await run(session, "word-fix", uri) == "passed"
    assert await run(session, "word-check", uri) == "passed"
    assert attempts(session) == [("no-fix", False, 1.0), ("word-fix", True, 1.0)]
