"""Find users who use the same skills, and what they use besides.

``asked`` has ``key`` (whose history, and as of which hour), ``own`` (skills) and ``limit``, ``least_common``;
with ``others``, one text of skill names parted by line breaks for each other user, the matrix is made and
kept under the key. Without them, and when no matrix is kept, the answer is ``{"is_known": False}``.
"""

import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

_MAX_KEPT = 4
KEPT_SECONDS = 3600.0

_N_NEIGHBOURS = 50
"""So many of the most similar users have a say in what is recommended."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who used what: a sparse matrix of users by skills, and the number of skills of each user."""

    skills: tuple[str, ...]
    uses: csr_matrix
    n_skills: Any
    made_at: float


_kept: OrderedDict[str, Matrix] = OrderedDict()


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the most similar users and what they use besides, each best first.

    Users are numbers: their places in the matrix, which says nothing about who they are.
    """
    matrix = _matrix(str(asked["key"]), asked.get("others"))
    if matrix is None:
        return {"is_known": False}
    own = [*dict.fromkeys(map(str, asked["own"]))]
    common, likeness = jaccard(matrix, own)
    able = np.flatnonzero(common >= max(int(asked["least_common"]), 1))
    # The most similar first; of equals those with more in common, then in the order of the matrix.
    order = able[np.lexsort((able, -common[able], -likeness[able]))]
    return {
        "is_known": True,
        "n_others": len(likeness),
        "users": [
            {
                "common": int(common[i]),
                "skills": int(matrix.n_skills[i]),
                "similarity": float(likeness[i]),
            }
            for i in order[: int(asked["limit"])]
        ],
        "votes": _votes(matrix, own, order[:_N_NEIGHBOURS], likeness),
    }


def jaccard(matrix: Matrix, own: Sequence[str]) -> tuple[Any, Any]:
    """Return how many skills each user has in common with ``own``, and the Jaccard similarity, 0 to 1.

    Common by all: ``c / (a + b - c)`` of distinct skills, so that nobody is more than alike.

    References
    ----------
    Jaccard (1912), The New Phytologist 11(2), 37-50. doi:10.1111/j.1469-8137.1912.tb05611.x.
    """
    place = {name: i for i, name in enumerate(matrix.skills)}
    row = np.zeros(len(matrix.skills))
    row[[place[it] for it in own if it in place]] = 1
    common = matrix.uses @ row
    union = len(own) + matrix.n_skills - common
    return common, np.divide(common, union, out=np.zeros_like(common), where=union > 0)


def made(others: Sequence[str]) -> Matrix:
    """Return the matrix of users, each given by the names of skills on lines of their own."""
    rows = [[*dict.fromkeys(filter(None, it.split("\n")))] for it in others]
    skills = tuple(sorted({*chain.from_iterable(rows)}))
    place = {name: i for i, name in enumerate(skills)}
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    columns = np.fromiter((place[it] for it in chain.from_iterable(rows)), np.int64, lengths.sum())
    ends = np.concatenate(([0], np.cumsum(lengths)))
    uses = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(rows), len(skills)))
    return Matrix(skills, uses, lengths.astype(float), time.monotonic())


def _matrix(key: str, others: Sequence[str] | None) -> Matrix | None:
    if others is not None:
        _kept[key] = made(others)
        while len(_kept) > _MAX_KEPT:
            _kept.popitem(last=False)
    found = _kept.get(key)
    if found is None or time.monotonic() - found.made_at > KEPT_SECONDS:
        return None
    _kept.move_to_end(key)
    return found


def _votes(
    matrix: Matrix, own: Sequence[str], neighbours: Any, likeness: Any
) -> list[dict[str, Any]]:
    """Return the skills that neighbours use and ``own`` lacks, with the share of their votes."""
    if len(neighbours) == 0:
        return []
    weights = likeness[neighbours]
    among = matrix.uses[neighbours]
    shares = (among.T @ weights) / weights.sum()
    n_users = np.asarray(among.sum(axis=0)).ravel()
    found = [
        {"skill": name, "share": float(shares[i]), "n_users": int(n_users[i])}
        for i, name in enumerate(matrix.skills)
        if n_users[i] and name not in own
    ]
    return sorted(found, key=lambda it: (-round(it["share"], 9), it["skill"]))
