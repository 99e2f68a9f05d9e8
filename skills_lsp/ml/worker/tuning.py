"""Fine-tuning the encoder on what was picked, and saying honestly whether that helped.

A pick is a pair: the text of a context, and the text of the skill that was chosen there. Pairs pull
their vectors together, and push those of the other skills in the batch away: multiple negatives
ranking loss, Henderson et al. (2017), Efficient Natural Language Response Suggestion for Smart Reply,
https://arxiv.org/abs/1705.00652. The last fifth of the picks, in time, is kept out and asked about.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

HELD_OUT = 0.2
"""The share of the picks, the last ones, that the network is judged by."""

_EPOCHS = 3
_BATCH = 16
_LEARNING_RATE = 2e-5
_WARM_UP_SHARE = 0.1
_MAX_TOKENS = 64
_MAX_STEPS = 600
_SEED = 20_260_101
_AMONG = 5

Say = Callable[[str, float], None]
"""Is told what is being done, and the share of it that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Picks:
    """The texts of all skills by name, and what was picked where, oldest first."""

    documents: dict[str, str]
    picks: tuple[tuple[str, str], ...]  # text of the context, name of the skill

    @property
    def n_learned(self) -> int:
        """How many are learned from; the rest are asked about."""
        return len(self.picks) - max(1, round(HELD_OUT * len(self.picks)))


def tune(weights: Path, target: Path, picks: Picks, say: Say) -> dict[str, float]:
    """Write fine-tuned weights to ``target`` and return how the two networks did on later picks.

    Returns ``mrr_before``, ``mrr_after`` (mean reciprocal rank among all skills, cut after five),
    ``hit_before``, ``hit_after`` (how often the pick stood first), and the counts.
    """
    import torch  # noqa: PLC0415 - only the trainer has it
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - as above

    torch.manual_seed(_SEED)
    network = SentenceTransformer(str(weights), device="cpu", local_files_only=True)
    network.max_seq_length = _MAX_TOKENS
    learned, asked = picks.picks[: picks.n_learned], picks.picks[picks.n_learned :]
    say("asking the old network", 0.05)
    before = _quality(network, picks.documents, asked)
    _learn(network, _pairs(picks.documents, learned), say)
    say("asking the new network", 0.5)
    after = _quality(network, picks.documents, asked)
    network.save(str(target))
    return {
        "mrr_before": before[0], "mrr_after": after[0],
        "hit_before": before[1], "hit_after": after[1],
        "n_learned": len(learned), "n_asked": len(asked),
    }  # fmt: skip


def _pairs(
    documents: dict[str, str], learned: Sequence[tuple[str, str]]
) -> list[tuple[str, str, str]]:
    """Return (text, name, document) to learn from: the picks, and each skill under its own name.

    The latter keep the network from forgetting the skills that nobody has picked.
    """
    picked = dict.fromkeys((text, name) for text, name in learned if name in documents)
    own = dict.fromkeys((name.replace("-", " "), name) for name in documents)
    return [(text, name, documents[name]) for text, name in (*picked, *own)]


def _learn(network: Any, pairs: list[tuple[str, str, str]], say: Say) -> None:
    import torch  # noqa: PLC0415 - as above
    from sentence_transformers.losses import (  # noqa: PLC0415 - as above
        MultipleNegativesRankingLoss,
    )

    batches = list(_batches(pairs))[:_MAX_STEPS]
    loss_of = MultipleNegativesRankingLoss(network)
    optimizer = torch.optim.AdamW(network.parameters(), lr=_LEARNING_RATE, weight_decay=0.01)
    n_warm = max(1, round(_WARM_UP_SHARE * len(batches)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / n_warm, (len(batches) - step) / len(batches)),
    )
    network.train()
    for number, batch in enumerate(batches):
        say("learning", 0.1 + 0.4 * number / len(batches))
        features = [_tokens(network, [each[side] for each in batch]) for side in (0, 2)]
        loss = loss_of(features, None)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    network.eval()


def _tokens(network: Any, texts: list[str]) -> Any:
    ask = getattr(network, "preprocess", None) or network.tokenize  # its name until 6.0
    return ask(texts)


def _batches(pairs: list[tuple[str, str, str]]) -> Iterator[list[tuple[str, str, str]]]:
    """Yield batches in which no skill occurs twice: a pick must not be its own wrong answer."""
    chance = random.Random(_SEED)  # noqa: S311 - a repeatable order
    for _ in range(_EPOCHS):
        left = pairs.copy()
        chance.shuffle(left)
        while left:
            batch: dict[str, tuple[str, str, str]] = {}
            rest: list[tuple[str, str, str]] = []
            for each in left:
                if len(batch) < _BATCH and each[1] not in batch:
                    batch[each[1]] = each
                else:
                    rest.append(each)
            if len(batch) == 1:
                break  # One alone has nothing to be told from.
            yield list(batch.values())
            left = rest


def _quality(
    network: Any, documents: dict[str, str], asked: Sequence[tuple[str, str]]
) -> tuple[float, float]:
    """Return mean reciprocal rank (cut after five) and hit rate of the picks among all skills."""
    names = list(documents)
    wanted = [(text, names.index(name)) for text, name in asked if name in documents]
    if not wanted:
        return 0.0, 0.0
    vectors = [
        np.asarray(network.encode(texts, normalize_embeddings=True, show_progress_bar=False))
        for texts in ([documents[name] for name in names], [text for text, _ in wanted])
    ]
    cosines = vectors[1] @ vectors[0].T
    own = cosines[np.arange(len(wanted)), [number for _, number in wanted]]
    ranks = 1 + np.sum(cosines > own[:, None], axis=1)
    reciprocal = np.where(ranks <= _AMONG, 1.0 / ranks, 0.0)
    return float(reciprocal.mean()), float(np.mean(ranks == 1))
