"""The door to the helper processes that do arithmetic: encoder, analyst and trainer.

This side imports nothing heavy. The other side is :mod:`skills_lsp.ml.worker`; what both import is
:mod:`skills_lsp.ml.messages` alone.
"""
