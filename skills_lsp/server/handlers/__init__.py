"""One file per group of LSP methods; each registers its own."""

from typing import TYPE_CHECKING

from skills_lsp.server.handlers import (
    code_action,
    code_lens,
    configuration,
    hover,
    lifecycle,
    progress,
    watched_files,
)

if TYPE_CHECKING:
    from skills_lsp.server.server import SkillsServer


def register(server: "SkillsServer") -> None:
    """Register all handlers with a server."""
    for module in (
        lifecycle,
        configuration,
        watched_files,
        code_action,
        code_lens,
        hover,
        progress,
    ):
        module.register(server)
