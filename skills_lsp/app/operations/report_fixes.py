"""Say what mends what: how each strategy has gone against the problems that runs reported."""

from skills_lsp.app.operations.fix_stats import Params, Result, op

__all__ = ["Params", "Result", "op"]
