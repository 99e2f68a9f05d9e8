"""Text to vectors, from the server's side."""

from collections.abc import Sequence
from pathlib import Path

from skills_lsp.ml.process import DEFAULT_LIMITS, Limits, Worker, role

QUERY_TOKENS = 32
"""More loses nothing and costs time: recall was measured to be the same without a limit."""

DOCUMENT_TOKENS = 128
"""Of a skill's text. What it is about stands at the top."""

_FLOAT_BYTES = 4
_BATCH = 32


class Encoder:
    """The encoder process with one model.

    Vectors are little-endian float32 of length 1, as vec0 takes them.
    """

    def __init__(self, folder: Path, model_id: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self.model_id = model_id
        self.worker = Worker(role("encoder", str(folder)), limits=limits)

    async def embed(
        self, texts: Sequence[str], *, max_tokens: int = QUERY_TOKENS, seconds: float | None = None
    ) -> list[bytes] | None:
        """Return a vector for each text, None when the encoder has no answer."""
        vectors: list[bytes] = []
        for first in range(0, len(texts), _BATCH):
            batch = list(texts[first : first + _BATCH])
            request = {"do": "embed", "texts": batch, "max_tokens": max_tokens}
            answer = await self.worker.ask(request, seconds=seconds)
            if answer is None:
                return None
            size = answer.head.get("dimensions", 0) * _FLOAT_BYTES
            if not size or len(answer.body) != size * len(batch):
                return None
            vectors += (answer.body[at : at + size] for at in range(0, len(answer.body), size))
        return vectors

    async def close(self) -> None:
        """End the process."""
        await self.worker.close()
