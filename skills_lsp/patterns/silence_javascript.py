"""Comments by which people silence linters in JavaScript; we keep quiet there as well.

ESLint's are followed as ESLint reads them: for a line, for the next, from a block comment to the one
that enables again, by rule or for all. A comment that names rules silences what those rules see.

Source: https://eslint.org/docs/latest/use/configure/rules#disabling-rules
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from skills_lsp.domain.finding import Finding
from skills_lsp.syntax.change import Change, Lasting
from skills_lsp.syntax.source import Source
from skills_lsp.text import Point

_MAX_LINE_BYTES = 5_000
"""A longer line was written by a program, minified or data; nobody will change what is in it."""

_WORDS = (b"eslint", b"oxlint-", b"nosemgrep", b"biome-ignore", b"NOSONAR")
_WORD = re.compile(
    rb"\b(?:(?:eslint|oxlint)-(?:disable|enable)[-\w]*|eslint(?=\s+[\"'@\w]"
    rb")|nosemgrep|biome-ignore|NOSONAR)"
)
_DIRECTIVE = re.compile(
    r"""^(?P<mark>//|/\*)\s*(?:
        (?:eslint|oxlint)-(?P<kind>disable-next-line|disable-line|disable|enable)\b(?P<rules>.*)
        | eslint\s+(?P<settings>["'@\w].*)
        | .*?\b(?P<other>nosemgrep|NOSONAR)\b.*
        | biome-ignore\b(?P<biome>.*)
    )$""",
    re.DOTALL | re.VERBOSE,
)
_OFF = re.compile(r"""["']?(?P<rule>[@\w/-]+)["']?\s*:\s*(?:\[\s*)?["']?(?:off|0)\b""")
_REASON = re.compile(r"(?:^|\s)-{2,}\s")
_NOT_A_RULE = re.compile(r"[^@\w/-]+")


@dataclass(frozen=True, slots=True)
class _Directive:
    """One comment; ``rules`` is None when it speaks of all of them."""

    at: Point
    is_off: bool
    rules: frozenset[str] | None

    def means(self, finding: Finding) -> bool:
        """Say whether one of the rules sees what a finding is about."""
        if self.rules is None:
            return True
        wanted = _RULES.get(finding.pattern, frozenset())
        return any(
            rule in wanted or rule.rpartition("/")[2] in wanted or rule in (finding.category, "*")
            for rule in self.rules
        )


@dataclass(frozen=True, slots=True)
class _Directives(Lasting):
    """The comments of a file: those for a line by that line, and those that hold from then on."""

    of_lines: dict[int, list[_Directive]] = field(default_factory=dict)
    onward: list[_Directive] = field(default_factory=list)

    @property
    def said(self) -> object:
        return tuple((each.is_off, each.rules) for each in self.onward)

    def after(self, change: Change) -> None:
        """Comments are found anew after each edit: a search in the text is quick."""


def is_silenced(source: Source, finding: Finding) -> bool:
    """Say whether a comment silences a finding, or nobody wrote the line that it is on."""
    first, last = finding.span.start.line, finding.span.end.line
    if len(source.buffer.line(first)) > _MAX_LINE_BYTES:
        return True
    directives = source.remember("lint comments", lambda: _read(source))
    for line in {first, last, finding.extent.start.line}:
        if any(each.means(finding) for each in directives.of_lines.get(line, ())):
            return True
    is_off = False
    for each in directives.onward:
        if each.at > finding.span.start:
            break
        if each.means(finding):
            is_off = each.is_off
    return is_off


def _read(source: Source) -> _Directives:
    found = _Directives()
    done = -1
    for word in _words(source.data):
        if word.start() < done:
            continue
        node = source.root.descendant_for_byte_range(word.start(), word.end())
        if node is None or node.type != "comment":
            continue
        done = node.end_byte
        start, end = Point(*node.start_point), Point(*node.end_point)
        for line, directive in _directives(source.text_of(node), start, end):
            if line is None:
                found.onward.append(directive)
            else:
                found.of_lines.setdefault(line, []).append(directive)
    return found


def _words(data: bytes | bytearray) -> Iterator[re.Match[bytes]]:
    """Yield the words that may tell a linter something; a plain search is thirty times as quick."""
    starts: list[int] = []
    for word in _WORDS:
        at = data.find(word)
        while at >= 0:
            starts.append(at)
            at = data.find(word, at + len(word))
    yield from filter(None, (_WORD.match(data, at) for at in sorted(starts)))


def _directives(text: str, start: Point, end: Point) -> Iterator[tuple[int | None, _Directive]]:
    """Yield what a comment says, with the line it speaks for; None is from here on."""
    found = _DIRECTIVE.match(text.removesuffix("*/"))
    if found is None:
        return
    if found["settings"] is not None:
        rules = frozenset(each["rule"] for each in _OFF.finditer(found["settings"]))
        if rules and found["mark"] == "/*":
            yield None, _Directive(Point(0, 0), is_off=True, rules=rules)
    elif found["other"] is not None:
        both = _Directive(start, is_off=True, rules=frozenset({"security"}))
        yield start.line, both
        yield end.line + 1, both
    elif found["biome"] is not None:
        rules = frozenset(re.findall(r"lint/\w+/(\w+)", found["biome"]))
        named = frozenset(_BIOME.get(each, each) for each in rules)
        yield end.line + 1, _Directive(start, is_off=True, rules=named or None)
    else:
        kind, rules_named = found["kind"], _rules(found["rules"])
        directive = _Directive(start, is_off=kind != "enable", rules=rules_named)
        if kind == "disable-line":
            yield start.line, directive
        elif kind == "disable-next-line":
            yield end.line + 1, directive
        elif found["mark"] == "/*":  # ESLint reads // eslint-disable as any other comment.
            yield None, directive


def _rules(text: str) -> frozenset[str] | None:
    """Return the rules that a comment names; what stands behind ``--`` is the reason."""
    said = _REASON.split(text, maxsplit=1)[0]
    return frozenset(each for each in _NOT_A_RULE.split(said) if each.strip("-")) or None


_BIOME = {
    "noDangerouslySetInnerHtml": "no-danger",
    "noGlobalEval": "no-eval",
    "noUnusedImports": "no-unused-vars",
    "noExcessiveCognitiveComplexity": "cognitive-complexity",
    "noSecrets": "no-secrets",
    "noAwaitInLoops": "no-await-in-loop",
    "noFloatingPromises": "no-floating-promises",
}

_RULES: dict[str, frozenset[str]] = {
    pattern: frozenset(rules.split())
    for pattern, rules in {
        "code-exec": "no-eval no-implied-eval no-new-func detect-eval-with-expression code-eval"
        " no-script-url",
        "shell-injection": "detect-child-process os-command no-os-command-from-path",
        "dom-injection": "no-danger no-danger-with-children property method no-inner-html"
        " no-document-write no-html no-html-link-func no-v-html no-unsanitized"
        " disabled-auto-escaping no-angular-bypass-sanitizer no-angularjs-bypass-sce append html",
        "deserialization": "detect-unsafe-deserialization",
        "hardcoded-secret": "no-secrets no-hardcoded-passwords no-hardcoded-secrets"
        " no-hardcoded-credentials no-pattern-match",
        "tls-verify-off": "unverified-certificate unverified-hostname no-process-env",
        "weak-hash": "hashing weak-ssl",
        "weak-crypto": "no-weak-cipher no-weak-keys encryption-secure-mode no-deprecated-api",
        "weak-tls": "weak-ssl",
        "insecure-random": "detect-pseudoRandomBytes pseudo-random no-insecure-random",
        "insecure-protocol": "no-clear-text-protocols no-insecure-url",
        "sql-string": "sql-queries no-unsafe-query detect-sql-injection",
        "template-xss": "detect-disable-mustache-escape disabled-auto-escaping",
        "jwt": "insecure-jwt-token",
        "xml": "xml-parser-xxe",
        "unsafe-regex": "detect-unsafe-regex no-super-linear-backtracking no-vulnerable"
        " slow-regex no-super-linear-move",
        "dynamic-require": "detect-non-literal-require no-dynamic-require global-require",
        "buffer": "detect-new-buffer detect-buffer-noassert no-deprecated-api no-buffer-constructor"
        " no-new-buffer",
        "bidi": "detect-bidi-characters no-bidi",
        "debug-server": "production-debug",
        "await-in-loop": "no-await-in-loop",
        "floating-promise": "no-floating-promises no-misused-promises catch-or-return",
        "async-function": "require-await",
        "unused-import": "no-unused-vars no-unused-imports no-unused-modules noUnusedLocals",
        "duplicate-import": "no-duplicate-imports no-duplicates",
        "unsorted-imports": "order imports sort-imports ordered-imports",
        "complex-function": "complexity cognitive-complexity max-statements max-depth"
        " max-lines-per-function",
        "missing-docstring": "require-jsdoc valid-jsdoc require-description",
        "untyped-function": "explicit-module-boundary-types explicit-function-return-type typedef"
        " no-explicit-any",
    }.items()
}
"""What rules of ESLint and its plugins see, by our patterns; the plugin's name does not matter."""
