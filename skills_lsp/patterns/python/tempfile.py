"""A file with a name that others can foresee, in a folder that all can write to, can be put there first.

Source: https://cwe.mitre.org/data/definitions/377.html
"""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.literals import is_text, literals
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.test_files import is_test_file
from skills_lsp.syntax.source import span_of

CATEGORY = "security"
_FOLDERS = (b"/tmp", b"/var/tmp", b"/dev/shm")
_MAKERS = frozenset({"tempfile.mktemp", "os.tempnam", "os.tmpnam"})
_CALL = "( call function: ( _ ) @callee arguments: ( _ ) @args ) @reach"
STRUCTURES = (_CALL,)


def find(look: Look) -> Iterator[Finding]:
    """Yield names of temporary files that can be foreseen, and what makes them."""
    if is_test_file(look.source.path, look.source.language, look.source.project):
        return
    for folder in _FOLDERS:
        for node in literals(look, folder):
            if is_text(look, node):
                message = "others can foresee this name, and put their file there first; tempfile makes one"
                yield Finding("tempfile", CATEGORY, span_of(node), look.text(node), message)
    yield from _made(look)


def _made(look: Look) -> Iterator[Finding]:
    for captures in look.matches.get(_CALL, ()):
        callee = captures["callee"][0]
        if look.origin(callee) in _MAKERS:
            message = (
                f"`{look.text(callee)}` names a file that somebody else may make before you do"
            )
            yield Finding("tempfile", CATEGORY, span_of(callee), look.text(callee), message)
