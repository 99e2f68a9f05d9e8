"""Files from elsewhere in; records, and what could not be used, out."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skills_lsp.app.imports.files import find_files, read_file
from skills_lsp.domain.invocation import Status
from skills_lsp.errors import StoreError, UsageError

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def crackerjack(n: int, **others: object) -> dict[str, object]:
    """A record as Crackerjack wrote it; no session, no zone."""
    return {
        "skill_name": f"hook-{n}",
        "invoked_at": f"2026-02-10T07:{n % 60:02}:52.711888",
        "workflow_path": "comprehensive",
        "completed": True,
        "duration_seconds": 2.5,
        "follow_up_actions": ["git commit"],
        "error_type": None,
        **others,
    }


def written(folder: Path, records: object, *, indent: int | None = 2, **others: object) -> Path:
    path = folder / "skill_metrics.json"
    path.write_text(json.dumps({"invocations": records, **others}, indent=indent))
    return path


def read(path: Path, zone: str = "UTC"):
    return read_file(path, zone, NOW)


def names(history) -> list[str]:
    return [it.invocation.skill_name for it in history.records]


def test_a_file_of_crackerjack_gets_sessions_and_the_zone_that_is_said(tmp_path):
    records = [crackerjack(1), crackerjack(2), crackerjack(3, invoked_at="2026-02-10T12:00:00")]
    history = read(written(tmp_path, records), "Europe/Berlin")
    assert (history.variant, history.zone, history.skipped) == ("crackerjack", "Europe/Berlin", ())
    assert [(it.invocation.invoked_at, it.invocation.session_id) for it in history.records] == [
        ("2026-02-10T06:01:52.711888Z", "crackerjack_20260210T060152Z"),
        ("2026-02-10T06:02:52.711888Z", "crackerjack_20260210T060152Z"),
        ("2026-02-10T11:00:00.000000Z", "crackerjack_20260210T110000Z"),
    ]
    it = history.records[0].invocation
    assert (it.status, it.duration_seconds, it.workflow_phase) == (
        Status.PASSED,
        2.5,
        "verification",
    )
    assert it.follow_up_actions == ("git commit",)


def test_a_file_of_session_buddy_keeps_its_sessions_and_ranks(tmp_path):
    more = {"session_id": "s1", "user_query": "fix it", "alternatives_considered": ["b"],
            "selection_rank": 2, "invoked_at": "2026-02-10T07:00:00+01:00"}  # fmt: skip
    path = written(tmp_path, [crackerjack(1, **more)])
    history = read(path)
    it = history.records[0].invocation
    assert history.variant == "session-buddy"
    assert (it.session_id, it.selection_rank, it.user_query) == ("s1", 2, "fix it")
    assert (it.alternatives_considered, it.invoked_at) == (("b",), "2026-02-10T06:00:00.000000Z")


def test_pending_is_not_abandoned(tmp_path):
    records = [
        crackerjack(1, completed=False, duration_seconds=None),
        crackerjack(2, completed=False, duration_seconds=3.0),
        crackerjack(3, completed=False, duration_seconds=3.0, error_type="ValueError"),
        crackerjack(4, error_type="F401"),
    ]
    history = read(written(tmp_path, records))
    assert history.n_pending == 1
    assert [it.invocation.status for it in history.records] == [
        Status.RUNNING, Status.CANCELLED, Status.ERROR, Status.FAILED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("text", "it is 'text', not an object"),
        (crackerjack(1, skill_name=""), "it names no skill"),
        (crackerjack(1, skill_name=7), "its skill is 7"),
        (crackerjack(1, invoked_at="soon"), "its time is 'soon', which is no instant"),
        (crackerjack(1, invoked_at=None), "it has no time"),
        (crackerjack(1, invoked_at="0001-01-01T00:00:00+12:00"), "its time is '0001-01-01T00:00:00+12:00', which is no instant"),
        (crackerjack(1, completed="perhaps"), "completed is 'perhaps', neither true nor false"),
        (crackerjack(1, status="done"), "its status is 'done', which is none"),
    ],
)  # fmt: skip
def test_a_bad_record_is_named_and_the_others_stay(tmp_path, record, reason):
    history = read(written(tmp_path, [crackerjack(2), record, crackerjack(3)]))
    assert names(history) == ["hook-2", "hook-3"]
    assert [(it.place, it.reason) for it in history.skipped] == [("record 2", reason)]


def test_a_detail_that_is_wrong_costs_the_detail(tmp_path):
    records = [
        crackerjack(1, duration_seconds=-3),
        crackerjack(2, duration_seconds="NaN", selection_rank=0),
        crackerjack(3, invoked_at="2027-01-01T00:00:00", follow_up_actions=["a", 1]),
        crackerjack(4, workflow_path=["x"]),
    ]
    history = read(written(tmp_path, records))
    assert len(history.records) == 4
    assert [it.invocation.duration_seconds for it in history.records] == [None, None, 2.5, 2.5]
    assert dict(history.mended) == {
        "without its duration, which was none": 2,
        "without its rank, which was none": 1,
        "though its time is in the future": 1,
        "without some of its follow up actions, which were no texts": 1,
        "without its workflow path, which was no text": 1,
    }


def test_totals_are_held_against_the_records(tmp_path):
    records = [crackerjack(1), crackerjack(1, completed=False, duration_seconds=None)]
    total = {"total_invocations": 1, "completed_invocations": 1, "abandoned_invocations": 0,
             "total_duration_seconds": 2.5}  # fmt: skip
    agreeing = read(written(tmp_path, records, skills={"hook-1": total}))
    assert (agreeing.has_totals, agreeing.differences) == (True, ())
    other = {**total, "total_invocations": 5, "abandoned_invocations": 4}
    found = read(written(tmp_path, records, skills={"hook-1": other})).differences
    assert [(it.what, it.declared, it.counted) for it in found] == [
        ("uses", 5, 1), ("abandoned", 4, 0),
    ]  # fmt: skip


SEPARATE = {"skills": {"hook-1": {"total_invocations": 3, "completed_invocations": 3,
                                  "abandoned_invocations": 0, "workflow_paths": {"comprehensive": 3}}},
            "last_updated": "2026-02-10T07:19:55"}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2])
def test_a_file_that_was_cut_off_keeps_what_is_whole(tmp_path, indent):
    path = written(tmp_path, [crackerjack(n) for n in range(4)], indent=indent, **SEPARATE)
    text = path.read_text()
    ends = [i + 1 for i, c in enumerate(text) if c == "}"][:4]
    for cut in range(text.index("[") + 1, len(text) - 1, 7):
        path.write_text(text[:cut])
        history = read(path)
        n_whole = sum(end <= cut for end in ends)
        assert len(history.records) == n_whole
        is_inside = any(text.rfind("{", 0, end) < cut < end for end in ends)
        assert (len(history.skipped) == 1) >= is_inside
        assert history.damage
    assert read(path).damage.startswith("The file is no whole JSON")


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    indent=st.sampled_from([None, 2]),
    place=st.floats(0, 1),
    length=st.integers(0, 120),
    garbage=st.binary(max_size=40) | st.sampled_from([b'"', b"{", b"}", b'\\"', b"[[", b"\n"]),
)
def test_damage_anywhere_costs_at_most_what_it_touches(tmp_path, indent, place, length, garbage):
    path = written(tmp_path, [crackerjack(n) for n in range(8)], indent=indent, **SEPARATE)
    data = path.read_bytes()
    start = int(place * len(data))
    path.write_bytes(data[:start] + garbage + data[start + length :])
    text = data.decode()
    untouched, at = set(), text.index("[")
    for n in range(8):
        begin = text.index("{", at + 1)
        at = text.index("}", begin)
        # A brace or quote right before a record may make it part of something else.
        if at + 1 < start or begin > start + length:
            untouched.add(f"hook-{n}")
    try:
        history = read(path)
    except UsageError:
        assert b'"invocations"' not in path.read_bytes()
        return
    assert untouched <= set(names(history))
    assert len(history.records) + len(history.skipped) >= len(untouched)


@settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.binary(min_size=1, max_size=300) | st.text(min_size=1, max_size=200).map(lambda t: t.encode("utf-8", "replace"))
       | st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=8),
                      lambda inner: st.lists(inner, max_size=4)
                      | st.dictionaries(st.sampled_from(["invocations", "skills", "skill_name", "invoked_at", "x"]), inner, max_size=4),
                      max_leaves=20).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_no_file_whatever_breaks_the_reading(tmp_path, data):
    path = tmp_path / "any"
    path.write_bytes(data)
    try:
        history = read(path)
    except (UsageError, StoreError) as error:
        assert len(str(error)) < 400  # noqa: PT017 - either is right, and the error is looked at
    else:
        assert all(it.invocation.skill_name for it in history.records)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("", "empty-file"),
        ("\0\0\0", "empty-file"),
        ('{"name": "a package"}', "foreign-file"),
        ("[1, 2, 3]", "foreign-file"),
        ("name,version\na,1\n", "foreign-file"),
        ("[" * 100_000, "foreign-file"),
        ("SQLite format 3\0 and then nothing", "damaged-file"),
    ],
)
def test_what_is_no_history_is_one_sentence(tmp_path, text, slug):
    path = tmp_path / "file"
    path.write_text(text)
    with pytest.raises((UsageError, StoreError)) as refused:
        read(path)
    assert refused.value.slug == slug


def test_every_plane_of_unicode_and_long_names_are_read(tmp_path):
    odd = "skill \x00 \U0001f600 \U000e0041 \u202e" + "x" * 10_000
    history = read(written(tmp_path, [crackerjack(1, skill_name=odd)]))
    assert names(history) == [odd]


def test_the_usual_places_are_looked_at(tmp_path):
    for folder in (".session-buddy", ".crackerjack"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder, [])
    assert [it.parent.name for it in find_files((), [tmp_path])] == [
        ".session-buddy",
        ".crackerjack",
    ]
    assert len(find_files([str(tmp_path / ".crackerjack")], [])) == 1
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="There is no history in"):
        find_files([str(tmp_path / "empty")], [])
