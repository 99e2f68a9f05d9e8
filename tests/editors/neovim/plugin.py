"""The plugin in a Neovim, and the scripted sessions that drive it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.editors.attach import lines_for
from tests.editors.installed import ANY, ROOT, Version, editor
from tests.editors.session import PLACES, TEST_FILE, Session

PLUGIN = ROOT / "editors" / "neovim"
SESSIONS = Path(__file__).parent / "sessions"
OLD: tuple[Version, Version] = ((0, 10), (0, 11))
NEW: tuple[Version, Version] = ((0, 12), ANY)
versions = pytest.mark.parametrize(
    "version", [pytest.param(OLD, id="0.10"), pytest.param(NEW, id="0.12")]
)


def neovim_of(version: tuple[Version, Version]) -> Path:
    """Return a Neovim of a range of versions."""
    return editor("neovim", *version)


def init_for(session: Session, version: tuple[Version, Version], more: str = "") -> Path:
    """Write an init.lua that has the plugin, with its README's lines; ``more`` stands before."""
    lines = [f"vim.opt.rtp:prepend({json.dumps(str(PLUGIN))})", more]
    if version == NEW:
        lines.append(lines_for("neovim-plugin"))
    return session.write("init.lua", "\n".join(lines))


def run_script(
    session: Session,
    version: tuple[Version, Version],
    script: str,
    file: str = TEST_FILE,
    more: str = "",
    **environment: str,
) -> dict[str, Any]:
    """Run a scripted session in a file, and return what it saw."""
    path = session.folder / f"report-{environment.get('OWN_MARK', script)}.json"
    path.unlink(missing_ok=True)
    init = init_for(session, version, more)
    done = session.run(
        neovim_of(version), "--headless", "-u", init, file, "-S", SESSIONS / f"{script}.lua",
        SESSION_DRIVER=str(SESSIONS / "driver.lua"), SESSION_REPORT=str(path),
        **PLACES, **environment,
    )  # fmt: skip
    assert path.exists(), f"no report was written:\n{done.stdout}\n{done.stderr}"
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert not report.get("error"), f"{report['error']}\n{done.stdout}\n{done.stderr}"
    return report
