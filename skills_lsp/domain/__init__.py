"""The words of skills-lsp as frozen data: skill, finding, context, suggestion, invocation, outcome."""
