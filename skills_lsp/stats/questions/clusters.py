"""Group skills that are about the same, or that are used together.

``asked`` has ``names`` (in any order), and either ``vectors`` (base64 of 32-bit floats, one row for each
name) or ``texts``; ``n_sessions``, how many sessions used each; ``together``, rows of two positions and
how many sessions used both; and ``by``: ``meaning``, ``use`` or ``both``.
"""

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import silhouette_score

from skills_lsp.stats.experiments import Numbers

LEAST_SESSIONS = 5
"""What was used in fewer sessions is placed by its meaning alone."""

_SMALLEST_MEAN = 3  # members of a group, on average: more groups than that are no overview
_LEAST_TIE = 0.05  # a group whose members have less in common than this is none


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the groups, largest first: the most typical member, all with their ties, the centre.

    A member's ``tie``, 0 to 1, is its mean similarity to the others of the group. ``silhouette``, -1 to
    1, says how well the groups are apart; None when there are none. ``alone`` are the skills in none.
    """
    names = [*map(str, asked["names"])]
    order = sorted(range(len(names)), key=names.__getitem__)
    if not order:
        return {"clusters": [], "alone": [], "silhouette": None}
    meaning, vectors = _by_meaning(asked, order)
    use, is_used = _by_use(asked, order)
    by = asked["by"]
    if by == "meaning":
        similarity = meaning
    elif by == "use":
        kept = np.flatnonzero(is_used)
        order = [order[i] for i in kept]
        similarity, vectors = use[np.ix_(kept, kept)], vectors[kept]
    else:
        both = np.outer(is_used, is_used)
        similarity = np.where(both, (meaning + use) / 2, meaning)
    sorted_names = [names[i] for i in order]
    labels, silhouette = _labels(similarity)
    return {**_groups(sorted_names, similarity, vectors, labels), "silhouette": silhouette}


def _by_meaning(asked: Mapping[str, Any], order: list[int]) -> tuple[Numbers, Numbers]:
    """Return the cosines between texts, 0 to 1, and the vectors (none when words were counted)."""
    if asked.get("vectors"):
        raw = np.frombuffer(base64.b64decode(asked["vectors"]), dtype="<f4")
        vectors = raw.reshape(len(order), -1)[order].astype(float)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors = vectors / np.where(lengths > 0, lengths, 1)
        return np.clip(vectors @ vectors.T, 0, 1), vectors
    texts = [str(asked["texts"][i]) or "-" for i in order]
    counted = TfidfVectorizer(
        token_pattern=r"[a-z0-9]{2,}",  # noqa: S106 - of words
        sublinear_tf=True,
    ).fit_transform(
        [*texts, "filler"]  # a vocabulary without any word is an error
    )[:-1]
    similarity = np.asarray((counted @ counted.T).todense(), dtype=float)
    return np.clip(similarity, 0, 1), np.empty((len(order), 0))


def _by_use(asked: Mapping[str, Any], order: list[int]) -> tuple[Numbers, Any]:
    """Return Ochiai's coefficient of each two skills, 0 to 1: the cosine of their sets of sessions.

    References
    ----------
    Ochiai (1957), Bulletin of the Japanese Society of Scientific Fisheries 22(9), 526-530.
    """
    place = {number: i for i, number in enumerate(order)}
    n_sessions = np.array([asked["n_sessions"][i] for i in order], dtype=float)
    both = np.zeros((len(order), len(order)))
    for first, second, n in asked["together"]:
        i, j = place[first], place[second]
        both[i, j] = both[j, i] = n
    lengths = np.sqrt(np.outer(n_sessions, n_sessions))
    similarity = np.divide(both, lengths, out=np.zeros_like(both), where=lengths > 0)
    np.fill_diagonal(similarity, 1)
    return np.clip(similarity, 0, 1), n_sessions >= LEAST_SESSIONS


def _labels(similarity: Numbers) -> tuple[Any, float | None]:
    """Return a group for each row: average linkage, cut where the groups are farthest apart.

    References
    ----------
    Sokal, Michener (1958), University of Kansas Science Bulletin 38, 1409-1438 (average linkage).
    Rousseeuw (1987), Journal of Computational and Applied Mathematics 20, 53-65 (silhouette).
    """
    n = len(similarity)
    distance = 1 - (similarity + similarity.T) / 2
    np.fill_diagonal(distance, 0)
    most = n // _SMALLEST_MEAN
    if n <= 2 * _SMALLEST_MEAN - 1 or not distance.any():
        return np.zeros(n, int), None
    tree = hierarchy.linkage(squareform(distance, checks=False), "average")
    best, best_score = np.zeros(n, int), -1.0
    for n_groups in range(2, max(most, 2) + 1):
        labels = hierarchy.fcluster(tree, n_groups, "maxclust")
        if len(set(labels)) < 2:  # noqa: PLR2004 - ties: it cannot be cut there
            continue
        score = float(silhouette_score(distance, labels, metric="precomputed"))
        if score > best_score + 1e-9:
            best, best_score = labels, score
    return best, best_score


def _groups(names: list[str], similarity: Numbers, vectors: Numbers, labels: Any) -> dict[str, Any]:
    clusters, alone = [], []
    for label in sorted(set(labels)):
        members = np.flatnonzero(labels == label)
        within = similarity[np.ix_(members, members)]
        ties = (within.sum(1) - np.diag(within)) / max(len(members) - 1, 1)
        if len(members) == 1 or ties.mean() < _LEAST_TIE:
            alone += [names[i] for i in members]
            continue
        ranked = sorted(range(len(members)), key=lambda i: (-round(ties[i], 9), names[members[i]]))
        centre = vectors[members].mean(0).astype("<f4") if vectors.size else np.empty(0, "<f4")
        clusters.append(
            {
                "name": names[members[ranked[0]]],
                "members": [[names[members[i]], float(ties[i])] for i in ranked],
                "centre": base64.b64encode(centre.tobytes()).decode(),
            }
        )
    clusters.sort(key=lambda it: (-len(it["members"]), it["name"]))
    return {"clusters": clusters, "alone": sorted(alone)}
