"""The process that owns torch: makes the encoder's model from weights, and fine-tunes it.

``python -m skills_lsp.ml.worker.trainer build WEIGHTS TARGET`` prints one JSON object per step, and so
does ``tune WEIGHTS TARGET PICKS``.

The network is exported to ONNX and its products are quantised to signed 8 bit with a scale for each
channel, as in Jacob et al. (2018), Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference, https://arxiv.org/abs/1712.05877. With one scale for a whole matrix
the vectors stray twice as far from the original's.
"""

import json
import logging
import os
import shutil
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from skills_lsp.ml.models import describe

MIN_MEAN_COSINE = 0.985
MIN_COSINE = 0.95
"""How near the vectors must be to those of sentence-transformers for the model to be used."""

PARITY_TEXTS = (
    "run this test",
    "run only the tests that failed last time",
    "python test_function test_checkout imports pytest requests",
    "sort the imports of this module",
    "remove imports that nothing uses",
    "explain what this function does",
    "find security problems such as eval and shell injection",
    "which tests are slow",
    "format the code with ruff",
    "make a coverage report for the package and open it",
    "the type checker complains about Optional",
    "async function that blocks the event loop",
    "a promise that nobody awaits",
    "why does this fail on Windows only",
    "write a docstring for the public functions",
    "typescript test_suite describe cart imports vitest",
    "ModuleNotFoundError: No module named 'yaml'",
    "deploy the documentation",
    "audit the dependencies for known holes",
    "x",
)


def main(arguments: list[str]) -> int:
    """Do what is asked; say what goes wrong as a step."""
    task, *rest = arguments
    try:
        _TASKS[task](*map(Path, rest))
    except Exception as error:  # noqa: BLE001 - the other side tells it in one sentence
        _say(error=f"{type(error).__name__}: {error}")
        return 1
    return 0


def build(weights: Path, target: Path) -> None:
    """Export, quantise and check a model; the files are in ``target`` when this returns."""
    _be_quiet()
    _make(weights, target)
    _say(doing="done", share=1.0)


def tune(weights: Path, target: Path, picks: Path) -> None:
    """Fine-tune the network on picks, then make a model of it if it does better on later picks."""
    from skills_lsp.ml.worker.tuning import Picks, tune  # noqa: PLC0415 - for this task alone

    _be_quiet()
    said = json.loads(picks.read_text(encoding="utf-8"))
    wanted = Picks(said["documents"], tuple((text, name) for text, name in said["picks"]))
    tuned = target / "tuned"
    report = tune(weights, tuned, wanted, lambda doing, share: _say(doing=doing, share=share * 0.7))
    is_better = report["mrr_after"] > report["mrr_before"]
    if is_better:
        _make(tuned, target)
    shutil.rmtree(tuned)
    _say(report={**report, "is_better": is_better})


def _be_quiet() -> None:
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    os.environ["TRANSFORMERS_VERBOSITY"] = "error"


def _make(weights: Path, target: Path) -> None:
    full = target / "full.onnx"
    _say(doing="reading the weights", share=0.05)
    network, examples = _network(weights)
    _say(doing="exporting", share=0.3)
    _export(network, examples, full)
    _say(doing="quantising", share=0.55)
    _quantise(full, target / "model.onnx")
    full.unlink()
    shutil.copyfile(weights / "tokenizer.json", target / "tokenizer.json")
    _say(doing="comparing with sentence-transformers", share=0.7)
    _check(weights, target)


def _network(weights: Path) -> tuple[Any, tuple[Any, ...]]:
    import torch  # noqa: PLC0415 - the parity texts are read by tests that have no torch
    from transformers import AutoModel  # noqa: PLC0415 - as above

    inner = AutoModel.from_pretrained(weights, local_files_only=True).eval()

    class States(torch.nn.Module):  # type: ignore[misc, unused-ignore] # torch may not be installed
        """The network with the inputs by place, as the export needs them."""

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            states = inner(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            )
            return states.last_hidden_state

    ids = torch.ones(2, 8, dtype=torch.int64)
    module = States()
    module.inner = inner
    return module.eval(), (ids, ids, ids * 0)


def _export(network: Any, examples: tuple[Any, ...], target: Path) -> None:
    import torch  # noqa: PLC0415 - as above

    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "batch", 1: "tokens"} for name in (*inputs, "last_hidden_state")}
    torch.onnx.export(
        network,
        examples,
        str(target),
        input_names=inputs,
        output_names=["last_hidden_state"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def _quantise(full: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - needs onnx

    quantize_dynamic(str(full), str(target), weight_type=QuantType.QInt8, per_channel=True)


def _check(weights: Path, target: Path) -> None:
    """Compare with the library that the model is from; raises ValueError when it is too far off."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - 4 s

    from skills_lsp.ml.worker.encoder import Encoder  # noqa: PLC0415 - needs the files

    describe(target, "being-checked", "a build")
    texts = list(PARITY_TEXTS)
    ours = Encoder(target).embed(texts, 256)
    theirs = SentenceTransformer(str(weights), device="cpu", local_files_only=True).encode(
        texts, normalize_embeddings=True
    )
    cosines = np.sum(ours * np.asarray(theirs), axis=1)
    if cosines.mean() < MIN_MEAN_COSINE or cosines.min() < MIN_COSINE:
        raise ValueError(
            f"its vectors are too far from the original's"
            f" (cosine {cosines.mean():.3f} in the mean, {cosines.min():.3f} at worst)"
        )


_TASKS: dict[str, Callable[..., None]] = {"build": build, "tune": tune}


def _say(**step: object) -> None:
    print(json.dumps(step), flush=True)  # noqa: T201 - this is the protocol


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
