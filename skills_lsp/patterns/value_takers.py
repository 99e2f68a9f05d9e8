"""What takes an expression for its value, as no coroutine can be taken: items, truth, a length."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.patterns.coroutines import Made
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.regions import is_async_function
from skills_lsp.syntax.nodes import nearest

_MAX_CLIMB = 12
"""How many expressions around a call are looked at."""

SCOPES = frozenset({"function_definition", "lambda", "class_definition", "module"})


def holders(node: Node) -> Iterator[Node]:
    """Yield what stands around an expression, innermost first."""
    parent = node.parent
    for _ in range(_MAX_CLIMB):
        if parent is None:
            return
        yield parent
        parent = parent.parent


PASSING = frozenset({"parenthesized_expression", "named_expression"})


def is_passed_on(holder: Node, child: Node) -> bool:
    """Say whether an expression may have the value of this part of it."""
    if holder.type == "conditional_expression":
        return holder.named_child(1) != child
    if holder.type == "boolean_operator":
        return holder.child_by_field_name("right") == child
    return False


_ALWAYS = frozenset(
    {
        "subscript", "slice", "binary_operator", "unary_operator", "not_operator",
        "comparison_operator", "boolean_operator", "conditional_expression", "if_statement",
        "elif_clause", "while_statement", "assert_statement", "if_clause", "match_statement",
        "interpolation", "format_expression", "list_splat", "dictionary_splat",
        "augmented_assignment", "raise_statement",
    }
)  # fmt: skip
"""What asks a part of it for its value. (In a conditional or ``or``, the rest was passed on.)"""

_OF_COROUTINES = frozenset(
    {
        "close", "send", "throw", "cr_await", "cr_code", "cr_frame", "cr_origin", "cr_running",
        "cr_suspended", "__await__", "__class__", "__name__", "__qualname__", "__del__", "__aenter__",
        "__aexit__",
    }
)  # fmt: skip


def takes_result(look: Look, holder: Node, child: Node, made: Made) -> bool:
    """Say whether what holds an expression takes it for a value that no coroutine is."""
    kind = holder.type
    if kind in _ALWAYS:
        return True
    if kind in _PARTS:
        return holder.child_by_field_name(_PARTS[kind]) == child
    if kind == "attribute":
        name = holder.child_by_field_name("attribute")
        return name is not None and look.text(name) not in _OF_COROUTINES
    if kind in ("with_item", "as_pattern"):
        return made is Made.COROUTINE and _is_entered(holder)
    if kind == "return_statement":
        return made is Made.COROUTINE and _is_lost_by_return(look, holder)
    return kind in _ARGUMENTS and _is_wanted(look, holder)


_PARTS = {"for_statement": "right", "for_in_clause": "right", "call": "function"}
_ARGUMENTS = frozenset({"argument_list", "keyword_argument"})


def _is_wanted(look: Look, holder: Node) -> bool:
    arguments = holder if holder.type == "argument_list" else holder.parent
    call = arguments.parent if arguments is not None else None
    return call is not None and call.type == "call" and _wants_value(look, call)


def _is_entered(holder: Node) -> bool:
    if holder.type == "as_pattern":
        holder = holder.parent or holder
    return holder.type == "with_item"


def _is_lost_by_return(look: Look, statement: Node) -> bool:
    """Say whether a coroutine function returns it: who awaits the one gets the other."""
    function = nearest(statement, SCOPES)
    if function is None or not is_async_function(function):
        return False
    annotation = function.child_by_field_name("return_type")
    return annotation is None or _AWAITABLE.search(look.text(annotation)) is None


_AWAITABLE = Late(r"\b(?:Awaitable|Coroutine|Future|Task)\b")
"""What an annotation says that stands for something to await."""

_WANTING = frozenset(
    {
        "len", "int", "float", "bool", "str", "bytes", "bytearray", "list", "tuple", "set",
        "frozenset", "dict", "sorted", "sum", "any", "all", "enumerate", "reversed", "iter", "next",
        "range", "abs", "round", "ord", "chr", "print", "isinstance", "issubclass", "open", "divmod",
        "min", "max", "json.loads", "json.dumps", "pathlib.Path", "datetime.datetime.fromisoformat",
        "os.path.join", "os.path.exists", "math.ceil", "math.floor", "base64.b64encode",
        "base64.b64decode", "io.BytesIO", "io.StringIO", "hashlib.sha256", "hashlib.md5",
        "datetime.timedelta", "numpy.array", "pytest.approx", "yaml.safe_load", "pprint.pprint",
    }
)  # fmt: skip
_LOGGING = Late(
    r"\blog(?:ger|ging)?\.(?:debug|info|warning|error|exception|critical)$", re.IGNORECASE
)
_ASSERTING = Late(
    r"^self\.assert(?:(?:Not)?Equals?|True|False|(?:Not)?In|Is(?:Not)?None|(?:Not)?IsInstance"
    r"|Greater(?:Equal)?|Less(?:Equal)?|(?:Not)?AlmostEqual|(?:Dict|List|Tuple|Set|Count)Equal"
    r"|(?:Not)?Regex)$"
)
_ABOUT_COROUTINES = Late(r"(?i)corout|await|iscor|types\.|generator")


def _wants_value(look: Look, call: Node) -> bool:
    """Say whether a function surely wants a value where somebody gives it a coroutine."""
    callee = call.child_by_field_name("function")
    dotted = look.dotted(callee) if callee is not None else None
    if callee is None or dotted is None:
        return callee is not None and _is_join(look, callee)
    if _ABOUT_COROUTINES.search(look.text(call)):
        return False
    if dotted in _WANTING or (look.origin(callee) or "") in _WANTING:
        return look.origin(callee) is not None
    if "." not in dotted:
        return False
    return bool(_ASSERTING.match(dotted) or _LOGGING.search(dotted))


def _is_join(look: Look, callee: Node) -> bool:
    """Say whether a callee is ``", ".join``."""
    holder, method = (callee.child_by_field_name(each) for each in ("object", "attribute"))
    is_string = holder is not None and holder.type == "string"
    return is_string and method is not None and look.text(method) == "join"
