from contextlib import closing

import apsw
import pytest
from store_support import START, open_store, run

from skills_lsp.errors import StoreError
from skills_lsp.store import describe
from skills_lsp.store.database import open_writer
from skills_lsp.store.migrations import (
    current_version,
    load_migrations,
    migrate_down,
    migrate_up,
    migration_status,
    schema_folder,
)


def schema(db):
    return db.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()


@pytest.fixture
def db():
    with closing(apsw.Connection(":memory:")) as connection:
        yield connection


@pytest.fixture
def two_steps(tmp_path):
    write_step(tmp_path, 1, "CREATE TABLE skill_migrations (version INTEGER PRIMARY KEY, name, checksum, applied_at);"
               "CREATE TABLE one (a);", "DROP TABLE one; DROP TABLE skill_migrations;")  # fmt: skip
    write_step(tmp_path, 2, "CREATE TABLE two (b);", "DROP TABLE two;")
    return tmp_path


def write_step(folder, version, up, down):
    (folder / f"V{version}__step__up.sql").write_text(up)
    (folder / f"V{version}__step__down.sql").write_text(down)


def test_up_then_down_gives_back_every_schema(db):
    steps = load_migrations()
    before = [schema(db)]
    for step in steps:
        migrate_up(db, steps, START, to=step.version)
        before.append(schema(db))
    for version in range(len(steps) - 1, -1, -1):
        migrate_down(db, steps, version, drop_everything=version == 0)
        assert schema(db) == before[version]
        assert current_version(db) == version


def test_what_has_run_is_not_run_again(db):
    steps = load_migrations()
    assert migrate_up(db, steps, START) == tuple(step.version for step in steps)
    assert migrate_up(db, steps, START) == ()


def test_the_history_is_not_dropped_by_going_back(db):
    steps = load_migrations()
    migrate_up(db, steps, START)
    with pytest.raises(StoreError, match="whole history"):
        migrate_down(db, steps, 0)
    assert current_version(db) == len(steps)


def test_going_back_takes_the_newest_first_and_keeps_the_rest(db, two_steps):
    steps = load_migrations(two_steps)
    migrate_up(db, steps, START)
    db.execute("INSERT INTO one VALUES ('kept')")
    assert migrate_down(db, steps, 1) == (2,)
    assert db.execute("SELECT a FROM one").fetchall() == [("kept",)]
    assert migrate_up(db, steps, START) == (2,)


def test_a_script_that_fails_leaves_the_version_before_whole(db, two_steps):
    write_step(two_steps, 3, "CREATE TABLE three (c); CREATE TABLE three (c);", "DROP TABLE three;")
    steps = load_migrations(two_steps)
    with pytest.raises(apsw.SQLError):
        migrate_up(db, steps, START)
    assert current_version(db) == 2
    assert [name for _, name, _ in schema(db)] == ["one", "skill_migrations", "two"]
    assert [row.applied_at for row in migration_status(db, steps)][2] == ""


def test_a_script_that_changed_after_it_ran_is_told(db, two_steps):
    migrate_up(db, load_migrations(two_steps), START)
    write_step(two_steps, 2, "CREATE TABLE two (b, c);", "DROP TABLE two;")
    assert [row.is_changed for row in migration_status(db, load_migrations(two_steps))] == [
        False,
        True,
    ]


def test_line_ends_do_not_change_a_checksum(two_steps):
    plain = load_migrations(two_steps)[0].checksum
    script = two_steps / "V1__step__up.sql"
    script.write_bytes(script.read_bytes().replace(b";", b";\n"))
    unix = load_migrations(two_steps)[0].checksum
    script.write_bytes(script.read_bytes().replace(b"\n", b"\r\n"))
    assert load_migrations(two_steps)[0].checksum == unix != plain


