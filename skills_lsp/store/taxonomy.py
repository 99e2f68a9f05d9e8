"""The taxonomy in the database: written when it differs, so that loading it again changes nothing."""

from typing import Any

import apsw

from skills_lsp.skills.taxonomy import Taxonomy
from skills_lsp.store.database import Row, rows

_CATEGORY = """
INSERT INTO skill_categories (category_name, description, domain, created_at) VALUES (?, ?, ?, ?)
ON CONFLICT (category_name) DO UPDATE SET description = excluded.description, domain = excluded.domain
"""
_MAPPING = """
INSERT INTO skill_category_mapping (skill_name, category_id, confidence_score, assigned_at)
SELECT ?, category_id, ?, ? FROM skill_categories WHERE category_name = ?
"""
_MODALITY = """
INSERT INTO skill_modalities (
    skill_name, modality_type, input_format, output_format, requires_human_review, created_at)
VALUES (?, ?, ?, ?, ?, ?)
"""
_PLACES = """
SELECT skill_name, modality_type, input_format, output_format, requires_human_review
FROM skill_modalities
"""
_MAPPINGS = """
SELECT skill_name, category_name, confidence_score
FROM skill_category_mapping JOIN skill_categories USING (category_id)
"""
_CATEGORIES = "SELECT category_name, description, domain FROM skill_categories"
_KINDS = "SELECT kind, meaning FROM skill_dependency_kinds"
_KNOWN = "SELECT skill_a, skill_b, kind, reason FROM skill_known_dependencies"
_CATALOG = """
SELECT modality_type, skill_name, input_format, output_format, requires_human_review, categories,
    total_invocations, completion_rate, avg_duration_seconds
FROM v_multimodal_skill_catalog
"""


def is_loaded(db: apsw.Connection, wanted: Taxonomy) -> bool:
    """Say whether the database has this taxonomy. Skills of other projects may stand there, too."""
    mine = {it.skill for it in wanted.places}
    categories, mappings, places, kinds, known = map(set, _contents(wanted))
    return (
        {*rows(db, _CATEGORIES)} == categories
        and {it for it in rows(db, _MAPPINGS) if it[0] in mine} == mappings
        and {it for it in rows(db, _PLACES) if it[0] in mine} == places
        and {*rows(db, _KINDS)} == kinds
        and {*rows(db, _KNOWN)} == known
    )


def load(db: apsw.Connection, wanted: Taxonomy, at: str) -> bool:
    """Write the taxonomy, and the places of its skills; say whether anything changed."""
    if is_loaded(db, wanted):
        return False
    categories, mappings, places, kinds, known = _contents(wanted)
    db.executemany(_CATEGORY, ((*it, at) for it in categories))
    kept = {it[0] for it in categories}
    for (name,) in rows(db, "SELECT category_name FROM skill_categories"):
        if name not in kept:
            db.execute("DELETE FROM skill_categories WHERE category_name = ?", (name,))
    mine = [(it.skill,) for it in wanted.places]
    db.executemany("DELETE FROM skill_category_mapping WHERE skill_name = ?", mine)
    db.executemany("DELETE FROM skill_modalities WHERE skill_name = ?", mine)
    db.executemany(_MAPPING, ((skill, score, at, name) for skill, name, score in mappings))
    db.executemany(_MODALITY, ((*it, at) for it in places))
    db.execute("DELETE FROM skill_known_dependencies")
    db.execute("DELETE FROM skill_dependency_kinds")
    db.executemany("INSERT INTO skill_dependency_kinds (kind, meaning) VALUES (?, ?)", kinds)
    db.executemany(
        "INSERT INTO skill_known_dependencies (skill_a, skill_b, kind, reason) VALUES (?, ?, ?, ?)",
        known,
    )
    return True


def catalog(db: apsw.Connection) -> tuple[dict[str, Any], ...]:
    """Return every skill in its place, by modality, with how it went."""
    names = (
        "modality", "skill", "input", "output", "requires_human_review", "categories", "n_uses",
        "completion_rate", "mean_duration_seconds",
    )  # fmt: skip
    return tuple(dict(zip(names, row, strict=True)) for row in rows(db, _CATALOG))


def _contents(wanted: Taxonomy) -> tuple[list[Row], ...]:
    """Return what stands in the five tables."""
    names = {it.id: it.name for it in wanted.categories}
    return (
        [(it.name, it.description, it.domain) for it in wanted.categories],
        [
            (it.skill, names[category], score)
            for it in wanted.places
            for category, score in it.categories
        ],
        [
            (
                it.skill,
                it.modality,
                it.input_format,
                it.output_format,
                int(it.requires_human_review),
            )
            for it in wanted.places
        ],
        [(it.id, it.description) for it in wanted.dependencies],
        [(it.first, it.second, it.kind, it.reason) for it in wanted.known],
    )
