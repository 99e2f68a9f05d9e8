"""Frames survive any cut, and what is no frame is told as such."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills_lsp.ml.messages import GarbledError, Message, Unpacker, packed

HEADS = st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=20) | st.none())
MESSAGES = st.lists(st.builds(Message, HEADS, st.binary(max_size=200)), max_size=5)


@given(MESSAGES, st.integers(1, 50))
def test_messages_survive_any_cut(messages, size):
    data = b"".join(map(packed, messages))
    unpacker = Unpacker()
    found = [
        message
        for at in range(0, len(data), size)
        for message in unpacker.feed(data[at : at + size])
    ]
    assert found == messages


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"Downloading 12 files\n", id="a printed line"),
        pytest.param(b"SKLP\x7f\xff\xff\xff\0\0\0\0", id="a head of two gigabytes"),
        pytest.param(b"SKLP\0\0\0\0\xff\xff\xff\xff", id="a body of four gigabytes"),
        pytest.param(b"SKLP\0\0\0\x02\0\0\0\0[]", id="a list for a head"),
        pytest.param(b"SKLP\0\0\0\x02\0\0\0\0{,", id="broken JSON"),
        pytest.param(b"SKLX", id="another mark"),
    ],
)
def test_what_is_no_frame_is_refused(data):
    with pytest.raises(GarbledError):
        list(Unpacker().feed(data))


def test_half_a_frame_is_waited_for():
    data = packed(Message({"id": 1}, b"body"))
    unpacker = Unpacker()
    assert list(unpacker.feed(data[:-1])) == []
    assert list(unpacker.feed(data[-1:])) == [Message({"id": 1}, b"body")]
