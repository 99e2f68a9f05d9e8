"""Characters of Unicode that turn the direction of text, in code of any language.

Source: Boucher and Anderson (2021), Trojan Source: invisible vulnerabilities. https://trojansource.codes/
"""

import re
from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.look import Look
from skills_lsp.text import Point, Span

# U+202A to U+202E and U+2066 to U+2069, in UTF-8.
_TURNS = re.compile(rb"\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
_N_BYTES = 3


def turning(look: Look, pattern: str) -> Iterator[Finding]:
    """Yield the first such character of each line."""
    data = look.source.data
    line, done = -1, -1
    for found in _TURNS.finditer(data, look.start, min(look.end, len(data))):
        at = found.start()
        node = look.source.root.descendant_for_byte_range(at, at)
        if node is None:
            continue
        before = data[node.start_byte : at]
        n_lines = before.count(b"\n")
        line = node.start_point[0] + n_lines
        if line == done:
            continue
        done = line
        column = at - (data.rfind(b"\n", 0, at) + 1)
        span = Span(Point(line, column), Point(line, column + _N_BYTES))
        code = ord(found[0].decode("utf-8"))
        message = f"U+{code:04X} turns the direction of text, so code may look like something else"
        yield Finding(pattern, "security", span, "", message)
