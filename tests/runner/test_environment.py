"""Where tools come from, told from the disk alone."""

import os
import sys
import sysconfig
from pathlib import Path

import pytest

from skills_lsp.domain.skill import Command, ToolKind
from skills_lsp.runner import environment, python_modules
from skills_lsp.runner.environment import Missing, Tool, environment_of, find_tool, is_available

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the folders are laid out as on POSIX")


@pytest.fixture(autouse=True)
def no_memory(monkeypatch):
    monkeypatch.setattr(environment, "_remembered", {})
    monkeypatch.setattr(python_modules, "_told", {})
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT"):
        monkeypatch.delenv(variable, raising=False)


def program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def venv(folder: Path, *modules: str) -> Path:
    """Lay out a virtual environment whose interpreter would fail if anyone started it."""
    program(folder / "bin" / "python", "#!/bin/sh\nexit 1\n")
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n")
    packages = folder / "lib" / "python3.12" / "site-packages"
    packages.mkdir(parents=True)
    for module in modules:
        (packages / module).mkdir()
    return folder


def module(tool: str, *needs: str, install: str = "") -> Command:
    return Command(ToolKind.PYTHON_MODULE, tool, needs=needs, install=install)


def of(tmp_path: Path, file: str = "a.py", **options):
    return environment_of(str(tmp_path / file), str(tmp_path), **options)


def test_the_nearest_virtual_environment_up_to_the_workspace_is_the_projects(tmp_path):
    venv(tmp_path / ".venv")
    venv(tmp_path / "packages" / "one" / "venv")
    assert of(tmp_path).python == str(tmp_path / ".venv/bin/python")
    inner = of(tmp_path, "packages/one/src/a.py")
    assert inner.python == str(tmp_path / "packages/one/venv/bin/python")
    assert inner.venv_bin == str(tmp_path / "packages/one/venv/bin")


def test_nothing_above_the_workspace_is_looked_at(tmp_path, monkeypatch):
    venv(tmp_path / ".venv")
    monkeypatch.setenv("PATH", "/nowhere")
    inner = tmp_path / "workspace"
    inner.mkdir()
    assert environment_of(str(inner / "a.py"), str(inner)).python == ""


def test_a_file_outside_any_workspace_belongs_to_its_own_project(tmp_path):
    venv(tmp_path / ".venv")
    (tmp_path / "pyproject.toml").write_text("")
    found = environment_of(str(tmp_path / "src" / "a.py"), "")
    assert (found.project, found.venv) == (str(tmp_path), str(tmp_path / ".venv"))


def test_the_order_is_configured_project_activated_path(tmp_path, monkeypatch):
    on_path = program(tmp_path / "path" / "python3")
    monkeypatch.setenv("PATH", str(on_path.parent))
    assert of(tmp_path).python == str(on_path)
    monkeypatch.setenv("CONDA_PREFIX", str(venv(tmp_path / "conda")))
    assert of(tmp_path).venv == str(tmp_path / "conda")
    monkeypatch.setenv("VIRTUAL_ENV", str(venv(tmp_path / "active")))
    assert of(tmp_path).venv == str(tmp_path / "active")
    venv(tmp_path / ".venv")
    assert of(tmp_path).venv == str(tmp_path / ".venv")
    venv(tmp_path / "chosen")
    for configured in ("chosen", "chosen/bin/python", str(tmp_path / "chosen")):
        assert of(tmp_path, configured_python=configured).venv == str(tmp_path / "chosen")


def test_the_servers_own_environment_is_not_the_projects(tmp_path, monkeypatch):
    own = venv(tmp_path / "server", "pytest")
    program(own / "bin" / "python3")
    program(own / "bin" / "ruff")
    monkeypatch.setattr(sys, "prefix", str(own))
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setenv("PATH", f"{own / 'bin'}:/nowhere")
    workspace = tmp_path / "w"
    workspace.mkdir()
    found = of(workspace)
    assert (found.python, found.path) == ("", "/nowhere")
    ruff = Command(ToolKind.PYTHON_TOOL, "ruff")
    assert is_available(ruff, found, "") is False
    monkeypatch.setenv("VIRTUAL_ENV", str(own))  # Now the user has asked for it.
    assert is_available(ruff, of(workspace), "") is True


def test_modules_are_told_from_the_names_in_site_packages(tmp_path):
    venv(tmp_path / ".venv", "mypy", "pip_audit-2.9.0.dist-info")
    packages = tmp_path / ".venv/lib/python3.12/site-packages"
    (packages / "six.py").write_text("")
    (packages / "_fast.cpython-312-x86_64-linux-gnu.so").write_text("")
    found = of(tmp_path)
    for name in ("mypy", "pip_audit", "six", "_fast", "doctest", "mypy.stubtest"):
        assert is_available(module(name), found, "") is True, name
    assert is_available(module("pytest"), found, "") is False
    assert is_available(module("mypy", "pytest_cov"), found, "") is False


