"""The floor: a pygls server that answers every code action request with one constant."""

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("empty", "0")


@server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
def code_action(_params: types.CodeActionParams) -> list[types.CodeAction]:
    return [types.CodeAction("constant", kind=types.CodeActionKind.QuickFix)]


if __name__ == "__main__":
    server.start_io()
