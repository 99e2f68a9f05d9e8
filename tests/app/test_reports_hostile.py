"""Whatever stands in a history, each report stands, and shows names as names."""

from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from markdown_it import MarkdownIt

from skills_lsp.app.demo_data import Use
from skills_lsp.domain.invocation import Invocation, Status
from tests.app.planted import REPORTS, UNTIL, session_over

pytestmark = pytest.mark.asyncio(loop_scope="module")

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
NAMES = [
    "x" * 10_000,
    "nul\0byte",
    "<script>alert(1)</script>",
    "a|b|c",
    "`code` **bold** [link](http://example.org)",
    "two\nlines\r\n# heading",
    "\u202eright to left\u202c",
    *(chr(plane * 0x10000 + 0x41) + "plane" for plane in range(17)),
    "\ud800 half",
    "=cmd()",
    "NaN",
]


def uses():
    base = Invocation("ok", "", "s", "execution", status=Status.PASSED, completed=True)
    found = []
    for number, name in enumerate(NAMES):
        for back in range(12):
            at = UNTIL - timedelta(hours=back * 20, minutes=number)
            found.append(
                replace(
                    base,
                    skill_name=name,
                    invoked_at=at.isoformat(),
                    session_id=name,
                    workflow_phase=name if number % 2 else "setup",
                    workflow_path=name,
                    project=name,
                    language=name,
                    error_type=name,
                    summary=name,
                    follow_up_actions=(name,),
                    alternatives_considered=(name,),
                    duration_seconds=(-5.0, 0.0, 1e300, float("inf"), 2.0)[back % 5],
                )
            )
    found += [
        replace(found[0], invoked_at=at, skill_name="when")
        for at in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-03-05T00:00:00Z")
    ]
    return [Use(it, "somebody") for it in found]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hostile(tmp_path_factory):
    async with session_over(tmp_path_factory.mktemp("hostile"), uses()) as session:
        yield session


@pytest.mark.parametrize("name", REPORTS)
async def test_a_page_has_no_markup_but_its_own(hostile, name):
    page = (await hostile.command(name)).markdown()
    tokens = MARKDOWN.parse(page)
    inline = [child for token in tokens for child in token.children or []]
    kinds = {it.type for it in (*tokens, *inline)}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "strong_open", "s_open"}
    headings = [it.content for it in tokens if it.type == "inline" and it.map and it.level == 1]
    assert not any(it.startswith("heading") for it in headings)
    assert "\0" not in page
    assert max(map(len, page.splitlines())) < 3_000
    page.encode("utf-8")


@pytest.mark.parametrize("name", NAMES)
async def test_each_skill_can_be_asked_for(hostile, name):
    result = await hostile.command("report.skill", name=name)
    assert result.skill is None or result.skill["n_uses"] >= 1
    assert len(result.message) < 500


async def test_what_is_to_come_is_not_counted_yet(hostile):
    result = await hostile.command("report.overview", n_days=3_000)
    assert "when" not in {it["skill"] for it in result.skills if it["n_uses"]}
    assert (await hostile.command("report.skill", name="when")).skill["n_uses"] == 3


async def test_an_export_of_it_holds_every_run(hostile, tmp_path):
    for form in ("json", "csv"):
        result = await hostile.command("report.export", path=str(tmp_path / f"all.{form}"))
        assert (result.n_uses, result.format) == (len(uses()), form)
