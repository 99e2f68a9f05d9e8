"""The encoder's model on disk: where it is, whether it is whole, and how it gets there.

A model is a folder with ``model.onnx``, ``tokenizer.json`` and ``model.json``, which names it and says
how the two others must hash. A folder is there whole or not at all: it is made beside its place and
renamed. ``current`` is the model in use, ``candidate`` a fine-tuned one that is being compared with
it, ``previous`` the one that was in use before a candidate was taken.
"""

import hashlib
import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from skills_lsp.errors import ModelError

BASE = "all-MiniLM-L6-v2"
DIMENSIONS = 384
REPOSITORY = f"sentence-transformers/{BASE}"
REVISION = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

_CHUNK_BYTES = 1 << 20
_DESCRIPTION = "model.json"
_ABANDONED_SECONDS = 3_600.0

Progress = Callable[[str, float], None]
"""Is told what is being done, and the share of it that is done, 0 to 1."""


def silently(_what: str, _share: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A file of the hub, pinned."""

    path: str
    sha256: str
    n_bytes: int


TOKENIZER = Remote("tokenizer.json", TOKENIZER_SHA256, 466_247)
_SIGNED = Remote(
    "onnx/model_qint8_avx512_vnni.onnx",
    "4278337fd0ff3c68bfb6291042cad8ab363e1d9fbc43dcb499fe91c871902474",
    23_026_053,
)
_UNSIGNED = Remote(
    "onnx/model_quint8_avx2.onnx",
    "b941bf19f1f1283680f449fa6a7336bb5600bdcd5f84d10ddc5cd72218a0fd21",
    23_046_789,
)


def official_network() -> Remote:
    """Return the hub's int8 file for this processor.

    Signed weights saturate on x86 processors without VNNI, which then give other vectors.
    """
    return _SIGNED if _has_signed_products() else _UNSIGNED


def _has_signed_products() -> bool:
    if platform.machine().lower() in ("arm64", "aarch64"):
        return True
    try:
        return b"avx512_vnni" in Path("/proc/cpuinfo").read_bytes()
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Description:
    """What ``model.json`` says. ``id`` names network, backend and build: vectors of two do not mix."""

    id: str
    base: str
    made_by: str
    dimensions: int
    sha256: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Model:
    """A model that is there."""

    folder: Path
    description: Description

    @property
    def id(self) -> str:
        """The name under which its vectors are kept."""
        return self.description.id


def installed(models: Path) -> Model | None:
    """Return the model in use below a folder of models; None when there is none that can be read."""
    return read(models / "current")


def candidate(models: Path) -> Model | None:
    """Return the fine-tuned model that is being compared with the one in use; None without one."""
    return read(models / "candidate")


def chosen(models: Path, model_id: str) -> Model | None:
    """Return the candidate where that is the one with an id, else the model in use."""
    wanted = candidate(models) if model_id else None
    return wanted if wanted is not None and wanted.id == model_id else installed(models)


def adopt(models: Path) -> Model:
    """Take the candidate into use; the one in use until now is kept for :func:`revert`."""
    chosen = candidate(models)
    if chosen is None:
        raise ModelError(
            "no-candidate",
            "There is no fine-tuned model to take into use.",
            "Make one with: skills-lsp model train",
        )
    shutil.rmtree(models / "previous", ignore_errors=True)
    if (models / "current").exists():
        (models / "current").rename(models / "previous")
    chosen.folder.rename(models / "current")
    return Model(models / "current", chosen.description)


def revert(models: Path) -> Model | None:
    """Go back to the model before: drop the candidate, or else take the previous one into use.

    Returns the model in use now. Raises ModelError when there is nothing to go back to.
    """
    if candidate(models) is not None:
        shutil.rmtree(models / "candidate")
    elif read(models / "previous") is not None:
        shutil.rmtree(models / "current", ignore_errors=True)
        (models / "previous").rename(models / "current")
    else:
        raise ModelError("nothing-before", "No other model was in use before this one.")
    return installed(models)


def read(folder: Path) -> Model | None:
    """Return the model in a folder without reading its large files; None when it is none."""
    try:
        said = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
        description = Description(**said)
        is_there = all((folder / name).is_file() for name in description.sha256)
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return Model(folder, description) if is_there else None


def damage(model: Model) -> str:
    """Return what is wrong with a model's files, empty when they are as they were made."""
    for name, expected in model.description.sha256.items():
        try:
            if sha256_of(model.folder / name) != expected:
                return f"{name} is not the file that was installed"
        except OSError as error:
            return f"{name} cannot be read: {error.strerror}"
    return ""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def describe(folder: Path, model_id: str, made_by: str) -> Model:
    """Write ``model.json`` for the files that lie in a folder."""
    hashes = {name: sha256_of(folder / name) for name in ("model.onnx", "tokenizer.json")}
    description = Description(model_id, BASE, made_by, DIMENSIONS, hashes)
    text = json.dumps(asdict(description), indent=2) + "\n"
    (folder / _DESCRIPTION).write_text(text, encoding="utf-8")
    return Model(folder, description)


@contextmanager
def being_made(models: Path, place: str = "current") -> Iterator[Path]:
    """Give a folder to make a model in; when the body ends well, it becomes the model in use.

    Another ``place`` than the one in use is ``candidate``.

    Whatever ends the body otherwise (an error, Ctrl-C, a full disk) leaves the old one in place.
    """
    made: Path | None = None
    try:
        models.mkdir(parents=True, exist_ok=True, mode=0o700)
        _forget_abandoned(models)
        made = Path(tempfile.mkdtemp(prefix="making-", dir=models))
        yield made
        old = models / f"old-{made.name}"
        there = models / place
        if there.exists():
            there.rename(old)
        made.rename(there)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise ModelError(
            "cannot-write-model",
            f"The model cannot be written below {models}: {error.strerror or error}.",
            "Free some disk space or set SKILLS_LSP_HOME, then run: skills-lsp model install",
        ) from error
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def remove(models: Path) -> bool:
    """Delete the model; say whether there was one."""
    was_there = (models / "current").exists()
    shutil.rmtree(models, ignore_errors=True)
    return was_there


def _forget_abandoned(models: Path) -> None:
    """Delete what interrupted runs left, and put back a model whose replacement never came."""
    for path in models.glob("old-making-*"):
        if not (models / "current").exists():
            path.rename(models / "current")
        else:
            shutil.rmtree(path, ignore_errors=True)
    for path in models.glob("making-*"):
        if not _is_young(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_young(path: Path) -> bool:
    """Say whether somebody may still be at work in a folder."""
    newest = max(it.stat().st_mtime for it in (path, *path.iterdir()))
    return time.time() - newest < _ABANDONED_SECONDS


def user_hub() -> Path:
    """Return the folder where the hub's own tools keep what they fetched."""
    home = os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or Path(home) / "hub")
