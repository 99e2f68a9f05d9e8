"""semgrep's tests of its JavaScript and TypeScript rules, for the rules that look for what we do."""

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from skills_lsp.domain.finding import Finding
from skills_lsp.patterns import inspect
from skills_lsp.syntax.languages import language_of
from skills_lsp.syntax.source import Source
from tests.accuracy.score import Place, Row
from tests.accuracy.semgrep_tests import Mark, RuleTest, rule_tests

FOLDERS = ("javascript", "typescript", "problem-based-packs")
SUFFIXES = (".js", ".jsx", ".ts", ".tsx")

CORE = {
    "code-exec": (
        "tainted-eval", "vm-runincontext-injection", "eval-detected", "express-vm-injection",
        "express-vm2-injection", "express-sandbox-code-injection", "detect-eval-with-expression",
        "code-string-concat", "sandbox-code-injection", "vm2-code-injection",
        "vm2-context-injection", "playwright-evaluate-code-injection",
        "playwright-addinitscript-code-injection", "puppeteer-evaluate-code-injection",
        "chrome-remote-interface-compilescript-injection",
    ),
    "shell-injection": (
        "detect-child-process", "dangerous-spawn-shell", "spawn-shell-true",
        "shelljs-exec-injection", "deno-dangerous-run",
    ),
    "deserialization": ("express-third-party-object-deserialization",),
    "hardcoded-secret": (
        "express-jwt-hardcoded-secret", "express-session-hardcoded-secret", "hardcoded-jwt-secret",
        "hardcoded-hmac-key", "hardcoded-passport-secret",
    ),
    "tls-verify-off": ("bypass-tls-verification", "sequelize-tls-disabled-cert-validation"),
    "weak-hash": ("md5-used-as-password",),
    "sql-string": (
        "knex-sqli", "mysql-sqli", "pg-sqli", "sequelize-sqli", "tainted-sql-string",
        "node-knex-sqli", "node-mssql-sqli", "node-mysql-sqli", "node-postgres-sqli",
        "express-sequelize-injection", "sequelize-raw-query",
    ),
    "dom-injection": (
        "dom-based-xss", "insecure-document-method", "insecure-innerhtml", "raw-html-concat",
        "insecure-createnodesfrommarkup", "jquery-insecure-method", "prohibit-jquery-html",
        "angular-bypasssecuritytrust", "detect-angular-element-methods",
        "detect-angular-element-taint", "detect-angular-trust-as-css-method",
        "detect-angular-trust-as-html-method", "detect-angular-trust-as-js-method",
        "detect-angular-trust-as-method", "detect-angular-trust-as-resourceurl-method",
        "detect-angular-trust-as-url-method", "react-dangerouslysetinnerhtml",
        "react-unsanitized-method", "react-unsanitized-property",
    ),
}  # fmt: skip
"""The rules, by name and CWE, of which each pattern of the core should see what they see."""

OTHER = {
    "insecure-random": ("detect-pseudoRandomBytes",),
    "weak-crypto": ("create-de-cipher-no-iv", "gcm-no-tag-length"),
    "weak-tls": ("sequelize-weak-tls-version",),
    "insecure-protocol": ("ftp-request", "telnet-request"),
    "xml": ("express-libxml-noent", "express-libxml-vm-noent"),
    "template-xss": (
        "detect-disable-mustache-escape", "escape-function-overwrite", "unsafe-serialize-javascript",
        "direct-response-write", "raw-html-format", "tainted-html-string",
    ),
    "jwt": ("jwt-none-alg", "jwt-decode-without-verify", "jwt-simple-noverify"),
    "unsafe-regex": ("detect-redos",),
    "dynamic-require": ("detect-non-literal-require",),
    "buffer": ("detect-buffer-noassert",),
}  # fmt: skip
"""Good to have. Left out: parsers that never load external entities (expat, sax, xml2json), versions of
TLS that Node has not offered by default since 12, and what is not wanted as a hint."""


def rows() -> Iterable[Row]:
    """Yield what semgrep's tests say and what the patterns saw."""
    found = list(rule_tests(FOLDERS, SUFFIXES))
    if found:
        yield _row("semgrep's JS tests, core", found, _by_rule(CORE), (0.90, 0.70))
        yield _row("semgrep's JS tests, the rest", found, _by_rule(OTHER), (0.80, 0.60))