def test_what_is_installed_later_is_seen_after_five_seconds(tmp_path):
    venv(tmp_path / ".venv")
    found = of(tmp_path)
    assert is_available(module("pytest"), found, "", now=100.0) is False
    packages = tmp_path / ".venv/lib/python3.12/site-packages"
    (packages / "pytest").mkdir()
    os.utime(packages, ns=(1, 1))  # The clock of the file system may be too coarse for a test.
    assert is_available(module("pytest"), found, "", now=104.0) is False
    assert is_available(module("pytest"), found, "", now=105.1) is True


def test_an_interpreter_outside_a_virtual_environment_has_to_be_asked(tmp_path, monkeypatch):
    script = f"#!/bin/sh\necho asked >> {tmp_path}/asked\necho '[\"{tmp_path}/odd/place\"]'\n"
    python = program(tmp_path / "path" / "bin" / "python3", script)
    (tmp_path / "odd" / "place" / "pytest").mkdir(parents=True)
    monkeypatch.setenv("PATH", f"{python.parent}:/bin:/usr/bin")
    found = of(tmp_path)
    assert found.python == str(python)
    assert is_available(module("pytest"), found, "", now=0) is None
    assert not (tmp_path / "asked").exists()  # A suggestion starts no process.
    assert find_tool(module("pytest"), found, "") == Tool((str(python), "-m", "pytest"))
    assert isinstance(find_tool(module("mypy"), found, ""), Missing)
    assert (tmp_path / "asked").read_text() == "asked\n"
    assert is_available(module("pytest"), found, "", now=60) is True
    assert is_available(module("mypy"), found, "", now=60) is False


def test_the_interpreter_that_runs_this_has_pytest_and_not_what_nobody_wrote():
    found = environment_of("", "", configured_python=sys.executable)
    assert isinstance(find_tool(module("pytest"), found, ""), Tool)
    assert isinstance(find_tool(module("no_such_module_at_all"), found, ""), Missing)
    assert sysconfig.get_path("scripts") == found.venv_bin


def test_a_missing_module_is_named_with_what_to_type(tmp_path):
    venv(tmp_path / ".venv", "pytest")
    command = module("pytest", "pytest_cov", install="pip install pytest-cov")
    assert find_tool(command, of(tmp_path), "") == Missing(
        "pytest_cov",
        "pytest_cov was not found in the project's Python environment.",
        "Install it: pip install pytest-cov",
    )


def test_a_folder_of_reports_is_not_taken_for_the_tool_of_that_name(tmp_path):
    venv(tmp_path / ".venv")
    (tmp_path / "coverage").mkdir()
    (tmp_path / "check.py").write_text("")
    found = of(tmp_path)
    assert is_available(module("coverage"), found, "") is False
    assert is_available(module("check"), found, "") is True


def test_a_node_tool_is_the_nearest_in_node_modules(tmp_path, monkeypatch):
    program(tmp_path / "path" / "node")
    program(tmp_path / "path" / "jest")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    workspace = tmp_path / "w"
    program(workspace / "node_modules" / ".bin" / "vitest")
    nearest = program(workspace / "packages" / "a" / "node_modules" / ".bin" / "vitest")
    file = str(workspace / "packages" / "a" / "test" / "x.test.ts")
    found = environment_of(file, str(workspace))
    vitest = Command(ToolKind.NODE_TOOL, "vitest")
    assert find_tool(vitest, found, file) == Tool((str(nearest),), str(nearest.parent))
    other = str(workspace / "x.test.ts")
    assert find_tool(vitest, found, other).argv == (str(workspace / "node_modules/.bin/vitest"),)
    jest = Command(ToolKind.NODE_TOOL, "jest")
    assert find_tool(jest, found, file) == Tool((str(tmp_path / "path/jest"),))
    (tmp_path / "path" / "node").unlink()
    assert find_tool(vitest, found, file).tool == "node"


def test_a_program_is_looked_for_on_path_alone_and_never_in_the_working_folder(
    tmp_path, monkeypatch
):
    program(tmp_path / "tool")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "::.:/nowhere")
    assert is_available(Command(ToolKind.PROGRAM, "tool"), of(tmp_path), "") is False


def test_asking_for_a_tool_again_is_cheap(tmp_path, monkeypatch):
    venv(tmp_path / ".venv", "pytest")
    found = of(tmp_path)
    assert is_available(module("pytest"), found, "", now=0) is True
    monkeypatch.setattr(environment, "_find", None)  # It would fail if it were asked again.
    assert is_available(module("pytest"), found, "", now=1) is True


def test_asking_an_interpreter_imports_nothing_of_the_current_folder(tmp_path, monkeypatch):
    hostile = "import pathlib; pathlib.Path(__file__).with_name('was_run').touch()"
    for name in ("json", "os", "site"):
        (tmp_path / f"{name}.py").write_text(hostile)
    monkeypatch.chdir(tmp_path)
    python_modules.ask_for_folders(sys.executable)
    assert not (tmp_path / "was_run").exists()
