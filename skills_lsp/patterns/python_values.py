"""Questions about arguments and objects in Python's security patterns."""

from collections.abc import Callable

from tree_sitter import Node

from skills_lsp.patterns.arguments import keyword, positional
from skills_lsp.patterns.classes import class_at
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Captures, Look
from skills_lsp.patterns.scheme import string_value
from skills_lsp.syntax.bindings import binding_node, bound_values, innermost
from skills_lsp.syntax.constants import constant_value, value_of
from skills_lsp.syntax.imports import imported_modules

_SAFE_LOADERS = frozenset(
    f"{module}{name}"
    for module in (
        "",
        "yaml.",
        "yaml.loader.",
        "yaml.cyaml.",
        "ruamel.yaml.",
        "ruamel.yaml.loader.",
    )
    for name in ("SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader")
)
_MAX_BASES = 5


def make_imports(words: tuple[str, ...]) -> Callable[[Look, Captures], bool]:
    """Make ``(#imports? "paramiko" …)``: the file imports from such a package, or a copy of it."""
    packages = tuple(map(string_value, words))

    def check(look: Look, _captures: Captures) -> bool:
        return any(
            package in each.split(".")
            for each in imported_modules(look.source)
            for package in packages
        )

    return check


def make_made_by(words: tuple[str, ...]) -> Callable[[Look, Captures], bool]:
    """Make ``(#made-by? @callee "requests.Session" …)``: whose method it is was made by such a call."""
    capture, names = words[0][1:], frozenset(map(string_value, words[1:]))

    def check(look: Look, captures: Captures) -> bool:
        method = captures[capture][0]
        made = method.child_by_field_name("object") if method.type == "attribute" else None
        if made is None:
            return False
        if made.type != "identifier":
            return _is_made_by(look, made, names)
        values = bound_values(look.source, look.text(made), made.start_byte)
        return any(_is_made_by(look, each, names) for each in values)

    return check


def _is_made_by(look: Look, value: Node, names: frozenset[str]) -> bool:
    callee = value.child_by_field_name("function") if value.type == "call" else None
    return callee is not None and look.origin(callee) in names


def make_argument_value(words: tuple[str, ...]) -> Callable[[Look, Captures], bool]:
    """Make ``(#argument-value? @args "0" "name" "md5" …)``: an argument is one of these constants.

    Place and keyword name it; an empty place means that it has only its name.
    """
    capture, place, key = words[0][1:], string_value(words[1]), string_value(words[2])
    allowed = frozenset(map(string_value, words[3:]))

    def check(look: Look, captures: Captures) -> bool:
        arguments = captures[capture][0]
        value = keyword(look, arguments, key)
        if value is None and place:
            value = positional(arguments, int(place))
        return value is not None and constant_value(look.source, value) in allowed

    return check


def has_mapping_splat(_look: Look, arguments: Node) -> bool:
    """Say whether keyword arguments are passed on that are not written here."""
    return any(each.type == "dictionary_splat" for each in arguments.named_children)


def has_safe_loader(look: Look, arguments: Node) -> bool:
    """Say whether YAML is read by a loader that makes plain values only, or by one based on such."""
    loader = keyword(look, arguments, "Loader") or positional(arguments, 1)
    for _ in range(_MAX_BASES):
        if loader is None:
            return False
        dotted = look.dotted(loader)
        if dotted is None:
            return False
        if (look.origin(loader) or dotted) in _SAFE_LOADERS:
            return True
        loader = _first_base(look, dotted, loader.start_byte)
    return False


def _first_base(look: Look, dotted: str, at: int) -> Node | None:
    for binding in innermost(look.source, dotted, at) if "." not in dotted else ():
        klass = class_at(binding_node(look.source, dotted, binding))
        bases = klass.child_by_field_name("superclasses") if klass is not None else None
        if bases is not None and bases.named_child_count:
            return bases.named_child(0)
    return None


def is_before_unchecked(look: Look, assignment: Node) -> bool:
    """Say whether the next statement is ``….verify_mode = ssl.CERT_NONE``."""
    statement = assignment.parent
    following = statement.next_named_sibling if statement is not None else None
    if following is None or not following.named_child_count:
        return False
    text = look.text(following)
    return ".verify_mode" in text and "CERT_NONE" in text


def is_written_text(look: Look, node: Node) -> bool:
    """Say whether a text stands in the source, in place or under a name."""
    value = value_of(look.source, node)
    return value.type == "string" and bool(constant_value(look.source, value))


def make_argument_below(words: tuple[str, ...]) -> Callable[[Look, Captures], bool]:
    """Make ``(#argument-below? @args "0" "bits" "2048")``: an argument is a smaller number."""
    capture, place, key, least = (words[0][1:], *map(string_value, words[1:]))

    def check(look: Look, captures: Captures) -> bool:
        arguments = captures[capture][0]
        value = keyword(look, arguments, key)
        if value is None and place:
            value = positional(arguments, int(place))
        number = constant_value(look.source, value) if value is not None else None
        return number is not None and number.isdecimal() and int(number) < int(least)

    return check


def is_unverified(look: Look, arguments: Node) -> bool:
    """Say whether ``jwt.decode`` is told not to check the signature, or takes unsigned tokens."""
    verify = keyword(look, arguments, "verify")
    if verify is not None and constant_value(look.source, verify) == "False":
        return True
    options = keyword(look, arguments, "options")
    written = look.text(value_of(look.source, options)) if options is not None else ""
    if _UNVERIFIED.search(written[:_MAX_OPTIONS]) is not None:
        return True
    algorithms = keyword(look, arguments, "algorithms") or positional(arguments, 2)
    written = look.text(value_of(look.source, algorithms)) if algorithms is not None else ""
    return _NO_ALGORITHM.search(written[:_MAX_OPTIONS]) is not None


_UNVERIFIED = Late(r"""["']verify_signature["']\s*:\s*False|verify_signature\s*=\s*False""")
_NO_ALGORITHM = Late(r"""["'](?i:none)["']""")
_MAX_OPTIONS = 1_000
