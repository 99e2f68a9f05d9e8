"""Text as editors mean it: points, spans, encodings, and a buffer that takes edits in place."""

from skills_lsp.text.buffer import Buffer, ByteEdit
from skills_lsp.text.encoding import Encoding, byte_column, unit_column
from skills_lsp.text.points import Point, Span

__all__ = ["Buffer", "ByteEdit", "Encoding", "Point", "Span", "byte_column", "unit_column"]
