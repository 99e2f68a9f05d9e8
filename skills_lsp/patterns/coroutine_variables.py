"""What becomes of a variable that takes a coroutine: whether it is then used for its result."""

from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.patterns.coroutines import Made
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.regions import is_async_function
from skills_lsp.patterns.value_takers import PASSING, SCOPES, holders, is_passed_on, takes_result
from skills_lsp.syntax.nodes import ancestors, nearest
from skills_lsp.syntax.occurrences import name_at, places

_MAX_USES = 60
"""How many uses of a variable are looked at."""


def is_misused_later(look: Look, binding: Node, made: Made) -> bool:
    """Say whether the variable that takes the coroutine is then used for its result."""
    target = binding.child_by_field_name("left") or binding.child_by_field_name("name")
    if target is None:
        return False
    if target.type in ("pattern_list", "tuple_pattern", "list_pattern"):
        return True
    annotation = binding.child_by_field_name("type")
    if annotation is not None and _PLAIN_TYPE.match(look.text(annotation)):
        return True
    scope = nearest(binding, SCOPES)
    if target.type != "identifier" or scope is None or scope.type != "function_definition":
        return False
    return _is_misused(look, binding, look.text(target), scope, made)


_PLAIN_TYPE = Late(r"^(?:str|int|float|bool|bytes|list|dict|set|tuple|List|Dict|Set|Tuple)\b")


def _is_misused(look: Look, binding: Node, name: str, scope: Node, made: Made) -> bool:
    """Go through the uses behind an assignment until one shows what the variable is taken for."""
    look.source.ask(name)
    uses, rebinding = _followed(look, binding, name, scope)
    if uses is None or any(_is_awaited_later(look, each) for each in uses):
        return False
    if any(_is_misuse(look, each, made) for each in uses):
        return True
    if rebinding is not None and rebinding.type != "assignment":
        return False
    if uses:
        # Only handed on: the result was meant, unless the name says otherwise.
        is_kept = any(_is_kept(look, each) for each in uses)
        return is_async_function(scope) and not is_kept and _KEPT_NAME.search(name) is None
    return rebinding is None and _is_never_used(look, binding, name, scope)


def _followed(
    look: Look, binding: Node, name: str, scope: Node
) -> tuple[list[Node] | None, Node | None]:
    """Return the uses that an assignment reaches, up to where the variable is bound anew, and that.

    Those in what is assigned there count as well: ``x = x.strip()``. None when nobody can tell.
    """
    found: list[Node] = []
    rebinding: Node | None = None
    for use in _uses(look, name, binding.end_byte, scope):
        if rebinding is not None:
            if use.start_byte >= rebinding.end_byte:
                break
            found.append(use)
        elif nearest(use, SCOPES) != scope:
            if _is_declared(use):
                return None, None
        elif _is_reached(binding, use):
            if _binds(use):
                rebinding = use.parent
                if rebinding is None or rebinding.type != "assignment":
                    break
            else:
                found.append(use)
    return found, rebinding


_KEPT_NAME = Late(r"(?i)coro|cr$|task|fut|await|job|^c$")
"""How a variable is called that is meant to hold a coroutine. Where one is called otherwise, and is
only handed on, the result was meant."""


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


def _is_misuse(look: Look, use: Node, made: Made) -> bool:
    """Say whether a use of the variable takes it for its result.

    To ask whether it is there proves nothing, as it may be ``None`` on another way to this place.
    """
    child = use
    for holder in holders(use):
        if holder.type in PASSING or is_passed_on(holder, child):
            child = holder
            continue
        if holder.type in _TESTS or _is_about_none(holder):
            return False
        return takes_result(look, holder, child, made)
    return False


_TESTS = frozenset(
    {
        "if_statement", "elif_clause", "while_statement", "not_operator", "boolean_operator",
        "conditional_expression", "assert_statement", "if_clause", "expression_statement",
    }
)  # fmt: skip


def _is_about_none(holder: Node) -> bool:
    """Say whether this is ``x is None`` or ``x is not None``."""
    return holder.type == "comparison_operator" and any(
        each.type in ("is", "is not") for each in holder.children
    )


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


def _is_awaited_later(look: Look, use: Node) -> bool:
    """Say whether the variable is awaited, handed to what awaits, or asked what it is."""
    if use.parent is not None and use.parent.type == "await":
        return True
    callee = _callee_around(use)
    if callee is None:
        return False
    text = look.text(callee)
    if text == "isinstance":
        asked = callee.parent
        return asked is not None and _AWAITABLE.search(look.text(asked)) is not None
    return _TAKER.search(text) is not None


_AWAITABLE = Late(r"(?i)await|corout|future|task|generator")
_TAKER = Late(
    r"(?:isawaitable|iscoroutine\w*|isfuture|hasattr|callable|type|\w*task|\w*future"
    r"|gather|as_completed|wait|wait_for|shield|\w*run\w*|start_soon|submit|spawn\w*|schedule\w*"
    r"|\w*await\w*|\w*coro\w*)$"
)


def _is_kept(look: Look, use: Node) -> bool:
    """Say whether the variable is put where others may find and await it."""
    if use.parent is None or use.parent.type in _KEEPING:
        return True
    callee = _callee_around(use)
    return callee is not None and _KEEPER.search(look.text(callee)) is not None


_KEEPING = frozenset(
    {"list", "tuple", "set", "dictionary", "pair", "yield", "expression_list", "assignment"}
)
_KEEPER = Late(r"(?:append|add|insert|put\w*)$")


def _callee_around(use: Node) -> Node | None:
    """Return what is called with the variable as an argument."""
    holder = use.parent
    if holder is not None and holder.type == "keyword_argument":
        holder = holder.parent
    call = holder.parent if holder is not None and holder.type == "argument_list" else None
    return call.child_by_field_name("function") if call is not None else None


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
