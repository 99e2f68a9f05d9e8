"""``jest --json``: vitest writes the same format, so one reader reads both."""

from skills_lsp.runner.results.vitest_json import read

__all__ = ["read"]
