"""Patterns of JavaScript, used for TypeScript and TSX as well."""
