"""What a server asks and tells: success and the next skill, behind one door."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from skills_lsp.learning.events import Ending, Event, Setting
from skills_lsp.learning.history import Example, History
from skills_lsp.learning.moment import Moment
from skills_lsp.learning.sequences import Next, NextSkill
from skills_lsp.learning.success import SuccessModel

_LEAST_NEW = 50
_FEW_NEW = 20
_MUCH_NEW_SHARE = 0.25
_SECONDS_BETWEEN_FITS = 86_400.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A skill that could be used: its name, its phase, and whether something calls for it."""

    skill: str
    phase: str = ""
    has_pattern: bool = False


class Learner:
    """The models, kept up to date with each event; pure, and quick enough for each keystroke."""

    def __init__(self, on_example: Callable[[Example], None] | None = None) -> None:
        self.history = History(on_example)
        self.next_skill = NextSkill()
        self.model = SuccessModel.prior()
        self._n_fitted = 0
        self._fitted_at = 0.0

    def rates(self, setting: Setting, skills: Sequence[Asked]) -> list[float]:
        """Return how likely each skill is to do its work, were it used here and now."""
        moment, rate = self.history.moment(setting), self.model.rate
        return [rate(moment.row(it.skill, it.phase, has_pattern=it.has_pattern)) for it in skills]

    def explanation(self, setting: Setting, asked: Asked) -> list[str]:
        """Return what speaks most for and against its success, in words."""
        return self.model.explanation(_row(self.history.moment(setting), asked))

    def next_skills(self, setting: Setting, limit: int = 5) -> list[Next]:
        """Return what the user most likely does next, best first."""
        return self.next_skill.predict(setting, limit)

    def begin(self, event: Event) -> list[float] | None:
        """Take note of a use; return its features, None for one that is known already."""
        row = self.history.begin(event)
        if row is not None:
            self.next_skill.begin(event)
        return row

    def end(self, ending: Ending) -> None:
        """Take note of an outcome."""
        self.history.end(ending)
        self.next_skill.end(ending)

    def advance(self, now: float) -> None:
        """Take in what happened and became known before an instant. Asking does so, too."""
        self.history.advance(now)
        self.next_skill.advance(now)

    def is_fit_due(self, now: float) -> bool:
        """Say whether enough became known since the last fit: 50 outcomes, 20 after a day.

        With a long history it takes a quarter as many again, or a day.
        """
        n_new = self.history.n_outcomes - self._n_fitted
        if now - self._fitted_at >= _SECONDS_BETWEEN_FITS:
            return n_new >= _FEW_NEW
        return n_new >= max(_LEAST_NEW, _MUCH_NEW_SHARE * self._n_fitted)

    def use_model(self, model: SuccessModel, now: float) -> None:
        """Answer by another model from here on."""
        self.model = model
        self._n_fitted, self._fitted_at = self.history.n_outcomes, now

    def parts(self) -> Iterator[list[Any]]:
        """Yield the state as plain data, in small parts for :meth:`put`; the model is not in it."""
        yield ["learner", 1, self._n_fitted, self._fitted_at]
        yield from self.history.parts()
        yield from self.next_skill.parts()

    def put(self, part: list[Any]) -> None:
        """Take over a part of another state. Raises ValueError for what is none."""
        try:
            if part[0] == "learner":
                self._n_fitted, self._fitted_at = int(part[2]), float(part[3])
            elif part[0] == "next":
                self.next_skill.put(part)
            else:
                self.history.put(part)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            raise ValueError(f"a part of what was learned cannot be read: {error}") from error


def _row(moment: Moment, asked: Asked) -> list[float]:
    return moment.row(asked.skill, asked.phase, has_pattern=asked.has_pattern)
