"""Making a learner of what was stored. On a thread, so the event loop is let in all the time."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from skills_lsp.learning.events import Ending, ended_at
from skills_lsp.learning.learner import Learner
from skills_lsp.learning.replay import event_of
from skills_lsp.learning.success import SuccessModel
from skills_lsp.store.learning import Learned, Recorded


@dataclass(frozen=True, slots=True)
class Built:
    """A learner, the number of the fit behind it, and what was wrong with that fit."""

    learner: Learner
    model_id: int
    problem: str = ""


def built(
    found: Learned | None, newer: Iterable[Recorded], let_others: Callable[[], None]
) -> Built:
    """Return a learner that knows a fit and the uses since; the uses alone without a usable fit."""
    learner, problem = Learner(), ""
    if found is not None:
        try:
            learner = _restored(found, let_others)
        except ValueError as error:  # of another version, or damaged: the next fit takes its place
            learner, problem = Learner(), str(error)
    for it in newer:
        take(learner, it)
        learner.advance(it.use.at)
        let_others()
    return Built(learner, found.id if found is not None else 0, problem)


def take(learner: Learner, it: Recorded, *, is_begun: bool = False) -> None:
    """Tell a learner of a stored use, with its outcome where that is known."""
    use = it.use
    if not is_begun:
        learner.begin(event_of(use, str(it.id)))
    if use.success is not None:
        known_at = ended_at(use.at, use.duration_seconds)
        learner.end(Ending(str(it.id), known_at, use.success, use.duration_seconds, use.is_clean))


def _restored(found: Learned, let_others: Callable[[], None]) -> Learner:
    learner = Learner()
    learner.model = SuccessModel.of(json.loads(found.model))
    for text in found.parts:
        learner.put(json.loads(text))
        let_others()
    return learner
