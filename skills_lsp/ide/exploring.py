"""A little chance in the order, with the exact probability of what it did.

Who only ever shows the best list never learns what another would have brought. So in a small share of
lists two entries change places. The probability of each entry to stand where it stands is kept with the
list; with it, another order can be judged by what was picked from this one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from skills_lsp.domain.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class Arranged:
    """A list as it is shown.

    ``propensities`` says how probable it was that each entry stands where it does, ``exploration`` how
    many of such lists are changed. The entries' own ranks are those of their scores.
    """

    suggestions: list[Suggestion]
    propensities: tuple[float, ...]
    exploration: float = 0.0
    is_explored: bool = False


def as_ranked(suggestions: Sequence[Suggestion]) -> Arranged:
    """Return a list as its scores have it."""
    return Arranged([*suggestions], (1.0,) * len(suggestions))


def arranged(
    suggestions: Sequence[Suggestion], exploration: float, fixed: Collection[str], draw: float
) -> Arranged:
    """Return a list in which, with probability ``exploration``, one pair changed places.

    Each pair is as likely as any other, so an entry stays where it was with probability
    1 - 2 exploration / n, and stands in each other place with exploration / pairs.

    Parameters
    ----------
    fixed
        Names of skills that keep their places: what cannot run here.
    draw
        A number from 0 to 1, drawn evenly; see :func:`draw_of`.
    """
    movable = [i for i, it in enumerate(suggestions) if it.skill.name not in fixed]
    n = len(movable)
    if n < 2 or exploration <= 0.0:  # noqa: PLR2004 - a pair
        return as_ranked(suggestions)
    pairs = [(movable[i], movable[j]) for i in range(n) for j in range(i + 1, n)]
    places = list(range(len(suggestions)))
    propensities = [1.0 - 2.0 * exploration / n if i in movable else 1.0 for i in places]
    is_explored = draw < exploration
    if is_explored:
        first, second = pairs[min(int(draw / exploration * len(pairs)), len(pairs) - 1)]
        places[first], places[second] = second, first
        propensities[first] = propensities[second] = exploration / len(pairs)
    return Arranged(
        [suggestions[at] for at in places],
        tuple(propensities),
        exploration,
        is_explored,
    )


def draw_of(*texts: str) -> float:
    """Return a number from 0 to 1 that is evenly spread over texts, and the same for the same texts.

    So a list that is asked for again at the same place stands as it stood.
    """
    digest = blake2b("\0".join(texts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
