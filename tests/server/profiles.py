"""What real editors say of themselves in ``initialize``.

pytest-lsp keeps what a few editors sent; where it has another version than the one we promise to
support, the differences that change what we send are laid over it. They were read off the editors
themselves: VS Code 1.100, Neovim 0.10.4 and 0.12.4, eglot 1.9 (Emacs 28) and eglot 1.17 (Emacs 30).
"""

import json
from copy import deepcopy
from dataclasses import dataclass
from importlib import resources
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Editor:
    """An editor as a client: its capabilities, and how it asks for code actions."""

    name: str
    capabilities: Json
    context: Json  # of its code action requests, beside the diagnostics
    encoding: str  # the one that must be chosen
    has_progress: bool = True
    resolves_commands: bool = False


def kept(name: str) -> Json:
    """Return capabilities that pytest-lsp keeps."""
    text = resources.files("pytest_lsp.clients").joinpath(f"{name}.json").read_text("utf-8")
    return dict(json.loads(text)["capabilities"])


def vscode() -> Editor:
    """VS Code 1.100."""
    capabilities = kept("visual_studio_code_v1.65.2")
    document = capabilities["textDocument"]
    document["codeAction"]["resolveSupport"]["properties"] = ["edit", "command"]
    document["codeLens"]["resolveSupport"] = {"properties": ["command"]}
    document["diagnostic"] = {"dynamicRegistration": True, "relatedDocumentSupport": False}
    document["publishDiagnostics"]["versionSupport"] = True
    capabilities["workspace"]["didChangeWatchedFiles"]["relativePatternSupport"] = True
    capabilities["workspace"]["diagnostics"] = {"refreshSupport": True}
    capabilities["general"]["positionEncodings"] = ["utf-16"]
    capabilities["general"]["staleRequestSupport"] = {
        "cancel": True,
        "retryOnContentModified": ["textDocument/semanticTokens/full"],
    }
    capabilities["notebookDocument"] = {"synchronization": {"executionSummarySupport": True}}
    context = {"triggerKind": 1}
    return Editor("vscode", capabilities, context, "utf-16", resolves_commands=True)


def neovim_0_10() -> Editor:
    """Neovim 0.10.4."""
    return Editor("neovim-0.10", kept("neovim_v0.10.0"), {"triggerKind": 1}, "utf-16")


def neovim_0_12() -> Editor:
    """Neovim 0.12.4."""
    capabilities = kept("neovim_v0.11.0")
    action = capabilities["textDocument"]["codeAction"]
    action["resolveSupport"]["properties"] = ["edit", "command"]
    action["disabledSupport"] = True
    capabilities["textDocument"]["codeLens"] = {
        "dynamicRegistration": False,
        "resolveSupport": {"properties": ["command"]},
    }
    capabilities["workspace"]["codeLens"] = {"refreshSupport": True}
    capabilities["general"]["positionEncodings"] = ["utf-8", "utf-16", "utf-32"]
    context = {"triggerKind": 1}
    return Editor("neovim-0.12", capabilities, context, "utf-8", resolves_commands=True)


def eglot_1_9() -> Editor:
    """Emacs 28 with eglot 1.9: no progress, no showDocument, no resolve, no trigger kind."""
    capabilities = kept("emacs_v29.1")
    capabilities["textDocument"]["codeAction"].pop("resolveSupport", None)
    capabilities["textDocument"]["codeAction"].pop("dataSupport", None)
    capabilities["window"] = {}
    capabilities["general"] = {}
    return Editor("eglot-1.9", capabilities, {}, "utf-16", has_progress=False)


def eglot_1_17() -> Editor:
    """Emacs 30 with eglot 1.17: three encodings, the least usual first."""
    capabilities = kept("emacs_v29.1")
    action = capabilities["textDocument"]["codeAction"]
    action["resolveSupport"] = {"properties": ["edit", "command"]}
    action["dataSupport"] = True
    capabilities["window"] = {"workDoneProgress": True, "showDocument": {"support": True}}
    capabilities["general"] = {"positionEncodings": ["utf-32", "utf-8", "utf-16"]}
    return Editor("eglot-1.17", capabilities, {}, "utf-32", resolves_commands=True)


def ale() -> Editor:
    """Vim with ALE 3.3: next to nothing."""
    return Editor(
        "ale",
        {
            "workspace": {"applyEdit": False, "didChangeConfiguration": {}, "symbol": {}},
            "textDocument": {
                "synchronization": {"didSave": True},
                "codeAction": {
                    "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
                },
            },
        },
        {},
        "utf-16",
        has_progress=False,
    )


EDITORS = (vscode(), neovim_0_10(), neovim_0_12(), eglot_1_9(), eglot_1_17(), ale())
BY_NAME = {editor.name: editor for editor in EDITORS}


def with_encodings(*names: str) -> Json:
    """Return plain capabilities with these position encodings, in this order."""
    return {"general": {"positionEncodings": list(names)}, "textDocument": deepcopy(LITERALS)}


LITERALS: Json = {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}}
