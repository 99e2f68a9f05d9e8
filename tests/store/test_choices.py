"""Shortcuts and trust."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from store_support import open_store

from skills_lsp.errors import StoreError
from skills_lsp.store.shortcuts import normalise_keys

PREDEFINED = {"pytest-run": "Ctrl+Shift+T", "ruff-format": "Ctrl+Alt+F"}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("Ctrl+Shift+T", "Ctrl+Shift+T"),
        ("SHIFT+control+t", "Ctrl+Shift+T"),
        ("ctrl-alt-f5", "Ctrl+Alt+F5"),
        ("<C-S-t>", "Ctrl+Shift+T"),
        ("<M-x>", "Alt+X"),
        ("cmd+k  cmd+t", "Cmd+K Cmd+T"),
        ("ctrl++", "Ctrl++"),
        ("ctrl+-", "Ctrl+-"),
        ("esc", "Escape"),
        ("option+pagedown", "Alt+PageDown"),
        ("ctrl+ö", "Ctrl+Ö"),
    ],
)
def test_keys_have_one_spelling(keys, expected):
    assert normalise_keys(keys) == expected
    assert normalise_keys(expected) == expected


@pytest.mark.parametrize(
    "keys",
    [
        "",
        "  ",
        "ctrl+",
        "hyper+x",
        "ctrl+ctrl+x",
        "ctrl+enterprise",
        "f25",
        "a b c d e",
        "+x",
        "c+t",
        "\0",
        "ctrl+\ud800",
    ],
)
def test_what_is_no_shortcut_is_refused_in_a_sentence(keys):
    with pytest.raises(StoreError) as refused:
        normalise_keys(keys)
    assert refused.value.slug == "bad-shortcut"


@given(st.text(max_size=30))
@example(keys="ß")
def test_any_text_is_keys_or_a_sentence(keys):
    try:
        once = normalise_keys(keys)
    except StoreError as refused:
        assert refused.slug == "bad-shortcut"  # noqa: PT017 - either answer is right
    else:
        assert normalise_keys(once) == once


def test_a_shortcut_is_kept_over_restarts(path):
    store = open_store(path)
    store.register_shortcut("mypy-check", "alt+ctrl+m", PREDEFINED)
    store.close()
    again = open_store(path)
    assert again.shortcuts() == {"mypy-check": "Ctrl+Alt+M"}
    again.close()


@pytest.mark.parametrize("keys", ["shift+ctrl+T", "Ctrl+Alt+F"])
def test_keys_of_a_predefined_shortcut_are_refused_with_their_holder(store, keys):
    with pytest.raises(
        StoreError, match=r"is taken by the skill (pytest-run|ruff-format)"
    ) as refused:
        store.register_shortcut("mine", keys, PREDEFINED)
    assert refused.value.slug == "shortcut-taken"
    assert store.shortcuts() == {}


def test_keys_of_another_choice_are_refused_with_their_holder(store):
    store.register_shortcut("one", "ctrl+1", PREDEFINED)
    with pytest.raises(StoreError, match="taken by the skill one"):
        store.register_shortcut("two", "ctrl+1", PREDEFINED)
    store.register_shortcut("one", "ctrl+2", PREDEFINED)
    store.register_shortcut("two", "ctrl+1", PREDEFINED)
    assert store.shortcuts() == {"one": "Ctrl+2", "two": "Ctrl+1"}


def test_keys_that_begin_another_shortcut_cannot_both_work(store):
    store.register_shortcut("one", "ctrl+k ctrl+t")
    with pytest.raises(StoreError, match="taken by the skill one"):
        store.register_shortcut("two", "ctrl+k")
    store.register_shortcut("two", "ctrl+k ctrl+tab")


def test_a_skill_moved_to_other_keys_frees_its_predefined_ones(store):
    store.register_shortcut("pytest-run", "ctrl+9", PREDEFINED)
    store.register_shortcut("mine", "ctrl+shift+t", PREDEFINED)
    assert store.shortcuts() == {"mine": "Ctrl+Shift+T", "pytest-run": "Ctrl+9"}


def test_empty_keys_take_a_choice_away(store):
    store.register_shortcut("one", "ctrl+1")
    store.register_shortcut("one", "")
    assert store.shortcuts() == {}


def test_the_same_choice_twice_is_one(store):
    store.register_shortcut("one", "ctrl+1")
    store.register_shortcut("one", "Ctrl+1")
    assert store.shortcuts() == {"one": "Ctrl+1"}


def test_two_servers_cannot_give_away_the_same_keys(path):
    first, second = open_store(path), open_store(path)
    first.register_shortcut("one", "ctrl+1")
    with pytest.raises(StoreError, match="taken by the skill one"):
        second.register_shortcut("two", "ctrl+1")
    first.close()
    second.close()


def test_trust_is_for_a_folder_with_its_contents(path):
    store = open_store(path)
    assert not store.is_trusted("/home/me/shop", "one")
    store.trust("/home/me/shop", "one")
    assert store.is_trusted("/home/me/shop", "one")
    assert not store.is_trusted("/home/me/shop", "two")
    assert not store.is_trusted("/work", "one")
    assert not store.is_trusted("/home/me/shop/", "one")
    store.close()
    again = open_store(path)
    assert again.is_trusted("/home/me/shop", "one")
    again.trust("/home/me/shop", "two")  # the user looked again
    assert not again.is_trusted("/home/me/shop", "one")
    again.distrust("/home/me/shop")
    assert not again.is_trusted("/home/me/shop", "two")
    again.close()


@pytest.mark.parametrize("folder", ["", "/work/\0", "/work/\udcff"])
def test_a_folder_whose_name_would_have_to_be_mended_is_never_trusted(store, folder):
    with pytest.raises(StoreError, match="cannot be trusted"):
        store.trust(folder, "digest")
    assert not store.is_trusted(folder, "digest")
    store.distrust(folder)
