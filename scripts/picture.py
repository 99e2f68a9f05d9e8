"""Take the picture in ``editors/README.md``: a real session in Neovim, drawn as SVG.

Needs tmux and the Neovim that ``scripts/fetch_editors.sh`` puts into ``.cache``. The screens are
what the terminal held, cell by cell; nothing is drawn that was not there.
"""

# ruff: noqa: PLR2004 - the numbers are those of ECMA-48 and of xterm's palette

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.editors.attach import lines_for  # noqa: E402 - after the path
from tests.editors.installed import ANY, editor  # noqa: E402 - after the path
from tests.editors.session import Session  # noqa: E402 - after the path
from tests.editors.terminal import Terminal, terminal  # noqa: E402 - after the path

TARGET = ROOT / "docs" / "images" / "session.svg"
_LINE = 11  # of the assertion that fails
_N_COLUMNS, _N_ROWS = 107, 18
_CELL, _ROW, _PAD = 7.83, 17, 14  # pixels, for a 13 px font whose cells are 0.602 em wide
_PAPER, _INK, _QUIET = "#14161b", "#e0e2ea", "#9b9ea4"
# The sixteen colours of a terminal, as Neovim's own palette has them.
_PALETTE = [
    "#07080d", "#ffc0b9", "#b3f6c0", "#fce094", "#a6dbff", "#ffcaff", "#8cf8f7", "#eef1f8",
    "#4f5258", "#ffc0b9", "#b3f6c0", "#fce094", "#a6dbff", "#ffcaff", "#8cf8f7", "#eef1f8",
]  # fmt: skip
_INIT = """
vim.o.number = true
vim.o.signcolumn = 'yes'
vim.o.termguicolors = true
vim.o.laststatus = 0
vim.o.ruler = false
vim.o.shortmess = vim.o.shortmess .. 'I'
vim.o.cmdheight = 2
vim.diagnostic.config({ virtual_text = true })
"""


@dataclass(frozen=True)
class Style:
    """How a cell looks; empty colours are the terminal's own."""

    ink: str = ""
    paper: str = ""
    is_bold: bool = False
    is_italic: bool = False
    is_underlined: bool = False
    is_reversed: bool = False


def main() -> None:
    """Take the two screens and write the picture."""
    with tempfile.TemporaryDirectory(prefix="skl-picture-", ignore_cleanup_errors=True) as scratch:
        session = Bookshop(Path(scratch))
        session.prepare()
        blocks = ["neovim-0.11", "neovim-0.12-lenses"]
        init = session.write("init.lua", "\n".join([*map(lines_for, blocks), _INIT]))
        neovim = editor("neovim", (0, 12), ANY)
        test_file = "tests/test_prices.py"
        with terminal(session, neovim, "-u", init, f"+{_LINE}", test_file) as window:
            window.call("resize-window", "-x", str(_N_COLUMNS), "-y", str(_N_ROWS))
            window.wait_for("▶ Run this test")
            window.press("z", "t", "C-y", "C-y")  # what stands below is worth seeing
            window.press("g", "r", "a")
            window.wait_for("Type number and <Enter>")
            menu = screen(window)
            window.type("1")
            window.wait_for("pytest-run: 1 failed")
            window.press("Escape")
            window.wait_for("✗ assert 1350 == 1300")
            result = screen(window)
    TARGET.write_text(
        svg(
            "skills-lsp in Neovim: the code actions of a test, and the failure at its line",
            [
                ("gra: what fits the test under the cursor", menu),
                ("1: the test has run, and failed at this line", result),
            ],
        ),
        "utf-8",
    )
    print(f"wrote {TARGET.relative_to(ROOT)}")


class Bookshop(Session):
    """The demo's project in place of the tests' own."""

    @property
    def project(self) -> Path:
        """The copy that is worked in."""
        return self.folder / "bookshop"

    def prepare(self) -> None:
        """Copy the demo, and put a `skills-lsp` on PATH."""
        hidden = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(ROOT / "examples/bookshop", self.project, ignore=hidden)
        program = self.folder / "bin" / "skills-lsp"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m skills_lsp "$@"\n')
        program.chmod(0o755)
        (self.folder / "home").mkdir()


def screen(window: Terminal) -> list[str]:
    """Return what a terminal shows, line by line, with its escape sequences."""
    return window.call("capture-pane", "-p", "-e").splitlines()


_CODE = re.compile(r"\x1b\[([0-9;:]*)m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[\x0e\x0f]")


