"""The real encoder with the real model, and what happens when somebody ends it again and again."""

import asyncio
import contextlib
import os
import shutil
import signal
import struct

import pytest

from skills_lsp.ml.encoder import Encoder
from skills_lsp.ml.process import Limits


@pytest.fixture
async def encoder(model):
    made = Encoder(model.folder, model.id, Limits(first_pause=0.0, longest_pause=0.0))
    yield made
    await made.close()


def numbers(vector):
    return struct.unpack(f"<{len(vector) // 4}f", vector)


def cosine(a, b):
    return sum(x * y for x, y in zip(numbers(a), numbers(b), strict=True))


async def test_a_vector_has_384_numbers_and_length_one(encoder):
    (vector,) = await encoder.embed(["run this test"])
    assert len(numbers(vector)) == 384
    assert cosine(vector, vector) == pytest.approx(1.0, abs=1e-5)


async def test_what_means_the_same_is_nearer_than_what_does_not(encoder):
    slow, same, other = await encoder.embed(
        ["my tests take too long", "find out which tests are slow", "write the release notes"]
    )
    assert cosine(slow, same) > cosine(slow, other) + 0.3


async def test_a_text_has_the_same_vector_alone_and_in_company(encoder):
    texts = ["sort the imports", *("x" * n for n in range(1, 60))]
    together = await encoder.embed(texts)
    (alone,) = await encoder.embed(texts[:1])
    assert cosine(alone, together[0]) > 0.97  # int8 rounds by batch


@pytest.mark.parametrize(
    "text", ["", "x" * 1_000_000, "\N{GRINNING FACE}" * 1_000, "a\0b", "\ud800", "[MASK] [SEP]"]
)
async def test_any_text_has_a_vector(encoder, text):
    (vector,) = await encoder.embed([text])
    assert cosine(vector, vector) == pytest.approx(1.0, abs=1e-4)


async def test_killed_a_hundred_times_in_a_thousand_requests_it_goes_on(encoder):
    """Nobody waits, nothing is raised, and once it is left alone it answers again."""
    n_answers = n_killed = 0
    for number in range(1_000):
        if number % 10 == 0 and encoder.worker.process_id is not None:
            with contextlib.suppress(ProcessLookupError):  # it was just about to be told
                os.kill(encoder.worker.process_id, signal.SIGKILL)
                n_killed += 1
        answer = await encoder.embed([f"request {number}"], seconds=0.005)
        assert answer is None or len(answer) == 1
        n_answers += 1
    assert n_answers == 1_000
    for _ in range(3_000):  # Its next start may wait for a moment.
        if await encoder.embed(["at last"]) is not None:
            return
        await asyncio.sleep(0.02)
    pytest.fail("it never answered again")


@pytest.mark.parametrize(
    ("file", "spoil"),
    [
        pytest.param("model.onnx", lambda data: data[:1_000_000], id="truncated"),
        pytest.param("model.onnx", lambda data: data[:-1] + b"\0", id="one byte is another"),
        pytest.param("tokenizer.json", lambda _: b"{}", id="another tokenizer"),
        pytest.param(
            "model.json", lambda data: data.replace(b"384", b"768"), id="other dimensions"
        ),
        pytest.param("model.json", lambda _: b"[]", id="no description"),
    ],
)
async def test_a_spoilt_model_is_not_used_and_says_why(model, tmp_path, file, spoil):
    folder = tmp_path / "model"
    shutil.copytree(model.folder, folder)
    (folder / file).write_bytes(spoil((folder / file).read_bytes()))
    spoilt = Encoder(folder, model.id)
    try:
        assert await spoilt.embed(["x"]) is None
        assert spoilt.worker.trouble
    finally:
        await spoilt.close()
