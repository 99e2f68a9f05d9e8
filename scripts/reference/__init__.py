"""The generated pages: one module each, with ``page`` or ``schema`` that returns the text."""
