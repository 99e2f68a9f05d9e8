"""One relevance from two searches: by words and by meaning.

Words alone are as good on key words and helpless on paraphrase; meaning alone misses rare names.
"""

from collections.abc import Mapping

from skills_lsp.domain.skill import AgentPrompt, Skill

LEXICAL_WEIGHT = 0.35
"""What the search by words counts; the search by meaning counts the rest.

Fitted on the queries of ``tests/accuracy/search``: from 0.2 to 0.4 little changes, above it falls.
"""

LEAST_COSINE = 0.22
_KNOWN_WORDS_WEIGHT = 0.1
"""A query fits nothing when its nearest skill is farther than this and its words are strange.

Fitted with the weight: nine in ten queries about something else find nothing, one real one in 80.
"""

UNKNOWN_SUCCESS = 0.5
_MAX_BODY_CHARACTERS = 1_200


def document(skill: Skill) -> str:
    """Return what is embedded of a skill: what it is about first, as only so much is read."""
    parts = [skill.name.replace("-", " "), skill.title, skill.description]
    parts.append(" ".join(skill.keywords))
    parts.append(" ".join(trigger.pattern for trigger in skill.triggers))
    if isinstance(skill.action, AgentPrompt):
        parts.append(skill.action.instructions[:_MAX_BODY_CHARACTERS])
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


def blended(
    by_words: Mapping[str, float],
    by_meaning: Mapping[str, float],
    lexical_weight: float = LEXICAL_WEIGHT,
) -> dict[str, float]:
    """Return one score for each skill, 0 to 1, best first.

    Both are scaled to 0..1 over the skills of this query (the best has 1, the worst 0; what the
    search by words did not find has 0), then weighted. Ranks of either search alone say less.

    Examples
    --------
    >>> blended({"lint": 2.0, "sort": 1.0}, {"sort": 0.6, "lint": 0.2}, 0.5)
    {'sort': 0.75, 'lint': 0.5}
    """
    words, meaning = _scaled(by_words, 0.0), _scaled(by_meaning, None)
    if not meaning:
        return dict(sorted(words.items(), key=lambda it: (-it[1], it[0])))
    names = dict.fromkeys((*words, *meaning))
    scores = {
        name: lexical_weight * words.get(name, 0.0)
        + (1.0 - lexical_weight) * meaning.get(name, 0.0)
        for name in names
    }
    return dict(sorted(scores.items(), key=lambda it: (-it[1], it[0])))


def _scaled(scores: Mapping[str, float], least: float | None) -> dict[str, float]:
    if not scores:
        return {}
    low = min(scores.values()) if least is None else least
    height = max(scores.values()) - low
    return {name: (score - low) / height if height else 1.0 for name, score in scores.items()}


def fits_something(
    by_words: Mapping[str, float], by_meaning: Mapping[str, float], share_known: float
) -> bool:
    """Say whether a query fits any skill at all; a search that always answers is not believed.

    ``share_known`` is the share of the query's words that any skill has, 0 to 1.
    """
    if not by_meaning:
        return bool(by_words)
    return max(by_meaning.values()) + _KNOWN_WORDS_WEIGHT * share_known >= LEAST_COSINE


def in_phase(
    similarity: float, *, is_of_phase: bool, success: float = UNKNOWN_SUCCESS, weight: float = 0.3
) -> float:
    """Return a similarity that also speaks of a workflow phase: similarity (1 - w) + boost w.

    Parameters
    ----------
    similarity
        How well the skill's text fits, 0 to 1.
    is_of_phase
        Whether the skill belongs to the phase by its definition.
    success
        The smoothed share of its uses in this phase that did their work, 0 to 1; a skill never used
        there has :data:`UNKNOWN_SUCCESS`, so that one that only failed there stands below it.
    weight
        How much the phase counts, 0 to 1.
    """
    boost = (float(is_of_phase) + success) / 2
    return similarity * (1.0 - weight) + boost * weight
