"""What bandit and our patterns say about security in the same Python files."""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from skills_lsp.patterns import inspect
from tests.accuracy.packages import CACHE, environment
from tests.accuracy.python_statements import is_written_down
from tests.accuracy.score import Place

BANDIT = "bandit==1.9.4"

CORE = {
    "B102": "code-exec",
    "B307": "code-exec",
    "B601": "shell-injection",
    "B602": "shell-injection",
    "B604": "shell-injection",
    "B605": "shell-injection",
    "B609": "shell-injection",
    "B301": "deserialization",
    "B302": "deserialization",
    "B614": "deserialization",
    "B506": "unsafe-yaml",
    "B105": "hardcoded-secret",
    "B106": "hardcoded-secret",
    "B107": "hardcoded-secret",
    "B323": "tls-verify-off",
    "B501": "tls-verify-off",
    "B303": "weak-hash",
    "B324": "weak-hash",
    "B108": "tempfile",
    "B306": "tempfile",
    "B608": "sql-string",
    "B610": "sql-string",
    "B611": "sql-string",
    "B201": "debug-server",
    "B104": "bind-all",
    "B113": "request-timeout",
}
"""bandit's tests by the pattern that looks for the same; the other tests are not wanted as hints."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One result of bandit."""

    test: str
    pattern: str
    path: str
    line: int
    lines: tuple[int, int]  # the first and last line of what it is about
    severity: str
    confidence: str
    text: str
    code: str


def issues(name: str, root: Path, files: Iterable[Path]) -> list[Issue]:
    """Return what bandit says about files below a folder; kept, as it says the same each time."""
    kept = CACHE / "bandit" / f"{BANDIT}-{name}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        bandit = environment("bandit", BANDIT) / "bin" / "bandit"
        # Relative names, as a folder's name may say "test" or "venv", which bandit leaves out.
        names = [str(each.relative_to(root)) for each in files]
        command = [str(bandit), "--quiet", "--exit-zero", "--format", "json", "--exclude", ""]
        command += ["--output", str(kept.absolute()), "--tests", ",".join(CORE), *names]
        done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
        if not kept.exists():
            raise SystemExit(f"bandit failed on {name}: {done.stderr[-2000:]}")
    return list(_read(json.loads(kept.read_text())))


def _read(said: dict[str, list[dict[str, object]]]) -> Iterator[Issue]:
    for each in said["results"]:
        lines = [int(str(line)) for line in each["line_range"]]  # type: ignore[attr-defined]
        line, test = int(str(each["line_number"])), str(each["test_id"])
        yield Issue(
            test,
            CORE[test],
            str(each["filename"]).removeprefix("./"),
            line,
            (min([line, *lines]), max([line, *lines])),
            str(each["issue_severity"]),
            str(each["issue_confidence"]),
            str(each["issue_text"]),
            str(each["code"]),
        )


