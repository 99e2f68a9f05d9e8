"""Errors as the client gets them: one sentence, no traceback."""

import functools
import logging
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from pygls.exceptions import JsonRpcException

from skills_lsp.errors import SkillsError, UsageError

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

INVALID_PARAMS = -32602
REQUEST_FAILED = -32803
INTERNAL_ERROR = -32603


def answered(
    handler: Callable[P, Coroutine[Any, Any, T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    """Let a handler's errors reach the client as one sentence; the rest goes to the log."""

    @functools.wraps(handler)
    async def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await handler(*args, **kwargs)
        except Exception as error:
            raise as_answer(error, handler.__name__) from error

    return wrapped


def answered_now(handler: Callable[P, T]) -> Callable[P, T]:
    """Do the same for a handler that answers at once."""

    @functools.wraps(handler)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return handler(*args, **kwargs)
        except Exception as error:
            raise as_answer(error, handler.__name__) from error

    return wrapped


def as_answer(error: Exception, name: str) -> JsonRpcException:
    """Return an error as the answer to a request."""
    if isinstance(error, JsonRpcException):
        return error
    if isinstance(error, SkillsError):
        code = INVALID_PARAMS if isinstance(error, UsageError) else REQUEST_FAILED
        return JsonRpcException(str(error), code, {"slug": error.slug})
    logger.error("%s failed", name, exc_info=error)
    return JsonRpcException(
        f"skills-lsp could not answer: {type(error).__name__}. Its log has the details.",
        INTERNAL_ERROR,
    )
