"""What a task is for, guessed from the words in its name."""

import re

from skills_lsp.domain.skill import Category, Modality, Phase

Kind = tuple[Category, Modality, Phase]

_TESTS: Kind = (Category.TESTING, Modality.TESTING, Phase.EXECUTION)
_LINT: Kind = (Category.LINTING_AND_FORMATTING, Modality.CODE, Phase.VERIFICATION)
_QUALITY: Kind = (Category.CODE_QUALITY, Modality.CODE, Phase.VERIFICATION)
_DOCS: Kind = (Category.DOCUMENTATION, Modality.DOCUMENTATION, Phase.EXECUTION)
_DEPLOY: Kind = (Category.BUILD_AND_DEPLOY, Modality.DEPLOYMENT, Phase.DEPLOYMENT)
_SETUP: Kind = (Category.BUILD_AND_DEPLOY, Modality.CODE, Phase.SETUP)
_VERSIONS: Kind = (Category.VERSION_CONTROL, Modality.CODE, Phase.DEPLOYMENT)
_OTHER: Kind = (Category.BUILD_AND_DEPLOY, Modality.CODE, Phase.EXECUTION)

# In the order of strength: "test-docs" is a test, "lint-docs" a lint, "build-docs" is about docs,
# "deploy-build" a deployment.
_WORDS: tuple[tuple[Kind, str], ...] = (
    (_TESTS, "test tests testing spec specs e2e unit integration coverage cov pytest jest vitest "
             "mocha playwright cypress smoke bench benchmark benchmarks doctest"),
    (_LINT, "lint linting format fmt style prettier eslint ruff black isort flake8 biome stylelint "
            "spell codespell hooks pre-commit"),
    (_DEPLOY, "deploy publish release ship upload push promote rollback"),
    (_QUALITY, "check checks type types typecheck tsc mypy pyright audit security scan bandit "
               "quality analyze analyse verify validate ci review refactor refactoring performance"),
    (_DOCS, "doc docs documentation api-docs typedoc sphinx mkdocs storybook site readme explain"),
    (_VERSIONS, "commit changelog version bump tag git merge rebase"),
    (_SETUP, "build compile bundle dist package install setup bootstrap init clean deps "
             "dependencies migrate seed generate codegen prepare venv update upgrade py"),
)  # fmt: skip
_KIND_BY_WORD = {word: kind for kind, words in reversed(_WORDS) for word in words.split()}
_RANK = {kind: rank for rank, (kind, _) in enumerate(_WORDS)}
_ENDLESS = frozenset({"dev", "start", "serve", "server", "watch", "preview", "up", "develop"})
_SPLIT = re.compile(r"[^a-z0-9]+")


def guess(name: str) -> Kind:
    """Return category, modality and phase for a task's name.

    >>> [str(part) for part in guess("npm-test:e2e")]
    ['testing', 'testing', 'execution']
    >>> [str(part) for part in guess("build-docs")]
    ['documentation', 'documentation', 'execution']
    """
    found = [_KIND_BY_WORD[word] for word in _words(name) if word in _KIND_BY_WORD]
    return min(found, key=_RANK.__getitem__, default=_OTHER)


def runs_until_stopped(name: str) -> bool:
    """Say whether a task of this name is likely a server or a watcher.

    >>> runs_until_stopped("test:watch"), runs_until_stopped("test")
    (True, False)
    """
    return not _ENDLESS.isdisjoint(_words(name))


def _words(name: str) -> list[str]:
    return [word for word in _SPLIT.split(name.lower()) if word]
