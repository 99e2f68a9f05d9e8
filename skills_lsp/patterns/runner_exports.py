"""What a JavaScript file exports of a test runner: ``export const test = base.extend({…})``."""

from tree_sitter import Node

from skills_lsp.domain.project import NOT_OF_RUNNER, RunnerName
from skills_lsp.patterns.runner_names import base, inside, is_runner, named, returned
from skills_lsp.syntax.source import Source


def exported(source: Source, name: str) -> RunnerName | None:
    """Return what a file exports under a name; None when that cannot be told.

    The file is taken for one that a runner loads, as one of its tests imports it.
    """
    source.remember("holds tests", lambda: True)
    is_told = True
    for statement in source.root.named_children:
        if statement.type == "export_statement":
            found = _export(source, statement, name)
            if found is not None:
                return found
        elif statement.type == "expression_statement":
            is_told &= b"exports" not in source.data[statement.start_byte : statement.end_byte]
    return NOT_OF_RUNNER if is_told else None


def _export(source: Source, statement: Node, name: str) -> RunnerName | None:
    """Return what one statement exports under a name, None when it exports no such name."""
    module = statement.child_by_field_name("source")
    told = source.text_of(module)[1:-1] if module is not None else ""
    value = statement.child_by_field_name("value")
    if value is not None:  # export default
        return (named(source, value) or NOT_OF_RUNNER) if name == "default" else None
    declaration = statement.child_by_field_name("declaration")
    for each in declaration.named_children if declaration is not None else ():
        bound = each.child_by_field_name("name") if each.type == "variable_declarator" else None
        if bound is not None and source.text_of(bound) == name:
            return inside(source, each, "value") or NOT_OF_RUNNER
    own = declaration.child_by_field_name("name") if declaration is not None else None
    if declaration is not None and own is not None and source.text_of(own) == name:
        return returned(source, declaration) or NOT_OF_RUNNER
    for clause in statement.named_children if declaration is None else ():
        if clause.type != "export_clause":
            continue
        for entry in clause.named_children:
            taken, alias = (entry.child_by_field_name(each) for each in ("name", "alias"))
            if taken is None or source.text_of(alias or taken) != name:
                continue
            if told:
                return _from(source, told, source.text_of(taken)) or NOT_OF_RUNNER
            return named(source, taken) or NOT_OF_RUNNER
    is_star = told and any(each.type == "*" for each in statement.children)
    return _from(source, told, name) if is_star else None


def _from(source: Source, module: str, name: str) -> RunnerName | None:
    if is_runner(module):
        return base(name)
    return source.project.scripts.exported(source.path, module, name)