def excuse(issue: Issue, root: Path) -> str:
    """Return why bandit is wrong about something that we do not see; nothing when it is not.

    The README of this folder says what each of these rests on.
    """
    text = "\n".join(_lines(root, issue))
    secret = _no_secret(issue, text) if issue.test in ("B105", "B106", "B107") else ""
    seems_safe = issue.test in ("B602", "B605") and issue.severity == "LOW"
    reasons = {
        "silenced by a # noqa, which bandit does not read": _NOQA.search(text) is not None,
        "the command is written down; bandit itself says that it seems safe": seems_safe,
        "a timeout is given, by a call": issue.test == "B113" and "timeout=" in text,
        "it is English, as its capital shows": issue.test == "B608" and bool(_PROSE.search(text)),
        "the loader is based on SafeLoader": issue.test == "B506" and _is_safe(issue, root, text),
        secret: bool(secret),
        "all of it is written down, in place or under names that are bound once": (
            issue.test in _OF_TEXTS
            and is_written_down((root / issue.path).read_bytes(), issue.lines)
        ),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


_OF_TEXTS = ("B601", "B102", "B307", "B602", "B608")
_NOQA = re.compile(r"#\s*noqa(?:\s*$|\s*[^:\w]|:[\s\w,]*\bS\d)", re.IGNORECASE | re.MULTILINE)
_PROSE = re.compile(r"""["'][^"']*\b(?:Select|Insert|Update|Delete)\s[^"']*""")
_TEXT = re.compile(r"Possible hardcoded password: '(.*)'$", re.DOTALL)
_NAME = re.compile(r"\w*(?:pas+wo?r?d|pass(?:phrase)?|pwd|token|secrete?)\w*", re.IGNORECASE)
_ABOUT = re.compile(
    r"_(?:field|type|prefix|suffix|header|name|path|file|url|prompt|format|algorithm|method|id|ids|key"
    r"|env|var|config|page_token|domain|specials|file_path|delivery|padding|source|sql|str|string|ttl|field_name|missing|ckey|uses|expire"
    r"|config_key|zlib_key|dir|num_uses)$",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"(?:not_?logging|redacted|hidden|unavailable|updated|always|never|none|true|false|auto|null|"
    r"not.supported|will be).*|\W*redacted\W*|xxx-redacted-xxx|<.*>|%\(?\w*\)?s|.*%\(\w+\)s.*|.*\{\w*\}.*",
    re.IGNORECASE,
)


def _no_secret(issue: Issue, text: str) -> str:
    """Return why what bandit takes for a password is none: by the value, or by what the name says."""
    found = _TEXT.search(issue.text)
    value = found[1] if found is not None else ""
    line = text.split("\n")[min(issue.line - issue.lines[0], text.count("\n"))]
    given = re.search(
        rf"""(\w+)["']?\]?\s*(?::[^=,()\n]+)?[:=!]=?\s*[rbu]*["']+{re.escape(value)}["']""", text
    )
    names = [given[1]] if given is not None else _NAME.findall(line)
    in_comparison = r"\btoken\b\s*(?:==|!=|in\b)|[=!]=\s*.*\btoken\b"
    reasons = {
        "the value is no text": value in ("None", "True", "False") or value.isdecimal(),
        "an address is written there": "://" in value or value.startswith("/"),
        "nothing, or a mark, is written there": len(_plain(value)) < _LETTERS,
        "the value stands in for one": _FILLER.fullmatch(value) is not None,
        "a token of a language, or a name": bool(re.search(in_comparison, line))
        or names == ["token"],
        "the value is the name again": any(_plain(name) == _plain(value) for name in names),
        "the name is of something about a password": bool(names)
        and all(_ABOUT.search(name) or re.match(r"update_|reset_", name) for name in names),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


_LETTERS = 3
"""What is shorter is no password."""


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def _is_safe(issue: Issue, root: Path, call: str) -> bool:
    """Say whether a class that is named as the loader is derived from SafeLoader in its file."""
    said = re.search(r"Loader=(\w+)|,\s*(\w+)\)", " ".join(call.split("\n")))
    text = (root / issue.path).read_text(encoding="utf-8", errors="replace")
    name = (said[1] or said[2]) if said is not None else ""
    safe = rf"class {name}\([\w.]*SafeLoader\)|import C?SafeLoader as {name}\b"
    return bool(name) and re.search(safe, text) is not None


def _lines(root: Path, issue: Issue) -> list[str]:
    text = (root / issue.path).read_bytes().decode("utf-8", "replace")
    return text.split("\n")[issue.lines[0] - 1 : issue.lines[1]]


def findings(root: Path, files: Iterable[Path]) -> Iterator[Place]:
    """Yield what our patterns of the same kinds see in files, each place once."""
    wanted = frozenset(CORE.values())
    for file in files:
        path = str(file.relative_to(root))
        text = file.read_bytes().decode("utf-8", "replace")
        for each in inspect(path, text).findings:
            if each.pattern in wanted:
                yield Place(path, each.span.start.line + 1, each.pattern)


def compared(
    root: Path, files: list[Path], name: str
) -> tuple[set[Place], set[Place], dict[Place, str]]:
    """Return what we saw, what bandit said, and what it is wrong about, one place for one thing.

    bandit names the first line of a statement, or that of one argument; ours is where one would
    underline. They are one when ours is among the lines of bandit's.
    """
    ours = set(findings(root, files))
    right: set[Place] = set()
    excused: dict[Place, str] = {}
    for issue in issues(name, root, files):
        place = Place(issue.path, issue.line, issue.pattern)
        if place not in ours:
            first, last = issue.lines
            inside = (Place(issue.path, n, issue.pattern) for n in range(first, last + 1))
            place = next((each for each in inside if each in ours), place)
        right.add(place)
        if place not in ours and (reason := excuse(issue, root)):
            excused[place] = reason
    for place in ours - right:
        if reason := _SEEN_BY_NOBODY_ELSE.get(place.what, ""):
            line = (
                (root / place.path)
                .read_bytes()
                .decode("utf-8", "replace")
                .split("\n")[place.line - 1]
            )
            if re.search(_BLIND[place.what], line):
                excused[place] = reason
    return ours, right, excused


_BLIND = {
    "hardcoded-secret": r"-----BEGIN [A-Z ]*PRIVATE KEY-----|PARAMETERS-----|\bAIza|\bAKIA"
    r"|(?i:key|secret)\w*[\"']?\s*[:=]\s*b?[\"'](?=[^\"']*\d)[^\"'\s]{16,}",
    "bind-all": r"\.bind\(\(([\"'])(?:::)?\1",
    "tls-verify-off": r"verify_mode|check_hostname|_create_default_https_context|cert_reqs|verify=False",
    "request-timeout": r"\.(?:request|get|post|put|patch|delete|head|options)\(",
    "shell-injection": r"""create_subprocess_shell|["'](?:/bin/)?(?:ba)?sh["'],\s*["']-\w*c["']|["']cmd(?:\.exe)?["'],\s*["']/c["']""",
    "deserialization": r"pickle\.loads?\(|joblib\.load|cloudpickle|marshal",
}
_SEEN_BY_NOBODY_ELSE = {
    "hardcoded-secret": "a key is written there; bandit asks for names of passwords and tokens alone",
    "tls-verify-off": "the documentation of ssl and requests says that nothing is checked then",
    "request-timeout": "requests.request and a Session wait for ever as requests.get does",
    "shell-injection": "the shell is named, and given a command that is made at run time",
    "bind-all": "an empty address is every network, by the documentation of socket",
    "deserialization": "pickle, under a name that bandit does not follow or in a package around it",
}
"""What bandit does not look at, and the line proves by itself."""
