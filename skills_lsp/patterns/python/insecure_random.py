"""The numbers of `random` can be foretold from a few of them; no secret may be made of them.

Source: https://docs.python.org/3/library/random.html
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.test_files import is_test_file
from skills_lsp.syntax.nodes import ancestors, is_field
from skills_lsp.syntax.source import span_of

CATEGORY = "security"
_CALL = "( call function: ( _ ) @callee arguments: ( _ ) @args ) @reach"
STRUCTURES = (_CALL,)
_SECRET = Late(
    r"(?:^|_)(?:pass(?:word|wd|phrase|code)|passwd|pwd|secret|token|otp|nonce|salt|csrf|xsrf|session_?id"
    r"|(?:api|secret|access|private|auth|encryption|signing)_?key|verification_?code|pin_?code)",
    re.IGNORECASE,
)
_NOT_SECRET = Late(r"tokens$|n_?tokens|token_?(?:len|count|type|ids?$)|tokeni[sz]", re.IGNORECASE)
_MAKERS = frozenset(
    f"random.{name}"
    for name in (
        "random", "randrange", "randint", "choice", "choices", "uniform", "triangular", "randbytes",
        "sample", "getrandbits", "shuffle", "Random",
    )
)  # fmt: skip
_STOPS = frozenset({"block", "module", "function_definition", "class_definition"})
_TARGETS = {"assignment": "left", "keyword_argument": "name", "named_expression": "name"}
_MAX_NAME_BYTES = 80


def find(look: Look) -> Iterator[Finding]:
    """Yield random numbers that something is made of whose name says that it is secret."""
    if is_test_file(look.source.path, look.source.language, look.source.project):
        return
    for captures in look.matches.get(_CALL, ()):
        callee = captures["callee"][0]
        if look.origin(callee) in _MAKERS and _makes_secret(look, captures["reach"][0]):
            text = look.text(callee)
            message = (
                f"`{text}` can be foretold, so a secret must not be made of it; `secrets` cannot"
            )
            yield Finding("insecure-random", CATEGORY, span_of(callee), text, message)


def _makes_secret(look: Look, call: Node) -> bool:
    child = call
    is_returned = False
    for each in ancestors(call):
        if each.type in _STOPS:
            break
        is_returned = is_returned or each.type == "return_statement"
        target = _TARGETS.get(each.type)
        if target is not None and not is_field(each, target, child):
            name = each.child_by_field_name(target)
            return name is not None and _is_secret(look, name)
        child = each
    around = look.regions.function_around(call.start_byte)
    name = around.node.child_by_field_name("name") if is_returned and around is not None else None
    return name is not None and _is_secret(look, name)


def _is_secret(look: Look, name: Node) -> bool:
    if name.end_byte - name.start_byte > _MAX_NAME_BYTES:
        return False
    text = look.text(name).rpartition(".")[2]
    return _SECRET.search(text) is not None and _NOT_SECRET.search(text) is None
