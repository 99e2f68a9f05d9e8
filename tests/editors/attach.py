"""The lines that editors/README.md tells people to write: the tests run these and no others."""

import re

from tests.editors.installed import ROOT

DOCUMENT = ROOT / "editors" / "README.md"


def lines_for(name: str) -> str:
    """Return the code block that follows the comment ``<!-- name -->`` in editors/README.md."""
    text = DOCUMENT.read_text(encoding="utf-8")
    block = rf"^<!-- {re.escape(name)} -->\n```\w*\n(.*?)^```$"
    found = re.search(block, text, re.DOTALL | re.MULTILINE)
    assert found, f"{DOCUMENT.name} has no block named {name}"
    return found[1]
