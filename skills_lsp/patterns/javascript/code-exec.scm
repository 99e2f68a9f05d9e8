; eval and its like run whatever text they are given; text from outside becomes code.
; Source: https://cwe.mitre.org/data/definitions/95.html
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "eval" "window.eval" "globalThis.eval" "global.eval" "execScript" "window.execScript"
    "vm.runInNewContext" "vm.runInThisContext" "vm.runInContext" "vm.compileFunction"
    "vm2.VMScript" "VMScript")
  (#argument-computed? @args "0")
  (#set! category "security")
  (#set! message "`{name}` runs text that is made at run time as code"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "Function" "window.Function" "globalThis.Function")
  (#any-argument-computed? @args)
  (#set! category "security")
  (#set! message "`{name}` makes code from text that is made at run time"))

; (0, eval)(text) is eval in the global scope.
((call_expression function: (parenthesized_expression (sequence_expression)) @callee arguments: (_) @args) @reach
  (#match? @callee "^\\(\\s*0\\s*,\\s*(?:window\\.|globalThis\\.)?eval\\s*\\)$")
  (#argument-computed? @args "0")
  (#set! category "security")
  (#set! message "`{name}` runs text that is made at run time as code"))

((new_expression constructor: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "Function" "window.Function" "globalThis.Function" "vm.Script" "vm.SourceTextModule"
    "vm2.VMScript" "VMScript")
  (#any-argument-computed? @args)
  (#set! category "security")
  (#set! message "`new {name}` makes code from text that is made at run time"))

((new_expression constructor: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "worker_threads.Worker")
  (#option? @args "eval" "true")
  (#argument-computed? @args "0")
  (#set! category "security")
  (#set! message "`new {name}` runs text that is made at run time as code"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "setTimeout" "setInterval" "setImmediate" "window.setTimeout" "window.setInterval"
    "globalThis.setTimeout" "globalThis.setInterval")
  (#argument-built? @args "0")
  (#set! category "security")
  (#set! message "`{name}` with a text runs it as code"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "run" "runInContext")
  (#sandbox-run? @callee)
  (#argument-computed? @args "0")
  (#set! category "security")
  (#set! here "property")
  (#set! message "code that is made at run time runs here, and sandboxes have been left before"))

; A text given to a page's evaluate is code; a function with arguments is not.
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee
    "evaluate" "evaluateHandle" "evaluateOnNewDocument" "addInitScript" "executeJavaScript"
    "executeScript" "executeAsyncScript" "globalEval" "evalScript")
  (#argument-built? @args "0")
  (#set! category "security")
  (#set! here "property")
  (#set! message "this runs text that is made at run time as code; pass values as arguments"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "evaluate" "compileScript")
  (#match? @callee "\\bRuntime\\s*\\.\\w+$")
  (#option-computed? @args "expression")
  (#set! category "security")
  (#set! here "property")
  (#set! message "this runs text that is made at run time as code; pass values as arguments"))
