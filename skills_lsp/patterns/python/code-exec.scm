; eval and exec run whatever text they are given; text from outside becomes code.
; Source: https://cwe.mitre.org/data/definitions/95.html
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "eval" "exec" "builtins.eval" "builtins.exec" "__builtin__.eval" "__builtin__.execfile"
    "execfile" "_testcapi.run_in_subinterp" "test.support.run_in_subinterp")
  (#argument-dynamic? @args "0")
  (#set! category "security")
  (#set! message "`{name}` runs text that is made at run time as code"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "_xxsubinterpreters.run_string" "_interpreters.run_string")
  (#argument-dynamic? @args "1")
  (#set! category "security")
  (#set! message "`{name}` runs text that is made at run time as code"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "runcode" "runsource" "push")
  (#made-by? @callee "code.InteractiveConsole" "code.InteractiveInterpreter")
  (#argument-dynamic? @args "0")
  (#set! category "security")
  (#set! message "`{name}` runs text that is made at run time as code"))
