"""Groups of skills, as the report on clusters made them; and the counts that they are made from."""

from collections.abc import Sequence
from dataclasses import dataclass

import apsw

from skills_lsp.store.database import rows

_INSERT = """
INSERT INTO skill_clusters (cluster_name, description, centroid_embedding, created_at)
VALUES (?, ?, ?, ?)
"""
_MEMBER = """
INSERT INTO skill_cluster_membership (skill_name, cluster_id, membership_score)
SELECT ?, cluster_id, ? FROM skill_clusters WHERE cluster_name = ?
"""
_CLUSTERS = """
SELECT cluster.cluster_name, cluster.description, cluster.created_at, member.skill_name,
    member.membership_score
FROM skill_clusters AS cluster JOIN skill_cluster_membership AS member USING (cluster_id)
ORDER BY cluster.cluster_id, member.membership_score DESC, member.skill_name
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A group of skills: its most typical member, all with their scores (0 to 1), the best first."""

    name: str
    members: tuple[tuple[str, float], ...]
    description: str = ""
    centre: bytes = b""
    created_at: str = ""


def replace(db: apsw.Connection, made: Sequence[Cluster], at: str) -> None:
    """Write groups in the place of those that are there."""
    db.execute("DELETE FROM skill_clusters")
    for it in made:
        db.execute(_INSERT, (it.name, it.description, it.centre or None, at))
        scores = ((name, min(max(score, 0.0), 1.0), it.name) for name, score in it.members)
        db.executemany(_MEMBER, scores)


def clusters(db: apsw.Connection) -> tuple[Cluster, ...]:
    """Return the groups, the largest first, as they were written."""
    found: dict[str, Cluster] = {}
    for name, description, at, skill, score in rows(db, _CLUSTERS):
        before = found.get(name, Cluster(name, (), description, b"", at))
        found[name] = Cluster(name, (*before.members, (skill, score)), description, b"", at)
    return tuple(found.values())
