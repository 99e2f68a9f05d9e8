"""``window/workDoneProgress/cancel``: the cancel button of a running skill."""

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from skills_lsp.server.server import SkillsServer


def register(server: "SkillsServer") -> None:
    """Register the handler."""

    @server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def cancelled(params: types.WorkDoneProgressCancelParams) -> None:
        cancel = server.cancels.get(params.token)
        if cancel is not None:
            cancel()
