"""The README's lines, from a clean clone of what is committed or about to be."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.editors.installed import ANY, ROOT, editor, missing
from tests.editors.neovim.plugin import NEW, PLUGIN, neovim_of, versions
from tests.editors.session import TEST_FILE, Session

pytestmark = pytest.mark.editor

README = PLUGIN / "README.md"
CHECK = """
vim.wait(30000, function()
  local client = vim.lsp.get_clients({ name = 'skills_lsp', bufnr = 0 })[1]
  return client and client.initialized
end, 20)
vim.cmd('silent checkhealth skills_lsp')
local health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')
vim.fn.writefile({ vim.json.encode({
  attached = #vim.lsp.get_clients({ name = 'skills_lsp' }),
  commands = vim.fn.exists(':Skills'),
  health = health,
  help = #vim.api.nvim_get_runtime_file('doc/skills_lsp.txt', true),
  overseer = #vim.api.nvim_get_runtime_file('lua/overseer/template/skills_lsp.lua', true),
}) }, vim.env.SESSION_REPORT)
vim.cmd('qall!')
"""


def lines_of(name: str) -> str:
    """Return the code block of the plugin's README that has a name."""
    found = re.search(
        rf"^<!-- {re.escape(name)} -->\n```\w*\n(.*?)^```$",
        README.read_text("utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    assert found, name
    return found[1]


@pytest.fixture
def clone(session: Session) -> Path:
    """Return a repository with the plugin as a clean clone has it: nothing that git ignores."""
    folder = session.folder / "clone"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "editors/neovim"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    for command in (
        ["init", "--quiet"],
        ["add", "."],
        ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "all"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def check_installed(session: Session, neovim: Path, init: str) -> None:
    """Start Neovim as a user does, with these lines in init.lua, and look for the plugin."""
    session.write("config/nvim/init.lua", init)
    script = session.write("check.lua", CHECK)
    path = session.folder / "report.json"
    # `-l` and `--headless -S` differ in what they load; a user's start loads plugins, so must this.
    session.run(neovim, "--headless", TEST_FILE, "-S", script, SESSION_REPORT=str(path))
    seen = json.loads(path.read_text("utf-8"))
    assert seen["attached"] == 1, seen["health"]
    assert seen["commands"] == 2
    assert "skills_lsp:" in seen["health"]
    assert "ERROR" not in seen["health"]
    assert seen["help"] == seen["overseer"] == 1


def run_lines(session: Session, lines: str, folder: Path, neovim: Path) -> None:
    """Run the README's lines in a clone, with `nvim` on PATH as a user has it."""
    link = session.folder / "bin" / "nvim"
    link.write_text(f'#!/bin/sh\nexec "{neovim}" "$@"\n')
    link.chmod(0o755)
    environment = {**session.environment, "PATH": f"{link.parent}{os.pathsep}{os.environ['PATH']}"}
    del environment["XDG_DATA_HOME"]  # the lines write ~/.local/share
    done = subprocess.run(
        ["sh", "-eu", "-c", lines],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    # Neovim reads XDG_DATA_HOME in these sessions.
    home = Path(session.environment["HOME"])
    (home / "data").mkdir(exist_ok=True)
    shutil.copytree(home / ".local/share/nvim", home / "data/nvim", symlinks=True)


def enabled(version: tuple) -> str:
    """Return the line that enables the server, where it needs one."""
    return lines_of("enable") if version == NEW else ""


@versions
def test_as_a_package_of_neovims_own(session: Session, version, clone: Path) -> None:
    neovim = neovim_of(version)
    run_lines(session, lines_of("package"), clone, neovim)
    assert (clone / "editors/neovim/doc/tags").exists()
    check_installed(session, neovim, enabled(version))


@versions
def test_with_luarocks(session: Session, version, clone: Path) -> None:
    if shutil.which("luarocks") is None:
        missing("luarocks")
    neovim = neovim_of(version)
    run_lines(session, lines_of("luarocks"), clone, neovim)
    check_installed(session, neovim, enabled(version))


def test_the_rockspec_names_every_module() -> None:
    text = (PLUGIN / "skills-lsp.nvim-scm-1.rockspec").read_text("utf-8")
    named = set(re.findall(r"= '(lua/[^']+)'", text))
    assert named == {it.relative_to(PLUGIN).as_posix() for it in PLUGIN.glob("lua/**/*.lua")}


def test_with_vim_pack(session: Session, clone: Path) -> None:
    neovim = editor("neovim", (0, 12), ANY)
    lines = lines_of("vim.pack").replace("file:///home/me/src/skills-lsp", clone.as_uri())
    # The question before the first installation has nobody to answer it here.
    answered = "vim.fn.confirm = function() return 1 end\n"
    check_installed(session, neovim, answered + lines + enabled(NEW))
