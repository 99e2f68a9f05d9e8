"""The role that fits: plays histories back, fits the model of success, measures both.

Events come in batches (``do: uses``) and are kept until ``fit`` or ``evaluate`` uses them up, so that
nobody has to write or read a long history in one go.
"""

from collections.abc import Sequence

import numpy as np

from skills_lsp.learning.history import Example
from skills_lsp.learning.replay import Replay, Use
from skills_lsp.learning.success import SuccessModel
from skills_lsp.ml.messages import Message
from skills_lsp.stats.predictor import SkillSuccessPredictor


class Analyst:
    """Holds the events that it was sent."""

    def __init__(self) -> None:
        self._uses: list[Use] = []

    def hello(self) -> dict[str, object]:
        """Return the role's name."""
        return {"role": "analyst"}

    def answer(self, message: Message) -> Message:
        """Do what is asked. Raises ValueError for anything else."""
        head = message.head
        if head.get("do") == "uses":
            if head.get("is_first"):
                self._uses.clear()
            self._uses += (Use(*it) for it in head["rows"])
            return Message({"n": len(self._uses)})
        if head.get("do") == "evaluate":
            uses, self._uses = self._uses, []
            return Message({"report": Replay(fitted, float(head["delay_seconds"])).run(uses)})
        raise ValueError(f"an analyst cannot do {head.get('do')!r}")


def fitted(examples: Sequence[Example]) -> SuccessModel:
    """Fit the model of success to examples."""
    predictor = SkillSuccessPredictor().fit(
        np.array([it.features for it in examples], dtype=float),
        np.array([it.success for it in examples], dtype=bool),
        np.array([it.at for it in examples], dtype=float),
    )
    return predictor.model_


def start(arguments: list[str]) -> Analyst:  # noqa: ARG001 - roles are started alike
    """Return an analyst without events."""
    return Analyst()
