"""Unused imports of JavaScript and TypeScript, judged by TypeScript's unused locals."""

import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.javascript import unused_import
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.silence import is_silenced
from skills_lsp.syntax.languages import language_of
from skills_lsp.syntax.source import Source
from tests.accuracy.packages import node_modules, npm_package
from tests.accuracy.score import Place, Row

TYPESCRIPT = "5.6.2"

PACKAGES = {
    "@reduxjs/toolkit": "2.2.7",
    "@wordpress/components": "28.0.0",
    "react-native-paper": "5.12.5",
    "react-native-reanimated": "3.15.1",
    "rxdb": "15.37.0",
    "rxjs": "7.8.1",
    "mobx": "6.13.1",
    "preact": "10.23.2",
    "loopback-datasource-juggler": "3.36.1",
    "needle": "2.2.4",
    "waterline": "0.13.6",
    "bull": "3.0.0",
}
"""They ship their sources: TypeScript and TSX, JavaScript with and without modules, and JSX."""

_SUFFIXES = frozenset({".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"})
_BUILT = frozenset({"dist", "lib", "build", "esm", "cjs", "umd", "es", "node_modules", "compiler"})
_MAX_BYTES = 400_000
_SWITCHED_OFF = "/* eslint-disable */"
_HEAD = 1_000


def rows() -> Iterable[Row]:
    """Return one row."""
    yield compared(PACKAGES)


def compared(packages: dict[str, str]) -> Row:
    """Return a row over some packages."""
    right: set[Place] = set()
    seen: set[Place] = set()
    n_files = 0
    for name, version in packages.items():
        folder = npm_package(name, version).resolve()
        for file, said in _judged(list(_files(folder, name))).items():
            text = Path(file).read_bytes().decode("utf-8-sig", "replace")
            if said is None or _SWITCHED_OFF in text[:_HEAD]:
                continue  # TypeScript cannot read it, or it asks linters to be quiet.
            n_files += 1
            path = f"{name}/{Path(file).relative_to(folder)}"
            right.update(Place(path, line, each) for line, each in said)
            found = _findings(Source(text, language_of("", file) or "", file))
            seen.update(Place(path, each.span.start.line + 1, each.name) for each in found)
    return Row(
        "unused imports, JS and TS", f"TypeScript {TYPESCRIPT} unused locals", n_files,
        frozenset(right), frozenset(seen), 0.98, 0.95,
    )  # fmt: skip


def _files(folder: Path, name: str) -> Iterator[Path]:
    """Yield what people wrote: not what is built or minified, nor declarations."""
    for file in sorted(folder.rglob("*")):
        below = file.relative_to(folder)
        is_built = bool(_BUILT & set(below.parts[:-1])) and name != "eslint"
        is_made = is_built or ".d." in file.name or ".min." in file.name
        is_code = file.suffix in _SUFFIXES and not is_made and file.is_file()
        if is_code and file.stat().st_size < _MAX_BYTES:
            yield file


def _judged(files: list[Path]) -> dict[str, list[tuple[int, str]] | None]:
    modules = node_modules("typescript", f"typescript@{TYPESCRIPT}").resolve()
    script = Path(__file__).with_suffix(".mjs")
    done = subprocess.run(
        ["node", str(script), str(modules)],
        input="\n".join(map(str, files)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def _findings(source: Source) -> tuple[Finding, ...]:
    look = Look(source, None, {}, frozenset(), (0, len(source.data) + 2))
    return tuple(each for each in unused_import.find(look) if not is_silenced(source, each))
