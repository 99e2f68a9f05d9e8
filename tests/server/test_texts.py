"""Odd and huge texts: right answers, in time, with every range inside the document."""

import json
import time

import pytest

from tests.server.conftest import Connect
from tests.server.profiles import with_encodings
from tests.server.raw_client import RawClient, at
from tests.server.texts import HUGE_TEXTS, JAVASCRIPT, ODD_TEXTS, TEST, ends, is_inside, ranges

ENCODINGS = ("utf-8", "utf-16", "utf-32")
# What a person would still wait for, on a machine that does other things as well.
PATIENCE_SECONDS = 10.0


@pytest.fixture(scope="module")
def sessions(connect_once: Connect) -> dict[str, RawClient]:
    made = {}
    for encoding in ENCODINGS:
        client = made[encoding] = connect_once()
        assert client.initialize(with_encodings(encoding))["positionEncoding"] == encoding
    return made


def check(
    client: RawClient, text: str, encoding: str, language: str = "python", n_lines: int = 6
) -> None:
    """Ask for everything at several places; every range must lie in the text."""
    uri = "file:///nowhere/test_odd." + {"python": "py"}.get(language, "ts")
    client.open(uri, text, language)
    lengths = ends(text, encoding)
    last = len(lengths) - 1
    lines = [line for line in (last // 2, last, 0, 1, 2, last - 1)[:n_lines] if 0 <= line <= last]
    found = [client.lenses(uri)]
    for line in dict.fromkeys(lines):
        for character in sorted({0, 1, 7, lengths[line] // 2, lengths[line], lengths[line] + 9}):
            found.append(client.actions(uri, line, character))
            found.append(client.hover(uri, line, character))
    whole = at(uri, 0)
    whole["range"]["end"] = {"line": last, "character": lengths[last]}
    found.append(client.result("textDocument/codeAction", whole))
    client.close(uri)
    for range_ in ranges(found):
        assert is_inside(range_, lengths), range_


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ODD_TEXTS)
def test_every_range_lies_inside_the_text(sessions, name: str, encoding: str):
    check(sessions[encoding], ODD_TEXTS[name], encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("language", ["typescript", "javascript", "typescriptreact"])
def test_every_range_lies_inside_a_script(sessions, language: str, encoding: str):
    for text in (JAVASCRIPT, JAVASCRIPT.replace("\n", "\r"), "\ufeff𝄞" + JAVASCRIPT, "\0`${" * 50):
        check(sessions[encoding], text, encoding, language)


@pytest.mark.parametrize("name", HUGE_TEXTS)
def test_a_huge_text_is_answered_in_time(sessions, name: str):
    started = time.monotonic()
    check(sessions["utf-16"], HUGE_TEXTS[name], "utf-16", n_lines=2)
    assert time.monotonic() - started < PATIENCE_SECONDS


@pytest.mark.parametrize("name", ["crlf", "cr", "mixed line ends", "form feed", "other breaks"])
def test_lines_end_where_lsp_says(sessions, name: str):
    """The lens of the test stands on its line: no other break counts."""
    text = ODD_TEXTS[name]
    client = sessions["utf-16"]
    client.open("file:///nowhere/test_breaks.py", text)
    (lens,) = client.lenses("file:///nowhere/test_breaks.py")
    client.close("file:///nowhere/test_breaks.py")
    before = text[: text.index("def test_it")].replace("\r\n", "\n").replace("\r", "\n")
    assert lens["range"]["start"] == {"line": before.count("\n"), "character": 0}


def test_an_edit_below_a_form_feed_lands_on_its_line(sessions):
    # splitlines() would put it one line too high, and every later one.
    client = sessions["utf-16"]
    uri = "file:///nowhere/test_form_feed.py"
    client.open(uri, "x = 1\n\x0c\u2028\ndef a():\n    pass\n")
    change = {
        "range": {"start": {"line": 2, "character": 4}, "end": {"line": 2, "character": 5}},
        "text": "test_b",
    }
    document = {"uri": uri, "version": 2}
    client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
    (lens,) = client.lenses(uri)
    assert lens["range"]["start"] == {"line": 2, "character": 0}
    assert lens["range"]["end"] == {"line": 2, "character": 10}
    client.close(uri)


def test_an_edit_splits_no_character(sessions):
    client = sessions["utf-16"]
    uri = "file:///nowhere/test_split.py"
    client.open(uri, "x = '𝄞'\ndef test_a(): pass\n")
    for start, end in ((6, 6), (5, 6), (6, 7), (6, 100), (-1, 2)):
        change = {
            "range": {
                "start": {"line": 0, "character": max(0, start)},
                "end": {"line": 0, "character": end},
            },
            "text": "",
        }
        document = {"uri": uri, "version": 2}
        client.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [change]}
        )
        assert len(client.lenses(uri)) == 1
    client.close(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:Untitled-1",
        "untitled:/tmp/test_x.py",
        "vscode-notebook-cell:/a/test_b.ipynb#X1",
        "git:/a/test_b.py?%7B%22ref%22%3A%22~%22%7D",
        "file:///nowhere/a%20b/%C3%A9/test_x.py",
        "file:///nowhere/test_%F0%9D%84%9E.py",
        "file:///nowhere/%FF/test_x.py",
        "file:///nowhere/%00/test_x.py",
        "file:///nowhere/../../test_x.py",
        "file:///c%3A/x/test_x.py",
        "file:///C:/x/test_x.py",
        "file://server/share/test_x.py",
        "file:/nowhere/test_x.py",
        "FILE:///nowhere/test_x.py",
        "file:///nowhere/test_x.py?q=1#f",
        "file://[",
        "file:///" + "x" * 5_000 + "/test_x.py",
        "file:///" + "x/" * 2_000 + "test_x.py",
        "/nowhere/test_x.py",
        "test_x.py",
        "",
        "\ud800",
        "javascript:alert(1)",
        "file:///nowhere/test_x.py\n\r",
    ],
)
def test_a_document_may_have_any_uri(sessions, uri: str):
    client = sessions["utf-16"]
    client.open(uri, TEST)
    for answer in (client.actions(uri, 0), client.lenses(uri)):
        assert "Traceback" not in json.dumps(answer)
        assert all(is_inside(it, ends(TEST, "utf-16")) for it in ranges(answer))
    assert client.hover(uri, 1, 12) is not None
    client.close(uri)
    assert client.actions(uri, 0) == []


def test_the_name_speaks_where_the_language_id_does_not(sessions):
    client = sessions["utf-16"]
    client.open("file:///nowhere/test_named.py", TEST, "plaintext")
    assert client.lenses("file:///nowhere/test_named.py")
    client.close("file:///nowhere/test_named.py")


def test_a_wrong_language_id_breaks_nothing(sessions):
    client = sessions["utf-16"]
    for language in ("typescript", "c", "json", "rust", ""):
        check(client, TEST, "utf-16", language)
    for language in ("python", "typescriptreact"):
        check(client, "\x7fELF\x02\x01\x01\0" + "\ufffd" * 500, "utf-16", language)


def test_an_untitled_test_is_seen_and_has_nothing_to_run(sessions):
    client = sessions["utf-16"]
    client.open("untitled:Untitled-2", TEST)
    commands = [it["command"]["arguments"][0] for it in client.actions("untitled:Untitled-2", 1)]
    assert not [it for it in commands if it["skill"].startswith("pytest")]
    assert client.lenses("untitled:Untitled-2") == []
    # Asked for by name all the same, it says why not.
    run = {"skill": "pytest-run", "uri": "untitled:Untitled-2", "line": 0, "wait": True}
    result = client.command("skills.run", run)
    assert result["status"] == "error"
    assert result["message"].endswith(".")
    client.close("untitled:Untitled-2")


def test_versions_may_be_odd(sessions):
    client = sessions["utf-16"]
    uri = "file:///nowhere/test_versions.py"
    for version in (None, -1, 0, 2**31, 10**30):
        client.open(uri, TEST, version=version)
        assert client.lenses(uri)
    client.close(uri)


def test_opening_twice_takes_the_newer_text(sessions):
    client = sessions["utf-16"]
    uri = "file:///nowhere/test_twice.py"
    client.open(uri, TEST)
    client.open(uri, "x = 1\n", version=2)
    assert client.lenses(uri) == []
    client.close(uri)
