"""What a ``conftest.py`` says by itself: which files beside it pytest is to leave alone."""

import re

_LISTED = re.compile(rb"^collect_ignore\b[^=\n]*=[ \t]*\[([^\]]*)\]", re.MULTILINE)
_NAME = re.compile(rb"""["']([^"'\n]+)["']""")
_MAX_NAMES = 200


def ignored_names(data: bytes) -> tuple[str, ...]:
    """Return the paths in ``collect_ignore``, where a module lists them plainly.

    Examples
    --------
    >>> ignored_names(b'collect_ignore = ["setup.py", "docs"]')
    ('setup.py', 'docs')
    """
    if b"collect_ignore" not in data:
        return ()
    found = [each for listed in _LISTED.findall(data) for each in _NAME.findall(listed)]
    return tuple(each.decode("utf-8", "replace") for each in found[:_MAX_NAMES])
