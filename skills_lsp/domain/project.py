"""What a project says about itself that changes what is seen in its files."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PytestRules:
    """What pytest collects: ``python_files``, ``python_classes`` and ``python_functions``.

    As in pytest's configuration, each is a prefix or, with ``*``, ``?`` or ``[``, a glob.
    """

    files: tuple[str, ...] = ("test_*.py", "*_test.py")
    classes: tuple[str, ...] = ("Test",)
    functions: tuple[str, ...] = ("test",)


@dataclass(frozen=True, slots=True)
class ImportRules:
    """How a project sorts its imports: settings by their names in isort, and who asks for them."""

    settings: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """What matters of a class that is defined in another file of the project."""

    is_unittest: bool = False
    has_init: bool = False
    coroutines: frozenset[str] = frozenset()


class Classes(Protocol):
    """Looks up classes in other files of a project; must be quick, and answers None when unsure."""

    def __call__(self, path: str, dotted: str) -> ClassFacts | None:
        """Return the class that a dotted import in a file (by its path) stands for."""
        ...


def no_classes(path: str, dotted: str) -> ClassFacts | None:  # noqa: ARG001 - the protocol
    """Know no other file."""
    return None


@dataclass(frozen=True, slots=True)
class Project:
    """The project that a file belongs to. The default is a file on its own."""

    root: str = ""
    pytest: PytestRules = PytestRules()
    imports: ImportRules = ImportRules()
    classes: Classes = field(default=no_classes, compare=False)


NO_PROJECT = Project()
