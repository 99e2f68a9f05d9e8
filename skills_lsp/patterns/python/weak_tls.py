"""The old versions of TLS can be broken by whoever is between the two ends.

Source: https://cwe.mitre.org/data/definitions/326.html
"""

from collections.abc import Iterator

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns.look import Look
from skills_lsp.syntax.occurrences import name_at, places
from skills_lsp.syntax.source import span_of

CATEGORY = "security"
_VERSIONS = (
    b"PROTOCOL_SSLv2", b"PROTOCOL_SSLv3", b"PROTOCOL_TLSv1", b"PROTOCOL_TLSv1_1", b"SSLv2_METHOD",
    b"SSLv3_METHOD", b"TLSv1_METHOD", b"TLSv1_1_METHOD",
)  # fmt: skip
_MODULES = ("ssl.", "OpenSSL.", "pyOpenSSL.")
_CALL = "( call function: ( _ ) @callee arguments: ( _ ) @args ) @reach"
STRUCTURES = (_CALL,)


def find(look: Look) -> Iterator[Finding]:
    """Yield uses of old versions, and of a function that has no better default."""
    for version in _VERSIONS:
        for at in places(look.source.data, version, look.start, look.end):
            name = name_at(look.source, at, at + len(version))
            holder = name.parent if name is not None else None
            whole = holder if holder is not None and holder.type == "attribute" else name
            if whole is not None and (look.origin(whole) or "").startswith(_MODULES):
                text = look.text(whole)
                message = f"`{text}` is a version of TLS that can be broken"
                yield Finding("weak-tls", CATEGORY, span_of(whole), text, message)
    for captures in look.matches.get(_CALL, ()):
        callee = captures["callee"][0]
        if look.origin(callee) == "ssl.wrap_socket":
            message = f"`{look.text(callee)}` takes old versions and checks no host; a context does better"
            yield Finding("weak-tls", CATEGORY, span_of(callee), look.text(callee), message)
