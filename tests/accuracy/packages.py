"""Real packages by name and version, unpacked below a cache folder; nothing of them is committed."""

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache" / "accuracy"


def sdist(name: str, version: str) -> Path:
    """Return the folder of a source distribution from PyPI, fetched when it is not there."""
    folder = CACHE / "pypi" / f"{name}-{version}"
    if not folder.exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        fetched = _fresh(folder)
        wanted = ["--no-deps", "--no-binary", ":all:", f"{name}=={version}", "-d", str(fetched)]
        _run([*pip, *wanted])
        _unpack(next(fetched.iterdir()), folder)
    return folder


def npm_package(name: str, version: str) -> Path:
    """Return the folder of a package from npm, fetched when it is not there."""
    folder = CACHE / "npm" / f"{name.replace('/', '+')}-{version}"
    if not folder.exists():
        fetched = _fresh(folder)
        _run(["npm", "pack", "--silent", "--pack-destination", str(fetched), f"{name}@{version}"])
        _unpack(next(fetched.iterdir()), folder)
    return folder


def environment(name: str, *requirements: str) -> Path:
    """Return the folder of a virtual environment that holds pinned requirements."""
    folder = CACHE / "environments" / name
    wanted = json.dumps(requirements)
    note = folder / "requirements.json"
    if not note.exists() or note.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(folder)])
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        _run([*pip, "--disable-pip-version-check", *requirements])
        note.write_text(wanted)
    return folder


def node_modules(name: str, *requirements: str) -> Path:
    """Return a folder in which npm packages (``name@version``) are installed."""
    folder = CACHE / "node" / name
    wanted = json.dumps(requirements)
    note = folder / "requirements.json"
    if not note.exists() or note.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "package.json").write_text('{"private": true}')
        quiet = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        _run(["npm", "install", *quiet, "--prefix", str(folder), *requirements])
        note.write_text(wanted)
    return folder


def _fresh(folder: Path) -> Path:
    fetched = folder.with_name(f"{folder.name}.fetched")
    shutil.rmtree(fetched, ignore_errors=True)
    fetched.mkdir(parents=True)
    return fetched


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive that holds one folder, so that what was in that folder is in ours."""
    inside = folder.with_name(f"{folder.name}.unpacked")
    shutil.rmtree(inside, ignore_errors=True)
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as zipped:
            zipped.extractall(inside)
    else:
        with tarfile.open(archive) as tarred:
            tarred.extractall(inside, filter="data")
    next(inside.iterdir()).rename(folder)
    shutil.rmtree(inside)
    shutil.rmtree(archive.parent)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr or done.stdout}")
