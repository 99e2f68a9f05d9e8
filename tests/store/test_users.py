"""Ids of users: the same for the same machine, another elsewhere, and no way back to the name."""

import stat
import sys

import pytest

from skills_lsp.store import users


@pytest.fixture(autouse=True)
def fresh():
    users.key_of.cache_clear()
    yield
    users.key_of.cache_clear()


def test_a_key_is_made_once_and_is_its_owners_alone(tmp_path):
    database = tmp_path / "skills.db"
    first = users.key_of(database)
    users.key_of.cache_clear()
    assert users.key_of(database) == first
    assert len(first) == 32
    if sys.platform != "win32":
        assert stat.S_IMODE(users.key_path(database).stat().st_mode) == 0o600
    assert [it.name for it in tmp_path.iterdir()] == ["skills.db.key"]


def test_two_machines_have_two_ids_for_one_name(tmp_path):
    one, other = (users.key_of(tmp_path / it) for it in ("a.db", "b.db"))
    assert users.user_id(one, "ann") != users.user_id(other, "ann")
    assert users.user_id(one, "ann") == users.user_id(one, "ann")
    assert "ann" not in users.user_id(one, "ann")


def test_a_damaged_key_is_replaced(tmp_path):
    path = users.key_path(tmp_path / "skills.db")
    path.write_bytes(b"")
    assert users.key_of(tmp_path / "skills.db") == path.read_bytes()
    assert len(path.read_bytes()) == 32


def test_where_no_key_can_be_kept_ids_still_are(tmp_path):
    nowhere = tmp_path / "missing" / "skills.db"
    assert len(users.user_id(users.key_of(nowhere), "ann")) == 32


def test_any_name_has_an_id():
    ids = {users.user_id(b"k", it) for it in ("", "\0", "\ud800", "x" * 10_000, "Zoë")}
    assert len(ids) == 5
