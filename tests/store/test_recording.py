import importlib.util
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from store_support import PASSED, open_store, run

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "recording.py"


@pytest.mark.skipif(not BENCHMARK.exists(), reason="the benchmarks are in the source checkout only")
def test_the_benchmark_of_recording_prints_its_table(capsys):
    spec = importlib.util.spec_from_file_location("recording", BENCHMARK)
    recording = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recording)
    recording.main(sizes=(0, 50), n_calls=5)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + 2 * 2 * 3
    assert all(float(line.split("|")[4]) >= 0 for line in lines[2:])


def test_memory_reads_counts_and_never_the_history(path):
    store = open_store(path)
    store.load(
        run(f"skill-{n % 5}", n % 60, status=PASSED.status, duration_seconds=1.0)
        for n in range(200)
    )
    steps = []
    reader = store._reader(path)
    reader.set_progress_handler(lambda: bool(steps.append(1)), 1)
    store.memory("shop", "python")
    assert len(steps) < 500  # some 20 steps of SQLite's machine for each of 5 + 5 rows
    store.close()


def test_reads_and_writes_from_several_threads_agree(path):
    store = open_store(path)

    def write():
        for n in range(40):
            store.finish(store.begin(run("written", n)), PASSED)

    def read():
        for _ in range(40):
            store.memory("shop", "python")
            store.history(limit=5)

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(work) for work in (write, write, read, read)]:
            done.result()
    assert store.memory("shop", "python").here["written"].n_completed == 80
    store.close()
