"""What a project says about itself that changes what is seen in its files."""

from dataclasses import dataclass, field
from typing import Protocol

SECTIONS = ("future", "standard-library", "third-party", "first-party", "local-folder")
"""The sections of imports that every project has, in the order that most keep."""


@dataclass(frozen=True, slots=True)
class PytestRules:
    """What pytest collects: ``python_files``, ``python_classes`` and ``python_functions``.

    As in pytest's configuration, each is a prefix or, with ``*``, ``?`` or ``[``, a glob.
    ``paths`` are the folders that pytest looks in when it is given none (``testpaths``), and
    ``ignored`` the files and folders that a ``conftest.py`` leaves out, both absolute. ``skipped``
    are the folders that it does not go into (``norecursedirs``).
    """

    files: tuple[str, ...] = ("test_*.py", "*_test.py")
    classes: tuple[str, ...] = ("Test",)
    functions: tuple[str, ...] = ("test",)
    paths: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    skipped: tuple[str, ...] = (
        "*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}",
    )  # fmt: skip


class LocalModules(Protocol):
    """Says which modules are the project's own; must be quick."""

    def __call__(self, path: str, dotted: str) -> bool:
        """Say whether a module that a file (by its path) imports is one of this project."""
        ...


def from_path(path: str, dotted: str) -> bool:
    """Take a module for the project's own when a folder above the file is called like it."""
    return dotted.partition(".")[0] in path.replace("\\", "/").split("/")[:-1]


@dataclass(frozen=True, slots=True)
class ImportRules:
    """How a project sorts its imports. The defaults are ruff's, which are isort's "black" profile.

    ``sections`` are in order; besides the five known ones a project may name its own. ``known``
    are patterns of modules, each with its section. What cannot be laid out as the project wants it
    (``checks_layout``) is judged by its order alone.
    """

    is_isort: bool = False  # isort's way with aliases, where it differs from ruff's
    checks_layout: bool = True
    line_length: int = 88
    python: int = 11  # the minor version, which says what the standard library holds
    sections: tuple[str, ...] = SECTIONS
    default_section: str = "third-party"
    known: tuple[tuple[str, str], ...] = ()
    headings: tuple[tuple[str, str], ...] = ()  # a section, and the comment above it
    no_lines_before: frozenset[str] = frozenset()
    lines_after: int = -1  # -1: one, and two before a definition
    lines_between_types: int = 0
    no_sections: bool = False
    forced_separate: tuple[str, ...] = ()
    force_single_line: bool = False
    single_line_exclusions: frozenset[str] = frozenset()
    force_sort_within_sections: bool = False
    force_to_top: frozenset[str] = frozenset()
    force_wrap_aliases: bool = False
    combine_as: bool = False
    split_on_trailing_comma: bool = True
    from_first: bool = False
    case_sensitive: bool = False
    order_by_type: bool = True
    length_sort: bool = False
    length_sort_straight: bool = False
    is_nearest_first: bool = False  # of relative imports
    constants: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    allowed_unused: frozenset[str] = frozenset()  # modules whose imports may be unused
    silent: frozenset[str] = frozenset()  # patterns that the project ignores in this file
    is_local: LocalModules = field(default=from_path, compare=False)


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """What matters of a class that is defined in another file of the project, with its bases.

    ``is_test`` is what ``__test__`` is set to, and ``abstract`` names the methods that a class has
    to give before it can be made. ``outside`` names the bases that are not in the project.
    """

    is_unittest: bool = False
    has_init: bool = False
    coroutines: frozenset[str] = frozenset()
    is_test: bool | None = None
    methods: frozenset[str] = frozenset()
    abstract: frozenset[str] = frozenset()
    outside: tuple[str, ...] = ()


class Classes(Protocol):
    """Looks up classes in other files of a project; must be quick, and answers None when unsure."""

    def __call__(self, path: str, dotted: str) -> ClassFacts | None:
        """Return the class that a dotted import in a file (by its path) stands for."""
        ...


def no_classes(path: str, dotted: str) -> ClassFacts | None:  # noqa: ARG001 - the protocol
    """Know no other file."""
    return None


@dataclass(frozen=True, slots=True)
class RunnerName:
    """What a name is to a JavaScript test runner: ``kind`` is test, suite, hook, module or none."""

    kind: str
    words: frozenset[str] = frozenset()
    waits: str = ""  # the word that must be called first: ``each`` of ``it.each``


NOT_OF_RUNNER = RunnerName("none")


class Exports(Protocol):
    """Looks up what files of a project export; must be quick, and answers None when unsure."""

    def __call__(self, path: str, module: str, name: str) -> RunnerName | None:
        """Return what a file (by its path) gets when it imports a name from a module."""
        ...


def no_exports(path: str, module: str, name: str) -> RunnerName | None:  # noqa: ARG001 - as above
    """Know no other file."""
    return None


@dataclass(frozen=True, slots=True)
class ScriptRules:
    """How a project tests its JavaScript: which files a runner loads.

    They are told by globs of absolute paths, and by regular expressions that a path is searched for.
    """

    test_files: tuple[str, ...] = ()
    test_expressions: tuple[str, ...] = ()
    exported: Exports = field(default=no_exports, compare=False)


@dataclass(frozen=True, slots=True)
class Project:
    """The project that a file belongs to. The default is a file on its own.

    Paths of its sources are below ``base``, which is a workspace's folder or the root.
    """

    root: str = ""
    base: str = ""
    pytest: PytestRules = PytestRules()
    imports: ImportRules = ImportRules()
    classes: Classes = field(default=no_classes, compare=False)
    scripts: ScriptRules = ScriptRules()


NO_PROJECT = Project()
