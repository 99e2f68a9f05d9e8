"""What the client can do, as a handful of plain answers."""

from dataclasses import dataclass, field
from typing import Any

from skills_lsp.text import Encoding


@dataclass(frozen=True, slots=True)
class ClientProfile:
    """The capabilities that change what we send."""

    name: str = ""
    encoding: Encoding = Encoding.UTF16
    action_literals: bool = True
    action_resolve: frozenset[str] = field(default_factory=frozenset)
    action_disabled: bool = False
    action_preferred: bool = False
    action_data: bool = False
    lens_refresh: bool = False
    markdown_hover: bool = True
    progress: bool = False
    show_document: bool = False
    ask: bool = True
    configuration: bool = False
    watch_files: bool = False
    watch_relative: bool = False
    diagnostic_version: bool = False
    diagnostic_code_description: bool = False
    # What of ours a client asks for, by experimental: {"skills": {"<name>": true}}.
    own_notifications: bool = False  # notifications
    own_results: bool = False  # results: it shows runs itself, by skills/started to /finished
    own_reports: bool = False  # reports: it shows Markdown that an answer carries
    own_trust: bool = False  # trust: it answers skills/trust


def profile_of(capabilities: Any, client_info: Any) -> ClientProfile:
    """Read a client's capabilities (lsprotocol's ``ClientCapabilities``)."""
    document = _get(capabilities, "text_document")
    action = _get(document, "code_action")
    workspace = _get(capabilities, "workspace")
    window = _get(capabilities, "window")
    diagnostics = _get(document, "publish_diagnostics")
    formats = _get(document, "hover", "content_format")
    experimental = _get(capabilities, "experimental")
    watched = _get(workspace, "did_change_watched_files")
    return ClientProfile(
        name=_get(client_info, "name") or "",
        encoding=_encoding(_get(capabilities, "general", "position_encodings")),
        action_literals=_get(action, "code_action_literal_support") is not None,
        action_resolve=frozenset(_get(action, "resolve_support", "properties") or ()),
        action_disabled=bool(_get(action, "disabled_support")),
        action_preferred=bool(_get(action, "is_preferred_support")),
        action_data=bool(_get(action, "data_support")),
        lens_refresh=bool(_get(workspace, "code_lens", "refresh_support")),
        # The str() of an enum's member is its name, which no client sends.
        markdown_hover=formats is None
        or "markdown" in [getattr(it, "value", it) for it in formats],
        progress=bool(_get(window, "work_done_progress")),
        show_document=bool(_get(window, "show_document", "support")),
        configuration=bool(_get(workspace, "configuration")),
        watch_files=bool(_get(watched, "dynamic_registration")),
        watch_relative=bool(_get(watched, "relative_pattern_support")),
        diagnostic_version=bool(_get(diagnostics, "version_support")),
        diagnostic_code_description=bool(_get(diagnostics, "code_description_support")),
        own_notifications=bool(_key(experimental, "skills", "notifications")),
        own_results=bool(_key(experimental, "skills", "results")),
        own_reports=bool(_key(experimental, "skills", "reports")),
        own_trust=bool(_key(experimental, "skills", "trust")),
    )


def _encoding(offered: Any) -> Encoding:
    """Return the first of the client's encodings that we know, as pygls chooses; else UTF-16."""
    for it in offered or ():
        value = getattr(it, "value", it)
        if value in Encoding.__members__.values():
            return Encoding(value)
    return Encoding.UTF16


def _get(data: Any, *names: str) -> Any:
    for name in names:
        data = getattr(data, name, None)
    return data


def _key(data: Any, *names: str) -> Any:
    for name in names:
        data = data.get(name) if isinstance(data, dict) else getattr(data, name, None)
    return data
