"""Sum up a session: what was run, how it ended, how long it took.

Without an id it is the present session, or the latest when nothing was run in this one.
"""

from skills_lsp.app.operations.session_summary import Params, Result, op

__all__ = ["ARGUMENT", "Params", "Result", "op"]

ARGUMENT = "session"
