"""``pip-audit -f json``: each known vulnerability at the line that asks for the package."""

import re
from typing import Any

from skills_lsp.domain.invocation import ToolProblem
from skills_lsp.runner.plan import Plan
from skills_lsp.runner.process import Run
from skills_lsp.runner.report import MAX_PROBLEMS, Report, counted, one_line, shortened, unreadable
from skills_lsp.runner.results._json import load, objects, objects_of, strings_of, text_of
from skills_lsp.runner.results._places import Sources

_FILES = ("pyproject.toml", "requirements.txt", "setup.cfg", "setup.py")


def read(text: str, plan: Plan, run: Run) -> Report:
    """Return one problem for each vulnerability; it stands at the file that names the package."""
    del run
    result = load(text)
    # A bare list up to pip-audit 2.2.
    packages = objects(result) if isinstance(result, list) else objects_of(result, "dependencies")
    if not isinstance(result, list) and not (isinstance(result, dict) and "dependencies" in result):
        raise unreadable("it is not an audit")
    sources = Sources(plan)
    problems = [
        _problem(package, vulnerability, sources)
        for package in packages
        for vulnerability in objects_of(package, "vulns")
    ]
    if not problems:
        n_skipped = sum(1 for package in packages if "skip_reason" in package)
        unknown = f", {n_skipped} could not be looked up" if n_skipped else ""
        number = counted(len(packages) - n_skipped, "package")
        return Report(summary=f"no known vulnerabilities in {number}{unknown}")
    n_bad = sum(1 for package in packages if objects_of(package, "vulns"))
    number = (
        "1 known vulnerability" if len(problems) == 1 else f"{len(problems)} known vulnerabilities"
    )
    summary = f"{number} in {counted(n_bad, 'package')}: {problems[0].message}"
    return Report(tuple(problems[:MAX_PROBLEMS]), one_line(summary), "vulnerable-dependency")


def _problem(
    package: dict[str, Any], vulnerability: dict[str, Any], sources: Sources
) -> ToolProblem:
    name = text_of(package, "name")
    code = text_of(vulnerability, "id")
    fixed = ", ".join(strings_of(vulnerability, "fix_versions"))
    advice = f"fixed in {fixed}" if fixed else "no fix yet"
    path, line = _place(name, sources)
    return ToolProblem(
        path=path,
        line=line,
        column=None,
        message=shortened(
            f"{name} {text_of(package, 'version')}: {code} ({advice})\n"
            f"{text_of(vulnerability, 'description')}".strip()
        ),
        code=code,
        url=f"https://osv.dev/vulnerability/{code}" if code else "",
    )


def _place(name: str, sources: Sources) -> tuple[str, int]:
    """Return the line that names the package, else the top of the first file there is."""
    pattern = re.sub(r"[-_.]+", "[-_.]+", re.escape(name).replace("\\", ""))
    wanted = re.compile(rf"(?i)(?<![\w.-]){pattern}(?![\w-])")
    paths = [sources.path(name) for name in _FILES]
    if sources.plan.file.endswith((".txt", ".toml")):
        paths.insert(0, sources.plan.file)
    for path in paths:
        for number in range(sources.n_lines(path)):
            line = sources.line(path, number)
            if wanted.search(line) and not line.lstrip().startswith("#"):
                return path, number
    return next((path for path in paths if sources.n_lines(path)), paths[0]), 0
