"""Fine-tuning by the real libraries: words that only this project uses come to mean its skills."""

import json
import os
import subprocess
from pathlib import Path

import pytest

CACHE = Path(__file__).parents[2] / ".cache"
PYTHON = CACHE / "train" / "bin" / "python"
SCRIPT = """
import json, sys
from pathlib import Path
from skills_lsp.ml.install import _weights
from skills_lsp.ml.worker.tuning import Picks, tune
said = json.loads(sys.stdin.read())
picks = Picks(said["documents"], tuple(map(tuple, said["picks"])))
print(json.dumps(tune(_weights(None), Path(sys.argv[1]), picks, lambda *_: None)))
"""
DOCUMENTS = {
    "pytest-run": "Run the tests of this file with pytest",
    "ruff-fix": "Mend what ruff finds in this file",
    "mypy-check": "Check the types of this module with mypy",
    "bandit-security": "Look for security problems with bandit",
    "ruff-format": "Format this file with ruff",
    "doc-generate": "Write docstrings for the public functions",
}
JARGON = {
    "pytest-run": "gribble", "ruff-fix": "snorfle", "mypy-check": "quandle",
    "bandit-security": "zarnok",
}  # fmt: skip


@pytest.mark.skipif(
    not PYTHON.exists(), reason="the model came from the hub, so torch was not installed"
)
def test_planted_words_are_learned_and_later_picks_show_it(tmp_path):
    names = list(JARGON)
    places = ("cart", "price", "order", "stock", "refund")
    picks = [(f"{JARGON[names[i % 4]]} the {places[i % 5]} code", names[i % 4]) for i in range(60)]
    ran = subprocess.run(
        [PYTHON, "-c", SCRIPT, tmp_path / "tuned"],
        input=json.dumps({"documents": DOCUMENTS, "picks": picks}),
        capture_output=True, text=True, check=False,
        env={
            **os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1",
            "TOKENIZERS_PARALLELISM": "false",
        },
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    report = json.loads(ran.stdout.splitlines()[-1])
    assert (report["n_learned"], report["n_asked"]) == (48, 12)
    assert report["mrr_after"] > report["mrr_before"] + 0.2
    assert report["hit_after"] > 0.9
    assert (tmp_path / "tuned" / "model.safetensors").is_file()
