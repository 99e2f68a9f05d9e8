"""The role that fits: replays histories, fits the model of success, and measures both.

Uses come in batches (``do: uses``) and are kept until ``fit`` or ``evaluate`` takes them, so that
nobody has to write or read a long history in one go. What was learned goes back in parts
(``do: part``), for the same reason.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from skills_lsp.learning.history import Example
from skills_lsp.learning.replay import Replay, Use, learned
from skills_lsp.learning.success import SuccessModel
from skills_lsp.ml.messages import Message
from skills_lsp.stats import questions
from skills_lsp.stats.predictor import DEFAULT_PLAN, Plan, SkillSuccessPredictor

_PART_BYTES = 100_000


class Analyst:
    """Holds the uses that it was sent, and what it has learned from them."""

    def __init__(self) -> None:
        self._uses: list[Use] = []
        self._parts: list[list[list[Any]]] = []

    def hello(self) -> dict[str, object]:
        """Return the role's name."""
        return {"role": "analyst"}

    def answer(self, message: Message) -> Message:
        """Do what is asked. Raises ValueError for anything else."""
        head = message.head
        doing = {
            "uses": self._take,
            "evaluate": self._evaluate,
            "fit": self._fit,
            "part": self._part,
            "question": _question,
        }
        if head.get("do") not in doing:
            raise ValueError(f"an analyst cannot do {head.get('do')!r}")
        return Message(doing[head["do"]](head))

    def _take(self, head: dict[str, Any]) -> dict[str, Any]:
        if head.get("is_first"):
            self._uses.clear()
        self._uses += (Use(*it) for it in head["rows"])
        return {"n": len(self._uses)}

    def _evaluate(self, head: dict[str, Any]) -> dict[str, Any]:
        uses, self._uses = self._uses, []
        return {"report": Replay(fitted, float(head["delay_seconds"])).run(uses)}

    def _fit(self, head: dict[str, Any]) -> dict[str, Any]:
        uses, self._uses = self._uses, []
        plan = Plan(half_life_days=float(head["half_life_days"]))
        examples: list[Example] = []
        learner = learned(uses, float(head["now"]), examples.append)
        model = fitted(examples, plan)
        learner.use_model(model, float(head["now"]))
        self._parts = _together(learner.parts())
        return {"model": model.data(), "n_parts": len(self._parts)}

    def _part(self, head: dict[str, Any]) -> dict[str, Any]:
        return {"parts": self._parts[int(head["number"])]}


def _question(head: dict[str, Any]) -> dict[str, Any]:
    return {"answer": questions.answer(str(head["question"]), head["asked"])}


def fitted(examples: Sequence[Example], plan: Plan = DEFAULT_PLAN) -> SuccessModel:
    """Fit the model of success to examples."""
    if not examples:
        return SuccessModel.prior()
    predictor = SkillSuccessPredictor(plan).fit(
        np.array([it.features for it in examples], dtype=float),
        np.array([it.success for it in examples], dtype=bool),
        np.array([it.at for it in examples], dtype=float),
    )
    return predictor.model_


def _together(parts: Any) -> list[list[list[Any]]]:
    """Return parts in groups that are each quickly read."""
    groups: list[list[list[Any]]] = []
    size = _PART_BYTES
    for part in parts:
        n_bytes = len(json.dumps(part))
        if size + n_bytes > _PART_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(part)
        size += n_bytes
    return groups


def start(arguments: list[str]) -> Analyst:  # noqa: ARG001 - roles are started alike
    """Return an analyst without uses."""
    return Analyst()
