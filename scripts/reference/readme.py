"""The examples in ``README.md``: their output is what the program prints now.

A fenced block after the line ``<!-- example -->`` holds lines that start with ``$`` and what they
print. They run in a copy of ``examples/bookshop``, with a home of their own. Times differ from run to
run: a block in which they alone have changed is left as it is.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"(?<=<!-- example -->\n```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
_DURATION = re.compile(r"\b(?:\d+ min )?\d+(?:\.\d+)? (?:ms|s)\b")
_AGO = re.compile(r"\b(?:just now|\d+ min ago)\b")


def page(text: str) -> str:
    """Return the README with fresh examples."""
    with tempfile.TemporaryDirectory(prefix="skills-lsp-readme-") as scratch:
        folder = Path(scratch, "bookshop")
        hidden = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(ROOT / "examples/bookshop", folder, ignore=hidden)
        environment = _environment(Path(scratch))

        def fresh(found: re.Match[str]) -> str:
            ran = "".join(_ran(line, folder, environment) for line in _commands(found[0]))
            return found[0] if _masked(ran) == _masked(found[0]) else ran

        return _BLOCK.sub(fresh, text)


def _environment(scratch: Path) -> dict[str, str]:
    """Return an environment in which tools are found where this program is, and nowhere else."""
    scripts = Path(sys.executable).parent
    return {
        **{name: it for name, it in os.environ.items() if not name.startswith("PYTEST")},
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "VIRTUAL_ENV": sys.prefix,
        "SKILLS_LSP_HOME": str(scratch / "home"),
        "PYTHONIOENCODING": "utf-8",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # the reader has not ours
    }


def _commands(block: str) -> Iterator[str]:
    for line in block.splitlines():
        if line.startswith("$ "):
            yield line


def _ran(line: str, folder: Path, environment: dict[str, str]) -> str:
    # A line may end in a pipe; its first word is ours, whatever is on PATH.
    shown = line.removeprefix("$ ")
    ours = f"{shlex.quote(sys.executable)} -m skills_lsp"
    asked = re.sub(r"^skills-lsp\b", lambda _: ours, shown)
    done = subprocess.run(
        asked,
        shell=True,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
    )
    output = done.stdout.decode("utf-8").replace(str(folder.parent), "~")
    return f"{line}\n{output}"


def _masked(text: str) -> str:
    # A column is as wide as its longest duration.
    return re.sub(" {2,}", "  ", _AGO.sub("just now", _DURATION.sub("0 s", text)))
