"""A helper that is dead, slow, hung or speaks nonsense costs its caller an answer, and no more.

The helpers here are scripts of a few lines, so that each fault comes when it is asked for.
"""

import asyncio
import contextlib
import os
import signal
import sys
import textwrap

import pytest

from skills_lsp.ml.process import Limits, Worker

QUICK = Limits(start=10.0, answer=5.0, idle=60.0, first_pause=0.0, longest_pause=0.0)
HELPER = """
import os, sys, time
from skills_lsp.ml.messages import PROTOCOL, Message, Unpacker, packed
def say(head, body=b""):
    sys.stdout.buffer.write(packed(Message(head, body)))
    sys.stdout.buffer.flush()
{before}
say({{"hello": {protocol}}})
unpacker = Unpacker()
while data := os.read(0, 65536):
    for message in unpacker.feed(data):
        number = message.head["id"]
        {answer}
"""
ECHO = 'say({"id": number, "said": message.head["say"]}, message.body)'


@contextlib.asynccontextmanager
async def helper(answer=ECHO, before="", protocol="PROTOCOL", limits=QUICK):
    inside = textwrap.indent(textwrap.dedent(answer), " " * 8).strip()
    script = HELPER.format(before=before, answer=inside, protocol=protocol)
    worker = Worker((sys.executable, "-c", script), limits=limits)
    try:
        yield worker
    finally:
        await worker.close()


async def said(worker, text="x", **more):
    answer = await worker.ask({"say": text}, b"bytes", **more)
    return answer and answer.head["said"]


async def test_it_starts_when_it_is_first_asked():
    async with helper() as worker:
        assert not worker.is_ready
        assert await said(worker, "first") == "first"
        assert worker.is_ready


async def test_many_requests_at_once_each_get_their_own_answer():
    async with helper() as worker:
        texts = [str(number) for number in range(50)]
        assert await asyncio.gather(*(said(worker, it) for it in texts)) == texts


async def test_bytes_come_back_as_they_went():
    async with helper() as worker:
        body = bytes(range(256)) * 4_000
        answer = await worker.ask({"say": ""}, body)
        assert answer.body == body


async def test_one_that_is_killed_is_started_again():
    async with helper() as worker:
        assert await said(worker) == "x"
        os.kill(worker.process_id, signal.SIGKILL)
        answers = [await said(worker) for _ in range(3)]
        assert answers[-1] == "x"


async def test_one_that_dies_answering_answers_none():
    async with helper("os._exit(7)") as worker:
        assert await said(worker) is None
        assert await said(worker) is None


async def test_one_that_never_greets_is_given_up():
    limits = Limits(start=0.2, answer=5.0, first_pause=60.0)
    async with helper(before="time.sleep(60)", limits=limits) as worker:
        assert await said(worker) is None
        assert not worker.is_ready


async def test_one_that_hangs_costs_no_more_than_the_time_given():
    async with helper("time.sleep(60)") as worker:
        await asyncio.gather(said(worker, seconds=0.5))
        loop = asyncio.get_running_loop()
        started = loop.time()
        assert await said(worker, seconds=0.01) is None
        assert loop.time() - started < 1.0


async def test_one_that_hangs_is_killed_once_its_own_time_is_over():
    limits = Limits(answer=0.3, first_pause=60.0)
    async with helper("time.sleep(60)", limits=limits) as worker:
        assert await worker.ask({"say": ""}, seconds=0.5) is None
        process_id = worker.process_id
        assert await said(worker) is None
        assert not worker.is_ready
        assert process_id is None or worker.trouble == "did not answer in time"


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("print('Downloading ...', flush=True)", id="prints before it greets"),
        pytest.param("os.write(1, b'SKLP\\xff\\xff\\xff\\xff')", id="greets with too long a frame"),
        pytest.param("sys.exit('no numpy here')", id="cannot start"),
    ],
)
async def test_one_that_speaks_nonsense_is_not_listened_to(before):
    async with helper(before=before) as worker:
        assert await said(worker) is None


async def test_its_last_words_say_why_it_could_not_start():
    async with helper(before="sys.exit('no numpy here')") as worker:
        assert await said(worker) is None
        assert worker.trouble == "no numpy here"


async def test_one_of_another_version_is_not_used():
    async with helper(protocol="99") as worker:
        assert await said(worker) is None
        assert worker.trouble == "it is of another version"


async def test_nonsense_in_the_middle_ends_it_and_those_who_wait_get_nothing():
    async with helper("print('warning: slow', flush=True); time.sleep(60)") as worker:
        assert await asyncio.gather(said(worker), said(worker)) == [None, None]


async def test_a_refusal_is_no_answer_and_no_death():
    async with helper('say({"id": number, "error": "too long"})') as worker:
        assert await said(worker) is None
        assert worker.is_ready


async def test_after_a_death_there_is_a_pause():
    limits = Limits(first_pause=60.0, longest_pause=60.0)
    async with helper("os._exit(7)", limits=limits) as worker:
        assert await said(worker) is None
        assert worker.process_id is None
        assert await said(worker) is None
        assert not worker.is_ready


async def test_an_idle_one_ends_and_comes_back():
    async with helper(limits=Limits(idle=0.05)) as worker:
        assert await said(worker) == "x"
        process_id = worker.process_id
        for _ in range(400):
            if not worker.is_ready:
                break
            await asyncio.sleep(0.01)
        assert not worker.is_ready
        assert await said(worker) == "x"
        assert worker.process_id != process_id


async def test_nothing_is_left_when_it_is_closed():
    async with helper("time.sleep(60)") as worker:
        asking = asyncio.ensure_future(said(worker))
        for _ in range(400):
            if worker.process_id is not None:
                break
            await asyncio.sleep(0.01)
        process_id = worker.process_id
        await worker.close()
        assert await asking is None
        with pytest.raises(ProcessLookupError):
            os.kill(process_id, 0)
        assert await said(worker) is None
