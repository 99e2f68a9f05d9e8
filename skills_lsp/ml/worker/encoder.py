"""The role that turns text into vectors: a sentence encoder in ONNX, on one thread.

A vector is the mean of the last hidden states of a text's tokens, scaled to length 1, as in Reimers
and Gurevych (2019), Sentence-BERT, https://arxiv.org/abs/1908.10084.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from skills_lsp.ml.messages import Message
from skills_lsp.ml.models import damage, read

_MAX_BATCH = 32
_MAX_TOKENS = 256
_MAX_CHARACTERS = 20_000
"""More than any limit of tokens leaves of a text; a megabyte would take seconds to cut up."""


class Encoder:
    """A loaded model."""

    def __init__(self, folder: Path) -> None:
        model = read(folder)
        reason = damage(model) if model is not None else "there is no model"
        if model is None or reason:
            raise ValueError(reason)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {it.name for it in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        # The file asks for 128 tokens each time, padded: three times slower on short texts.
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.name = model.id
        self.n_dimensions = self.embed(["ready"], 32).shape[1]
        if self.n_dimensions != model.description.dimensions:
            raise ValueError(f"the model gives {self.n_dimensions} numbers, not the ones it names")

    def embed(self, texts: list[str], max_tokens: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Return one vector of length 1 for each text: an array (texts, dimensions) of float32."""
        self._tokenizer.enable_truncation(max_tokens)
        plain = [it[:_MAX_CHARACTERS].encode("utf-8", "replace").decode() for it in texts]
        encoded = self._tokenizer.encode_batch(plain)
        longest = max(len(it.ids) for it in encoded)
        ids = np.zeros((len(encoded), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, it in enumerate(encoded):
            ids[row, : len(it.ids)] = it.ids
            mask[row, : len(it.ids)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        asked = {name: value for name, value in given.items() if name in self._inputs}
        hidden = self._session.run(None, asked)[0]
        weights = mask[:, :, None].astype(np.float32)
        mean = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        vectors: np.ndarray[Any, np.dtype[np.float32]]
        vectors = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return vectors.astype(np.float32)

    def hello(self) -> dict[str, object]:
        """Return the model's name and size."""
        return {"role": "encoder", "model": self.name, "dimensions": self.n_dimensions}

    def answer(self, message: Message) -> Message:
        """Embed the texts of a message, in batches of 32; the body is the array, row by row."""
        texts = [str(it) for it in message.head["texts"]]
        max_tokens = min(int(message.head.get("max_tokens", 32)), _MAX_TOKENS)
        batches = [
            self.embed(texts[first : first + _MAX_BATCH], max_tokens)
            for first in range(0, len(texts), _MAX_BATCH)
        ]
        body = b"".join(it.astype("<f4").tobytes() for it in batches)
        return Message({"n": len(texts), "dimensions": self.n_dimensions}, body)


def start(arguments: list[str]) -> Encoder:
    """Load the model in a folder."""
    return Encoder(Path(arguments[0]))
