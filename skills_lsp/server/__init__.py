"""The language server: the one package that knows LSP."""
