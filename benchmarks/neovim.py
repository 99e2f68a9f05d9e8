"""What the Neovim plugin costs: ``python -m benchmarks neovim``, in each Neovim that is there."""

import json
import statistics
import subprocess
from pathlib import Path

from benchmarks.server import Figure
from tests.editors.installed import ROOT, editors

_PLUGIN = ROOT / "editors" / "neovim"
_SCRIPT = """
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
_LIMITS = {
    "plugin/skills_lsp.lua at start": 5.0,
    "require('skills_lsp')": 2.0,
    "the client's configuration, at the first file": 10.0,
    "a report of 10 MB in a float": 1_000.0,
}


def neovim_figures(n_starts: int) -> list[Figure]:
    """Measure fresh starts, each a Neovim of its own."""
    figures = []
    for neovim in editors("neovim", (0, 10)):
        rows = [_start(neovim) for _ in range(n_starts)]
        version = neovim.parent.name
        for (name, limit), times in zip(_LIMITS.items(), zip(*rows, strict=True), strict=True):
            median = statistics.median(times)
            figures.append(Figure(f"{version}: {name}", "ms", median, None, limit))
    return figures


def _start(neovim: Path) -> list[float]:
    done = subprocess.run(
        [neovim, "--headless", "-u", "NONE", "-c", f"lua {' '.join(_SCRIPT.split())}", "-c", "qa!"],
        env={"PLUGIN": str(_PLUGIN), "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return list(json.loads(done.stdout))
