; eval, exec and __import__ run whatever text they are given; text from outside becomes code.
; Source: https://cwe.mitre.org/data/definitions/95.html
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "eval" "exec" "__import__" "builtins.eval" "builtins.exec")
  (#argument-dynamic? @args "0")
  (#set! category "security")
  (#set! message "`{name}` runs text that is made at run time as code"))