def test_versions_are_numbers_and_not_words(tmp_path):
    for version in range(1, 12):
        write_step(tmp_path, version, f"CREATE TABLE t{version} (a);", f"DROP TABLE t{version};")
    assert [step.version for step in load_migrations(tmp_path)] == list(range(1, 12))


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("V4__gap__up.sql", "CREATE TABLE x (a);", "no down script"),
        ("V3.sql", "", "not named"),
        ("V3__x__up.sql", "CREATE TABLE x (a); \nCOMMIT;", "leave transactions"),
        ("V3__x__up.sql", "BEGIN IMMEDIATE; CREATE TABLE x (a);", "leave transactions"),
    ],
)
def test_a_bad_migration_is_refused(two_steps, name, text, why):
    (two_steps / name).write_text(text)
    with pytest.raises(StoreError, match=why):
        load_migrations(two_steps)


def test_numbers_without_a_gap_are_asked_for(two_steps):
    write_step(two_steps, 4, "CREATE TABLE x (a);", "DROP TABLE x;")
    with pytest.raises(StoreError, match="1, 2, 3"):
        load_migrations(two_steps)


def test_a_newer_database_is_left_alone_and_the_server_serves(path, told):
    open_store(path).close()
    with closing(apsw.Connection(str(path))) as db:
        db.pragma("user_version", 99)
    before = path.read_bytes()
    store = open_store(path, told)
    assert told.sentences[0].startswith(
        f"The skills database has schema version 99, and this skills-lsp knows {len(load_migrations())}."
    )
    store.begin(run())
    assert len(store.history()) == 1
    store.close()
    assert path.read_bytes() == before


def test_another_programs_database_is_left_alone(path, told):
    path.parent.mkdir()
    with closing(apsw.Connection(str(path))) as db:
        db.execute("CREATE TABLE theirs (a)")
    before = path.read_bytes()
    open_store(path, told).close()
    assert "belongs to another program" in told.sentences[0]
    assert path.read_bytes() == before


def test_a_backup_is_taken_before_an_existing_database_is_migrated(path, tmp_path, monkeypatch):
    first = load_migrations()[:1]
    write_step(tmp_path, 1, first[0].up, first[0].down)
    write_step(tmp_path, 2, "CREATE TABLE two (b);", "DROP TABLE two;")
    steps = load_migrations(tmp_path)
    monkeypatch.setattr("skills_lsp.store.opening.load_migrations", lambda: first)
    open_store(path).close()
    assert not path.with_name("skills.db.backups").exists()
    monkeypatch.setattr("skills_lsp.store.opening.load_migrations", lambda: steps)
    open_store(path).close()
    (backup,) = path.with_name("skills.db.backups").iterdir()
    with closing(apsw.Connection(str(backup))) as old, closing(apsw.Connection(str(path))) as new:
        assert (current_version(old), current_version(new)) == (1, 2)


def test_everything_in_the_schema_has_a_sentence():
    assert describe.undescribed(load_migrations()) == []


def test_the_page_about_the_schema_is_fresh():
    fresh = describe.page(load_migrations())
    assert describe.is_fresh(schema_folder() / "README.md", fresh), (
        "run: python -m skills_lsp.store.describe"
    )


def test_the_page_reads_added_columns_views_and_indexes(two_steps):
    notes = describe.read_notes(
        [
            "CREATE TABLE t (\n    -- About t,\n    -- in two lines.\n    a TEXT  -- About a.\n);\n"
            "-- About i.\nCREATE INDEX i ON t (a);\n\nCREATE VIEW bare AS SELECT 1;\n",
            "ALTER TABLE t ADD COLUMN b TEXT;  -- About b.\n-- About v.\nCREATE VIEW v AS SELECT 1;\n",
        ]
    ).words
    assert notes == {
        "t": "About t, in two lines.", "t.a": "About a.", "t.b": "About b.", "i": "About i.", "v": "About v.", "bare": "",
    }  # fmt: skip
    assert "one" in describe.undescribed(load_migrations(two_steps))


def test_every_table_is_strict():
    with closing(open_writer(":memory:")) as db:
        migrate_up(db, load_migrations(), START)
        loose = db.execute(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'"
        )
        assert loose.fetchall() == []
