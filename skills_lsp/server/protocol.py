"""Our dialect of pygls' protocol: every request gets exactly one answer, and none a traceback."""

import logging
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import JsonRPCResponseMessage

from skills_lsp.app.operations import table
from skills_lsp.app.operations._arguments import decode
from skills_lsp.app.plain import plain
from skills_lsp.server import from_lsp
from skills_lsp.server.answers import answered
from skills_lsp.server.lenient import UnusableError, mend_document, structure

logger = logging.getLogger(__name__)

NOT_INITIALIZED = -32002
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603


class SkillsProtocol(LanguageServerProtocol):
    """pygls' protocol with our documents, our commands and our manners."""

    _server: Any
    _is_initialized = False

    # -- messages in -----------------------------------------------------------------------------

    def receive(self, message: dict[str, Any]) -> None:
        """Handle one message from the client, whatever it is."""
        method, message_id = message.get("method"), message.get("id")
        is_request = "id" in message and "method" in message
        # For Python true is 1: cancelling the one would cancel the other.
        is_odd = isinstance(message_id, (dict, list, bool))
        if is_odd or (is_request and message_id is None):
            if not is_request:
                return
            self.refuse(None, INVALID_REQUEST, "A request's id must be a number or a text.")
            return
        if "method" in message and (problem := self._problem(message)):
            if is_request:
                self.refuse(message_id, *problem)
            return
        message.setdefault("jsonrpc", self.VERSION)
        mend_document(method, message.get("params"))
        try:
            handled = self._structured(message)
        except UnusableError as error:
            logger.warning("%s: %s", method or "response", error)
            if is_request:
                self.refuse(message_id, INVALID_PARAMS, str(error))
            return
        try:
            self.handle_message(handled)
        except SystemExit:
            raise
        except Exception:
            # Only pygls' own bookkeeping can fail here: handlers answer for themselves.
            logger.exception("Message %s could not be handled", method or message_id)

    def _problem(  # noqa: PLR0911 - a table of refusals
        self, message: dict[str, Any]
    ) -> tuple[int, str] | None:
        """Return why a message must not be handled now, as an error."""
        method = message["method"]
        if not isinstance(method, str) or message.get("jsonrpc", self.VERSION) != self.VERSION:
            return INVALID_REQUEST, "A request needs a method name and jsonrpc 2.0."
        if method == types.EXIT:
            return None
        if self._shutdown:
            return INVALID_REQUEST, "The server is shutting down."
        if method == types.INITIALIZE:
            if self._is_initialized:
                return INVALID_REQUEST, "The server is already initialized."
            return None
        if not self._is_initialized:
            return NOT_INITIALIZED, "The server is not initialized yet."
        known = method in self.fm.builtin_features or method in self.fm.features
        if not known and method != types.CANCEL_REQUEST:
            return METHOD_NOT_FOUND, f"Method not found: {method[:200]}"
        return None

    def _structured(self, message: dict[str, Any]) -> Any:
        """Return the message as its lsprotocol type, as far as it can be had."""
        message_id = message.get("id")
        if "method" in message:
            type_ = self.get_message_type(message["method"])
        elif message.get("error") is not None:
            type_ = types.ResponseErrorMessage
        elif message_id in self._result_types:
            # The answer to a request of our own, skills/trust, has no type in the protocol.
            type_ = self._result_types.pop(message_id) or JsonRPCResponseMessage
        else:
            type_ = None
        if type_ is None:
            raise UnusableError("It is of an unknown kind.")
        try:
            return structure(self._converter, message, type_)
        except UnusableError as error:
            if "method" in message:
                raise
            # Who waits for this answer must not wait for ever.
            failure = types.ResponseError(INVALID_PARAMS, str(error))
            return types.ResponseErrorMessage(error=failure, id=message_id)

    def refuse(self, message_id: Any, code: int, sentence: str) -> None:
        """Answer a request with an error of one sentence."""
        error = types.ResponseError(code, sentence)
        self._send_data(types.ResponseErrorMessage(error=error, id=message_id))

    # -- built-in methods that work on our own documents -----------------------------------------

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Any:
        """Initialize; a second one is refused from here on."""
        self._is_initialized = True
        return (yield from super().lsp_initialize(params))

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Take an opened document."""
        document = params.text_document
        language = getattr(document.language_id, "value", document.language_id)
        self._server.app.open(document.uri, str(language), document.version, document.text)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Apply changes in their order; a change without a range is the whole text."""
        app = self._server.app
        document = app.documents.get(params.text_document.uri)
        if document is None:
            logger.warning("didChange for %s, which is not open", params.text_document.uri)
            return
        for change in params.content_changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                span = from_lsp.span(change.range, document.buffer, app.encoding)
                app.edit(document, span, change.text)
            else:
                app.reset(document, change.text)
        document.version = params.text_document.version
        app.settle_soon(document.uri)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Let go of a closed document."""
        self._server.app.close(params.text_document.uri)

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override] # pygls takes either
        self, params: types.ExecuteCommandParams
    ) -> Any:
        """Run an operation of the table."""
        return await execute(self._server, params)

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_args: Any) -> None:  # type: ignore[override] # pygls takes either
        """End the server: 0 after ``shutdown``, else 1."""
        self._server.end(0 if self._shutdown else 1)


@answered
async def execute(server: Any, params: types.ExecuteCommandParams) -> Any:
    """Answer ``workspace/executeCommand``."""
    operation = table().get(params.command)
    if operation is None:
        known = ", ".join(sorted(table()))
        raise JsonRpcException(
            f"There is no command {params.command[:100]!r}. There are: {known}.", INVALID_PARAMS
        )
    is_bare = not params.arguments
    return plain(await server.perform(operation, decode, params.arguments, is_bare=is_bare))
