"""Patterns of TypeScript and TSX alone."""
