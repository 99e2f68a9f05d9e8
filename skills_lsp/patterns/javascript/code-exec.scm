; eval and its like run whatever text they are given; text from outside becomes code.
; Source: https://cwe.mitre.org/data/definitions/95.html
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "eval" "window.eval" "globalThis.eval" "vm.runInNewContext" "vm.runInThisContext"
    "vm.runInContext" "vm.compileFunction" "Function")
  (#any-argument-dynamic? @args)
  (#set! category "security")
  (#set! message "`{name}` runs text that is made at run time as code"))

((new_expression constructor: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "Function" "vm.Script")
  (#any-argument-dynamic? @args)
  (#set! category "security")
  (#set! message "`new {name}` makes code from text that is made at run time"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "setTimeout" "setInterval" "window.setTimeout" "window.setInterval")
  (#argument-string? @args "0")
  (#argument-dynamic? @args "0")
  (#set! category "security")
  (#set! message "`{name}` with a text runs it as code"))
