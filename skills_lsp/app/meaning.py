"""Search by meaning: vectors of the catalogue and of queries, made ahead of time.

Nothing here is waited for by a keystroke: a vector that is not there yet leaves the search by words,
and is there the next time.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skills_lsp.domain.skill import Skill
from skills_lsp.ide.meaning import document
from skills_lsp.ml import models
from skills_lsp.ml.encoder import DOCUMENT_TOKENS, QUERY_TOKENS, Encoder
from skills_lsp.store.embeddings import Embeddings, digest_of
from skills_lsp.store.vectors import VectorIndex

_MAX_QUERIES = 500
_BATCH = 32
_N_NEAREST = 60

Spawn = Callable[[Coroutine[Any, Any, Any]], None]
Progress = Callable[[int, int], None]
"""Is told how many vectors of how many are there."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A model with the vectors of the catalogue that it made."""

    encoder: Encoder
    index: VectorIndex


class Meaning:
    """The model, if there is one, and what it knows of the catalogue."""

    def __init__(self, models_folder: Path, cache: Path | None, spawn: Spawn) -> None:
        self._models_folder = models_folder
        self._cache = cache
        self._spawn = spawn
        self._embeddings: Embeddings | None = None
        self._encoder: Encoder | None = None
        self._ready: _Ready | None = None
        self._queries: dict[str, bytes] = {}
        self._asked: set[str] = set()
        self.on_vector: Callable[[str], None] = lambda _query: None
        self.wanted: Callable[[], str] = lambda: ""
        """Names the model that a test gave to this session; the one in use where it is empty."""

    @property
    def engine(self) -> str:
        """What ranks texts: the model's id, or ``words`` where there is none (yet)."""
        return self._ready.encoder.model_id if self._ready is not None else "words"

    async def take_catalogue(
        self, skills: Sequence[Skill], progress: Progress = lambda _done, _all: None
    ) -> bool:
        """Index the skills; only texts that are new cost time. False when there is no model."""
        encoder = await self._model()
        if encoder is None:
            return False
        texts = {skill.name: document(skill) for skill in skills}
        vectors = await self._vectors(encoder, texts.values(), DOCUMENT_TOKENS, progress)
        known = {name: vectors[text] for name, text in texts.items() if text in vectors}
        if len(known) < len(texts):
            return False  # The encoder went away; the next catalogue or restart tries again.
        self._ready = _Ready(encoder, await asyncio.to_thread(VectorIndex, known))
        self._queries.clear()
        return True

    def scores(self, query: str, limit: int = _N_NEAREST) -> Mapping[str, float]:
        """Return the cosines of the skills nearest to a query, empty until its vector is there."""
        ready = self._ready
        if ready is None or not query:
            return {}
        vector = self._queries.get(query)
        if vector is not None:
            return dict(ready.index.nearest(vector, limit))
        if query not in self._asked:
            self._asked.add(query)
            self._spawn(self.learn(query))
        return {}

    async def learn(self, query: str, seconds: float | None = None) -> bool:
        """Make the vector of a query; say whether it is there."""
        ready = self._ready
        if ready is None:
            return False
        try:
            if query not in self._queries:
                found = await self._vectors(ready.encoder, (query,), QUERY_TOKENS, seconds=seconds)
                if query not in found:
                    return False
                if len(self._queries) >= _MAX_QUERIES:
                    self._queries.pop(next(iter(self._queries)))
                self._queries[query] = found[query]
                self.on_vector(query)
        finally:
            self._asked.discard(query)
        return True

    async def embed(
        self, texts: Sequence[str], seconds: float | None = None
    ) -> tuple[str, list[bytes]] | None:
        """Return the model's id and vectors of texts that are no skills; None without an answer.

        Of no texts it is the id alone, and nothing is started for it.
        """
        encoder = await self._model()
        made = await encoder.embed(texts, seconds=seconds) if encoder is not None else None
        return None if encoder is None or made is None else (encoder.model_id, made)

    async def documents(self, texts: Sequence[str]) -> list[bytes] | None:
        """Return the vectors of texts of skills, kept ones first; None where there is no model."""
        encoder = await self._model()
        if encoder is None:
            return None
        found = await self._vectors(encoder, texts, DOCUMENT_TOKENS)
        return [found[it] for it in texts] if len(found) == len({*texts}) else None

    async def close(self) -> None:
        """End the encoder."""
        self._ready = None
        if self._encoder is not None:
            await self._encoder.close()
        if self._embeddings is not None:
            await asyncio.to_thread(self._embeddings.close)

    async def _model(self) -> Encoder | None:
        model = await asyncio.to_thread(models.chosen, self._models_folder, self.wanted())
        if model is None:
            return None
        if self._encoder is None or self._encoder.model_id != model.id:
            if self._encoder is not None:
                await self._encoder.close()
            self._encoder = Encoder(model.folder, model.id)
        if self._embeddings is None:
            self._embeddings = await asyncio.to_thread(Embeddings, self._cache)
        return self._encoder

    async def _vectors(
        self,
        encoder: Encoder,
        texts: Iterable[str],
        max_tokens: int,
        progress: Progress = lambda _done, _all: None,
        seconds: float | None = None,
    ) -> dict[str, bytes]:
        """Return the vectors of texts: those on the disk, and the rest from the encoder."""
        assert self._embeddings is not None
        digests = {text: digest_of(text, max_tokens) for text in texts}
        known = await asyncio.to_thread(self._embeddings.get, encoder.model_id, digests.values())
        vectors = {text: known[it] for text, it in digests.items() if it in known}
        missing = [text for text in digests if text not in vectors]
        for first in range(0, len(missing), _BATCH):
            progress(len(vectors), len(digests))
            batch = missing[first : first + _BATCH]
            made = await encoder.embed(batch, max_tokens=max_tokens, seconds=seconds)
            if made is None:
                break
            new = dict(zip(batch, made, strict=True))
            vectors.update(new)
            kept = {digests[text]: vector for text, vector in new.items()}
            now = int(time.time())
            await asyncio.to_thread(self._embeddings.put, encoder.model_id, kept, now)
        progress(len(vectors), len(digests))
        return vectors
