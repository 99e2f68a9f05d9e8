"""skills-lsp: a language server that suggests, runs and learns development tasks."""

__version__ = "0.1.0"
