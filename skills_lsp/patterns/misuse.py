"""Where a coroutine stands that certainly should have been awaited: nobody takes it, or as a value.

A coroutine object can be passed on, kept, returned and awaited later, so most places are fine. It has
no items, no attributes of its result, no length, no truth; where one is asked for these, or nobody
keeps it at all, an ``await`` is missing.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

from tree_sitter import Node

from skills_lsp.patterns.coroutines import Made
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.regions import is_async_function
from skills_lsp.syntax.nodes import ancestors, nearest
from skills_lsp.syntax.occurrences import name_at, places

_MAX_CLIMB = 12
"""How many expressions around a call are looked at."""

_MAX_USES = 60
"""How many uses of a variable are looked at."""


class Place(Enum):
    """What becomes of a coroutine."""

    STATEMENT = auto()  # Nobody takes it.
    VALUE = auto()  # It is taken for its result.
    FINE = auto()


def place_of(look: Look, call: Node, made: Made) -> Place:
    """Say what becomes of what a call makes."""
    place = _place(look, call, made)
    if place is not Place.FINE and _is_expected_to_fail(look, call):
        return Place.FINE
    return place


def _place(look: Look, node: Node, made: Made) -> Place:
    """Climb from an expression to what takes its value."""
    child = node
    for holder in _holders(node):
        kind = holder.type
        if kind == "expression_statement":
            return Place.STATEMENT if holder.named_child_count == 1 else Place.FINE
        if kind in _PASSING or _is_passed_on(holder, child):
            if kind == "named_expression" and _is_misused_later(look, holder, made):
                return Place.VALUE
            child = holder
            continue
        if kind == "assignment":
            return Place.VALUE if _is_misused_later(look, holder, made) else Place.FINE
        return Place.VALUE if _takes_result(look, holder, child, made) else Place.FINE
    return Place.FINE


def _holders(node: Node) -> Iterator[Node]:
    parent = node.parent
    for _ in range(_MAX_CLIMB):
        if parent is None:
            return
        yield parent
        parent = parent.parent


_PASSING = frozenset({"parenthesized_expression", "named_expression"})


def _is_passed_on(holder: Node, child: Node) -> bool:
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


def _takes_result(look: Look, holder: Node, child: Node, made: Made) -> bool:
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
        return _is_lost_by_return(look, holder)
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
    function = nearest(statement, _SCOPES)
    if function is None or not is_async_function(function):
        return False
    annotation = function.child_by_field_name("return_type")
    return annotation is None or _AWAITABLE.search(look.text(annotation)) is None


_AWAITABLE = Late(r"\b(?:Awaitable|Coroutine|Future|Task|Async\w+)\b")
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


def _is_expected_to_fail(look: Look, call: Node) -> bool:
    """Say whether a test says that this must warn or raise: ``with pytest.warns(RuntimeWarning)``."""
    for each in ancestors(call):
        if each.type == "with_statement":
            end = each.child_by_field_name("body") or each
            text = look.source.text_between(
                each.start_byte, min(end.start_byte, each.start_byte + 400)
            )
            if _EXPECTED.search(text):
                return True
        if each.type in _SCOPES:
            return False
    return False


_EXPECTED = Late(r"TypeError|RuntimeWarning|AttributeError|simplefilter|catch_warnings|\bwarns\b")
_SCOPES = frozenset({"function_definition", "lambda", "class_definition", "module"})


def _is_misused_later(look: Look, binding: Node, made: Made) -> bool:
    """Say whether the variable that takes the coroutine is then used for its result."""
    target = binding.child_by_field_name("left") or binding.child_by_field_name("name")
    if target is None:
        return False
    if target.type in ("pattern_list", "tuple_pattern", "list_pattern"):
        return True
    annotation = binding.child_by_field_name("type")
    if annotation is not None and _PLAIN_TYPE.match(look.text(annotation)):
        return True
    scope = nearest(binding, _SCOPES)
    if target.type != "identifier" or scope is None or scope.type != "function_definition":
        return False
    return _is_misused(look, binding, look.text(target), scope, made)


_PLAIN_TYPE = Late(r"^(?:str|int|float|bool|bytes|list|dict|set|tuple|List|Dict|Set|Tuple)\b")


def _is_misused(look: Look, binding: Node, name: str, scope: Node, made: Made) -> bool:
    """Go through the uses behind an assignment until one shows what the variable is taken for."""
    look.source.ask(name)
    is_used = False
    for use in _uses(look, name, binding.end_byte, scope):
        is_used = True
        if nearest(use, _SCOPES) != scope:
            if _is_declared(use):
                return False
            continue
        if not _is_reached(binding, use):
            continue
        if _binds(use):
            return _is_used_by_rebinding(look, use, name, scope, made)
        if _is_kept(look, use):
            return False
        if _place_of_use(look, use, made):
            return True
    if is_used:
        return _KEPT_NAME.search(name) is None
    return _is_never_used(look, binding, name, scope)


_KEPT_NAME = Late(r"(?i)coro|cr$|task|fut|await|job|^c$")
"""How a variable is called that is meant to hold a coroutine. Where one is called otherwise, and is
only handed on, the result was meant: of 3,000 such in real code one is a coroutine on purpose."""


def _uses(look: Look, name: str, start: int, scope: Node) -> Iterator[Node]:
    word = name.encode()
    for index, at in enumerate(places(look.source.data, word, start)):
        if at >= scope.end_byte or index > _MAX_USES:
            return
        node = name_at(look.source, at, at + len(word))
        if node is not None and not _is_other_name(node):
            yield node


def _is_other_name(node: Node) -> bool:
    """Say whether this is no variable, but an attribute or the name of a keyword argument."""
    parent = node.parent
    if parent is None:
        return True
    if parent.type == "attribute":
        return parent.child_by_field_name("attribute") == node
    return parent.type == "keyword_argument" and parent.child_by_field_name("name") == node


def _is_declared(use: Node) -> bool:
    return use.parent is not None and use.parent.type in ("nonlocal_statement", "global_statement")


def _place_of_use(look: Look, use: Node, made: Made) -> bool:
    """Say whether a use of the variable takes it for its result."""
    child = use
    for holder in _holders(use):
        if holder.type == "expression_statement":
            return False
        if holder.type in _PASSING or _is_passed_on(holder, child):
            child = holder
            continue
        if holder.type == "return_statement":
            return _is_lost_by_return(look, holder)
        return _takes_result(look, holder, child, made)
    return False


_TARGETS = frozenset(
    {"pattern_list", "tuple_pattern", "list_pattern", "as_pattern_target", "list_splat_pattern"}
)


def _binds(use: Node) -> bool:
    child, holder = use, use.parent
    while holder is not None and holder.type in _TARGETS:
        child, holder = holder, holder.parent
    if holder is None:
        return False
    if holder.type in ("assignment", "for_statement", "for_in_clause"):
        return holder.child_by_field_name("left") == child
    if holder.type == "named_expression":
        return holder.child_by_field_name("name") == child
    return holder.type in ("as_pattern", "delete_statement")


def _is_used_by_rebinding(look: Look, target: Node, name: str, scope: Node, made: Made) -> bool:
    """Say whether ``x = x.strip()`` uses what is bound anew."""
    statement = target.parent
    if statement is None or statement.type != "assignment":
        return False
    for use in _uses(look, name, target.end_byte, scope):
        if use.start_byte >= statement.end_byte:
            return False
        if use.parent is not None and use.parent.type == "await":
            return False
        if _place_of_use(look, use, made):
            return True
    return False


def _is_kept(look: Look, use: Node) -> bool:
    """Say whether the variable is awaited, asked what it is, or kept where others may await it."""
    holder = use.parent
    if holder is None or holder.type in _KEEPING:
        return True
    if holder.type == "keyword_argument":
        holder = holder.parent
    call = holder.parent if holder is not None and holder.type == "argument_list" else None
    if call is None:
        return False
    callee = call.child_by_field_name("function")
    return callee is not None and _TAKER.search(look.text(callee)) is not None


_KEEPING = frozenset(
    {
        "await",
        "list",
        "tuple",
        "set",
        "dictionary",
        "pair",
        "yield",
        "expression_list",
        "assignment",
    }
)
_TAKER = Late(
    r"(?:isawaitable|iscoroutine\w*|isfuture|isinstance|hasattr|callable|type|\w*task|\w*future"
    r"|gather|as_completed|wait|wait_for|shield|\w*run\w*|start_soon|append|add|insert|put\w*"
    r"|submit|spawn\w*|schedule\w*|\w*await\w*|\w*coro\w*)$"
)


def _is_never_used(look: Look, binding: Node, name: str, scope: Node) -> bool:
    """Say whether nothing before uses the variable either, in a loop, nor can a closure."""
    data, body = look.source.data, scope.child_by_field_name("body") or scope
    if any(data.find(word, body.start_byte, scope.end_byte) >= 0 for word in _CLOSURES):
        return False
    target = binding.child_by_field_name("left") or binding.child_by_field_name("name")
    return all(use == target for use in _uses(look, name, scope.start_byte, scope))


_CLOSURES = (b"def ", b"lambda", b"class ", b"locals()", b"global ", b"nonlocal ")


_CLAUSES = frozenset(
    {"elif_clause", "else_clause", "except_clause", "except_group_clause", "case_clause"}
)
_BRANCHING = frozenset({"if_statement", "try_statement", "elif_clause"})


def _is_reached(binding: Node, use: Node) -> bool:
    """Say whether code behind an assignment is not in another branch of the same statement."""
    for each in ancestors(use):
        if each.start_byte <= binding.start_byte and binding.end_byte <= each.end_byte:
            return True
        if each.type in _CLAUSES and not _follows_try(each):
            holder = each.parent
            if holder is not None and holder.start_byte <= binding.start_byte:
                return not _is_around(holder, binding)
    return True


def _follows_try(clause: Node) -> bool:
    """Say whether this is the ``else`` of a ``try`` or a loop, which comes after its body."""
    parent = clause.parent
    return clause.type == "else_clause" and parent is not None and parent.type != "if_statement"


def _is_around(holder: Node, binding: Node) -> bool:
    return holder.start_byte <= binding.start_byte and binding.end_byte <= holder.end_byte
