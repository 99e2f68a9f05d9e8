"""Making probabilities mean what they say."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Labels = np.ndarray[Any, np.dtype[np.bool_]]

_SLOPE_SPREAD = 0.4
_OFFSET_SPREAD = 0.5
"""How far a fitted sigmoid may be expected from leaving the scores as they are."""

_LEAST_SLOPE = 0.02
_N_STEPS = 25
_FAR = 30.0
_LEAST_STEP = 1e-4
_LEAST_GAIN = 1e-7
_MOST_LOG_ODDS = 8.0


@dataclass(frozen=True, slots=True)
class Sigmoid:
    """Turns scores into probabilities: 1 / (1 + exp(-(slope * score + offset)))."""

    slope: float
    offset: float

    def rates(self, scores: Array) -> Array:
        """Return the probabilities of scores."""
        log_odds = np.clip(self.slope * scores + self.offset, -_MOST_LOG_ODDS, _MOST_LOG_ODDS)
        found: Array = 1.0 / (1.0 + np.exp(-log_odds))
        return found


IDENTITY = Sigmoid(1.0, 0.0)


def fitted_sigmoid(scores: Array, y: Labels, weights: Array) -> Sigmoid:
    """Return the sigmoid that fits outcomes best, after Platt (1999), by Newton's method.

    With few rows it stays near the identity: slope and offset have normal priors around 1 and 0,
    so that a hold-out of one class gives no infinite slope.
    """
    design = np.column_stack([scores, np.ones_like(scores)])
    prior = np.array([1.0, 0.0])
    precision = np.array([_SLOPE_SPREAD**-2, _OFFSET_SPREAD**-2])

    def cost(at: Array) -> float:
        log_odds = design @ at
        surprise = weights @ (np.logaddexp(0.0, log_odds) - y * log_odds)
        return float(surprise + precision @ (at - prior) ** 2 / 2.0)

    at, now = prior.copy(), cost(prior)
    for _ in range(_N_STEPS):
        rates = 1.0 / (1.0 + np.exp(-np.clip(design @ at, -_FAR, _FAR)))
        slope = design.T @ (weights * (rates - y)) + precision * (at - prior)
        curve = weights * rates * (1.0 - rates)
        step = np.linalg.solve((design * curve[:, None]).T @ design + np.diag(precision), slope)
        size = 1.0
        # A full step may lead far past the end where the scores were much too sure.
        while (then := cost(at - size * step)) > now and size > _LEAST_STEP:
            size /= 2.0
        if now - then < _LEAST_GAIN:
            break
        at, now = at - size * step, then
    return Sigmoid(max(float(at[0]), _LEAST_SLOPE), float(at[1]))
