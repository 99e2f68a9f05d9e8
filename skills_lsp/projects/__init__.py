"""The one door to what a project says about itself: its configuration, and its other files."""

from skills_lsp.projects.lookup import CONFIGURATION, project_of

__all__ = ["CONFIGURATION", "project_of"]
