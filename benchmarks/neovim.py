"""What the Neovim plugin costs: ``python -m benchmarks neovim``, in each Neovim that is there."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.server import Figure
from tests.editors.installed import ROOT, editors

_PLUGIN = ROOT / "editors" / "neovim"
_START = """
vim.opt.rtp:prepend(vim.env.PLUGIN)
local function timed(action)
  local began = vim.uv.hrtime()
  action()
  return (vim.uv.hrtime() - began) / 1e6
end
local source = timed(function() vim.cmd.runtime('plugin/skills_lsp.lua') end)
local required = timed(function() require('skills_lsp') end)
local client = timed(function() require('skills_lsp.client').config() end)
vim.o.lines, vim.o.columns = 50, 160
local report = '# Report\\n' .. (('x'):rep(99) .. '\\n'):rep(100000)
local opened = timed(function()
  require('skills_lsp.windows').document('r', require('skills_lsp.text').plain(report), 'float')
end)
io.stdout:write(vim.json.encode({ source, required, client, opened }))
"""
# What is timed, and within how many milliseconds it must be done.
_START_LIMITS = {
    "plugin/skills_lsp.lua at start": 1.0,
    "require('skills_lsp')": 2.0,
    "the client's configuration, at the first file": 10.0,
    "a report of 10 MB in a float": 1_000.0,
}

# A person presses a mapped key; the skill's process says when it began.
_PRESS = """
vim.opt.rtp:prepend(vim.env.PLUGIN)
vim.cmd.runtime('plugin/skills_lsp.lua')
vim.g.skills_lsp = { output = 'none' }
vim.cmd.edit('module.py')
vim.bo.filetype = 'python'
if vim.fn.has('nvim-0.11') == 1 then
  vim.lsp.enable('skills_lsp')
  vim.api.nvim_exec_autocmds('FileType', { buffer = 0 })
end
vim.keymap.set('n', '<F5>', '<Cmd>Skills run say-when<CR>')
local n_ended, times = 0, {}
vim.api.nvim_create_autocmd('User', {
  pattern = 'SkillsFinished',
  callback = function() n_ended = n_ended + 1 end,
})
local function wait_for(condition) assert(vim.wait(60000, condition, 1)) end
wait_for(function() return vim.lsp.get_clients({ name = 'skills_lsp', bufnr = 0 })[1] end)
wait_for(function() return #vim.fn.getcompletion('Skills run say-when', 'cmdline') == 1 end)
local key = vim.api.nvim_replace_termcodes('<F5>', true, true, true)
for n = 1, tonumber(vim.env.PRESSES) do
  local seconds, microseconds = vim.uv.gettimeofday()
  vim.api.nvim_feedkeys(key, 'mx', false)
  wait_for(function() return n_ended == n end)
  local began = tonumber(vim.fn.readfile('began')[1])
  times[n] = began / 1e6 - seconds * 1e3 - microseconds / 1e3
end
io.stdout:write(vim.json.encode(times))
vim.cmd('qa!') -- ends the server as well
"""
_PRESS_LIMIT_MS = 100.0
_SKILL = """\
title = "Say when"
description = "Writes down when it began."
category = "testing"
modality = "testing"
phase = "execution"
scope = "file"
[triggers]
code-file = 0.1
[run]
kind = "program"
tool = "say-when"
args = []
cwd = "{project}"
"""


def neovim_figures(n_starts: int) -> list[Figure]:
    """Measure fresh starts, each a Neovim of its own, and presses of a key."""
    figures = []
    for neovim in editors("neovim", (0, 10)):
        rows = [_run(neovim, _START, ROOT, HOME="/nonexistent") for _ in range(n_starts)]
        version = neovim.parent.name
        for (name, limit), times in zip(
            _START_LIMITS.items(), zip(*rows, strict=True), strict=True
        ):
            figures.append(
                Figure(f"{version}: {name}", "ms", statistics.median(times), None, limit)
            )
        pressed = statistics.median(_presses(neovim, n_starts))
        name = f"{version}: press of a key to the skill's process"
        figures.append(Figure(name, "ms", pressed, None, _PRESS_LIMIT_MS))
    return figures


def _presses(neovim: Path, n_presses: int) -> list[float]:
    """Press a key so often in a project of its own; the first press, which loads code, counts too."""
    # The server may still be writing when Neovim is gone.
    with tempfile.TemporaryDirectory(prefix="skl", ignore_cleanup_errors=True) as folder:
        project, skills, programs = (Path(folder, it) for it in ("project", "home", "bin"))
        for path in (project, programs, skills / "config" / "skills"):
            path.mkdir(parents=True)
        (project / "pyproject.toml").touch()
        (project / "module.py").write_text("def double(n):\n    return 2 * n\n")
        # A skill of the user's own, which needs no trust.
        (skills / "config" / "skills" / "say-when.toml").write_text(_SKILL)
        _program(programs / "say-when", "date +%s%N >began")
        _program(programs / "skills-lsp", f'exec "{sys.executable}" -m skills_lsp "$@"')
        return _run(
            neovim, _PRESS, project,
            HOME=folder, SKILLS_LSP_HOME=str(skills), PRESSES=str(n_presses),
            PATH=f"{programs}{os.pathsep}{os.environ['PATH']}",
        )  # fmt: skip


def _program(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def _run(neovim: Path, script: str, folder: Path, **environment: str) -> list[float]:
    """Run a script in a Neovim; it prints times in milliseconds as JSON."""
    done = subprocess.run(
        [neovim, "--headless", "-u", "NONE", "-l", "-"],
        input=script,
        env={"PLUGIN": str(_PLUGIN), **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return list(json.loads(done.stdout))
