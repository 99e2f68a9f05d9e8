"""Capabilities as a handful of plain answers."""

import pytest
from lsprotocol import types
from pygls.protocol import default_converter

from skills_lsp.server.profile import ClientProfile, profile_of


def profile(capabilities: dict) -> ClientProfile:
    structured = default_converter().structure(capabilities, types.ClientCapabilities)
    return profile_of(structured, types.ClientInfo("an editor"))


@pytest.mark.parametrize(
    ("formats", "expected"),
    [
        (["markdown", "plaintext"], True),
        (["markdown"], True),
        (["plaintext"], False),
    ],
)
def test_hovers_are_markdown_for_who_reads_it(formats: list[str], expected: bool) -> None:
    said = profile({"textDocument": {"hover": {"contentFormat": formats}}})
    assert said.markdown_hover is expected


def test_who_says_nothing_of_hovers_gets_markdown() -> None:
    assert profile({}).markdown_hover
