"""Commands of Python that a shell reads: ``shell=True``, ``["bash", "-c", …]``, wildcards."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from skills_lsp.patterns.arguments import keyword
from skills_lsp.patterns.late import Late
from skills_lsp.patterns.look import Look
from skills_lsp.patterns.values import is_constant
from skills_lsp.syntax.constants import constant_value, value_of

_OFF = frozenset({"False", "None", "0", ""})
_SHELL = Late(r"(?:.*/)?(?:sh|bash|dash|ash|ksh|csh|tcsh|zsh|fish|cmd(?:\.exe)?)$")
_COMMAND = Late(r"[-/]\w*[cC]$")
_WILDCARD = Late(r"\b(?:chown|chmod|tar|rsync)\b.*\*")
_SPLATS = frozenset({"list_splat"})
_LISTS = frozenset({"list", "tuple"})
_MAX_WORDS = 30


def has_shell(look: Look, arguments: Node) -> bool:
    """Say whether ``shell=`` is given and is not plainly off."""
    value = keyword(look, arguments, "shell")
    return value is not None and constant_value(look.source, value) not in _OFF


def turns_shell_on(look: Look, value: Node) -> bool:
    """Say whether ``shell=`` says that there is one, and not which: that is the shell of a user."""
    return value.type not in _NOT_A_SWITCH and constant_value(look.source, value) not in _OFF


_NOT_A_SWITCH = frozenset({"string", "concatenated_string", "tuple", "list", "dictionary"})
_RUNS = Late(r"(?:run|exec|call|popen|shell|cmd|command|spawn|system)\w*[\"'\])]*$", re.IGNORECASE)
_MAX_NAME_BYTES = 60


def runs_command(look: Look, callee: Node) -> bool:
    """Say whether a function runs commands, by its name: for others ``shell="/bin/sh"`` is a fact."""
    start = max(callee.start_byte, callee.end_byte - _MAX_NAME_BYTES)
    return _RUNS.search(look.source.text_between(start, callee.end_byte)) is not None


def is_process(look: Look, callee: Node) -> bool:
    """Say whether a callee is one of subprocess's own, whose arguments are known."""
    return (look.origin(callee) or "").startswith("subprocess.")


def is_risky_command(look: Look, command: Node) -> bool:
    """Say whether a command is made at run time, or lets the shell put names of files into it.

    ``tar cf x *`` is the second: a file may be called ``--checkpoint-action=exec=…``.
    """
    if not is_constant(look, command):
        return True
    text = constant_value(look.source, command)
    return text is not None and _WILDCARD.search(text) is not None


def names_shell(look: Look, arguments: Node) -> bool:
    """Say whether the program is a shell, which is given a command made at run time: ``sh -c …``."""
    shell_seen = option_seen = False
    for word in _words(look, arguments):
        if option_seen:
            return not is_constant(look, word)
        text = constant_value(look.source, word)
        if shell_seen and text is not None:
            option_seen = _COMMAND.match(text) is not None
        elif text is not None:
            shell_seen = _SHELL.match(text) is not None
    return False


def _words(look: Look, arguments: Node) -> Iterator[Node]:
    """Yield the arguments, those in lists too."""
    todo = [each for each in reversed(arguments.named_children) if not each.is_extra]
    for _ in range(_MAX_WORDS):
        if not todo:
            return
        node = todo.pop()
        if node.type == "keyword_argument":
            continue
        if node.type in _SPLATS and node.named_child_count:
            node = node.named_child(0)
        value = value_of(look.source, node)
        if value.type in _LISTS:
            todo.extend(each for each in reversed(value.named_children) if not each.is_extra)
        else:
            yield node