def _by_rule(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {rule: pattern for pattern, rules in table.items() for rule in rules}


def _row(name: str, found: list[RuleTest], ids: dict[str, str], bars: tuple[float, float]) -> Row:
    right: set[Place] = set()
    seen: set[Place] = set()
    n_files = 0
    for each in found:
        ours = [mark for mark in each.marks if mark.rule in ids]
        if ours:
            n_files += 1
            _judge(each, ours, ids, right, seen)
    return Row(name, "semgrep-rules", n_files, frozenset(right), frozenset(seen), *bars)


def _judge(
    test: RuleTest, ours: list[Mark], ids: dict[str, str], right: set[Place], seen: set[Place]
) -> None:
    """Put the marks and the findings of a file beside each other.

    semgrep marks the line on which the match begins: a whole statement or object, or the call to
    which a value flows. Ours is the smallest part, where the value is put together. So a mark is met
    by a finding on its line, inside of what begins on its line, around its line (the call of which an
    option is marked), or in what is assigned to a name that is used there. Each finding that meets
    no mark is one too many.
    """
    wanted = {ids[mark.rule] for mark in ours}
    path = f"shop/{test.path.rpartition('/')[2]}"
    found = [each for each in inspect(path, test.text).findings if each.pattern in wanted]
    reached = _Reached(Source(test.text, language_of("", path) or "javascript", path))
    met: set[Finding] = set()
    for mark in ours:
        lines = reached.lines(mark.line)
        hits = {
            each
            for each in found
            if each.pattern == ids[mark.rule]
            and (each.span.start.line + 1 in lines or _is_around(each, mark.line))
        }
        place = Place(test.path, mark.line, f"{ids[mark.rule]} {mark.rule}")
        if mark.is_open:
            met |= hits
        elif mark.is_match:
            right.add(place)
            met |= hits
            if hits:
                seen.add(place)
    for each in found:
        if each not in met:
            seen.add(Place(test.path, each.span.start.line + 1, each.pattern))


def _is_around(finding: Finding, line: int) -> bool:
    return finding.extent.start.line + 1 <= line <= finding.extent.end.line + 1


_MAX_STEPS = 3
"""How many names are followed, one from another."""


class _Reached:
    """Which lines a marked line is about, by a reading of the tree that knows nothing of security."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._nodes = list(_nodes(source.root))
        self._given: dict[str, list[Node]] = {}
        for node in self._nodes:
            name = node.child_by_field_name("name") or node.child_by_field_name("left")
            value = node.child_by_field_name("value") or node.child_by_field_name("right")
            if node.type in _GIVES and name is not None and value is not None:
                self._given.setdefault(source.text_of(name), []).append(node)

    def lines(self, line: int) -> set[int]:
        """Return the lines of what begins on a line, and of what the names in it are given."""
        wholes = [
            each
            for each in self._nodes
            if each.start_point[0] + 1 == line and each.type not in _BLOCKS
        ]
        found = {line}
        todo = wholes
        for _ in range(_MAX_STEPS):
            names: set[str] = set()
            for each in todo:
                found.update(range(each.start_point[0] + 1, each.end_point[0] + 2))
                names.update(self._names(each))
            todo = [
                given
                for name in names
                for given in self._given.get(name, ())
                if given.start_point[0] + 1 <= line and given not in todo
            ]
        return found

    def _names(self, root: Node) -> Iterator[str]:
        for each in _nodes(root, leaving_out=_FUNCTIONS):
            if each.type in _NAMES:
                yield self._source.text_of(each)


_NAMES = frozenset({"identifier", "shorthand_property_identifier", "member_expression"})
_FUNCTIONS = frozenset({"function_expression", "arrow_function", "function_declaration"})
_BLOCKS = _FUNCTIONS | {"program", "statement_block", "class_declaration", "class_body"}
_GIVES = frozenset(
    {"variable_declarator", "assignment_expression", "augmented_assignment_expression"}
)


def _nodes(root: Node, leaving_out: frozenset[str] = frozenset()) -> Iterator[Node]:
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        if node.type not in leaving_out:
            todo.extend(node.children)