def _runs(line: str) -> Iterator[tuple[str, Style]]:
    """Yield stretches of one style, from a line with escape sequences."""
    style, at = Style(), 0
    for found in _CODE.finditer(line):
        if found.start() > at:
            yield line[at : found.start()], style
        at = found.end()
        if found[1] is not None:
            style = _styled(style, [int(it or 0) for it in re.split("[;:]", found[1])])
    if at < len(line):
        yield line[at:], style


def _styled(style: Style, codes: list[int]) -> Style:
    waiting = list(codes)
    while waiting:
        code = waiting.pop(0)
        if code == 0:
            style = Style()
        elif code in (38, 48):
            colour = _colour(waiting)
            style = replace(style, ink=colour) if code == 38 else replace(style, paper=colour)
        elif 30 <= code <= 37 or 90 <= code <= 97:
            style = replace(style, ink=_PALETTE[code - 30 if code < 90 else code - 82])
        elif 40 <= code <= 47 or 100 <= code <= 107:
            style = replace(style, paper=_PALETTE[code - 40 if code < 100 else code - 92])
        elif code in (39, 49):
            style = replace(style, ink="") if code == 39 else replace(style, paper="")
        elif code in _ATTRIBUTES:
            style = replace(style, **{_ATTRIBUTES[code][0]: _ATTRIBUTES[code][1]})
    return style


_ATTRIBUTES = {
    1: ("is_bold", True), 22: ("is_bold", False), 3: ("is_italic", True), 23: ("is_italic", False),
    4: ("is_underlined", True), 24: ("is_underlined", False),
    7: ("is_reversed", True), 27: ("is_reversed", False),
}  # fmt: skip


def _colour(waiting: list[int]) -> str:
    kind = waiting.pop(0)
    if kind == 2:
        red, green, blue = (waiting.pop(0) for _ in range(3))
        return f"#{red:02x}{green:02x}{blue:02x}"
    index = waiting.pop(0)
    if index < 16:
        return _PALETTE[index]
    if index >= 232:
        return "#" + f"{(index - 232) * 10 + 8:02x}" * 3
    levels = [
        0 if it == 0 else it * 40 + 55
        for it in ((index - 16) // 36, (index - 16) // 6 % 6, (index - 16) % 6)
    ]
    return "#" + "".join(f"{it:02x}" for it in levels)


def svg(about: str, panels: list[tuple[str, list[str]]], n_columns: int = _N_COLUMNS) -> str:
    """Return a picture of screens, each with its title; ``about`` is for who cannot see it."""
    width = round(n_columns * _CELL + 2 * _PAD)
    parts, top = [], 0
    for title, lines in panels:
        height = _ROW * len(lines) + 2 * _PAD
        parts.append(f'<text x="{_PAD}" y="{top + 18}" class="title">{escape(title)}</text>')
        top += 28
        parts.append(f'<rect y="{top}" width="{width}" height="{height}" rx="8" fill="{_PAPER}"/>')
        for number, line in enumerate(lines):
            parts += _row(line, top + _PAD + number * _ROW)
        top += height + 10
    style = (
        "text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;"
        "white-space:pre}.title{font:14px system-ui,sans-serif;fill:#6b7280}"
    )
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top}" '
        f'viewBox="0 0 {width} {top}" role="img">\n<title>{escape(about)}</title>\n'
        f"<style>{style}</style>\n{body}\n</svg>\n"
    )


def _row(line: str, top: float) -> Iterator[str]:
    column = 0
    for text, style in _runs(line):
        ink, paper = style.ink or _INK, style.paper
        if style.is_reversed:
            ink, paper = paper or _PAPER, ink
        x, width = _PAD + column * _CELL, len(text) * _CELL
        if paper and paper != _PAPER:
            yield f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{_ROW}" fill="{paper}"/>'
        if text.strip():
            marks = "".join(
                (
                    ' font-weight="bold"' if style.is_bold else "",
                    ' font-style="italic"' if style.is_italic else "",
                    ' text-decoration="underline"' if style.is_underlined else "",
                )
            )
            # The width is given, so that columns stand wherever the reader's font is wider.
            yield (
                f'<text x="{x:.1f}" y="{top + 13:.1f}" fill="{ink}" textLength="{width:.1f}" '
                f'lengthAdjust="spacingAndGlyphs" xml:space="preserve"{marks}>{escape(text)}</text>'
            )
        column += len(text)


if __name__ == "__main__":
    main()
