; A YAML schema with functions makes code out of the tags !!js/function and !!js/regexp in a file.
; Source: https://github.com/nodeca/js-yaml/blob/3.14.1/README.md#load-string---options-
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "js-yaml.load" "js-yaml.loadAll")
  (#option-match? @args "schema" "\\b(?:DEFAULT_FULL_SCHEMA|js-?yaml-js-types|unsafe)\\b")
  (#set! category "security")
  (#set! message "`{name}` with this schema makes code from tags in the text"))
