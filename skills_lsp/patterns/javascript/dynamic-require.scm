; A module whose name comes from outside can be any file that is there to be loaded, and it runs.
; Source: https://cwe.mitre.org/data/definitions/829.html
((call_expression function: (identifier) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "require")
  (#argument-module? @args "0")
  (#set! category "security")
  (#set! message "`{name}` loads, and runs, a module that is named at run time"))
