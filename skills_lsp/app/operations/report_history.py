"""Show the latest runs, newest first, with how they ended.

They can be chosen by skill, project, status, session, language, phase and time.
"""

from skills_lsp.app.operations.history import Params, Result, op

__all__ = ["Params", "Result", "op"]
