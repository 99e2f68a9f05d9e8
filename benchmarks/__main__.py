"""Run all benchmarks, or those named: ``python -m benchmarks [--quick] [start|requests|burst|…]``."""

import importlib
import platform
import sys

from benchmarks import recording
from benchmarks.catalogue import catalogue_figures
from benchmarks.inspection import inspection_figures
from benchmarks.neovim import neovim_figures
from benchmarks.server import Figure, burst_figures, request_figures, start_figures


def main(arguments: list[str]) -> None:
    is_quick = "--quick" in arguments
    chosen = [it for it in arguments if not it.startswith("-")]
    runs = {
        "start": lambda: start_figures(5 if is_quick else 15),
        "requests": lambda: request_figures(100 if is_quick else 300),
        "burst": lambda: burst_figures(1 if is_quick else 5),
        "inspection": lambda: inspection_figures(*((300, 1) if is_quick else (1_500, 3))),
        "neovim": lambda: neovim_figures(3 if is_quick else 15),
        "catalogue": lambda: catalogue_figures(1 if is_quick else 5),
    }
    print(f"Python {platform.python_version()}, {platform.machine()}, medians\n")
    figures = [it for name, run in runs.items() if not chosen or name in chosen for it in run()]
    if figures:
        print(table(figures))
    if not chosen or "prediction" in chosen:
        importlib.import_module(
            "benchmarks.prediction"
        ).main()  # sets the threads before numpy comes
    if not chosen or "fixes" in chosen:
        importlib.import_module("benchmarks.fixes").main(10_000 if is_quick else 100_000)
    if not chosen or "ranking" in chosen:
        importlib.import_module("benchmarks.ranking").main(10_000 if is_quick else 100_000)
    if not chosen or "analytics" in chosen:
        importlib.import_module("benchmarks.analytics").main(is_quick=is_quick)
    if "dashboard" in chosen:  # needs Chromium and Node.js
        importlib.import_module("benchmarks.dashboard").main(["10000"] if is_quick else [])
    if not chosen or "recording" in chosen:
        recording.main()


def table(figures: list[Figure]) -> str:
    lines = [
        "| what | skills-lsp | empty pygls | ratio | at most | holds |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for it in figures:
        limit = f"{it.limit:g} x" if it.is_ratio else f"{it.limit:g} {it.unit}"
        floor = "–" if it.floor is None else f"{it.floor:.3g} {it.unit}"
        ratio = "–" if it.floor is None else f"{it.ratio:.2f}"
        lines.append(
            f"| {it.name} | {it.ours:.3g} {it.unit} | {floor} | {ratio} "
            f"| {limit} | {'yes' if it.holds else '**no**'} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
